"""Virtual time with an agenda.

The clock never reads the wall clock. It moves only when somebody moves it, and what was put on the agenda happens on
the way, in order of (instant, sequence).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from simharness.core.errors import HarnessFault

Action = Callable[[], None]

#: The real class, taken before anybody can freeze the module `datetime`.
_DATETIME = datetime


def utc(moment: datetime) -> datetime:
    """The same instant as a plain `datetime` in UTC, whatever subclass or zone came in; naive moments are refused."""
    if moment.tzinfo is None:
        raise HarnessFault(f"{moment!r} has no time zone", mend="give an aware datetime, for example with tzinfo=UTC")
    m = moment.astimezone(UTC)
    return _DATETIME(m.year, m.month, m.day, m.hour, m.minute, m.second, m.microsecond, tzinfo=UTC)


def instant_of(day: date, zone: str, at: time = time(9, 0)) -> datetime:
    """The instant of a local wall time on a day in an IANA zone, in UTC.

    A wall time that a DST change skips counts from the offset before the gap; one that occurs twice is the first.
    """
    return utc(_DATETIME.combine(day, at, tzinfo=ZoneInfo(zone)))


@lru_cache(maxsize=1024)
def day_in(moment: datetime, zone: str) -> date:
    """The calendar day of an instant in an IANA zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


class Clock:
    """The time of one world: an instant in UTC and an agenda of what will happen.

    `at` puts an action on the agenda and returns its number for `cancel`; an instant in the past runs at the next move.
    An `awaited` action is one that somebody who waits for rest waits for as well, such as news on the way. `late` says
    by how much more each of these is delayed, where news shall not come in the order in which it was sent.
    `advance_to` runs everything due on the way, each at its own instant; the clock never goes back.
    """

    __slots__ = ("_agenda", "_awaited", "_cancelled", "_late", "_now", "_sequence")

    def __init__(self, now: datetime, late: Callable[[], timedelta] | None = None) -> None:
        self._now = utc(now)
        self._late = late
        self._agenda: list[tuple[datetime, int, str, Action]] = []
        self._awaited: dict[int, datetime] = {}
        self._cancelled: set[int] = set()
        self._sequence = 0

    @property
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self._now

    def at(self, instant: datetime, action: Action, label: str = "", *, awaited: bool = False) -> int:
        """Put an action on the agenda; equal instants run in the order they were put."""
        self._sequence += 1
        due = utc(instant)
        if awaited:
            due += self._late() if self._late is not None else timedelta(0)
            self._awaited[self._sequence] = due
        heapq.heappush(self._agenda, (due, self._sequence, label, action))
        return self._sequence

    def after(self, delay: timedelta, action: Action, label: str = "", *, awaited: bool = False) -> int:
        """Put an action on the agenda `delay` from now."""
        return self.at(self._now + delay, action, label, awaited=awaited)

    def cancel(self, number: int) -> None:
        """Take an action off the agenda; one that already ran is ignored."""
        self._cancelled.add(number)
        self._awaited.pop(number, None)

    def next_awaited(self) -> datetime | None:
        """The instant of the earliest awaited item on the agenda, or None when there is none."""
        return min(self._awaited.values(), default=None)

    def next_due(self) -> datetime | None:
        """The instant of the earliest item on the agenda, or None when it is empty."""
        self._drop_cancelled()
        return self._agenda[0][0] if self._agenda else None

    def pending(self) -> tuple[tuple[datetime, str], ...]:
        """What is on the agenda, in the order it will happen: (instant, label)."""
        items = sorted(
            (when, number, label) for when, number, label, _ in self._agenda if number not in self._cancelled
        )
        return tuple((when, label) for when, _, label in items)

    def advance_to(self, instant: datetime) -> None:
        """Move to an instant and run what is due up to and including it; an instant in the past only
        runs what is due.
        """
        target = max(utc(instant), self._now)
        while (due := self.next_due()) is not None and due <= target:
            when, number, _, action = heapq.heappop(self._agenda)
            self._awaited.pop(number, None)
            self._now = max(self._now, when)
            action()
        self._now = max(self._now, target)

    def advance(self, delta: timedelta) -> None:
        """Move forward by a duration; a negative one raises `ValueError`."""
        if delta < timedelta(0):
            raise ValueError(f"delta={delta}: time does not go back")
        self.advance_to(self._now + delta)

    def _drop_cancelled(self) -> None:
        while self._agenda and self._agenda[0][1] in self._cancelled:
            self._cancelled.discard(heapq.heappop(self._agenda)[1])
