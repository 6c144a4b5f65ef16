"""What an operator tells the connector to take off an invoice, and the credit notes and write-offs that come of it.

An instruction is a task of its own (`credit:NUMBER:N`, `write_off:NUMBER:N`, counted from 1 by invoice), so it is
posted once, survives a restart, and is rejected by name where it cannot be posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.exchange import terms_of
from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.credit.givebacks import Givebacks, read_amount, read_lines
from simharness.reference.credit.links import APPLIED, CREDIT_MEMO, JOURNAL, Linking
from simharness.reference.errors import ConfigurationError, Rejected
from simharness.reference.invoicing.billed import Deferred
from simharness.reference.invoicing.billing import INVOICE
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.relief import CREDIT, WRITE_OFF, Reliefs
from simharness.reference.memory.store import Store
from simharness.reference.posting.tasks import Nothing, Plan, Task, Tasks
from simharness.reference.recognition.deferrals import Deferrals
from simharness.reference.selling.merging import Merges
from simharness.reference.vendors.http import Json


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction as it was given, `day` local. What is missing or unreadable is found when it is carried out.

    `customer` is the CRM's id of whom the operator takes the invoice to be, where that was said.
    """

    invoice: str
    day: date
    amount: str = ""
    lines: str = ""
    reason: str = ""
    approver: str = ""
    customer: str = ""


class Relieved(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember of a posted one."""

    customer_id: str
    invoice_id: str
    day: date
    given: Given | None = None
    currency: str = ""
    deferred: tuple[Deferred, ...] = ()


class Instructions:
    """Takes an operator's instructions in; the next pass carries them out."""

    def __init__(self, store: Store, tasks: Tasks, mapping: Mapped) -> None:
        self._store, self._tasks, self._mapping = store, tasks, mapping

    def take(self, kind: str, args: Mapping[str, str]) -> None:
        """One instruction of a kind (credit, write_off). Raises `ConfigurationError` if it names no invoice."""
        number = args.get("invoice", "").strip()
        if not number or ":" in number or " " in number:
            raise ConfigurationError(f"{kind} of invoice {number!r}", mend="give the invoice's number as `invoice`")
        now = datetime.now(UTC)
        given = ("amount", "lines", "reason", "approver", "customer")
        told = {name: args.get(name, "").strip() for name in given}
        facts = Instruction(invoice=number, day=now.astimezone(self._mapping.zone()).date(), **told)
        table = tables.task
        with self._store.transaction():
            before = self._store.rows(
                sa.select(table.c.reference).where(table.c.kind == kind, table.c.label == f"{kind}:{number}")
            )
            task = Task(
                reference=f"{kind}:{number}:{len(before) + 1}",
                kind=kind,
                at_s=int(now.timestamp()),
                facts=msgspec.json.encode(facts).decode(),
                amount=read_amount(facts.amount),
                label=f"{kind}:{number}",
            )
            self._tasks.take([task])


class CreditNotes:
    """The work of `credit` tasks: a credit memo that mirrors the invoice, applied to it as far as it is open."""

    def __init__(
        self,
        invoices: Invoices,
        givebacks: Givebacks,
        reliefs: Reliefs,
        deferrals: Deferrals,
        mapping: Mapped,
        merges: Merges,
    ) -> None:
        self._deferrals = deferrals
        self._invoices, self._givebacks, self._reliefs = invoices, givebacks, reliefs
        self._mapping, self._merges = mapping, merges

    def plan(self, task: Task) -> Plan | Nothing:
        """Never above what is left of the invoice, and never for another customer than the one that was billed."""
        told = _told(task, self._mapping)
        invoice = self._givebacks.invoice(told.invoice)
        theirs = self._merges.customers(self._merges.survivor_of(told.customer)) if told.customer else ()
        if told.customer and str(invoice["CustomerRef"]["value"]) not in theirs:
            reason = f"credit told for company {told.customer}, but invoice {told.invoice} is another customer's"
            raise Rejected("other_customer", reason)
        amount = _amount(told) if told.amount or not told.lines else None
        body, given, taken = self._givebacks.part(invoice, read_lines(told.lines), amount, told.day)
        if told.reason:
            body["CustomerMemo"] = body.get("CustomerMemo") or {"value": told.reason}
        customer_id = str(invoice["CustomerRef"]["value"])
        currency = str(invoice["CurrencyRef"]["value"])
        memo = Relieved(
            customer_id=customer_id,
            invoice_id=str(invoice["Id"]),
            day=told.day,
            given=given,
            currency=currency,
            deferred=taken,
        )
        return Plan(
            entity=CREDIT_MEMO,
            body=body,
            day=told.day,
            amount=given.total,
            customer_id=customer_id,
            memo=msgspec.json.encode(memo).decode(),
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Remembered against the invoice, and applied to it."""
        found = msgspec.json.decode(memo, type=Relieved)
        amount = found.given.total if found.given is not None else ZERO
        deal_id = self._invoices.deal_of(found.invoice_id)
        self._reliefs.keep(task.reference, found.invoice_id, deal_id, CREDIT, given=found.given)
        self._deferrals.keep(task.reference, ledger_id, found.day, found.deferred)
        self._invoices.settled(found.invoice_id, ZERO)
        yield _applied(task, found, CREDIT_MEMO, ledger_id, amount)


class WriteOffs:
    """The work of `write_off` tasks: a journal that takes the loss, and the tax back where relief is claimed."""

    def __init__(self, invoices: Invoices, givebacks: Givebacks, reliefs: Reliefs, mapping: Mapped, entries: Entries):
        self._invoices, self._givebacks, self._reliefs = invoices, givebacks, reliefs
        self._mapping, self._entries = mapping, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """Never more than is open; revenue stays as it is."""
        told = _told(task, self._mapping)
        invoice = self._givebacks.invoice(told.invoice)
        amount, balance = _amount(told), Decimal(invoice["Balance"])
        if not 0 < amount <= balance:
            raise Rejected("above_open", f"invoice {told.invoice} has {balance} open, not {amount}")
        share = tax_share(invoice, amount, self._mapping)
        if self._invoices.deposit_of(str(invoice["Id"])) is not None:
            reason = f"invoice {told.invoice} asks for a deposit, which was no revenue: credit it"
            raise Rejected("deposit_no_loss", reason)
        customer_id = str(invoice["CustomerRef"]["value"])
        body = self._entries.journal(
            Side(role=loss_of(self._mapping), amount=amount - share),
            Side(role="tax_payable", amount=share),
            Side(role="receivable", amount=-amount, customer_id=customer_id),
            words=f"Invoice {told.invoice} written off: {told.reason} (approved by {told.approver or 'nobody'})",
            terms=terms_of(invoice, self._entries.currency),
        )
        currency = str(invoice["CurrencyRef"]["value"])
        memo = Relieved(customer_id=customer_id, invoice_id=str(invoice["Id"]), day=told.day, currency=currency)
        return Plan(entity=JOURNAL, body=body, day=told.day, amount=amount, memo=msgspec.json.encode(memo).decode())

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Remembered against the invoice, and applied to it."""
        found = msgspec.json.decode(memo, type=Relieved)
        amount = task.amount or ZERO
        deal_id = self._invoices.deal_of(found.invoice_id)
        self._reliefs.keep(task.reference, found.invoice_id, deal_id, WRITE_OFF)
        yield _applied(task, found, JOURNAL, ledger_id, amount)


def tax_share(invoice: Json, amount: Decimal, mapping: Mapped) -> Decimal:
    """What of an amount of an invoice is tax that may be claimed back; none where the mapping claims no relief."""
    if not mapping.company.policies.write_off_tax_relief:
        return ZERO
    tax = Decimal(invoice.get("TxnTaxDetail", {}).get("TotalTax", 0))
    return mapping.cents(str(invoice["CurrencyRef"]["value"])).round(amount * tax / Decimal(invoice["TotalAmt"]))


def loss_of(mapping: Mapped) -> str:
    """The role of the account that bears a write-off."""
    return "allowance" if mapping.company.policies.write_offs == "allowance" else "write_offs"


def _told(task: Task, mapping: Mapped) -> Instruction:
    """The instruction. Raises `Rejected` where it needs an approver and has none."""
    told = msgspec.json.decode(task.facts, type=Instruction)
    if task.kind in mapping.company.policies.needs_approval and not told.approver:
        raise Rejected("not_approved", f"{task.reference}: nobody approved it")
    return told


def _amount(told: Instruction) -> Decimal:
    amount = read_amount(told.amount)
    if amount is None or amount <= 0:
        raise Rejected("unreadable_amount", f"{told.amount!r} is no amount above zero")
    return amount


def _applied(task: Task, found: Relieved, kind: str, ledger_id: str, amount: Decimal) -> Task:
    facts = Linking(
        customer_id=found.customer_id,
        day=found.day,
        amount=amount,
        credit_type=kind,
        credit_id=ledger_id,
        debit_type=INVOICE,
        debit_id=found.invoice_id,
        currency=found.currency,
    )
    return Task(
        reference=f"{task.reference}{APPLIED}",
        kind="link",
        at_s=task.at_s,
        facts=msgspec.json.encode(facts).decode(),
        amount=amount,
    )
