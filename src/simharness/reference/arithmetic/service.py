"""How much of a service lies behind a day: by workdays, by days, or by whole months. Days are counted inclusive."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO, Cents

#: Ways in which a cost paid in advance becomes one.
BY_DAY, BY_MONTH = "day", "month"
_SATURDAY = 5
_DAY = timedelta(days=1)


def workdays(first: date, last: date) -> int:
    """The Mondays to Fridays from a day up to another; none where the last lies before the first. Holidays count."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first + offset * _DAY).weekday() < _SATURDAY for offset in range(rest))


def whole_months(first: date, last: date) -> int:
    """The months from the one that begins on a day to the one that ends on another; 0 where these are no whole ones."""
    if last < first or first.day != 1 or (last + _DAY).day != 1:
        return 0
    return _number(last) - _number(first) + 1


def elapsed(first: date, last: date, until: date, by: str) -> tuple[int, int]:
    """How many days (or months, `by`) of a service lie up to a day, and how many it has."""
    if by == BY_MONTH:
        whole = whole_months(first, last)
        return min(max(_number(until + _DAY) - _number(first), 0), whole), whole
    whole = (last - first).days + 1
    return min(max((until - first).days + 1, 0), whole), whole


def share(amount: Decimal, part: int, whole: int, cents: Cents) -> Decimal:
    """So many parts of the whole of an amount, in cents. Nothing and everything are exact."""
    return cents.round(amount * part / whole) if whole else ZERO


def _number(day: date) -> int:
    """Months counted without end, so that they can be subtracted."""
    return day.year * 12 + day.month
