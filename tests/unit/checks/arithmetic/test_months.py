"""Months of service begin on the day of the first one, and days cost what they cost when they were served."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from simharness.checks.arithmetic.months import by_day, elapsed, is_whole, month_ends


def test_months_of_the_31st_end_before_the_last_day_of_shorter_ones() -> None:
    ends = month_ends(date(2026, 1, 31), date(2026, 4, 29))
    assert ends == (date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29))
    assert month_ends(date(2028, 1, 31), date(2028, 2, 28)) == (date(2028, 2, 28),)  # the 29th begins the next one


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 2, 15), date(2026, 3, 14), True),
        (date(2026, 2, 15), date(2026, 3, 15), False),
        (date(2026, 2, 15), date(2026, 2, 14), False),
    ],
)
def test_a_term_is_whole_where_its_last_month_ends_with_it(first: date, last: date, whole: bool) -> None:
    assert is_whole(first, last) is whole


@pytest.mark.parametrize(
    ("unit", "day", "over"),
    [
        ("day", date(2025, 12, 31), (0, 365)),
        ("day", date(2026, 2, 28), (59, 365)),
        ("day", date(2027, 5, 1), (365, 365)),
        ("month", date(2026, 2, 27), (1, 12)),
        ("month", date(2026, 2, 28), (2, 12)),
        ("month", date(2027, 5, 1), (12, 12)),
    ],
)
def test_so_much_of_a_year_is_over(unit: str, day: date, over: tuple[int, int]) -> None:
    assert elapsed(date(2026, 1, 1), date(2026, 12, 31), unit, day) == over


def test_each_step_costs_its_own_days() -> None:
    steps = [(date(2026, 5, 1), Decimal(300)), (date(2026, 5, 11), Decimal(400)), (date(2026, 5, 25), Decimal(200))]
    # 10 x 300 + 14 x 400 + 7 x 200 = 10,000 of 31 days
    assert by_day(steps, date(2026, 5, 31)) * 31 == pytest.approx(Decimal(10_000))
