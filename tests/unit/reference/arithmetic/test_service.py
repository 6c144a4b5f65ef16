"""What of a service lies behind a day: by workdays, by days, by whole months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.service import BY_DAY, BY_MONTH, elapsed, share, whole_months, workdays

USD = Cents("USD")
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-01-14", "2026-01-31", 13),  # Wednesday to Saturday: 3 + 5 + 5
        ("2026-01-14", "2026-02-17", 25),
        ("2026-01-31", "2026-02-01", 0),  # a weekend
        ("2026-02-01", "2026-02-28", 20),
        ("2024-02-01", "2024-02-29", 21),
        ("2026-01-01", "2026-12-31", 261),
        ("2026-02-02", "2026-02-02", 1),
        ("2026-02-02", "2026-02-01", 0),
    ],
)
def test_mondays_to_fridays_are_workdays(first: str, last: str, count: int) -> None:
    assert workdays(date.fromisoformat(first), date.fromisoformat(last)) == count


@given(first=DAYS, length=st.integers(0, 800))
def test_workdays_are_counted_as_a_calendar_would(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length)]
    last = first + timedelta(days=length - 1)
    assert workdays(first, last) == sum(day.isoweekday() <= 5 for day in days)


def test_whole_months_begin_on_a_first_and_end_on_a_last_day() -> None:
    assert whole_months(date(2025, 11, 1), date(2026, 4, 30)) == 6
    assert whole_months(date(2026, 2, 1), date(2026, 2, 28)) == 1
    assert whole_months(date(2026, 1, 15), date(2027, 1, 14)) == 0
    assert whole_months(date(2026, 1, 1), date(2026, 2, 27)) == 0
    assert whole_months(date(2026, 2, 1), date(2026, 1, 31)) == 0


@pytest.mark.parametrize(
    ("until", "by", "expected"),
    [
        ("2025-10-31", BY_MONTH, (0, 6)),
        ("2026-01-31", BY_MONTH, (3, 6)),
        ("2026-02-28", BY_MONTH, (4, 6)),
        ("2026-12-31", BY_MONTH, (6, 6)),
        ("2025-10-31", BY_DAY, (0, 181)),
        ("2026-01-31", BY_DAY, (92, 181)),
        ("2026-04-30", BY_DAY, (181, 181)),
        ("2026-12-31", BY_DAY, (181, 181)),
    ],
)
def test_what_has_passed_is_never_more_than_the_whole(until: str, by: str, expected: tuple[int, int]) -> None:
    assert elapsed(date(2025, 11, 1), date(2026, 4, 30), date.fromisoformat(until), by) == expected


@given(amount=st.decimals("0.01", "99999.99", places=2), whole=st.integers(1, 400))
def test_shares_grow_to_the_whole_and_not_beyond(amount: Decimal, whole: int) -> None:
    shares = [share(amount, part, whole, USD) for part in range(whole + 1)]
    assert shares[0] == 0
    assert shares[-1] == amount
    assert shares == sorted(shares)
