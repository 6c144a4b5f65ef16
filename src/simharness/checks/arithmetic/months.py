"""Days of service: their months, how many are over, and what changing prices make of them (rules: sections 1 and 3)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

_DAY = timedelta(days=1)


def first_day(period: str) -> date:
    """The first day of a month like `2026-01`."""
    return date.fromisoformat(f"{period}-01")


def last_day(period: str) -> date:
    """The last day of a month like `2026-01`."""
    first = first_day(period)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_ends(first: date, last: date) -> tuple[date, ...]:
    """The last day of each month of service between two days; a month of the 31st ends before the last of a shorter."""
    ends: list[date] = []
    year, month = first.year, first.month
    while not ends or ends[-1] < last:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        begins = date(year, month, min(first.day, calendar.monthrange(year, month)[1]))
        ends.append(begins - _DAY)
    return tuple(ends)


def is_whole(first: date, last: date) -> bool:
    """Whether the days are whole months."""
    return first <= last and month_ends(first, last)[-1] == last


def elapsed(first: date, last: date, unit: str, day: date) -> tuple[int, int]:
    """How many days, or whole months, of the service are over at the end of a day, and of how many."""
    if unit == "month":
        ends = month_ends(first, last)
        return sum(1 for end in ends if end <= day), len(ends)
    whole = (last - first).days + 1
    return max(0, min(whole, (day - first).days + 1)), whole


def by_day(steps: Sequence[tuple[date, Decimal]], last: date) -> Decimal:
    """What the days up to the last come to, not rounded: each step says from when all of them would cost how much."""
    first = steps[0][0]
    whole = (last - first).days + 1
    ends = [start for start, _ in steps[1:]] + [last + _DAY]
    parts = (price * (end - start).days for (start, price), end in zip(steps, ends, strict=True))
    return sum(parts, Decimal(0)) / whole
