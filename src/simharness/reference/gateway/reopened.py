"""Money that named an invoice when nothing of it was open, and is there when a return opens the invoice again.

A customer whose payment went back pays once more. Whether the ledger hears of the return first or of the second payment
must not matter: what the second payment has unapplied settles the invoice that it named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from simharness.reference.credit.links import PAYMENT, Moved, together, with_lines
from simharness.reference.errors import Rejected
from simharness.reference.gateway.receipts import NEW, POSTED, ChargeFacts, Receipts
from simharness.reference.invoicing.billing import INVOICE
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.periods import Periods
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.posting.tasks import Nothing, Plan, Task
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

#: The kind of these tasks.
KIND = "settle"


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """A charge whose payment may settle an invoice."""

    charge_id: str
    invoice_id: str


class Reopened:
    """Which payments may settle an invoice that is open again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tasks(self, task: Task, invoices: Iterable[str], payment_id: str) -> Iterator[Task]:
        """For each invoice that `task` opened again by what it took from a payment, a task for every other charge that
        names it, the oldest first. One that is not posted yet may have been decided upon before the invoice was open.
        """
        documents, charges = tables.document, tables.charge
        for invoice_id in invoices:
            known = self._store.row(sa.select(documents.c.number).where(documents.c.id == invoice_id))
            if known is None:
                continue
            rows = self._store.rows(sa.select(charges).where(charges.c.state.in_((NEW, POSTED))))
            for row in rows:
                facts = msgspec.json.decode(row["facts"], type=ChargeFacts) if row["facts"] else None
                if facts is None or facts.invoice_number != known["number"] or row["payment_id"] == payment_id:
                    continue
                settling = Settling(charge_id=facts.id, invoice_id=invoice_id)
                yield Task(
                    reference=f"{task.reference}:settled:{facts.id}",
                    kind=KIND,
                    at_s=facts.created_s,
                    facts=msgspec.json.encode(settling).decode(),
                    label=facts.id,
                )


class Settlements:
    """The work of `settle` tasks."""

    def __init__(self, quickbooks: QuickBooks, receipts: Receipts, invoices: Invoices, periods: Periods) -> None:
        self._quickbooks, self._receipts, self._invoices, self._periods = quickbooks, receipts, invoices, periods

    def plan(self, task: Task) -> Plan | Nothing:
        """The payment with what it has unapplied on the invoice, as far as that is open. In a closed month it stays as
        it is.
        """
        facts = msgspec.json.decode(task.facts, type=Settling)
        try:
            posted = self._receipts.posted_charge(facts.charge_id)
        except Rejected:  # nothing of it is in the ledger, and its own rejection is told
            return Nothing()
        payment = self._quickbooks.read(PAYMENT, posted.payment_id)
        day, unapplied = date.fromisoformat(payment["TxnDate"]), Decimal(payment["UnappliedAmt"])
        if unapplied <= 0 or not self._periods.is_open(day):
            return Nothing()
        amount = min(unapplied, Decimal(self._invoices.read(facts.invoice_id)["Balance"]))
        if amount <= 0:
            return Nothing()
        line: Json = {"Amount": amount, "LinkedTxn": [{"TxnId": facts.invoice_id, "TxnType": INVOICE}]}
        body = with_lines(payment, together([*(dict(each) for each in payment.get("Line", [])), line]))
        memo = msgspec.json.encode(Moved(invoices={facts.invoice_id: amount})).decode()
        return Plan(entity=PAYMENT, body=body, day=day, amount=amount, action="update", memo=memo)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The invoice is open by so much less."""
        del task, ledger_id
        for invoice_id, amount in msgspec.json.decode(memo, type=Moved).invoices.items():
            self._invoices.settled(invoice_id, amount)
        return ()
