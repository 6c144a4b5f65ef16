"""Pay periods: how many a year has, how many weeks one is worth, and its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from simharness.core.errors import UsageError

PERIODS: Mapping[str, int] = MappingProxyType({"weekly": 52, "biweekly": 26, "semimonthly": 24, "monthly": 12})
_WEEKS = 52


def periods_of(schedule: str) -> int:
    """Pay periods a year; raises `UsageError` naming the schedules."""
    if schedule not in PERIODS:
        raise UsageError(f"{schedule!r} is no pay schedule", mend=f"the schedules are {', '.join(PERIODS)}")
    return PERIODS[schedule]


def weeks_of(schedule: str) -> Fraction:
    """The weeks of a pay period: 52 of them a year (29 CFR 870.10(c))."""
    return Fraction(_WEEKS, periods_of(schedule))


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from the first to the last, both included."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(number)
