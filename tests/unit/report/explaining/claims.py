"""Claims about the worked story of the checks' tests (tests/unit/checks/builders.py), wrong by a known amount.

The invoice comes to 4,410.50 (4,100.00 + 310.50), 1,000.00 are paid, 3,410.50 stay open.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.checks import judge
from simharness.domain.expectation import Expectation, InvoiceIs, InvoiceRef
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.played import Played
from simharness.domain.record import RunRecord, ToldStep
from simharness.report.explaining import Explanation, explanation
from tests.unit.checks import builders
from tests.unit.checks.builders import usd

STEP = 7
PLACE = f"{builders.FILE}:17"


def mark(verb: str) -> dict[str, Any]:
    return {"step": STEP, "verb": verb, "where": PLACE}


def invoice_total(total: str) -> InvoiceIs:
    return InvoiceIs(**mark("invoicing.invoice_is"), invoice=InvoiceRef(deal="Rollout"), total=usd(total))


def record_of(claim: Expectation, text: str = "", **changes: Any) -> RunRecord:
    """The worked story with one more step, a claim."""
    step = ToldStep(step=STEP, phase="then", verb=claim.verb, where=claim.where, text=text)
    return structs.replace(builders.record(**changes), expectations=(claim,), steps=(step,))


def played_with(*claims: Expectation, **changes: Any) -> Played:
    """The worked story with claims, of which the findings are those of the claims alone."""
    record = structs.replace(builders.record(**changes), expectations=claims)
    verbs = {claim.verb for claim in claims}
    return Played(record=record, results=tuple(result for result in judge(record) if result.check in verbs))


def explained(claim: Expectation, text: str = "", **changes: Any) -> Explanation:
    """The explanation of the one finding that a claim has."""
    record = record_of(claim, text, **changes)
    (finding,) = (each for result in judge(record) if result.check == claim.verb for each in result.findings)
    return explanation(record, finding)


def found(*findings: Any) -> CheckResult:
    """A result of findings that nobody had to look for."""
    return CheckResult(check=findings[0].check, judgement=Judgement.FOUND, findings=findings, examined=1)
