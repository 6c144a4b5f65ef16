"""What the controller does with a period reaches the connector and the ledger, and the record says who and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simharness.domain import acts, fact
from simharness.domain.close_facts import AdjustmentTold, PeriodClosed, PeriodEndRun, PeriodLocked, PeriodReopened
from tests.unit.stories.company import problems
from tests.unit.stories.test_moving_money import last_act, only, told, usd
from tests.unit.stories.test_session import with_acts

OFFERS = ("period_end", "close", "lock", "reopen", "adjust")
SIDES = "lines: [{account: 4010 Hardware sales, debit: USD 7.00}, {account: Accounts receivable, credit: USD 7.00}]"
ADJUSTED = f"{{adjustment: A-1, dated: 2026-01-31, because: mixed up, prepared_by: Pam, approved_by: Clara, {SIDES}}}"


def test_the_end_and_the_close_of_a_period_are_told_to_the_connector(tmp_path: Path) -> None:
    record, clerk = told(tmp_path, "{period_end: 2026-01}", "{period_closed: 2026-01, by: Clara}", offers=OFFERS)
    assert clerk.told == [
        ("period_end", {"period": "2026-01"}),
        ("close", {"period": "2026-01", "operator": "Clara"}),
    ]
    assert only(record, PeriodEndRun).period == "2026-01"
    assert (only(record, PeriodClosed).period, only(record, PeriodClosed).by) == ("2026-01", "Clara")


def test_a_lock_is_the_closing_date_of_the_ledger_as_well(tmp_path: Path) -> None:
    record, clerk = told(tmp_path, "{period_locked: 2028-02}", offers=OFFERS)
    assert last_act(clerk, "accounting") == ("controller", acts.ClosePeriod(until=date(2028, 2, 29)))
    assert only(record, PeriodLocked).by == "the controller"


def test_a_reopening_says_why(tmp_path: Path) -> None:
    reopening = "{period_reopened: 2026-01, by: Clara, because: an invoice is missing}"
    record, clerk = told(tmp_path, reopening, offers=OFFERS)
    assert clerk.told == [
        ("reopen", {"period": "2026-01", "operator": "Clara", "because": "an invoice is missing"}),
    ]
    assert only(record, PeriodReopened).because == "an invoice is missing"


def test_an_adjustment_is_told_by_account_number_and_signed_amount(tmp_path: Path) -> None:
    record, clerk = told(tmp_path, ADJUSTED, offers=OFFERS)
    ((act, said),) = clerk.told
    assert (act, said["lines"], said["dated"]) == ("adjust", "4010=7.00;1100=-7.00", "2026-01-31")
    assert (said["id"], said["reason"], said["preparer"], said["approver"]) == ("A-1", "mixed up", "Pam", "Clara")
    found = only(record, AdjustmentTold)
    assert [(line.account, line.amount) for line in found.lines] == [("4010", usd("7.00")), ("1100", usd("-7.00"))]


@pytest.mark.parametrize(
    "step",
    ["{period_end: 2026-01}", "{period_closed: 2026-01}", "{period_locked: 2026-01}", ADJUSTED],
)
def test_a_connector_without_the_act_makes_the_step_impossible(tmp_path: Path, step: str) -> None:
    record, clerk = told(tmp_path, step, offers=())
    assert "the connector offers no act" in only(record, fact.StepImpossible).what
    assert clerk.told == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (ADJUSTED.replace("A-1", "A 1"), "is no name of an adjustment"),
        (ADJUSTED.replace("credit: USD 7.00", "credit: USD 6.00"), "they must be equal"),
        (ADJUSTED.replace("debit: USD 7.00", "debit: USD 0.00"), "more than zero"),
        ("{period_closed: 2026-01-31}", "is a day, not a month"),
        ("{period_reopened: 2026-01}", "because"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_line(tmp_path: Path, step: str, words: str) -> None:
    (problem,) = problems(tmp_path, with_acts(step))
    assert words in str(problem)
