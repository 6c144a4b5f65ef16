"""Wires: one bank line that pays several invoices, less the banks' fee and what the terms let a customer keep.

What the sender says is the payment: a payment a customer to undeposited funds, applied as told, with a credit memo on
settlement discounts where the invoice's terms grant it. The deposit then brings those payments, less the fee, to the
bank. Anything that does not add up leaves the whole line unmatched: nothing is half posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from simharness.reference.bank import Line
from simharness.reference.entries import DepositLine, Entries
from simharness.reference.errors import NotYet
from simharness.reference.givebacks import read_amount
from simharness.reference.invoices import Invoices
from simharness.reference.items import Items
from simharness.reference.mapping.model import Mapping
from simharness.reference.matching import Advice, Unmatched
from simharness.reference.money import ZERO
from simharness.reference.relief import DISCOUNT, Reliefs
from simharness.reference.tasks import DONE, NEW, Nothing, Plan, Task, Tasks
from simharness.reference.vendors.http import Json

#: The ledger item with which settlement discounts post to their account.
ITEM = "Settlement discount"
_ROLE = "settlement_discounts"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What of a wire is for one invoice: money, and a settlement discount on top."""

    invoice_id: str
    number: str
    amount: Decimal
    discount: Decimal = ZERO


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer paid with a wire; an amount above the parts stays unapplied."""

    customer_id: str
    day: date
    amount: Decimal
    parts: tuple[Part, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement discount of one invoice."""

    customer_id: str
    day: date
    part: Part


class Wires:
    """Splits a wire into payments, and gives the lines of its deposit once they are in the ledger."""

    def __init__(self, tasks: Tasks, invoices: Invoices, mapping: Mapping) -> None:
        self._tasks, self._invoices, self._mapping = tasks, invoices, mapping
        self._terms = {terms.term: terms for terms in mapping.terms.values()}
        self._cents = mapping.cents()

    def deposit_lines(self, task: Task, line: Line, advice: Advice) -> list[DepositLine]:
        """The payments, and the fee as a negative line. Raises `NotYet` until every payment is in the ledger (they are
        taken in here first), `Unmatched` where the wire does not add up.
        """
        children = self._tasks.found("wire_payment", task.reference)
        if not children:
            self._tasks.take(list(self._split(task, line, advice)))
            raise NotYet(f"the payments of bank line {line.id} are on their way")
        lines = []
        for child in children:
            done = self._tasks.done_of(child.reference)
            if done is None:
                raise NotYet(f"{child.reference} is on its way")
            lines.append(DepositLine(payment_id=done[0], amount=msgspec.json.decode(child.facts, type=Paid).amount))
        fee = sum((each.amount for each in lines), ZERO) - line.amount
        return [*lines, DepositLine(role="bank_charges", amount=-fee)]

    def _split(self, task: Task, line: Line, advice: Advice) -> Iterator[Task]:
        missing = advice.total - line.amount
        if missing > self._mapping.bank.wire_fee_up_to:
            raise Unmatched(f"the advice comes to {advice.total}: {missing} is missing, more than a fee")
        parts: dict[str, list[Part]] = {}
        for number, amount in advice.items:
            invoice = self._invoices.numbered(number)
            if invoice is None:
                raise Unmatched(f"the ledger has no invoice {number!r}")
            parts.setdefault(str(invoice["CustomerRef"]["value"]), []).append(self._part(invoice, amount, line.day))
        if missing < 0 and len(parts) > 1:
            raise Unmatched(f"the advice comes to {advice.total}, and several customers are named")
        yield from self._tasks_of(task, line, parts, max(-missing, ZERO))

    def _tasks_of(self, task: Task, line: Line, parts: dict[str, list[Part]], above: Decimal) -> Iterator[Task]:
        for customer_id, mine in parts.items():
            reference = f"{task.reference}:payment:{customer_id}"
            for part in mine:
                if part.discount:
                    kept = Kept(customer_id=customer_id, day=line.day, part=part)
                    yield _child(f"{task.reference}:discount:{part.invoice_id}", "wire_discount", task, kept, reference)
            amount = sum((part.amount for part in mine), ZERO) + above
            paid = Paid(customer_id=customer_id, day=line.day, amount=amount, parts=tuple(mine))
            yield _child(reference, "wire_payment", task, paid, task.reference)

    def _part(self, invoice: Json, amount: Decimal, day: date) -> Part:
        """A discount is granted where exactly that is missing to settle the invoice, in time and by its terms."""
        invoice_id, number = str(invoice["Id"]), str(invoice.get("DocNumber") or "")
        terms = self._terms.get(str(invoice.get("SalesTermRef", {}).get("name") or ""))
        missing, discount = Decimal(invoice["Balance"]) - amount, ZERO
        if terms is not None and terms.discount_percent:
            granted = self._cents.percent(Decimal(invoice["TotalAmt"]), terms.discount_percent)
            until = date.fromisoformat(invoice["TxnDate"]) + timedelta(days=terms.discount_days)
            discount = granted if missing == granted and day <= until else ZERO
        return Part(invoice_id=invoice_id, number=number, amount=amount, discount=discount)


class WirePayments:
    """The work of `wire_payment` tasks."""

    def __init__(self, tasks: Tasks, invoices: Invoices, entries: Entries) -> None:
        self._tasks, self._invoices, self._entries = tasks, invoices, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """One payment to undeposited funds. Raises `NotYet` while its credit memos are on their way."""
        paid = msgspec.json.decode(task.facts, type=Paid)
        kept = {each.part.invoice_id: memo_id for each, memo_id in self._kept(task)}
        lines: list[Json] = []
        settled: dict[str, str] = {}
        for part in paid.parts:
            discount = part.discount if part.invoice_id in kept else ZERO
            balance = Decimal(self._invoices.read(part.invoice_id)["Balance"])
            amount = min(balance, part.amount + discount)
            if amount <= 0:
                continue
            settled[part.invoice_id] = str(amount)
            lines.append({"Amount": amount, "LinkedTxn": [{"TxnId": part.invoice_id, "TxnType": "Invoice"}]})
            if discount:
                linked = [{"TxnId": kept[part.invoice_id], "TxnType": "CreditMemo"}]
                lines.append({"Amount": min(discount, amount), "LinkedTxn": linked})
        body: Json = {
            "CustomerRef": {"value": paid.customer_id},
            "TotalAmt": paid.amount,
            "CurrencyRef": {"value": self._entries.currency},
            "DepositToAccountRef": {"value": self._entries.account("undeposited")},
            "Line": lines,
        }
        return Plan(
            entity="Payment",
            body=body,
            day=paid.day,
            amount=paid.amount,
            customer_id=paid.customer_id,
            memo=msgspec.json.encode(settled).decode(),
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The invoices are settled by so much; the deposit waits for this."""
        del task, ledger_id
        for invoice_id, amount in msgspec.json.decode(memo, type=dict[str, str]).items():
            self._invoices.settled(invoice_id, read_amount(amount) or ZERO)
        return ()

    def _kept(self, task: Task) -> Iterator[tuple[Kept, str]]:
        """The discounts of the payment that the ledger has, each with its credit memo."""
        for child in self._tasks.found("wire_discount", task.reference):
            state = self._tasks.state(child.reference)
            if state == NEW:
                raise NotYet(f"{child.reference} is on its way")
            if state == DONE and (done := self._tasks.done_of(child.reference)) is not None:
                yield msgspec.json.decode(child.facts, type=Kept), done[0]


class WireDiscounts:
    """The work of `wire_discount` tasks: a credit memo on settlement discounts."""

    def __init__(self, invoices: Invoices, items: Items, reliefs: Reliefs, mapping: Mapping, entries: Entries) -> None:
        self._invoices, self._items, self._reliefs = invoices, items, reliefs
        self._mapping, self._entries = mapping, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """The payment of the wire applies it to the invoice."""
        kept = msgspec.json.decode(task.facts, type=Kept)
        detail: Json = {"ItemRef": {"value": self._items.own(ITEM, _ROLE)}}
        detail["TaxCodeRef"] = {"value": self._items.untaxed_code()}
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": kept.part.discount,
            "Description": f"Settlement discount of invoice {kept.part.number}",
            "SalesItemLineDetail": detail,
        }
        body: Json = {
            "CustomerRef": {"value": kept.customer_id},
            "CurrencyRef": {"value": self._entries.currency},
            "Line": [line],
        }
        if self._mapping.company.policies.tax_model == "global":
            body["GlobalTaxCalculation"] = "TaxExcluded"
        return Plan(
            entity="CreditMemo", body=body, day=kept.day, amount=kept.part.discount, customer_id=kept.customer_id
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Remembered against the invoice."""
        del ledger_id, memo
        part = msgspec.json.decode(task.facts, type=Kept).part
        deal_id = self._invoices.deal_of(part.invoice_id)
        self._reliefs.keep(task.reference, part.invoice_id, deal_id, DISCOUNT, settled=part.discount)
        return ()


def _child(reference: str, kind: str, task: Task, facts: Paid | Kept, label: str) -> Task:
    return Task(
        reference=reference,
        kind=kind,
        at_s=task.at_s,
        facts=msgspec.json.encode(facts).decode(),
        amount=facts.amount if isinstance(facts, Paid) else facts.part.discount,
        label=label,
    )
