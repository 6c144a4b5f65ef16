"""Wires: one bank line that pays several invoices, less the banks' fee and what the terms let a customer keep.

What the sender says is the payment: a payment a customer to undeposited funds, applied as told, with a credit memo on
settlement discounts where the invoice's terms grant it. The deposit then brings those payments, less the fee, to the
bank. Anything that does not add up leaves the whole line unmatched: nothing is half posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.exchange import exact_rate, rate_of, terms
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.bank.changing import Change, Changing
from simharness.reference.bank.feed import Line
from simharness.reference.bank.matching import Advice, Unmatched
from simharness.reference.credit.givebacks import read_amount
from simharness.reference.errors import NotYet
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.invoicing.items import Items
from simharness.reference.ledger.entries import DepositLine, Entries
from simharness.reference.mapping.model import Mapping
from simharness.reference.memory.relief import DISCOUNT, Reliefs
from simharness.reference.posting.tasks import DONE, NEW, Nothing, Plan, Task, Tasks
from simharness.reference.vendors.http import Json

#: The ledger item with which settlement discounts post to their account.
ITEM = "Settlement discount"
_ROLE = "settlement_discounts"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What of a wire is for one invoice: money, and a settlement discount on top. `rate`: of a foreign invoice."""

    invoice_id: str
    number: str
    amount: Decimal
    discount: Decimal = ZERO
    rate: Decimal | None = None


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer paid with a wire; an amount above the parts stays unapplied. In a foreign `currency` it came to
    `base`, which `rate` gives.
    """

    customer_id: str
    day: date
    amount: Decimal
    parts: tuple[Part, ...]
    currency: str = ""
    rate: Decimal | None = None
    base: Decimal = ZERO


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement discount of one invoice."""

    customer_id: str
    day: date
    part: Part
    currency: str = ""


class Wires:
    """Splits a wire into payments, and gives the lines of its deposit once they are in the ledger."""

    def __init__(self, tasks: Tasks, invoices: Invoices, mapping: Mapping, changing: Changing) -> None:
        self._tasks, self._invoices, self._mapping, self._changing = tasks, invoices, mapping, changing
        self._terms = {terms.term: terms for terms in mapping.terms.values()}
        self._base = mapping.company.currency

    def deposit_lines(self, task: Task, line: Line, advice: Advice) -> tuple[list[DepositLine], Json]:
        """The payments, the fee as a negative line, and the terms of the deposit. Raises `NotYet` until every payment
        is in the ledger (they are taken in here first), `Unmatched` where the wire does not add up.
        """
        children = self._tasks.found("wire_payment", task.reference)
        if not children:
            self._tasks.take(list(self._split(task, line, advice)))
            raise NotYet(f"the payments of bank line {line.id} are on their way")
        lines, paid = [], [msgspec.json.decode(child.facts, type=Paid) for child in children]
        for child, each in zip(children, paid, strict=True):
            done = self._tasks.done_of(child.reference)
            if done is None:
                raise NotYet(f"{child.reference} is on its way")
            lines.append(DepositLine(payment_id=done[0], amount=each.amount))
        currency = paid[0].currency or self._base
        if currency != line.currency:
            return self._deposit_abroad(lines, paid, line)
        fee = sum((each.amount for each in lines), ZERO) - line.amount
        return [*lines, DepositLine(role="bank_charges", amount=-fee)], terms(currency, None)

    def _deposit_abroad(
        self, lines: list[DepositLine], paid: Sequence[Paid], line: Line
    ) -> tuple[list[DepositLine], Json]:
        """The fee as so much foreign money as comes to it. A cent that no such amount gives is gained or lost."""
        currency, gross = paid[0].currency, sum((each.base for each in paid), ZERO)
        amount = sum((each.amount for each in paid), ZERO)
        fee = self._mapping.cents(currency).round((gross - line.amount) * amount / gross)
        rate = exact_rate(amount - fee, line.amount, self._mapping.cents())
        return [*lines, DepositLine(role="bank_charges", amount=-fee)], terms(currency, rate)

    def _split(self, task: Task, line: Line, advice: Advice) -> Iterator[Task]:
        invoices = [self._invoice(number) for number, _ in advice.items]
        currencies = {str(invoice["CurrencyRef"]["value"]) for invoice in invoices}
        if len(currencies) > 1 or advice.currency not in ("", *currencies):
            told = f"the advice is in {advice.currency or 'no currency'}"
            raise Unmatched(f"{told}, the invoices are in {' and '.join(sorted(currencies))}")
        parts: dict[str, list[Part]] = {}
        for invoice, (_, amount) in zip(invoices, advice.items, strict=True):
            parts.setdefault(str(invoice["CustomerRef"]["value"]), []).append(self._part(invoice, amount, line.day))
        if currencies != {line.currency}:
            if line.currency != self._base:
                raise Unmatched(f"it arrived in {line.currency}, the invoices are in {currencies.pop()}")
            yield from self._tasks_abroad(task, line, parts, advice, currencies.pop())
            return
        missing = advice.total - line.amount
        if missing > self._mapping.bank.wire_fee_up_to:
            raise Unmatched(f"the advice comes to {advice.total}: {missing} is missing, more than a fee")
        if missing < 0 and len(parts) > 1:
            raise Unmatched(f"the advice comes to {advice.total}, and several customers are named")
        yield from self._tasks_of(task, line, parts, max(-missing, ZERO))

    def _invoice(self, number: str) -> Json:
        invoice = self._invoices.numbered(number)
        if invoice is None:
            raise Unmatched(f"the ledger has no invoice {number!r}")
        return invoice

    def _tasks_abroad(
        self, task: Task, line: Line, parts: dict[str, list[Part]], advice: Advice, currency: str
    ) -> Iterator[Task]:
        """Foreign money that the bank changed: what arrived and what the banks say they kept is what it came to."""
        if advice.fee > self._mapping.bank.wire_fee_up_to:
            raise Unmatched(f"the banks kept {advice.fee}, more than a fee")
        gross = line.amount + advice.fee
        self._changing.rate(Change(advice.total, currency, gross, line.day))
        amounts = [sum((part.amount for part in mine), ZERO) for mine in parts.values()]
        bases = self._mapping.cents().spread(gross, amounts)
        for (customer_id, mine), amount, base in zip(parts.items(), amounts, bases, strict=True):
            reference = f"{task.reference}:payment:{customer_id}"
            yield from _discounts(task, line, customer_id, mine, reference, currency)
            paid = Paid(
                customer_id=customer_id,
                day=line.day,
                amount=amount,
                parts=tuple(mine),
                currency=currency,
                rate=exact_rate(amount, base, self._mapping.cents()),
                base=base,
            )
            yield _child(reference, "wire_payment", task, paid, task.reference)

    def _tasks_of(self, task: Task, line: Line, parts: dict[str, list[Part]], above: Decimal) -> Iterator[Task]:
        for customer_id, mine in parts.items():
            reference = f"{task.reference}:payment:{customer_id}"
            yield from _discounts(task, line, customer_id, mine, reference, line.currency)
            amount = sum((part.amount for part in mine), ZERO) + above
            paid = Paid(customer_id=customer_id, day=line.day, amount=amount, parts=tuple(mine), currency=line.currency)
            yield _child(reference, "wire_payment", task, paid, task.reference)

    def _part(self, invoice: Json, amount: Decimal, day: date) -> Part:
        """A discount is granted where exactly that is missing to settle the invoice, in time and by its terms."""
        invoice_id, number = str(invoice["Id"]), str(invoice.get("DocNumber") or "")
        terms = self._terms.get(str(invoice.get("SalesTermRef", {}).get("name") or ""))
        missing, discount = Decimal(invoice["Balance"]) - amount, ZERO
        if terms is not None and terms.discount_percent:
            cents = self._mapping.cents(str(invoice["CurrencyRef"]["value"]))
            granted = cents.percent(Decimal(invoice["TotalAmt"]), terms.discount_percent)
            until = date.fromisoformat(invoice["TxnDate"]) + timedelta(days=terms.discount_days)
            discount = granted if missing == granted and day <= until else ZERO
        rate = rate_of(invoice, self._base)
        return Part(invoice_id=invoice_id, number=number, amount=amount, discount=discount, rate=rate)


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
            **terms(paid.currency or self._entries.currency, paid.rate),
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
            **terms(kept.currency or self._entries.currency, kept.part.rate),
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


def _discounts(
    task: Task, line: Line, customer_id: str, mine: Sequence[Part], label: str, currency: str
) -> Iterator[Task]:
    """The settlement discounts of one customer's part of a wire, found by the payment that applies them."""
    for part in mine:
        if part.discount:
            kept = Kept(customer_id=customer_id, day=line.day, part=part, currency=currency)
            yield _child(f"{task.reference}:discount:{part.invoice_id}", "wire_discount", task, kept, label)


def _child(reference: str, kind: str, task: Task, facts: Paid | Kept, label: str) -> Task:
    return Task(
        reference=reference,
        kind=kind,
        at_s=task.at_s,
        facts=msgspec.json.encode(facts).decode(),
        amount=facts.amount if isinstance(facts, Paid) else facts.part.discount,
        label=label,
    )
