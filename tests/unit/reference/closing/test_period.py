"""Periods are months: they follow each other over years, and nothing else is one."""

from __future__ import annotations

from datetime import date

import pytest

from simharness.reference.closing.period import Period
from simharness.reference.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "first", "last", "after"),
    [
        ("2026-01", "2026-01-01", "2026-01-31", "2026-02"),
        ("2026-02", "2026-02-01", "2026-02-28", "2026-03"),
        ("2028-02", "2028-02-01", "2028-02-29", "2028-03"),
        ("2026-12", "2026-12-01", "2026-12-31", "2027-01"),
    ],
)
def test_a_period_knows_its_days_and_the_one_after_it(text: str, first: str, last: str, after: str) -> None:
    period = Period.parse(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert (str(period.next), str(period)) == (after, text)


def test_a_day_lies_in_one_period_and_periods_are_in_order() -> None:
    january = Period.of(date(2026, 1, 31))
    assert january.holds(date(2026, 1, 1))
    assert not january.holds(date(2026, 2, 1))
    assert january.day_before == date(2025, 12, 31)
    assert Period.parse("2025-12") < january < Period.parse("2026-02")


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "2026-01-31", "January"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="is no period"):
        Period.parse(text)
