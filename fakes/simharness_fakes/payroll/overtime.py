"""Which hours of a day are straight time, time and a half, or double time.

Federal: above 40 hours of straight time in a workweek. A state may add a day's limits: California above 8 hours, double
above 12, and on the seventh day in a row of a workweek no straight time at all and double above 8; such hours do not
count towards the 40 again. The rate is that of the day; bonuses in the regular rate are not modelled. Source: FLSA
section 7; California Labor Code section 510.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.payroll.authority import DailyOvertime
from simharness_fakes.payroll.rounding import ZERO

WEEKLY_LIMIT = Decimal(40)
_SEVENTH = 7


class DayHours(Record, frozen=True, kw_only=True):
    """The hours of one day by how they are paid."""

    day: date
    straight: Decimal
    half_more: Decimal = ZERO
    double: Decimal = ZERO


def week_start(day: date, begins_on: int) -> date:
    """The first day of a day's workweek; `begins_on` 0 is Monday."""
    return day - timedelta(days=(day.weekday() - begins_on) % 7)


def worked(
    hours: Mapping[date, Decimal], first: date, last: date, daily: DailyOvertime | None, begins_on: int
) -> list[DayHours]:
    """The hours of each day from a first to a last; the days of the same workweek before them count towards its 40."""
    out: list[DayHours] = []
    day, straight_so_far, in_a_row = week_start(first, begins_on), ZERO, 0
    while day <= last:
        if day == week_start(day, begins_on):
            straight_so_far, in_a_row = ZERO, 0
        in_a_row = in_a_row + 1 if hours.get(day) else 0
        if daily and daily.seventh_day and in_a_row == _SEVENTH:
            split = _of_seventh_day(day, hours[day], daily)
        else:
            split = _of_day(day, hours.get(day, ZERO), daily, WEEKLY_LIMIT - straight_so_far)
        straight_so_far += split.straight
        if day >= first and hours.get(day):
            out.append(split)
        day += timedelta(days=1)
    return out


def _of_day(day: date, hours: Decimal, daily: DailyOvertime | None, left: Decimal) -> DayHours:
    double = max(hours - daily.double_over, ZERO) if daily else ZERO
    by_day = max(hours - double - daily.over, ZERO) if daily else ZERO
    straight = min(hours - double - by_day, left)
    return DayHours(day=day, straight=straight, half_more=hours - double - straight, double=double)


def _of_seventh_day(day: date, hours: Decimal, daily: DailyOvertime) -> DayHours:
    half_more = min(hours, daily.over)
    return DayHours(day=day, straight=ZERO, half_more=half_more, double=hours - half_more)
