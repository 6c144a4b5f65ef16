"""Recognition is cumulative, ends at the total, and a later change touches only what remains."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.deferred import Change
from simharness.checks.deferred import Term as Judged
from simharness.domain.policy import Rounding
from simharness.reference.arithmetic.money import Cents
from simharness.reference.recognition.schedule import Movement, Term, recognised, remaining

D = Decimal
USD = Cents("USD")
YEAR = Term(first=date(2026, 1, 1), last=date(2026, 12, 31), unit="day")
MONTHS = Term(first=date(2026, 1, 1), last=date(2026, 12, 31), unit="month")


def billed(amount: str, on: date = date(2025, 12, 20)) -> Movement:
    return Movement(day=on, amount=D(amount))


@pytest.mark.parametrize(
    ("term", "total", "until", "expected"),
    [
        (YEAR, "3650.00", date(2025, 12, 31), "0.00"),
        (YEAR, "3650.00", date(2026, 2, 28), "590.00"),  # 59 days of 10.00
        (YEAR, "1000.00", date(2026, 1, 31), "84.93"),  # 31 / 365: 84.9315
        (MONTHS, "100.00", date(2026, 2, 27), "8.33"),  # one month is over
        (MONTHS, "100.00", date(2026, 2, 28), "16.67"),
        (MONTHS, "100.00", date(2027, 5, 1), "100.00"),
    ],
)
def test_so_much_is_revenue_by_a_day(term: Term, total: str, until: date, expected: str) -> None:
    assert recognised(term, [billed(total)], until, USD) == D(expected)


def test_what_changes_later_changes_what_remains() -> None:
    moved = [billed("7300.00"), billed("2920.00", date(2026, 3, 15))]
    assert recognised(YEAR, moved, date(2026, 3, 14), USD) == D("1460.00")
    assert recognised(YEAR, moved, date(2026, 3, 31), USD) == D("1970.00")  # and 17 days of 30.00


def test_a_credit_above_what_remains_lowers_revenue() -> None:
    moved = [billed("1200.00"), billed("-1200.00", date(2026, 4, 10))]
    assert remaining(MONTHS, moved[:1], date(2026, 4, 10), USD) == D("900.00")
    assert recognised(MONTHS, moved, date(2026, 4, 30), USD) == D("0.00")


def test_the_end_of_a_service_makes_revenue_of_what_is_left() -> None:
    ended = Movement(day=date(2026, 4, 10), amount=D("-800.00"), ends=True)
    assert recognised(MONTHS, [billed("1200.00"), ended], date(2026, 4, 10), USD) == D("400.00")


@st.composite
def histories(draw: st.DrawFn) -> tuple[Term, list[Movement]]:
    first = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 400)))
    unit = draw(st.sampled_from(["day", "month"]))
    months = draw(st.integers(1, 24))
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    end = date(year, month + 1, min(first.day, 28))
    last = end - timedelta(days=1) if first.day <= 28 else first + timedelta(days=months * 30)
    amounts = st.integers(-50_000, 50_000).map(lambda cents: D(cents) / 100)
    days = st.integers(0, (last - first).days + 40).map(lambda after: first + timedelta(days=after))
    changes = draw(st.lists(st.builds(Movement, day=days, amount=amounts, ends=st.booleans()), max_size=4))
    if first.day > 28:
        unit = "day"
    return Term(first=first, last=last, unit=unit), [Movement(day=first, amount=D(900)), *changes]


@given(histories(), st.integers(-10, 900))
def test_two_arithmetics_agree_and_everything_billed_is_revenue_in_the_end(
    history: tuple[Term, list[Movement]], after: int
) -> None:
    """The checks have one of their own: both are cumulative, and neither knows the other."""
    term, moved = history
    until = term.first + timedelta(days=after)
    judged = Judged(first=term.first, last=term.last, unit=term.unit)
    judged.changes += [Change(day=each.day, amount=each.amount, ends=each.ends, rest=0) for each in moved]
    coin, rounding = D("0.01"), Rounding.HALF_UP
    assert recognised(term, moved, until, USD) == judged.recognised(until, coin, rounding)
    assert remaining(term, moved, until, USD) == judged.remaining(until, coin, rounding)
    everything = max(each.day for each in moved) + timedelta(days=900)
    assert recognised(term, moved, everything, USD) == sum(each.amount for each in moved)
