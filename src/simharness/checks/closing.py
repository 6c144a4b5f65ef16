"""Which days were closed, or locked, at which instant, as the facts tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simharness.checks.arithmetic.months import first_day, last_day
from simharness.domain.close_facts import PeriodClosed, PeriodLocked, PeriodReopened
from simharness.domain.fact import BooksClosed, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was closed (approved adjustments only) and what locked from an instant on; None: nothing ever was.

    `reopened`: the period that this opens again. Step, place and day are those of the fact.
    """

    at: datetime
    on: date
    step: int
    where: str
    closed: date | None
    locked: date | None
    reopened: str = ""

    @property
    def until(self) -> date | None:
        """The last day that takes no ordinary posting any more."""
        return _latest(self.closed, self.locked)


class Closings:
    """The closings and reopenings of a story in order; the last one counts.

    Periods are closed with all before them, and opened again with all after them. The ledger's closing date alone may
    be moved as well, and an earlier day is then a reopening. `moves_late`: what comes too late for its day belongs on
    an open one; otherwise it is refused, and nothing bears another day than its own.
    """

    def __init__(self, facts: Iterable[Fact], *, moves_late: bool = True) -> None:
        self.moments = tuple(_moments(facts))
        self.moves_late = moves_late

    def until(self, instant: datetime | None) -> date | None:
        """The last closed day at an instant (None: at the end), or None where nothing was closed yet."""
        return moment.until if (moment := self.at(instant)) else None

    def may_bear(self, should: date, found: date, posted_at: datetime | None) -> bool:
        """Whether a posting due on a day bears a right one: that day, or the first open one where that day was closed.

        What is posted at the very instant of a closing may come before or after it.
        """
        if found == should:
            return True
        if not self.moves_late:
            return False
        before = [moment for moment in self.moments if posted_at is None or moment.at < posted_at][-1:]
        then = [moment for moment in self.moments if moment.at == posted_at]
        ends = (moment.until for moment in (*before, *then))
        return any(until is not None and should <= until and found == until + timedelta(days=1) for until in ends)

    def at_step(self, step: int) -> Moment | None:
        """The closing or reopening that is in force after a step."""
        return next((moment for moment in reversed(self.moments) if moment.step <= step), None)

    def was_moved(self, moment: Moment, instant: datetime) -> bool:
        """Whether another closing or reopening was in force at an instant, or came at that very instant."""
        return self.at(instant) is not moment or any(each.at == instant for each in self.moments)

    def at(self, instant: datetime | None) -> Moment | None:
        """The closing or reopening that is in force at an instant (None: at the end)."""
        known = [moment for moment in self.moments if instant is None or moment.at < instant]
        return known[-1] if known else None


def _moments(facts: Iterable[Fact]) -> Iterator[Moment]:
    closed: date | None = None
    locked: date | None = None
    for fact in facts:
        reopened = ""
        match fact:
            case BooksClosed():
                locked = fact.until
            case PeriodClosed():
                closed = _latest(closed, last_day(fact.period))
            case PeriodLocked():
                closed = _latest(closed, last_day(fact.period))
                locked = _latest(locked, last_day(fact.period))
            case PeriodReopened():
                reopened = fact.period
                before = first_day(fact.period) - timedelta(days=1)
                closed = min(closed, before) if closed is not None else None
                locked = min(locked, before) if locked is not None else None
            case _:
                continue
        yield Moment(
            at=fact.at, on=fact.on, step=fact.step, where=fact.where, closed=closed, locked=locked, reopened=reopened
        )


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
