"""Pay schedules: which days a period covers and on which business day it is paid.

A business day is neither a Saturday, a Sunday nor a holiday of the Federal Reserve. A pay day that is none moves to the
business day before it, which may lie in another tax year than the period.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from simharness.domain.base import Record
from simharness_fakes.payroll.refusals import BadValue

#: Pay periods a year, by which a year's salary is divided and annual tables are divided.
PERIODS: Mapping[str, int] = MappingProxyType({"weekly": 52, "biweekly": 26, "semimonthly": 24, "monthly": 12})
_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY, _MONDAY, _THURSDAY = 5, 6, 0, 3
#: The first half of a semimonthly month ends on this day.
_HALF = 15


class Period(Record, frozen=True, kw_only=True):
    """A pay period: its first and last day of service, and its pay day."""

    service_from: date
    service_to: date
    cheque_on: date


class PaySchedule(Record, frozen=True, kw_only=True):
    """When people are paid. `frequency`: weekly, biweekly, semimonthly, monthly.

    `anchor_end` is the last day of some period, `anchor_pay` its pay day: a schedule by weeks repeats both every one or
    two weeks. Months end on the last day of the month, semimonthly ones on the 15th too; the pay day is as many days
    after the end of a period as `anchor_pay` is after `anchor_end`.
    """

    id: str
    frequency: str
    anchor_end: date
    anchor_pay: date
    name: str = ""
    version: str = ""

    def periods_a_year(self) -> int:
        """By what a year's pay is divided."""
        return PERIODS[self.frequency]

    def period_of(self, day: date) -> Period:
        """The period in which a day of service lies."""
        if self.frequency in ("weekly", "biweekly"):
            length = 7 if self.frequency == "weekly" else 14
            end = self.anchor_end + length * _DAY * -((self.anchor_end - day).days // length)
            return self._period(end - (length - 1) * _DAY, end)
        last = date(day.year, day.month, monthrange(day.year, day.month)[1])
        if self.frequency == "monthly":
            return self._period(day.replace(day=1), last)
        if day.day <= _HALF:
            return self._period(day.replace(day=1), day.replace(day=_HALF))
        return self._period(day.replace(day=_HALF + 1), last)

    def periods(self, from_day: date) -> Iterator[Period]:
        """The period in which a day lies, and all after it, without end."""
        period = self.period_of(from_day)
        while True:
            yield period
            period = self.period_of(period.service_to + _DAY)

    def paid_on(self, cheque_on: date) -> Period | None:
        """The period whose pay day this is, or None."""
        lag = self.anchor_pay - self.anchor_end
        # A pay day moves back by holidays and a weekend: a week before and after is looked through.
        around = self.periods(cheque_on - lag - 7 * _DAY)
        for period in around:
            if period.cheque_on >= cheque_on:
                return period if period.cheque_on == cheque_on else None
        return None

    def _period(self, service_from: date, service_to: date) -> Period:
        paid = service_to + (self.anchor_pay - self.anchor_end)
        return Period(service_from=service_from, service_to=service_to, cheque_on=on_or_before(paid))


def checked(schedule: PaySchedule) -> PaySchedule:
    """The schedule, if it can be: refuses (`BadValue`) an unknown frequency, and an anchor that ends no period."""
    if schedule.frequency not in PERIODS:
        raise BadValue("frequency", schedule.frequency, f"it is one of {', '.join(PERIODS)}")
    if schedule.period_of(schedule.anchor_end).service_to != schedule.anchor_end:
        raise BadValue("anchor_end", schedule.anchor_end, f"no {schedule.frequency} period ends on it")
    return schedule


def is_business_day(day: date) -> bool:
    """Whether banks move money on a day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def on_or_before(day: date) -> date:
    """The day itself, or the last business day before it."""
    while not is_business_day(day):
        day -= _DAY
    return day


def on_or_after(day: date) -> date:
    """The day itself, or the first business day after it."""
    while not is_business_day(day):
        day += _DAY
    return day


def business_days_before(day: date, count: int) -> date:
    """The day `count` business days before a day."""
    while count > 0:
        day -= _DAY
        count -= is_business_day(day)
    return day


def workdays(service_from: date, service_to: date) -> int:
    """Mondays to Fridays from a day to a day, both included; holidays count, as they are paid."""
    if service_to < service_from:
        return 0
    weeks, rest = divmod((service_to - service_from).days + 1, 7)
    first = service_from.weekday()
    return weeks * 5 + sum((first + i) % 7 < _SATURDAY for i in range(rest))


@lru_cache(maxsize=64)
def holidays(year: int) -> tuple[date, ...]:
    """The days on which the Federal Reserve is closed: one on a Sunday is kept on Monday, one on a Saturday is lost.

    Source: Federal Reserve Banks, holiday schedule (Regulation D, 12 CFR 204).
    """
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    kept = [day + _DAY if day.weekday() == _SUNDAY else day for day in fixed]
    floating = [
        _nth(year, 1, _MONDAY, 3),
        _nth(year, 2, _MONDAY, 3),
        _nth(year, 6, _MONDAY, 1) - 7 * _DAY,
        _nth(year, 9, _MONDAY, 1),
        _nth(year, 10, _MONDAY, 2),
        _nth(year, 11, _THURSDAY, 4),
    ]
    return tuple(sorted(kept + floating))


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (count - 1))
