"""Which days of the books are open, closed but for approved adjustments, or locked.

QuickBooks has one closing date for all kinds of documents, on or before which it takes nothing: that is the lock. It
knows nothing in between, so that a period takes adjustments only is this program's own duty, and its own memory.
"""

from __future__ import annotations

from datetime import date, timedelta

from simharness.reference.errors import Rejected
from simharness.reference.memory.store import Store
from simharness.reference.vendors.quickbooks import QuickBooks

#: Codes of what is refused for its day; what waits with one of them is taken up again when a period is opened again.
PERIOD_CLOSED, PERIOD_LOCKED = "period_closed", "period_locked"
#: Settings: the last day that was closed, and the last that was locked, by an operator of this program.
_CLOSED, _LOCKED = "closing.closed_until", "closing.locked_until"


class Periods:
    """Asks the ledger once a pass, and again when it refuses a day. `begin` starts a pass.

    `moves_late`: what comes too late for its own day is posted on the first open day; otherwise it is refused.
    """

    def __init__(self, quickbooks: QuickBooks, store: Store, *, moves_late: bool = True) -> None:
        self._quickbooks, self._store, self._moves_late = quickbooks, store, moves_late
        self._until: date | None = None
        self._asked = False

    def begin(self) -> None:
        """From now on the closing date is worth another look."""
        self._asked = False

    def refresh(self) -> None:
        """Look now: the ledger said that a day is closed."""
        self._until = self._quickbooks.closing_date()
        self._asked = True

    def close(self, until: date) -> None:
        """From now on days up to this one take approved adjustments only."""
        self._store.set_setting(_CLOSED, until.isoformat())

    def lock(self, until: date) -> None:
        """From now on days up to this one take nothing."""
        self._store.set_setting(_LOCKED, until.isoformat())

    def reopen(self, day: date) -> None:
        """From now on this day and later ones are open again, as far as the ledger agrees."""
        last = day - timedelta(days=1)
        for name in (_CLOSED, _LOCKED):
            until = self._told(name)
            if until is not None and until > last:
                self._store.set_setting(name, last.isoformat())
        self._asked = False

    def is_open(self, day: date) -> bool:
        """Whether a record dated so may be posted or changed."""
        until = self._closed_until()
        return until is None or day > until

    def is_closed_here(self, day: date) -> bool:
        """Whether a day is closed to all but adjustments as this program knows, whatever the ledger would take."""
        until = self._told(_CLOSED)
        return until is not None and day <= until

    def takes_adjustments(self, day: date) -> bool:
        """Whether an approved adjustment dated so may be posted: it is not locked, here or in the ledger."""
        until = self._locked_until()
        return until is None or day > until

    def open_day(self, day: date) -> date:
        """The day itself, or the first open day after it."""
        until = self._closed_until()
        return day if until is None or day > until else until + timedelta(days=1)

    def bearing_day(self, day: date) -> date:
        """The day that a fact of a day is posted on: its own, or by policy the first open one. Raises `Rejected` where
        the policy is to refuse what comes too late.
        """
        found = self.open_day(day)
        if found != day and not self._moves_late:
            reason = f"{day} is closed: what comes too late for it waits until the period is opened again"
            raise Rejected(PERIOD_CLOSED, reason)
        return found

    def _closed_until(self) -> date | None:
        return _latest(self._told(_CLOSED), self._locked_until())

    def _locked_until(self) -> date | None:
        if not self._asked:
            self.refresh()
        return _latest(self._told(_LOCKED), self._until)

    def _told(self, name: str) -> date | None:
        text = self._store.get_setting(name)
        return date.fromisoformat(text) if text else None


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
