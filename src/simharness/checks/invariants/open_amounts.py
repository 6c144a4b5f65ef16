"""V8 as the facts tell it: how much of each invoice must be open after all that was paid, credited and returned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from simharness.checks.arithmetic.lines import percentage
from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document
from simharness.domain.fact import (
    BankLinePosted,
    BankMoved,
    ChequeTaken,
    CustomerPaid,
    DisputeClosed,
    Fact,
    PaymentDisputed,
)

_ZERO = Decimal(0)


@dataclass(slots=True)
class _Settled:
    """What one invoice was paid (`given`), and what of that came back; `doubtful` where rules leave the rest open."""

    given: Decimal = _ZERO
    returned: Decimal = _ZERO
    doubtful: bool = False
    journals: set[str] = field(default_factory=set)
    origin: Origin | None = None


def open_as_told(scope: Scope, report: Reporter) -> None:
    """Open = total − payments − credits − write-offs − settlement discounts + what came back, never below zero.

    A return may reopen the invoice, or stand as an open item of its own journal where the payment is in a closed month.
    Invoices of a deal that was changed down are left out: its credit goes to the oldest open one, which V8 judges.
    """
    ledger = scope.ledger
    if ledger is None:
        return
    invoices = {item.number: item for item in ledger.documents if item.kind == "invoice" and item.status != "void"}
    told = _told(scope, invoices)
    for item in ledger.documents:
        if item.kind == "credit_memo" and item.status != "void":
            for noun, number in _numbers(scope, item.id):
                if noun == "credit" and number in told:
                    told[number].given += item.total.amount
    for effect in scope.effects.naming("write_off"):
        if effect.id in told:
            receivable = (line for line in effect.entry.lines if scope.accounts[line.account].kind == "receivable")
            told[effect.id].given -= sum(
                ((line.amount if line.foreign is None else line.foreign).amount for line in receivable), _ZERO
            )
    changed = {
        linked.document.id
        for deal_id, found in scope.links.documents_of.items()
        if any(item.document.kind == "credit_memo" for item in found)
        for linked in scope.links.of_deal(deal_id, "invoice")
    }
    for number, settled in told.items():
        invoice = invoices[number]
        if invoice.id in changed or settled.doubtful or (settled.returned and settled.given > invoice.total.amount):
            continue
        report.examined += 1
        _compare(scope, report, invoice, settled)


def _numbers(scope: Scope, document_id: str) -> list[tuple[str, str]]:
    return [(effect.noun, effect.id) for effect in scope.effects.by_entry.get(document_id, ())]


def _told(scope: Scope, invoices: dict[str, Document]) -> defaultdict[str, _Settled]:
    told: defaultdict[str, _Settled] = defaultdict(_Settled)
    number_of: dict[str, str] = {}
    cheques: dict[str, ChequeTaken] = {}
    disputed: dict[str, str] = {}
    posted = {fact.pending_id: fact.line_id for fact in scope.facts if isinstance(fact, BankLinePosted)}
    for number in invoices:
        told[number].given = _ZERO
    for fact in scope.facts:
        if fact.step > scope.expected.step:
            break
        if isinstance(fact, CustomerPaid) and fact.invoice_number in invoices:
            number_of[fact.charge_id] = fact.invoice_number
            _give(told[fact.invoice_number], fact, fact.amount, known=fact.charge_id in scope.links.payments_of)
        elif isinstance(fact, ChequeTaken) and fact.invoice_number in invoices:
            cheques[fact.cheque] = fact
            _give(told[fact.invoice_number], fact, fact.amount, known=True)
        elif isinstance(fact, PaymentDisputed) and fact.charge_id in number_of:
            number = number_of[fact.charge_id]
            disputed[fact.dispute_id] = number
            _return(scope, told[number], fact.amount, "dispute", fact.dispute_id)
        elif isinstance(fact, DisputeClosed) and fact.won and fact.dispute_id in disputed:
            told[disputed[fact.dispute_id]].returned -= fact.amount.amount
        elif isinstance(fact, BankMoved) and fact.purpose == "returned_cheque" and fact.subject in cheques:
            number = cheques[fact.subject].invoice_number
            _return(scope, told[number], cheques[fact.subject].amount, "bank_line", fact.line_id)
        elif isinstance(fact, BankMoved) and fact.purpose == "wire":
            line_id = fact.line_id if not fact.pending else posted.get(fact.line_id, "")
            _wire(told, invoices, fact, line_id=line_id, scope=scope)
    return told


def _give(settled: _Settled, fact: Fact, money: Money, *, known: bool) -> None:
    settled.given += money.amount
    settled.doubtful = settled.doubtful or not known  # R3 and V20 tell what is not in the books at all
    settled.origin = Origin(step=fact.step, where=fact.where, on=fact.on)


def _return(scope: Scope, settled: _Settled, money: Money, noun: str, id: str) -> None:
    settled.returned += money.amount
    effects = scope.effects.of.get((noun, id), [])
    settled.journals |= {effect.entry.source_id or effect.entry.id for effect in effects}
    settled.doubtful = settled.doubtful or not effects


def _wire(
    told: defaultdict[str, _Settled], invoices: dict[str, Document], fact: BankMoved, *, line_id: str, scope: Scope
) -> None:
    """What the advice says, and the settlement discount that the terms grant on what is then paid in full.

    Whether what arrived of foreign money is worth the advice is for people where the connector told somebody of it.
    """
    abroad = any(money.currency != fact.amount.currency for _, money in fact.advice)
    if abroad and scope.judged.listed.told(line_id):
        for number, _ in fact.advice:
            told[number].doubtful = True
        return
    known, granted = ("bank_line", line_id) in scope.effects.of, _ZERO
    for number, money in fact.advice:
        if number not in invoices:
            continue
        discount = _discount(scope, invoices[number], money) if fact.discount else _ZERO
        granted += discount
        _give(told[number], fact, Money(money.amount + discount, money.currency), known=known)
    if fact.discount is not None and granted != fact.discount.amount:
        for number, _ in fact.advice:
            told[number].doubtful = True


def _discount(scope: Scope, invoice: Document, money: Money) -> Decimal:
    terms = scope.book.terms.get(invoice.terms)
    if terms is None or not terms.discount_percent:
        return _ZERO
    policy, unit = scope.book.policy, minor_unit(invoice.currency)
    discount = percentage(invoice.total.amount, terms.discount_percent, unit, policy.rounding)
    return discount if money.amount + discount == invoice.total.amount else _ZERO


def _compare(scope: Scope, report: Reporter, invoice: Document, settled: _Settled) -> None:
    should = max(invoice.total.amount - settled.given, _ZERO) + settled.returned
    open_items = scope.ledger.open_items if scope.ledger and settled.journals else ()
    items = [item for item in open_items if item.entry in settled.journals]
    apart = sum((abs(item.open.amount) * (1 if item.amount.amount > 0 else -1) for item in items), _ZERO)
    found = invoice.open.amount + apart
    if should == found or report.concerns(document_object(scope.vendors.get("accounting", ""), invoice)):
        return
    report.found(
        f"invoice:{invoice.number}:told",
        f"invoice {invoice.number} is not open as what was paid, credited and returned leaves it",
        expected=f"open {amount(should, invoice.currency)} ({invoice.total} less "
        f"{amount(settled.given, invoice.currency)}"
        + (f", {amount(settled.returned, invoice.currency)} came back)" if settled.returned else ")"),
        actual=f"open {invoice.open}" + (f", {amount(apart, invoice.currency)} on journals" if apart else ""),
        objects=[document_object(scope.vendors.get("accounting", ""), invoice)],
        at_risk=Money(found - should, invoice.currency),
        origin=settled.origin,
    )  # fmt: skip
