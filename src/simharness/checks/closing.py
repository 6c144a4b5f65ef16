"""Which days were closed at which instant, as the facts tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from simharness.domain.fact import BooksClosed, Fact


class Closings:
    """The closings of a story in order; the last one counts, so an earlier day is a reopening."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(fact for fact in facts if isinstance(fact, BooksClosed))

    def until(self, instant: datetime | None) -> date | None:
        """The last closed day at an instant (None: at the end), or None where nothing was closed yet."""
        known = [fact.until for fact in self.facts if instant is None or fact.at < instant]
        return known[-1] if known else None

    def may_bear(self, should: date, found: date, posted_at: datetime | None) -> bool:
        """Whether a posting due on a day bears a right one: that day, or an open one where that day was closed.

        What is posted at the very instant of a closing may come before or after it.
        """
        if found == should:
            return True
        known = [fact for fact in self.facts if posted_at is None or fact.at <= posted_at]
        return bool(known) and should <= known[-1].until < found
