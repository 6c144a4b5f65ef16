"""The seventh day in a row: California pays no straight time on it, other states know nothing of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simharness_fakes.payroll.authority import DailyOvertime
from simharness_fakes.payroll.overtime import worked
from tests.fakes.payroll.company import D

CALIFORNIA = DailyOvertime(over=D(8), double_over=D(12), seventh_day=True)
MONDAY = date(2025, 3, 3)


@pytest.mark.parametrize(
    ("hours", "daily", "expected"),
    [
        ("6 6 6 6 6 6 10", CALIFORNIA, (36, 8, 2)),
        ("6 6 6 0 6 6 10", CALIFORNIA, (38, 2, 0)),
        ("6 6 6 6 6 6 10", None, (40, 6, 0)),
        # The workweek begins anew: the eighth day is a first one.
        ("6 6 6 6 6 6 10 9", CALIFORNIA, (44, 9, 2)),
    ],
)
def test_the_seventh_day_in_a_row_of_a_workweek(
    hours: str, daily: DailyOvertime | None, expected: tuple[int, int, int]
) -> None:
    told = {MONDAY + timedelta(number): D(each) for number, each in enumerate(hours.split())}
    days = worked(told, MONDAY, max(told), daily, 0)
    sums = (sum(d.straight for d in days), sum(d.half_more for d in days), sum(d.double for d in days))
    assert sums == expected


def test_a_pay_period_that_begins_in_mid_week_sees_the_days_before_it() -> None:
    told = {MONDAY + timedelta(number): D(6) for number in range(7)}
    (sunday,) = worked(told, MONDAY + timedelta(6), MONDAY + timedelta(6), CALIFORNIA, 0)
    assert (sunday.straight, sunday.half_more) == (0, 6)
