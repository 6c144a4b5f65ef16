"""Money that the gateway took back: disputes, and bank debits that were returned.

The receivable is open again: a journal takes the money out of clearing, and the payment covers that journal instead of
its invoice, which is open again with its old due date. Where the payment's month is closed it stays as it is, and the
journal itself is the open item. A dispute that is won is the way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.credit.links import JOURNAL, Linking, Moved, Moving, Restoring, moved_by
from simharness.reference.errors import NotYet, Rejected
from simharness.reference.gateway.movements import movement_of
from simharness.reference.gateway.receipts import Receipts
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.posting.tasks import NEW, Nothing, Plan, Task, Tasks
from simharness.reference.vendors.quickbooks import QuickBooks


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember of a posted journal: whose payment it concerns."""

    customer_id: str
    payment_id: str = ""
    day: date | None = None
    currency: str = ""


class Disputes:
    """The work of `dispute` tasks."""

    def __init__(self, quickbooks: QuickBooks, receipts: Receipts, entries: Entries) -> None:
        self._quickbooks, self._receipts, self._entries = quickbooks, receipts, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """Debit the customer's receivable, credit clearing."""
        found = movement_of(task, self._entries.currency)
        worth = found.worth(self._entries.cents)
        payment_id = self._receipts.posted_charge(found.charge).payment_id
        customer_id = str(self._quickbooks.read("Payment", payment_id)["CustomerRef"]["value"])
        body = self._entries.journal(
            Side(role="receivable", amount=-worth.amount, customer_id=customer_id),
            Side(role="gateway_clearing", amount=worth.amount),
            words=f"{found.type} of {found.charge} {found.reason}".strip(),
            terms=worth.terms,
        )
        memo = Taken(customer_id=customer_id, payment_id=payment_id)
        return Plan(
            entity=JOURNAL, body=body, day=found.day, amount=-worth.amount, memo=msgspec.json.encode(memo).decode()
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The payment is to cover the journal."""
        taken = msgspec.json.decode(memo, type=Taken)
        yield moving(task, taken.payment_id, ledger_id)


class WonDisputes:
    """The work of `dispute_won` tasks."""

    def __init__(self, tasks: Tasks, entries: Entries) -> None:
        self._tasks, self._entries = tasks, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """Debit clearing, credit the customer's receivable."""
        found = movement_of(task, self._entries.currency)
        opened = self._tasks.done_of(_opening(task))
        if opened is None:
            if self._tasks.state(_opening(task)) == NEW:
                raise NotYet(f"the loss of {found.source} is on its way into the ledger")
            raise Rejected("unknown_dispute", f"the ledger does not hold the loss of {found.source}")
        if self._tasks.state(f"{_opening(task)}:moved") == NEW:
            raise NotYet(f"the invoices of {found.source} are still to be opened again")
        taken, worth = msgspec.json.decode(opened[1], type=Taken), found.worth(self._entries.cents)
        body = self._entries.journal(
            Side(role="gateway_clearing", amount=worth.amount),
            Side(role="receivable", amount=-worth.amount, customer_id=taken.customer_id),
            words=f"{found.type} of {found.charge}",
            terms=worth.terms,
        )
        memo = msgspec.structs.replace(taken, day=found.day, currency=worth.currency)
        text = msgspec.json.encode(memo).decode()
        return Plan(entity=JOURNAL, body=body, day=found.day, amount=worth.amount, memo=text)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The payment settles its invoices again; where it was never moved, this settles the journal of the loss."""
        opened = self._tasks.done_of(_opening(task))
        taken = msgspec.json.decode(memo, type=Taken)
        if opened is None or taken.day is None:
            return
        moved = self._tasks.done_of(f"{_opening(task)}:moved")
        if moved is not None and moved[1] != "{}":
            facts = Restoring(
                customer_id=taken.customer_id,
                payment_id=taken.payment_id,
                journal_id=opened[0],
                credit_id=ledger_id,
                day=taken.day,
                amount=task.amount or ZERO,
                invoices=msgspec.json.decode(moved[1], type=Moved).invoices,
                currency=taken.currency,
            )
            kind, reference, text = "restore", f"{task.reference}:restored", msgspec.json.encode(facts).decode()
        else:
            linking = Linking(
                customer_id=taken.customer_id,
                day=taken.day,
                amount=task.amount or ZERO,
                credit_type=JOURNAL,
                credit_id=ledger_id,
                debit_type=JOURNAL,
                debit_id=opened[0],
                currency=taken.currency,
            )
            kind, reference, text = "link", f"{task.reference}:applied", msgspec.json.encode(linking).decode()
        yield Task(reference=reference, kind=kind, at_s=task.at_s, facts=text, amount=task.amount)


def moving(task: Task, payment_id: str, journal_id: str) -> Task:
    """The task that lets a payment cover the journal of `task`, and opens its invoices again."""
    facts = Moving(payment_id=payment_id, journal_id=journal_id, amount=task.amount or ZERO, reopens=True)
    return moved_by(task, facts)


def _opening(task: Task) -> str:
    return task.reference.removesuffix(":won")
