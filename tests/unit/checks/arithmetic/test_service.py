"""The days of a service as the checks count them, against figures worked out by hand and against the connector's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.arithmetic.months import last_day
from simharness.checks.arithmetic.service import accrued, spread
from simharness.domain.policy import Rounding
from simharness.reference.arithmetic import service
from simharness.reference.arithmetic.money import Cents

CENT = Decimal("0.01")
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
AMOUNTS = st.decimals("0.01", "99999.99", places=2)


@pytest.mark.parametrize(
    ("period", "day"),
    [("2026-01", "2026-01-31"), ("2026-02", "2026-02-28"), ("2024-02", "2024-02-29"), ("2026-12", "2026-12-31")],
)
def test_a_period_ends_on_the_last_day_of_its_month(period: str, day: str) -> None:
    assert last_day(period) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("amount", "until", "expected"),
    [("8333.33", "2026-01-31", "4333.33"), ("8333.33", "2026-02-17", "8333.33"), ("8333.33", "2026-01-13", "0.00")],
)
def test_accrued_is_what_falls_on_workdays(amount: str, until: str, expected: str) -> None:
    first, last = date(2026, 1, 14), date(2026, 2, 17)
    part = accrued(Decimal(amount), first, last, date.fromisoformat(until), CENT, Rounding.HALF_UP)
    assert part == Decimal(expected)


@pytest.mark.parametrize(
    ("until", "by", "expected"),
    [
        ("2026-01-31", "day", "508.29"),  # 92 of 181 days of 1,000.00
        ("2026-01-31", "month", "500.00"),
        ("2026-02-28", "month", "666.67"),
        ("2026-04-30", "day", "1000.00"),
        ("2027-01-31", "month", "1000.00"),
    ],
)
def test_a_cost_is_spread_by_days_or_by_months(until: str, by: str, expected: str) -> None:
    end = date.fromisoformat(until)
    part = spread(Decimal(1000), date(2025, 11, 1), date(2026, 4, 30), end, by, CENT, Rounding.HALF_UP)
    assert part == Decimal(expected)


@given(amount=AMOUNTS, first=DAYS, length=st.integers(7, 500), offset=st.integers(0, 600))
def test_both_countings_come_to_the_same(amount: Decimal, first: date, length: int, offset: int) -> None:
    last, until, usd = first + timedelta(days=length), first + timedelta(days=offset), Cents("USD")
    whole, past = service.workdays(first, last), service.workdays(first, min(until, last))
    assert accrued(amount, first, last, until, CENT, Rounding.HALF_UP) == service.share(amount, past, whole, usd)
    days = service.elapsed(first, last, until, "day")
    assert spread(amount, first, last, until, "day", CENT, Rounding.HALF_UP) == service.share(amount, *days, usd)
