"""Expectations on breaks, their owners and the bank's statement turn red for every cell that does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.bank import BankAccount, BankLine, BankSnapshot
from simharness.domain.claims import Difference, DifferenceAssigned, ShowsDifferences, StatementLine, StatementShows
from simharness.domain.evidence import Alert
from simharness.domain.finding import Judgement
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong


def unbilled(*alerts: RaisedAlert) -> b.RunRecord:
    """The deal was won, and no invoice of it is in the ledger."""
    empty = b.ledger(documents=(), payments=(), entries=())
    story = b.record(books=empty, told=b.facts()[:4])
    return with_world(story, operations=OperationsSnapshot(vendor="alerts", alerts=alerts))


def with_world(story: b.RunRecord, **systems: Any) -> b.RunRecord:
    last = story.checkpoints[-1]
    world = b.structs.replace(last.world, **systems)
    return b.structs.replace(story, checkpoints=(*story.checkpoints[:-1], b.structs.replace(last, world=world)))


def alert(owner: str = "AR", item: str = "hubspot:deal:D1:v1", **changes: Any) -> RaisedAlert:
    given: dict[str, Any] = {"id": "a1", "incident": "i1", "raised_at": b.at("2026-01-12"), "text": "not posted"}
    return RaisedAlert(owner=owner, item=item, **(given | changes))


def shows(*differences: Difference) -> Any:
    return said(ShowsDifferences, reconciliation="crm_to_invoices", differences=differences)


MISSING = Difference(reference="Rollout", left="USD 4,410.50", right="", reason="missing right")


@pytest.mark.parametrize(
    "difference",
    [
        MISSING,
        b.structs.replace(MISSING, reference="D1"),
        b.structs.replace(MISSING, left="*", reason=None),
        Difference(reference="Rollout"),
    ],
    ids=["every cell", "by id", "any figure", "the reference alone"],
)
def test_a_difference_that_is_there_holds(difference: Difference) -> None:
    assert judged(shows(difference), unbilled()).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    "changed",
    [{"left": "USD 4,410.51"}, {"right": "*"}, {"left": ""}, {"reason": "amount"}, {"reference": "Other"}],
)
def test_another_difference_is_found_with_what_is_there(changed: dict[str, str]) -> None:
    found = wrong(shows(b.structs.replace(MISSING, **changed)), unbilled())
    assert found.message == "crm to invoices shows other differences"
    assert found.actual == "D1:invoice:1: USD 4,410.50 / nothing, missing right"


def test_a_difference_that_is_not_listed_is_found() -> None:
    assert wrong(shows(), unbilled()).expected == "no further difference"


def test_a_difference_that_is_not_there_is_found() -> None:
    found = wrong(shows(MISSING))
    assert (found.expected, found.actual) == ("Rollout: USD 4,410.50 / nothing, missing right", "no such difference")


def assigned(owner: str = "AR", difference: str = "Rollout") -> Any:
    return said(DifferenceAssigned, difference=difference, owner=owner)


def test_a_difference_is_assigned_by_an_open_alert_about_it() -> None:
    assert judged(assigned(), unbilled(alert())).judgement is Judgement.PASSED


@pytest.mark.parametrize(("cleared", "judgement"), [(None, Judgement.PASSED), ("2026-01-13", Judgement.FOUND)])
def test_what_the_connector_lists_is_a_difference_until_it_is_over(cleared: str | None, judgement: Judgement) -> None:
    over = b.at(cleared) if cleared else None
    row = Alert(
        at=b.at("2026-01-12"), incident="i1", source="hubspot:deal:D1", owner="AR", reason="late", cleared_at=over
    )
    told = b.structs.replace(b.record(), evidence=(*b.evidence(), row))
    story = with_world(told, operations=OperationsSnapshot(vendor="alerts", alerts=(alert(),)))
    assert judged(assigned(), story).judgement is judgement


@pytest.mark.parametrize(
    ("claim", "story", "actual"),
    [
        (assigned(), unbilled(), "nobody"),
        (assigned("AP"), unbilled(alert()), "AR"),
        (assigned(), unbilled(alert(item="hubspot:deal:D2:v1")), "nobody"),
        (assigned(), unbilled(alert(cleared_at=b.at("2026-01-13"))), "nobody"),
        (assigned(), b.record(), "no such difference"),
    ],
    ids=["no alert", "another owner", "another item", "cleared", "no difference"],
)
def test_a_difference_that_nobody_has_is_found(claim: Any, story: b.RunRecord, actual: str) -> None:
    assert wrong(claim, story).actual == actual


def line(id: str, amount: str, on: str, reference: str = "", **changes: Any) -> BankLine:
    given = {"account": "acc", "amount": b.usd(amount), "date": b.day(on), "status": "posted", "reference": reference}
    return BankLine(id=id, **(given | changes))


BANK = BankSnapshot(
    vendor="plaid",
    accounts=(BankAccount(id="acc", name="Operating", currency="USD"),),
    lines=(
        line("1", "970.70", "2026-01-23", "po_1", counterparty="STRIPE"),
        line("2", "-5.00", "2026-01-31"),
        line("3", "1.00", "2026-02-01"),
        line("4", "2.00", "2026-01-31", status="pending"),
    ),
)
PAYOUT = StatementLine(date=b.day("2026-01-23"), amount=b.usd("970.70"), reference="po_1", counterparty="STRIPE")
CHARGE = StatementLine(amount=b.usd("-5.00"), reference="", counterparty="")


def statement(*lines: StatementLine) -> Any:
    return said(StatementShows, period="2026-01", lines=lines)


@pytest.mark.parametrize(
    "lines", [(PAYOUT, CHARGE), (CHARGE, b.structs.replace(PAYOUT, reference="*")), (StatementLine(), CHARGE)]
)
def test_a_statement_of_exactly_these_lines_holds(lines: tuple[StatementLine, ...]) -> None:
    assert judged(statement(*lines), with_world(b.record(), bank=BANK)).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("lines", "expected", "actual"),
    [
        ((PAYOUT,), "no further line", "2026-01-31 USD -5.00"),
        (
            (PAYOUT, b.structs.replace(CHARGE, reference="*")),
            "any day USD -5.00 any reference no counterparty",
            "2026-01-31 USD -5.00",
        ),
        (
            (PAYOUT, CHARGE, CHARGE),
            "any day USD -5.00 no reference no counterparty",
            "no such line",
        ),
        (
            (b.structs.replace(PAYOUT, date=b.day("2026-01-24")), CHARGE),
            "2026-01-24 USD 970.70 po_1 STRIPE",
            "2026-01-23 USD 970.70 po_1 STRIPE",
        ),
    ],
)
def test_other_lines_of_a_statement_are_found(lines: tuple[StatementLine, ...], expected: str, actual: str) -> None:
    found = wrong(statement(*lines), with_world(b.record(), bank=BANK))
    assert (found.expected, found.actual) == (expected, actual)
