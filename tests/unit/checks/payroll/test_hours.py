"""Overtime by the workweek, and in California by the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.payroll import HoursWorked, Laws, Regular
from simharness.checks.payroll.hours import overtime
from tests.unit.checks.payroll.people import cheques, person, wage

MONDAY = dt.date(2025, 3, 3)
CODES = ("hourly", "overtime", "double_overtime")


def days(*hours: str) -> dict[dt.date, Decimal]:
    """Hours from a Monday on, day by day."""
    return {MONDAY + dt.timedelta(days=number): Decimal(worked) for number, worked in enumerate(hours)}


@pytest.mark.parametrize(
    ("state", "hours", "expected"),
    [
        ("TX", ("9", "9", "9", "9", "9"), (40, 5, 0)),
        ("TX", ("12", "12", "12", "4"), (40, 0, 0)),
        ("TX", ("14", "14", "14"), (40, 2, 0)),
        ("TX", ("8", "8", "8", "8", "8", "0", "0", "9"), (49, 0, 0)),  # a week begins anew
        ("CA", ("10", "10", "10", "10"), (32, 8, 0)),
        ("CA", ("13",), (8, 4, 1)),
        ("CA", ("9", "9", "9", "9", "9"), (40, 5, 0)),  # an hour counts once
        ("CA", ("8", "8", "8", "8", "8", "8"), (40, 8, 0)),
        ("CA", ("6", "6", "6", "6", "6", "6", "10"), (36, 8, 2)),  # the seventh day in a row
        ("CA", ("6", "6", "6", "0", "6", "6", "10"), (38, 2, 0)),
    ],
)
def test_hours_are_told_apart(state: str, hours: tuple[str, ...], expected: tuple[int, int, int]) -> None:
    told = overtime(days(*hours), state, 0)
    assert tuple(sum(day[code] for day in told.values()) for code in CODES) == expected


def test_overtime_pays_half_more_and_double_time_twice(laws: Laws) -> None:
    run = Regular(run="w", service_from=MONDAY, service_to=MONDAY + dt.timedelta(6), cheque_on=dt.date(2025, 3, 14))
    worked = HoursWorked(hours=tuple(days("13", "9.5").items()))
    paid = cheques(laws, person("weekly", "CA"), wage("21.35"), worked, run)["w"]
    assert [(line.code, line.hours, line.amount) for line in paid.lines if line.kind == "earning"] == [
        ("hourly", 16, Decimal("341.60")),
        ("overtime", Decimal("5.5"), Decimal("176.14")),  # 5.5 × 32.025 = 176.1375
        ("double_overtime", 1, Decimal("42.70")),
    ]


def test_a_workweek_counts_on_across_the_end_of_a_pay_period(laws: Laws) -> None:
    # The week of 10 to 16 March 2025: 40 hours until Friday, six more on Sunday, in the next period.
    week = {dt.date(2025, 3, day): Decimal(8) for day in range(10, 15)} | {dt.date(2025, 3, 16): Decimal(6)}
    first = Regular(
        run="1", service_from=dt.date(2025, 3, 1), service_to=dt.date(2025, 3, 15), cheque_on=dt.date(2025, 3, 20)
    )
    second = Regular(
        run="2", service_from=dt.date(2025, 3, 16), service_to=dt.date(2025, 3, 31), cheque_on=dt.date(2025, 4, 4)
    )
    paid = cheques(laws, person("semimonthly"), wage("20"), HoursWorked(hours=tuple(week.items())), first, second)
    assert {run: [(li.code, li.amount) for li in c.lines if li.kind == "earning"] for run, c in paid.items()} == {
        "1": [("hourly", 800)],
        "2": [("overtime", 180)],
    }


@given(st.lists(st.integers(0, 24), min_size=1, max_size=21), st.sampled_from(["TX", "CA"]), st.integers(0, 6))
def test_no_hour_is_lost_or_counted_twice_and_no_week_has_more_than_40_plain_ones(
    hours: list[int], state: str, starts: int
) -> None:
    told = overtime(days(*map(str, hours)), state, starts)
    plain: dict[dt.date, Decimal] = {}
    for day, parts in told.items():
        assert sum(parts.values()) == hours[(day - MONDAY).days]
        assert min(parts.values()) >= 0
        assert parts["hourly"] <= (8 if state == "CA" else 24)
        week = day - dt.timedelta(days=(day.weekday() - starts) % 7)
        plain[week] = plain.get(week, Decimal(0)) + Decimal(int(parts["hourly"]))
    assert max(plain.values()) <= 40
