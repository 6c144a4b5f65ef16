"""When the calendar turns next: a month (and with one of them a year) ends, or clocks are put forward or back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simharness.core.clock import day_in, instant_of, utc
from simharness.domain.base import Record

_DECEMBER = 12
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Turn(Record, frozen=True, kw_only=True):
    """A turn of the calendar: its first instant, and what turned, in words."""

    at: datetime
    what: str


def next_turn(now: datetime, zone: str) -> Turn:
    """The turn that comes first after an instant, by the wall clock of an IANA zone: midnight after the last day of a
    month, or the instant at which the zone puts its clocks forward or back.
    """
    today = day_in(now, zone)
    first = date(today.year + today.month // _DECEMBER, today.month % _DECEMBER + 1, 1)
    what = f"the year {today.year} ended" if today.month == _DECEMBER else f"the month {today:%Y-%m} ended"
    month_end = instant_of(first, zone, time(0))
    clocks = _clocks_changed(now, month_end, ZoneInfo(zone))
    if clocks is not None:
        return Turn(at=clocks, what=f"the clocks of {zone} were changed")
    return Turn(at=month_end, what=what)


def _clocks_changed(after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant after one, and before another, at which a zone's offset is not what it was; clocks are changed
    on the hour.
    """
    day = utc(after)
    while day < until:
        if _offset(day, zone) != _offset(min(day + _DAY, until), zone):
            hour = day.replace(minute=0, second=0, microsecond=0)
            while _offset(hour, zone) == _offset(day, zone):
                hour += _HOUR
            return hour if hour < until else None
        day += _DAY
    return None


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
