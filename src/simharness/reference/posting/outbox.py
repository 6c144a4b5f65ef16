"""The outbox: every write into the ledger is a stored intent before its first attempt.

An intent is a business fact in a version. Its key and its whole body stay the same over attempts, passes and
restarts; a corrected body is a new intent. An outcome that stayed uncertain is repeated with its key, and looked up
by its business reference first where the ledger may have forgotten the key or another process made the attempt. It is
never created anew.

A worker claims what it is going to send, in one transaction and for a while (a lease); what another worker has claimed
is left to it until its lease is over, and only the worker that still holds a posting may settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.intent import Gate, Handler, Intent
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import STALE, QuickBooks

#: How often one posting may be corrected (a stale version, a name that is taken) in one go.
_CORRECTIONS = 3
#: So long a posting rests whose attempts all failed, so that the next stage of a pass does not begin anew at once.
_REST_S = 2
#: How evidence names what was written.
NOUNS: Mapping[str, str] = MappingProxyType({
    "Invoice": "invoice",
    "CreditMemo": "credit_memo",
    "RefundReceipt": "refund_receipt",
    "Payment": "payment",
    "JournalEntry": "journal",
    "Transfer": "transfer",
    "Deposit": "deposit",
    "Customer": "customer",
    "Item": "item",
})  # fmt: skip
#: Actions on a record in a version, which the ledger refuses for any other.
_VERSIONED = ("update", "void")
#: Where an entity carries the business reference, if not in its PrivateNote.
_REFERENCES: Mapping[str, str] = MappingProxyType({"Customer": "Notes", "Item": "Name"})
#: What goes out only after another posting of its kind and change: what is billed anew would be owed beside what it
#: stands for, were that not credited. Its source is that of the change and what it is (`:invoice`).
_AFTER: Mapping[str, str] = MappingProxyType({"Invoice": "CreditMemo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A dead letter: a posting that the ledger refused for good, or that an operator has to look at."""

    source: str
    kind: str
    entity: str
    key: str
    reason: str
    attempts: int
    amount: str


class _Lost(Exception):
    """Another worker holds the posting by now."""


class Outbox:
    """Stores intents and delivers them in order. `handlers` are set by kind before the first delivery.

    `lease_s`: how long a claim holds. It is longer than an attempt takes, and a worker that died delays what it had
    claimed by so much.
    """

    def __init__(
        self,
        store: Store,
        quickbooks: QuickBooks,
        evidence: Evidence,
        *,
        key_lifetime_s: int,
        lease_s: int = 60,
        entity: str = "",
    ) -> None:
        self._store, self._quickbooks, self._evidence, self._entity = store, quickbooks, evidence, entity
        self._key_lifetime_s, self._lease_s = key_lifetime_s, lease_s
        self.handlers: dict[str, Handler] = {}
        self.gate: Gate | None = None
        #: Who sees, by kind, whether somebody else has made the record that is about to be sent.
        self.looks: dict[str, Callable[[Intent], Json | None]] = {}
        #: What this program itself refuses just before it would be sent, as the ledger would: see closing/controls.py.
        self.refusal: Callable[[Intent], Refused | None] = lambda _: None
        self._nothing_due = -1
        self._rests_until: dict[int, int] = {}

    def put(self, intent: Intent) -> None:
        """Store an intent. One that is there already (same key) is not stored twice; a dead one is taken up again.

        A dead posting of the same fact with another body is superseded: it must never be taken up, unless the very same
        is wanted again.
        """
        keyed = intent.keyed(self._entity) if not intent.key else intent
        table = tables.outbox
        known = self._store.row(sa.select(table).where(table.c.key == keyed.key))
        self._nothing_due = -1
        with self._store.transaction():
            if known is None:
                self.supersede(keyed.source, keyed.entity)
                self._store.add(table, [{**_columns(keyed), "state": "due", "first_at": _now_s()}])
            elif known["state"] == "dead":
                self._revive(known)
            elif known["state"] == "superseded":  # what stood for it is gone again
                begun = known["first_at"] if known["attempts"] else _now_s()
                self._set(known["sequence"], state="due", owner="", until_s=0, not_before=0, first_at=begun, problem="")

    def withdraw(self, source: str) -> bool:
        """What was to be sent about a source is not needed any more; False where its outcome is open already."""
        table = tables.outbox
        due = (table.c.source == source) & (table.c.state == "due") & (table.c.attempts == 0)
        with self._store.transaction():
            gone = self._store.connection.execute(sa.update(table).where(due).values(state="superseded"))
            if gone.rowcount:
                self._evidence.recovered(source)
        return bool(gone.rowcount)

    def supersede(self, source: str, entity: str, kind: str = "") -> bool:
        """Dead postings of a source (of one kind) are never taken up again: others stand for them; False for none."""
        table = tables.outbox
        same = (table.c.source == source) & (table.c.entity == entity) & (table.c.state == "dead")
        same &= (table.c.kind == kind) if kind else sa.true()
        with self._store.transaction():
            found = self._store.rows(sa.select(table).where(same))
            for row in found:
                self._set(row["sequence"], state="superseded")
                self._replayed(row)
        return bool(found)

    def pending(self, source: str) -> bool:
        """Whether a write about the source still waits for its outcome."""
        if self._nothing_due == self._store.rollbacks:
            return False
        table = tables.outbox
        found = self._store.row(sa.select(table.c.key).where(table.c.source == source, table.c.state == "due"))
        return found is not None

    def pending_of(self, stem: str, kinds: Sequence[str]) -> bool:
        """Whether a write about any source that begins so, followed by one of the kinds, waits for its outcome."""
        if self._nothing_due == self._store.rollbacks:
            return False
        table = tables.outbox
        begin = [table.c.source.startswith(f"{stem}{kind}", autoescape=True) for kind in kinds]
        return self._store.row(sa.select(table.c.key).where(sa.or_(*begin), table.c.state == "due")) is not None

    def busy(self) -> bool:
        """Whether anything waits to be delivered."""
        return bool(self._due())

    def replay(self, kind: str, source: str) -> None:
        """Take dead postings of a kind up again (of one source, or all for ""), with the key they had."""
        table = tables.outbox
        dead = sa.select(table).where(table.c.state == "dead", table.c.kind == kind)
        with self._store.transaction():
            for row in self._store.rows(dead.where(table.c.source == source) if source else dead):
                self._revive(row)

    def is_dead(self, source: str) -> bool:
        """Whether a posting of the source was refused for good, and waits for an operator."""
        table = tables.outbox
        which = (table.c.source == source) & (table.c.state == "dead")
        return self._store.row(sa.select(table.c.key).where(which)) is not None

    def dead(self) -> list[Letter]:
        """What failed for good and waits for an operator, oldest first."""
        table = tables.outbox
        rows = self._store.rows(sa.select(table).where(table.c.state == "dead").order_by(table.c.sequence))
        return [
            Letter(
                source=row["source"],
                kind=row["kind"],
                entity=row["entity"],
                key=row["key"],
                reason=row["problem"],
                attempts=row["attempts"],
                amount=row["amount"],
            )
            for row in rows
        ]

    def deliver(self) -> int:
        """Send what is due, in order; gives how many were settled. Stops at the first that stays without an answer or
        rests after that, and at the first that another worker has claimed.
        """
        settled = 0
        for row in self._due():
            if row["not_before"] > _now_s() or self._is_held(row) or self._waits_for_another(row):
                continue
            if self._rests_until.get(row["sequence"], 0) > _now_s() or not self._claim(row):
                break
            try:
                self._send(row)
            except Unavailable as error:
                self._postpone(row, error)
                raise
            except _Lost:
                break
            settled += 1
        return settled

    def _is_held(self, row: Mapping[str, Any]) -> bool:
        return self.gate is not None and self.gate.waits(Intent.of(row), row["first_at"])

    def _waits_for_another(self, row: Mapping[str, Any]) -> bool:
        """Whether what has to go out before it still waits, or was given up and it with that."""
        if row["entity"] not in _AFTER:
            return False
        table = tables.outbox
        change = row["source"].removesuffix(f":{NOUNS[row['entity']]}")
        before = sa.select(table.c.key).where(_due_of(row["kind"], change, _AFTER[row["entity"]]))
        still = sa.select(table.c.key).where(table.c.sequence == row["sequence"], table.c.state == "due")
        return self._store.row(before) is not None or self._store.row(still) is None

    def _claim(self, row: Mapping[str, Any]) -> bool:
        """Take a posting for the time of the lease; False where another worker has it, or was quicker."""
        table, now, me = tables.outbox, _now_s(), self._store.worker
        if row["owner"] not in ("", me) and row["until_s"] > now:
            return False
        # As it was read, or not at all: whoever touches it claims it first.
        unchanged = (table.c.owner == row["owner"]) & (table.c.until_s == row["until_s"])
        claim = sa.update(table).where(table.c.sequence == row["sequence"], table.c.state == "due", unchanged)
        with self._store.transaction():
            claimed = self._store.connection.execute(claim.values(owner=me, until_s=now + self._lease_s))
            return bool(claimed.rowcount)

    def _send(self, row: Mapping[str, Any]) -> None:
        intent, sequence = Intent.of(row), row["sequence"]
        attempts = row["attempts"]
        gone = self.gate is not None and self.gate.is_elsewhere(intent)
        found = self._find(intent) if gone or self._is_doubtful(row) else self._by_others(intent)
        if gone and found is None:
            return self._drop(sequence, intent)
        before = _kept_refusal(row["problem"])
        for _ in range(_CORRECTIONS):
            if found is not None:
                return self._settle(sequence, intent, found, "found", max(attempts, 1))
            try:
                if before is not None:
                    again, before = before, None
                    raise again
                if (refused := self.refusal(intent)) is not None:
                    # An attempt without an answer may have come through before the day was closed.
                    found = self._find(intent) if attempts and found is None else None
                    if found is not None:
                        continue
                    raise refused
                send = self._quickbooks.void if intent.action == "void" else self._quickbooks.write
                record = send(intent.entity, intent.body, intent.key)
            except Refused as refusal:
                attempts += refusal.attempts
                unsure = bool(row["attempts"]) or refusal.attempts > 1
                found, refusal = self._looked_up(sequence, intent, refusal) if unsure else (None, refusal)
                if found is not None:
                    continue
                better = self._corrected(intent, refusal)
                if better is None:
                    return self._give_up(sequence, intent, refusal, attempts)
                if isinstance(better, Intent):
                    intent = better.keyed(self._entity)
                    self._set(sequence, **_columns(intent), first_at=_now_s(), problem="")
                    if intent.wait_s:
                        return self._set(sequence, not_before=_now_s() + intent.wait_s, until_s=0)
                else:
                    found = better
            else:
                outcome = "updated" if intent.action in _VERSIONED else "posted"
                return self._settle(sequence, intent, record, outcome, attempts + self._quickbooks.last_attempts)
        return self._give_up(
            sequence, intent, Refused("quickbooks", 400, "", "still refused after correction"), attempts
        )

    def _looked_up(self, sequence: int, intent: Intent, refusal: Refused) -> tuple[Json | None, Refused]:
        """The record of an attempt before the refusal where there is one, and what the refusal comes to.

        What was refused is not sent again because nobody can say now: a later pass looks first.
        """
        try:
            found = self._come_through(intent)
            if found is None and refusal.code != STALE and self._has_moved_on(intent):
                refusal = Refused("quickbooks", 400, STALE, str(refusal))
        except Unavailable:
            self._set(sequence, problem=_kept(refusal))
            raise
        return found, refusal

    def _corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """What to send instead. Who may not look at what the refusal is about cannot correct it."""
        try:
            return self.handlers[intent.kind].corrected(intent, refusal)
        except Refused:
            return None

    def _by_others(self, intent: Intent) -> Json | None:
        """The record where somebody else has made it, of a kind for which that can be seen."""
        look = self.looks.get(intent.kind)
        return look(intent) if look is not None else None

    def _is_doubtful(self, row: Mapping[str, Any]) -> bool:
        """Whether it may be in the ledger although repeating the key might create it again."""
        if row["action"] in _VERSIONED:
            return False  # the version it names makes a second one fail
        return row["owner"] not in ("", self._store.worker) or (
            row["attempts"] > 0 and _now_s() - row["first_at"] > self._key_lifetime_s
        )

    def _come_through(self, intent: Intent) -> Json | None:
        """The record of an attempt that went unanswered before the posting was refused: it is neither given up then nor
        sent in other words. An update says itself which version it was for.
        """
        try:
            return self._find(intent) if intent.action not in _VERSIONED else None
        except Refused:  # who may not read cannot know
            return None

    def _has_moved_on(self, intent: Intent) -> bool:
        """Whether the record that an update is for is another version by now, which the update itself may have made."""
        if intent.action not in _VERSIONED:
            return False
        body: Json = msgspec.json.decode(intent.body)
        try:
            now = self._quickbooks.read(intent.entity, str(body["Id"]))
        except Refused:
            return False
        return str(now["SyncToken"]) != str(body["SyncToken"])

    def _find(self, intent: Intent) -> Json | None:
        """The record that carries the intent's business reference, where the ledger has it."""
        note = _REFERENCES.get(intent.entity, "PrivateNote")
        where = f"CustomerRef = '{intent.customer_id}'" if intent.customer_id else ""
        rows = self._quickbooks.query(intent.entity, where)
        # A posting on a later day than its own says its own day behind the reference.
        late = f"{intent.reference} dated "
        return next(
            (row for row in rows if row.get(note) == intent.reference or str(row.get(note)).startswith(late)), None
        )

    def _settle(self, sequence: int, intent: Intent, record: Json, outcome: str, attempts: int) -> None:
        target = f"quickbooks:{NOUNS[intent.entity]}:{record['Id']}"
        amount = intent.amount
        if intent.action == "create" and amount is not None:
            # The ledger has the last word on what was posted.
            amount = Decimal(record["TotalAmt"] if "TotalAmt" in record else record["Amount"])
        with self._store.transaction():
            self._finish(sequence, state="done", attempts=attempts, ledger_id=str(record["Id"]))
            self.handlers[intent.kind].posted(intent, record)
            self._evidence.log(
                intent.source,
                target,
                intent.action,
                outcome,
                key=intent.key,
                amount=amount,
                currency=_currency(record),
                attempts=attempts,
                detail=_lateness(intent),
            )
            self._evidence.recovered(intent.source)

    def _drop(self, sequence: int, intent: Intent) -> None:
        with self._store.transaction():
            self._finish(sequence, state="superseded")
            if self.gate is not None:
                self.gate.dropped(intent)
            self._evidence.recovered(intent.source)

    def _give_up(self, sequence: int, intent: Intent, refusal: Refused, attempts: int) -> None:
        """It waits for a person, and so does what would have gone out after it, which is not sent without it."""
        reason, table = str(refusal), tables.outbox
        with self._store.transaction():
            self._finish(sequence, state="dead", attempts=attempts, problem=reason)
            self._tell_dead(intent, reason, attempts)
            for entity in (after for after, before in _AFTER.items() if before == intent.entity):
                follows = _due_of(intent.kind, f"{intent.source}:{NOUNS[entity]}", entity) & (table.c.attempts == 0)
                for row in self._store.rows(sa.select(table).where(follows)):
                    why = f"not sent without the {NOUNS[intent.entity]} before it: {reason}"
                    self._set(row["sequence"], state="dead", problem=why)
                    self._tell_dead(Intent.of(row), why, 0)

    def _tell_dead(self, intent: Intent, reason: str, attempts: int) -> None:
        self.handlers[intent.kind].failed(intent, reason)
        currency = _currency(msgspec.json.decode(intent.body))
        self._evidence.dead_letter(intent.source, reason, attempts, intent.amount, currency=currency)
        self._evidence.alert(f"posting:{intent.source}", intent.source, reason, intent.amount, currency=currency)

    def _revive(self, row: Mapping[str, Any]) -> None:
        self._nothing_due = -1
        self._set(row["sequence"], state="due", owner="", until_s=0, problem="")
        self._replayed(row)

    def _replayed(self, row: Mapping[str, Any]) -> None:
        amount = Decimal(row["amount"]) if row["amount"] else None
        currency = _currency(msgspec.json.decode(row["body"]))
        self._evidence.dead_letter(
            row["source"], row["problem"], row["attempts"], amount, currency=currency, replayed=True
        )

    def _postpone(self, row: Mapping[str, Any], error: Unavailable) -> None:
        amount = Decimal(row["amount"]) if row["amount"] else None
        not_before = _now_s() + int(error.retry_after_s) if error.retry_after_s else 0
        self._rests_until[row["sequence"]] = _now_s() + _REST_S
        with self._store.transaction():
            attempts = row["attempts"] + error.attempts
            self._set(row["sequence"], attempts=attempts, not_before=not_before, until_s=0)
            currency = _currency(msgspec.json.decode(row["body"]))
            self._evidence.alert(f"posting:{row['source']}", row["source"], str(error), amount, currency=currency)

    def _due(self) -> list[Mapping[str, Any]]:
        """What waits, in order. That nothing does is remembered until something is put in or a transaction given up."""
        if self._nothing_due == self._store.rollbacks:
            return []
        table = tables.outbox
        found = self._store.rows(sa.select(table).where(table.c.state == "due").order_by(table.c.sequence))
        if not found:
            self._nothing_due = self._store.rollbacks
        return found

    def _finish(self, sequence: int, **values: Any) -> None:
        """The end of a posting that is still this worker's. Raises `_Lost` where it is another's by now."""
        table = tables.outbox
        mine = (table.c.sequence == sequence) & (table.c.state == "due") & (table.c.owner == self._store.worker)
        with self._store.transaction():
            if not self._store.connection.execute(sa.update(table).where(mine).values(**values)).rowcount:
                raise _Lost

    def _set(self, sequence: int, **values: Any) -> None:
        table = tables.outbox
        with self._store.transaction():
            self._store.connection.execute(sa.update(table).where(table.c.sequence == sequence).values(**values))


def _due_of(kind: str, source: str, entity: str) -> sa.ColumnElement[bool]:
    """What is due of one kind and source, and writes one entity."""
    table = tables.outbox
    return (table.c.kind == kind) & (table.c.source == source) & (table.c.entity == entity) & (table.c.state == "due")


def _columns(intent: Intent) -> dict[str, Any]:
    return {
        "key": intent.key,
        "kind": intent.kind,
        "source": intent.source,
        "entity": intent.entity,
        "reference": intent.reference,
        "action": intent.action,
        "customer_id": intent.customer_id,
        "amount": str(intent.amount) if intent.amount is not None else "",
        "body": intent.body,
        "context": intent.context,
    }


def _kept(refusal: Refused) -> str:
    """A refusal as text for a posting that is still due."""
    return msgspec.json.encode([refusal.vendor, refusal.status, refusal.code, refusal.message]).decode()


def _kept_refusal(text: str) -> Refused | None:
    """The refusal of such a text; its attempts are counted already."""
    if not text.startswith("["):
        return None
    vendor, status, code, message = msgspec.json.decode(text, type=tuple[str, int, str, str])
    return Refused(vendor, status, code, message, attempts=0)


def _currency(record: Json) -> str:
    """The currency that a record names, "" where it names none."""
    return str((record.get("CurrencyRef") or {}).get("value", ""))


def _lateness(intent: Intent) -> str:
    """What the log says of a new record that is posted on a later day than its own, which its note tells."""
    if intent.action not in ("create", "apply"):
        return ""
    body = msgspec.json.decode(intent.body)
    own = str(body.get("PrivateNote") or "").rpartition(" dated ")
    return f"late: of {own[2]}, posted on {body.get('TxnDate')}" if own[1] else ""


def _now_s() -> int:
    return int(datetime.now(UTC).timestamp())
