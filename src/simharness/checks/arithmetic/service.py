"""What falls up to a day of an amount for days of service: by workdays, by days, or by whole months of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from simharness.checks.arithmetic.months import last_day
from simharness.checks.arithmetic.rounding import rounded
from simharness.domain.policy import Rounding

#: Saturday and Sunday.
_WEEKEND = frozenset({5, 6})


def workdays(first: date, last: date) -> int:
    """The Mondays to Fridays from a day up to another one; none where that lies before it."""
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return sum(1 for day in days if day.weekday() not in _WEEKEND)


def accrued(amount: Decimal, first: date, last: date, until: date, unit: Decimal, rounding: Rounding) -> Decimal:
    """By the workdays (Mondays to Fridays) of the service; nothing where it has none."""
    whole = workdays(first, last)
    return rounded(amount * workdays(first, min(until, last)) / whole, unit, rounding) if whole else Decimal(0)


def spread(
    amount: Decimal, first: date, last: date, until: date, by: str, unit: Decimal, rounding: Rounding
) -> Decimal:
    """By the days of the service, or (`month`) by its whole months of the calendar."""
    if until >= last:
        return amount
    if by == "month":
        ends = _month_ends(first, last)
        part, whole = sum(1 for end in ends if end <= until), len(ends)
    else:
        part, whole = max(0, (until - first).days + 1), (last - first).days + 1
    return rounded(amount * part / whole, unit, rounding)


def _month_ends(first: date, last: date) -> list[date]:
    ends = [last_day(f"{first:%Y-%m}")]
    while ends[-1] < last:
        ends.append(last_day(f"{ends[-1] + timedelta(days=1):%Y-%m}"))
    return ends
