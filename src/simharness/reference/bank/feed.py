"""The bank feed: posted lines of the statement become tasks, one each; pending lines post nothing.

A pending line that is posted comes back as another line under another id, so the pending one is never looked at. What
is known of a line may be told again later (`modified`) until it is posted.
"""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal

import msgspec

from simharness.reference.errors import Refused
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import BANK_LINE
from simharness.reference.posting.tasks import Task, Tasks
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.plaid import LOGIN_REQUIRED, Changes, Plaid

REFERENCE = "plaid:bank_line:"
_CURSOR = "cursor.bank"
_LOGIN = "login:plaid"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One posted line: `amount` is positive when money came in; `reference` is what the sender or the bank wrote."""

    id: str
    amount: Decimal
    currency: str
    day: date
    name: str = ""
    reference: str = ""
    payer: str = ""


class Bank:
    """Reads the feed into tasks; `account` is the name of the one account that counts, "" for all of the login."""

    def __init__(
        self, store: Store, plaid: Plaid, tasks: Tasks, evidence: Evidence, zone: tzinfo, account: str = ""
    ) -> None:
        self._store, self._plaid, self._tasks, self._evidence = store, plaid, tasks, evidence
        self._account, self._zone = account, zone
        #: The day since which gateway and payroll were asked what they cause on a statement; None before that.
        self.asked_on: date | None = None
        tasks.read_anew.append(self.retry)

    def poll(self) -> int:
        """Take in what is new; gives how many lines are. Where the bank wants a new login a person is told once."""
        try:
            changes = self._plaid.changes(self._store.get_setting(_CURSOR))
        except Refused as refused:
            if refused.code != LOGIN_REQUIRED:
                raise
            self._evidence.alert(_LOGIN, _LOGIN, f"somebody has to log in at the bank again: {refused.message}")
            return 0
        self._evidence.recovered(_LOGIN)
        return self._take(changes)

    def today(self) -> date:
        """The company's local day."""
        return datetime.now(self._zone).date()

    def begun(self) -> bool:
        """Whether the feed was ever read: before that the bank tells nobody that it has news."""
        return bool(self._store.get_setting(_CURSOR))

    def rewind(self) -> None:
        """Read the feed from its beginning next time."""
        self._store.set_setting(_CURSOR, "")

    def retry(self, source: str) -> None:
        """Read the feed from its beginning next time where a line waits that could not be read: this one, or any for
        "". The bank tells a line once, so nothing else brings one back that was spoiled on its way.
        """
        waiting = self._tasks.edge.waiting(REFERENCE)
        if waiting and source in ("", *(f"{REFERENCE}{each}" for each in waiting)):
            self.rewind()

    def _take(self, changes: Changes) -> int:
        if self._account:
            mine = {key for key, name in changes.accounts.items() if name == self._account}
            changes.added = [each for each in changes.added if each.get("account_id") in mine]
            changes.modified = [each for each in changes.modified if each.get("account_id") in mine]
        with self._store.transaction():
            # What could not be read is told again once it was mended.
            unread = set(self._tasks.edge.waiting(REFERENCE))
            mended = [each for each in changes.modified if each.get("transaction_id") in unread]
            news = self._tasks.take(_task(line) for line in self._posted([*changes.added, *mended]))
            for line in self._posted(each for each in changes.modified if each not in mended):
                self._tasks.retell(_task(line))
            for line_id in changes.removed:
                self._remove(line_id)
            self._store.set_setting(_CURSOR, changes.cursor)
        return news

    def _posted(self, found: Iterable[Json]) -> Iterator[Line]:
        posted = (each for each in found if each.get("pending") is not True)
        return self._tasks.edge.admit(REFERENCE, posted, BANK_LINE, _line, id_field="transaction_id")

    def _remove(self, line_id: str) -> None:
        """Pending lines go when they are posted; a posted line that goes is for a person to look at, unless it was not
        posted here yet.
        """
        reference = f"{REFERENCE}{line_id}"
        if self._tasks.knows(reference) and not self._tasks.drop(reference):
            reason = f"the bank took line {line_id} off the statement after it was posted here"
            self._evidence.alert(f"removed:{reference}", f"{reference}:removed", reason)


def _line(found: Json) -> Line:
    meta = found.get("payment_meta") or {}
    texts = (meta.get("reference_number"), meta.get("reason"), found.get("original_description"))
    return Line(
        id=str(found["transaction_id"]),
        amount=-Decimal(found["amount"]) + 0,
        currency=str(found.get("iso_currency_code") or found.get("unofficial_currency_code") or ""),
        day=date.fromisoformat(str(found["date"])),
        name=str(found.get("name") or ""),
        reference=next((str(text) for text in texts if text), ""),
        payer=str(meta.get("payer") or meta.get("payee") or ""),
    )


def _task(line: Line) -> Task:
    return Task(
        reference=f"{REFERENCE}{line.id}",
        kind="bank_line",
        at_s=timegm(line.day.timetuple()),
        facts=msgspec.json.encode(line).decode(),
        amount=abs(line.amount),
    )
