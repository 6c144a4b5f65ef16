"""Facts of the gateway, the bank or an operator, each with one effect in the ledger: taken in once, posted once.

A task is known by the reference its record carries in the ledger. How a kind of task is posted, and what follows from
it, is decided by its `Work`; the outbox posts it. A task whose own day is closed by then is posted on the first open
day, with its own day in the note, or refused, as the policy for late items says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import NotYet, Refused, Rejected
from simharness.reference.ledger.periods import PERIOD_CLOSED, PERIOD_LOCKED, Periods
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import Edge
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import NOUNS, Outbox
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import CLOSED, QuickBooks

#: States: to be posted; done, with or without a record of its own; refused at the edge or by the ledger; and known
#: only from the ledger, where an earlier installation posted it.
NEW, DONE, REJECTED, FOUND = tables.NEW, "done", tables.REJECTED, "found"
#: Records that may carry a task's reference, read once by an empty memory.
ENTITIES = ("JournalEntry", "Transfer", "Deposit", "RefundReceipt", "CreditMemo", "Payment")
#: How the references of tasks begin.
PREFIXES = (
    "stripe:fee:", "stripe:refund:", "stripe:dispute:", "stripe:payout:", "plaid:", "credit:", "write_off:", "close:",
    "gusto:",
)  # fmt: skip

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: `facts` is JSON that its kind of work understands, `at_s` orders tasks (unix seconds).

    `label` is what other tasks find it by: the charge it is about, the trace of a payout.
    """

    reference: str
    kind: str
    at_s: int
    facts: str = "{}"
    amount: Decimal | None = None
    label: str = ""


class _Facts(msgspec.Struct):
    """The part of a task's facts that tells the currency of its amount; "" is the company's."""

    currency: str = ""
    told_currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One record to write: `body` without note and date, which come from the task and `day`, its own local day.

    `memo` is JSON to remember with it. An update (`action`) keeps note and date as they are. What is `pinned` is never
    moved to another day: where its own is closed, it is refused. What `adjusts` may be posted on a closed day, and is
    refused on a locked one.
    """

    entity: str
    body: Json
    day: date
    amount: Decimal | None = None
    customer_id: str = ""
    action: str = "create"
    memo: str = "{}"
    pinned: bool = False
    adjusts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """There is nothing to write (any more); what follows from the task follows all the same."""

    memo: str = "{}"


class Work(Protocol):
    """What a kind of task means."""

    def plan(self, task: Task) -> Plan | Nothing:
        """What to write. Raises `NotYet` where it must wait, `Rejected` where it cannot be posted."""

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Remember what the posted record changed; gives the tasks that follow. Runs in the settling transaction."""


class _Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the outbox keeps with a task's intent."""

    reference: str
    memo: str


class Tasks:
    """Takes tasks in and posts them in order. `works` are set by kind before the first pass."""

    def __init__(
        self, store: Store, quickbooks: QuickBooks, outbox: Outbox, evidence: Evidence, periods: Periods
    ) -> None:
        self._store, self._quickbooks, self._outbox = store, quickbooks, outbox
        self._evidence, self._periods = evidence, periods
        self.works: dict[str, Work] = {}
        #: Where the records of which tasks are made come in.
        self.edge = Edge(evidence)
        #: What reads records anew that could not be read: by a source, or all for "".
        self.read_anew: list[Callable[[str], None]] = []

    def adopt(self) -> None:
        """Once for an empty memory: learn which tasks an earlier installation posted."""
        if self._store.get_setting("tasks_adopted"):
            return
        found = self._quickbooks.tables(*ENTITIES)
        table = tables.task
        with self._store.transaction():
            for entity, rows in found.items():
                for row in rows:
                    reference = str(row.get("PrivateNote") or "").partition(" ")[0]
                    owed = entity == "JournalEntry" and reference.startswith("stripe:charge:")
                    if (owed or reference.startswith(PREFIXES)) and self._row(reference) is None:
                        values = {"reference": reference, "kind": "", "state": FOUND, "ledger_id": str(row["Id"])}
                        self._store.put(table, values)
            self._store.set_setting("tasks_adopted", "yes")

    def take(self, tasks: Iterable[Task]) -> int:
        """Take in what is not known yet; gives how many were news. Joins an open transaction."""
        news = 0
        with self._store.transaction():
            for task in tasks:
                known = self._row(task.reference)
                if known is None or known["state"] == FOUND:
                    self._store.put(tables.task, {**_columns(task), "state": NEW})
                    news += 1
        return news

    def retell(self, task: Task) -> None:
        """What is known of a task was told again; it counts until the task is posted. Joins an open transaction."""
        known = self._row(task.reference)
        if known is not None and known["state"] in (NEW, REJECTED):
            self._store.put(tables.task, _columns(task))

    def drop(self, reference: str) -> bool:
        """There is nothing to post after all; False where it was posted already."""
        known = self._row(reference)
        if known is None or known["state"] not in (NEW, REJECTED):
            return False
        self._store.put(tables.task, {"reference": reference, "state": DONE})
        self._evidence.recovered(reference)
        return True

    def found(self, kind: str, label: str) -> list[Task]:
        """Tasks of a kind with a label, whatever became of them."""
        table = tables.task
        wanted = (table.c.kind == kind) & (table.c.label == label)
        return [_task(row) for row in self._store.rows(sa.select(table).where(wanted).order_by(table.c.reference))]

    def label(self, reference: str, label: str) -> None:
        """From now on the task is found by a label."""
        self._store.put(tables.task, {"reference": reference, "label": label})

    def task(self, reference: str) -> Task | None:
        """A task by its reference."""
        row = self._row(reference)
        return _task(row) if row is not None else None

    def knows(self, reference: str) -> bool:
        """Whether the task was taken in before."""
        row = self._row(reference)
        return row is not None and row["state"] != FOUND

    def state(self, reference: str) -> str:
        """A task's state; "" where there is none."""
        row = self._row(reference)
        return row["state"] if row is not None else ""

    def done_of(self, reference: str) -> tuple[str, str] | None:
        """The ledger's id and the memo of a task that is done."""
        row = self._row(reference)
        return (row["ledger_id"], row["memo"]) if row is not None and row["state"] == DONE else None

    def post(self) -> int:
        """Post what waits, oldest first, and what follows from it; gives how many were decided."""
        decided = 0
        while True:
            progress = sum([self._attempt(row) for row in self._waiting()])
            if not progress:
                return decided
            decided += progress

    def waiting(self) -> bool:
        """Whether any task is still to be posted."""
        table = tables.task
        return self._store.row(sa.select(table.c.reference).where(table.c.state == NEW)) is not None

    def retry(self, source: str) -> None:
        """Decide again about rejected tasks in the next pass, and read anew what could not be read: one by its
        reference, or all for "".
        """
        table = tables.task
        which = table.c.reference == source if source else table.c.reference != ""
        with self._store.transaction():
            self._store.connection.execute(again(which))
        for read in self.read_anew:
            read(source)

    def _attempt(self, row: Mapping[str, Any]) -> bool:
        """Decide about one task; False while it has to wait."""
        task = _task(row)
        if self._outbox.pending(task.reference):
            return False
        try:
            plan = self.works[task.kind].plan(task)
            intent = self._intent(task, plan) if isinstance(plan, Plan) and not row["ledger_id"] else None
        except NotYet:
            return False
        except Rejected as rejected:
            with self._store.transaction():
                self._store.put(tables.task, {"reference": task.reference, "state": REJECTED})
                facts = msgspec.json.decode(task.facts, type=_Facts)
                currency = facts.told_currency or facts.currency
                self._evidence.reject(task.reference, rejected.code, rejected.reason, task.amount, currency=currency)
            return True
        if isinstance(plan, Nothing):
            self._settle(task, row["ledger_id"], plan.memo)
        elif intent is None:
            self._take_over(task, plan, row["ledger_id"])
        else:
            self._outbox.put(intent)
            # One at a time: what is open of a document depends on the posting before.
            self._outbox.deliver()
        return True

    def _take_over(self, task: Task, plan: Plan, ledger_id: str) -> None:
        """An earlier installation posted it."""
        target = f"quickbooks:{NOUNS[plan.entity]}:{ledger_id}"
        with self._store.transaction():
            self._settle(task, ledger_id, plan.memo)
            self._evidence.log(task.reference, target, plan.action, "found", amount=plan.amount)

    def _settle(self, task: Task, ledger_id: str, memo: str) -> None:
        with self._store.transaction():
            done = {"reference": task.reference, "state": DONE, "ledger_id": ledger_id, "memo": memo}
            self._store.put(tables.task, done)
            self.take(self.works[task.kind].done(task, ledger_id, memo))
            self._evidence.recovered(task.reference)

    def _intent(self, task: Task, plan: Plan) -> Intent:
        body = dict(plan.body)
        if plan.action != "update":
            day = self._day(plan)
            late = f" dated {plan.day.isoformat()}" if day != plan.day else ""
            body |= {"TxnDate": day.isoformat(), "PrivateNote": f"{task.reference}{late}"}
        context = _Context(reference=task.reference, memo=plan.memo)
        return Intent(
            kind="task",
            source=task.reference,
            entity=plan.entity,
            reference=task.reference,
            body=_encode(body),
            action=plan.action,
            customer_id=plan.customer_id,
            amount=plan.amount,
            context=msgspec.json.encode(context).decode(),
        )

    def _day(self, plan: Plan) -> date:
        """The day that a new record bears. Raises `Rejected` where there is none for it."""
        if plan.adjusts:
            if self._periods.takes_adjustments(plan.day):
                return plan.day
            raise Rejected(PERIOD_LOCKED, f"{plan.day} is locked: adjust an open period, or open this one again")
        if plan.pinned and not self._periods.is_open(plan.day):
            raise Rejected(PERIOD_CLOSED, f"{plan.day} is closed, and this belongs on no other day")
        return self._periods.bearing_day(plan.day)

    def _waiting(self) -> list[Mapping[str, Any]]:
        table = tables.task
        return self._store.rows(sa.select(table).where(table.c.state == NEW).order_by(table.c.at_s, table.c.reference))

    def _row(self, reference: str) -> Mapping[str, Any] | None:
        table = tables.task
        return self._store.row(sa.select(table).where(table.c.reference == reference))

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The ledger has it: remember that, and take in what follows."""
        context = msgspec.json.decode(intent.context, type=_Context)
        row = self._row(context.reference)
        if row is not None:
            self._settle(_task(row), str(record["Id"]), context.memo)

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """A day may have been closed, or what is open may have changed: then it is decided once more."""
        row = self._row(msgspec.json.decode(intent.context, type=_Context).reference)
        if row is None or refusal.status != 400:
            return None
        if refusal.code == CLOSED:
            self._periods.refresh()
        try:
            plan = self.works[row["kind"]].plan(_task(row))
            again = self._intent(_task(row), plan) if isinstance(plan, Plan) else intent
        except (NotYet, Rejected):
            return None
        if isinstance(plan, Nothing):
            current: Json = msgspec.json.decode(intent.body)
            return self._quickbooks.read(intent.entity, str(current["Id"])) if "Id" in current else None
        return again if again.body != intent.body else None

    def failed(self, intent: Intent, reason: str) -> None:
        """It waits for a person."""
        del reason
        reference = msgspec.json.decode(intent.context, type=_Context).reference
        self._store.put(tables.task, {"reference": reference, "state": REJECTED})


def enter(store: Store, task: Task) -> None:
    """Take one task in, unless it is known. Joins an open transaction."""
    table = tables.task
    if store.row(sa.select(table.c.reference).where(table.c.reference == task.reference)) is None:
        store.put(table, {**_columns(task), "state": NEW})


def again(which: sa.ColumnElement[bool]) -> sa.Update:
    """The statement by which rejected tasks are decided again."""
    table = tables.task
    return sa.update(table).where(table.c.state == REJECTED, which).values(state=NEW)


def _task(row: Mapping[str, Any]) -> Task:
    return Task(
        reference=row["reference"],
        kind=row["kind"],
        at_s=row["at_s"],
        facts=row["facts"],
        amount=Decimal(row["amount"]) if row["amount"] else None,
        label=row["label"],
    )


def _columns(task: Task) -> dict[str, Any]:
    return {
        "reference": task.reference,
        "kind": task.kind,
        "at_s": task.at_s,
        "facts": task.facts,
        "amount": str(task.amount) if task.amount is not None else "",
        "label": task.label,
    }
