"""Which of the hours worked are overtime: a running count through the workweek, hour by hour in effect.

The Fair Labor Standards Act (29 U.S.C. 207) pays one and a half times from the 41st hour of a workweek. California
(Labor Code 510) also does so above 8 hours a day and for the first 8 hours of the seventh day worked in a row in a
workweek, and pays twice above 12 hours a day and above 8 on that seventh day. An hour counts once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, exact, overlap

_WEEK = Fraction(40)
_DAY, _LONG_DAY = Fraction(8), Fraction(12)
_DAYS_OF_A_WEEK = 7


def overtime(hours: Mapping[dt.date, Decimal], state: str, week_starts: int) -> dict[dt.date, dict[str, Fraction]]:
    """Every day's hours by the code that they are paid under.

    Whole workweeks must be given, also where a pay period cuts through them.
    """
    found: dict[dt.date, dict[str, Fraction]] = {}
    plain_in_week, worked_in_week, week = NOTHING, 0, None
    for day in sorted(hours):
        begins = day - dt.timedelta(days=(day.weekday() - week_starts) % _DAYS_OF_A_WEEK)
        if begins != week:
            plain_in_week, worked_in_week, week = NOTHING, 0, begins
        worked = exact(hours[day])
        worked_in_week += worked > 0
        double = daily = NOTHING
        if state == "CA":
            seventh = worked_in_week == _DAYS_OF_A_WEEK
            double = overlap(NOTHING, worked, _DAY if seventh else _LONG_DAY, None)
            daily = worked - double if seventh else overlap(NOTHING, worked, _DAY, _LONG_DAY)
        straight = worked - double - daily
        weekly = overlap(plain_in_week, plain_in_week + straight, _WEEK, None)
        plain_in_week += straight - weekly
        found[day] = {"hourly": straight - weekly, "overtime": daily + weekly, "double_overtime": double}
    return found
