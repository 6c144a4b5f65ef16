"""Months of service: from a day to the day before the same day of the next month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def months_after(day: date, count: int) -> date:
    """The same day so many months later; the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(first: date, last: date) -> int:
    """How many months lie from one day to another, both included; 0 where they are not whole."""
    about = (last.year - first.year) * 12 + last.month - first.month
    end = last + timedelta(days=1)
    return next((count for count in (about, about + 1) if count > 0 and months_after(first, count) == end), 0)


def months_done(first: date, until: date) -> int:
    """How many months that begin on `first` are over at the end of a day; 0 before it."""
    if until < first:
        return 0
    count, end = (until.year - first.year) * 12 + until.month - first.month + 1, until + timedelta(days=1)
    while count and months_after(first, count) > end:
        count -= 1
    return count


def days_between(first: date, last: date) -> int:
    """The days from one to another, both included."""
    return (last - first).days + 1
