"""What waited as a dead letter, and was told, explains what a story claims meanwhile, and nothing before or after."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.checks.convergence.meanwhile import Meanwhile
from simharness.domain.evidence import Alert, DeadLetter, Reject
from simharness.domain.fault import parse_plan
from simharness.domain.finding import Finding, Severity
from tests.unit.checks import builders as b

SOURCE = "plaid:bank_line:L1"
DEAD = DeadLetter(at=b.at("2026-01-12"), source=SOURCE, reason="403", attempts=1)
TOLD = Alert(at=b.at("2026-01-12"), incident=f"posting:{SOURCE}", source=SOURCE, owner="finance", reason="403")
CLEARED = structs.replace(TOLD, cleared_at=b.at("2026-01-20"))
STAYS, PASSES = "forbidden@quickbooks.saveDeposit#1", "reply_lost@quickbooks.saveDeposit#1"


def explained(*rows: Any, plan: str = STAYS, step: int = 3, check: str = "ledger.balances") -> bool:
    """Whether a claim of a step is explained; passes ended on 5, 13 and 21 January in steps 1, 2 and 4."""
    facts = (b.rest(1, "2026-01-05"), b.rest(2, "2026-01-13"), b.rest(4, "2026-01-21"))
    plain = b.record(evidence=rows, facts=facts)
    record = structs.replace(plain, header=structs.replace(plain.header, plan=parse_plan(plan)))
    finding = Finding(check=check, severity=Severity.MONEY, key="k", message="another balance", step=step)
    return Meanwhile(record).explains(finding)


@pytest.mark.parametrize(("step", "meanwhile"), [(2, False), (3, True), (4, True), (5, False)])
def test_only_claims_between_the_failure_and_its_recovery(step: int, meanwhile: bool) -> None:
    assert explained(DEAD, CLEARED, step=step) is meanwhile


def test_what_nobody_was_told_of_or_never_recovered_explains_nothing() -> None:
    assert not explained(DEAD)
    assert not explained(DEAD, TOLD)


def test_a_fault_that_passes_explains_nothing() -> None:
    assert not explained(DEAD, CLEARED, plan=PASSES)


def test_only_claims_and_reconciliations_of_a_step_are_explained() -> None:
    assert explained(DEAD, CLEARED, check="R3")
    assert not explained(DEAD, CLEARED, check="V5")
    assert not explained(DEAD, CLEARED, check="middleware.connector_finishes")
    assert not explained(DEAD, CLEARED, step=0)


@pytest.mark.parametrize(("source", "meanwhile"), [("hubspot:deal:1:status", True), ("hubspot:deal:1", False)])
def test_what_a_record_could_not_show_explains_and_what_is_wrong_with_it_does_not(source: str, meanwhile: bool) -> None:
    refused = Reject(at=b.at("2026-01-12"), source=source, code="refused", reason="403")
    told = structs.replace(CLEARED, incident=f"reject:{source}", source=source)
    assert explained(refused, told) is meanwhile
