"""Wages of a period of pay that the end of a month cuts, by workdays: as run, or as the period before it was run.

A run of 9 to 22 February costs 3,000.00 and 310.50 and 90.00 in Sales, 2,000.00 and 217.35 in Delivery; what it pays
for January, and what employees laid out, is no part of its days. The next fortnight has five of its ten workdays in
February: 1,500.00, 155.25, 45.00, 1,000.00 and 108.675.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

import msgspec
import pytest

from simharness.reference.closing.period import Period
from simharness.reference.closing.reversals import read as entry_of
from simharness.reference.closing.wages import Wages
from simharness.reference.mapping import Mapping
from simharness.reference.mapping.payroll import TOLD
from simharness.reference.payroll.reading import read, told
from simharness.reference.payroll.run import OFF_CYCLE, REVERSAL, Run
from simharness.reference.posting.tasks import Tasks
from tests.unit.reference.payroll.told import payroll, people, receipt, report, rules

FEBRUARY = Period(2026, 2)
RUN = msgspec.structs.replace(
    read(told(payroll(), receipt()), report(), rules()), service_from=date(2026, 2, 9), service_to=date(2026, 2, 22)
)
HALF = {
    ("employer_benefits", "CC-10"): "45.00",
    ("employer_taxes", "CC-10"): "155.25",
    ("employer_taxes", "CC-30"): "108.68",
    ("wages", "CC-10"): "1500.00",
    ("wages", "CC-30"): "1000.00",
    ("accrued_wages", ""): "-2808.93",
}


class Memory:
    """Tasks, as far as wages need them."""

    def retry(self, source: str) -> None:
        """Nothing was refused."""


def accrued(
    *runs: Run, period: Period = FEBRUARY, mapping: Mapping | None = None
) -> dict[str, dict[tuple[str, str], str]]:
    """The sides of each accrual, by its reference."""
    wages = Wages(cast("Tasks", Memory()), lambda: list(runs), mapping or people())
    found = {task.reference: entry_of(task.facts) for task in wages.tasks(period)}
    assert all(entry.day == period.last and sum(line.amount for line in entry.lines) == 0 for entry in found.values())
    return {
        reference: {(line.role, line.cost_centre): str(line.amount) for line in entry.lines}
        for reference, entry in found.items()
    }


def test_a_fortnight_that_was_not_run_is_accrued_as_the_one_before_it() -> None:
    assert accrued(RUN) == {"close:accrual:wages-20260223-20260308:2026-02": HALF}


def test_a_fortnight_that_was_run_is_accrued_at_what_it_came_to() -> None:
    costs = tuple(msgspec.structs.replace(cost, amount=cost.amount * 2) for cost in RUN.costs)
    later = msgspec.structs.replace(
        RUN, id="later", service_from=date(2026, 2, 23), service_to=date(2026, 3, 8), costs=costs
    )
    (sides,) = accrued(RUN, later).values()
    assert sides["wages", "CC-10"] == "3000.00"
    assert Decimal(sides["accrued_wages", ""]) == Decimal("-5617.85")  # the cent of 217.35 is there once


@pytest.mark.parametrize(
    ("service_from", "service_to"),
    [
        ("2026-02-01", "2026-02-28"),  # a month ends with it
        ("2026-02-15", "2026-02-28"),  # a fortnight that ends with it: the next one begins in March
        ("2026-01-26", "2026-02-08"),  # the next one ends before it, and was not run for another reason
    ],
)
def test_what_the_end_does_not_cut_is_not_accrued(service_from: str, service_to: str) -> None:
    first, last = date.fromisoformat(service_from), date.fromisoformat(service_to)
    assert accrued(msgspec.structs.replace(RUN, service_from=first, service_to=last)) == {}


def test_a_bonus_has_no_period_and_what_was_taken_back_costs_nothing() -> None:
    assert accrued(msgspec.structs.replace(RUN, kind=OFF_CYCLE)) == {}
    costs = tuple(msgspec.structs.replace(cost, amount=-cost.amount) for cost in RUN.costs)
    assert accrued(RUN, msgspec.structs.replace(RUN, id="back", kind=REVERSAL, costs=costs)) == {}


def test_nothing_is_estimated_where_people_tell_it() -> None:
    by_people = msgspec.structs.replace(people(), payroll=rules(accrual=TOLD))
    assert accrued(RUN, mapping=by_people) == {}
