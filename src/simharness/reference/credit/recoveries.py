"""Money for an invoice that was written off: the loss is taken back, with the tax share that was claimed.

The payment found nothing open, so it is the customer's credit; a journal opens as much of the debt again, and the
payment covers that journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.exchange import terms_of
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.credit.instructions import loss_of, tax_share
from simharness.reference.credit.links import JOURNAL, Moving, moved_by
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory.relief import RECOVERED, WRITE_OFF, Reliefs
from simharness.reference.posting.tasks import Nothing, Plan, Task


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """What a payment brought beyond what was open of its invoice."""

    invoice_id: str
    payment_id: str
    customer_id: str
    amount: Decimal
    day: date


class Recoveries:
    """The work of `recovery` tasks."""

    def __init__(self, invoices: Invoices, reliefs: Reliefs, mapping: Mapped, entries: Entries) -> None:
        self._invoices, self._reliefs = invoices, reliefs
        self._mapping, self._entries = mapping, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """The mirror image of the write-off, as far as it is not recovered yet."""
        facts = msgspec.json.decode(task.facts, type=Recovery)
        sums = self._reliefs.of_invoice(facts.invoice_id)
        before = sums.get(RECOVERED, ZERO)
        amount = min(facts.amount, sums.get(WRITE_OFF, ZERO) - before)
        if amount <= 0:
            return Nothing(memo="0")
        invoice = self._invoices.read(facts.invoice_id)
        # Counted from the beginning, so that the shares of several recoveries sum to that of the whole.
        share = tax_share(invoice, before + amount, self._mapping) - tax_share(invoice, before, self._mapping)
        body = self._entries.journal(
            Side(role="receivable", amount=amount, customer_id=facts.customer_id),
            Side(role=loss_of(self._mapping), amount=share - amount),
            Side(role="tax_payable", amount=-share),
            words="Written off before, and paid after all",
            terms=terms_of(invoice, self._entries.currency),
        )
        return Plan(entity=JOURNAL, body=body, day=facts.day, amount=amount, memo=str(amount))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The payment covers what was opened again."""
        facts, amount = msgspec.json.decode(task.facts, type=Recovery), Decimal(memo)
        if not amount:
            return
        deal_id = self._invoices.deal_of(facts.invoice_id)
        self._reliefs.keep(task.reference, facts.invoice_id, deal_id, RECOVERED, settled=amount)
        self._invoices.settled(facts.invoice_id, ZERO)
        moving = Moving(payment_id=facts.payment_id, journal_id=ledger_id, amount=amount)
        yield moved_by(task, moving)
