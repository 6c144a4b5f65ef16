"""Which days of the books are open. The ledger has one closing date; nothing is posted on or before it."""

from __future__ import annotations

from datetime import date, timedelta

from simharness.reference.vendors.quickbooks import QuickBooks


class Periods:
    """Asks the ledger once a pass, and again when it refuses a day. `begin` starts a pass."""

    def __init__(self, quickbooks: QuickBooks) -> None:
        self._quickbooks = quickbooks
        self._until: date | None = None
        self._asked = False

    def begin(self) -> None:
        """From now on the closing date is worth another look."""
        self._asked = False

    def refresh(self) -> None:
        """Look now: the ledger said that a day is closed."""
        self._until = self._quickbooks.closing_date()
        self._asked = True

    def is_open(self, day: date) -> bool:
        """Whether a record dated so may be posted or changed."""
        if not self._asked:
            self.refresh()
        return self._until is None or day > self._until

    def open_day(self, day: date) -> date:
        """The day itself, or the first open day after it."""
        if self.is_open(day) or self._until is None:
            return day
        return self._until + timedelta(days=1)
