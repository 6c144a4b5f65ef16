"""Which part of which document settles which: applications, open amounts, links (finance rules, section 3).

A debit (invoice, journal line on a receivable) is settled, a credit (credit memo, journal credit) is used up. Open
amounts never pass zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Apply, Journal, OpenAmount, Payment, Sale
from simharness_fakes.accounting.refusals import BadReference, BadValue, IsVoid, OverApplied, WrongCustomer
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
#: The sales that a payment settles or uses up; receipts were paid at once.
SETTLED = ("invoice", "credit_memo")


def applied(applications: tuple[Apply, ...]) -> dict[str, Decimal]:
    """The sum of applications by document."""
    sums: dict[str, Decimal] = {}
    for each in applications:
        sums[each.document] = sums.get(each.document, ZERO) + each.amount
    return sums


def unapplied(
    state: State, customer: str, amount: Decimal, applications: tuple[Apply, ...], before: Mapping[str, Decimal]
) -> Decimal:
    """What a payment of `amount` leaves unapplied; `before` is what its earlier version applied, by document.

    Refuses applications that are not positive, name nothing or another customer's or a void document, pass a document's
    open amount, or together the payment: Σ settled ≤ amount + Σ credits used, and credits are used only to settle.
    """
    settled = used = ZERO
    for each in applications:
        if each.amount <= 0 or not state.rounder.is_exact(each.amount):
            raise BadValue("application", each.amount, "a positive amount in whole minor units is applied")
    for document, given in applied(applications).items():
        signed_open = _open(state, document, customer)
        available = abs(signed_open) + before.get(document, ZERO)
        if given > available:
            raise OverApplied(document, given, available)
        if is_credit(state, document, customer):
            used += given
        else:
            settled += given
    if settled > amount + used:
        raise OverApplied("", settled, amount + used)
    if used > settled:
        raise OverApplied("", used, settled)
    return amount + used - settled


def settle(state: State, customer: str, before: Mapping[str, Decimal], after: Mapping[str, Decimal], by: Stamp) -> None:
    """Move the open amounts of documents from what a payment applied before to what it applies now."""
    for document in dict.fromkeys((*before, *after)):
        delta = after.get(document, ZERO) - before.get(document, ZERO)
        if delta:
            _move(state, document, customer, delta, by)


def unlink(state: State, document: str, by: Stamp) -> None:
    """Drop every application that names a document.

    Cash that settled it becomes unapplied. Where it was a credit, the other applications of that payment are cut from
    the last one back, until the payment covers them; where it was a debit, credits that settle nothing are given back.
    """
    for payment in state.links(document):
        kept = tuple(each for each in payment.applications if each.document != document)
        kept = _covered(state, payment, kept)
        debits, credits_ = _sums(state, payment.customer, kept)
        changed = msgspec.structs.replace(
            payment,
            applications=kept,
            unapplied=payment.amount + credits_ - debits,
            **state.changed(by, "payment", payment),
        )
        before = applied(payment.applications)
        before.pop(document)  # the document itself is about to be zero
        settle(state, payment.customer, before, applied(kept), by)
        state.documents["payment"].put(changed)


def _covered(state: State, payment: Payment, kept: tuple[Apply, ...]) -> tuple[Apply, ...]:
    debits, credits_ = _sums(state, payment.customer, kept)
    if debits > payment.amount + credits_:
        return _cut(state, payment.customer, kept, debits - payment.amount - credits_, of_credits=False)
    if credits_ > debits:
        return _cut(state, payment.customer, kept, credits_ - debits, of_credits=True)
    return kept


def _cut(
    state: State, customer: str, kept: tuple[Apply, ...], excess: Decimal, *, of_credits: bool
) -> tuple[Apply, ...]:
    remaining: list[Apply] = []
    for each in reversed(kept):
        take = ZERO
        if is_credit(state, each.document, customer) is of_credits:
            take = min(excess, each.amount)
            excess -= take
        if take < each.amount:
            remaining.append(msgspec.structs.replace(each, amount=each.amount - take))
    return tuple(reversed(remaining))


def _sums(state: State, customer: str, applications: tuple[Apply, ...]) -> tuple[Decimal, Decimal]:
    debits = credits_ = ZERO
    for each in applications:
        if is_credit(state, each.document, customer):
            credits_ += each.amount
        else:
            debits += each.amount
    return debits, credits_


def _open(state: State, document: str, customer: str) -> Decimal:
    """The open amount of a document of a customer; refuses what cannot be settled by him."""
    found = state.document(document)
    if isinstance(found, Journal) or (isinstance(found, Sale) and found.kind in SETTLED):
        if found.void:
            raise IsVoid(found.kind, document)
        if isinstance(found, Journal):
            return _receivable(found, customer).open
        if found.customer != customer:
            raise WrongCustomer(document, found.customer, customer)
        return found.open
    raise BadReference("application", "document", document)


def is_credit(state: State, document: str, customer: str) -> bool:
    """Whether a document is a credit of the customer (it is used up) rather than a debit (it is settled)."""
    found = state.document(document)
    if isinstance(found, Journal):
        return _receivable(found, customer).amount < 0
    return found is not None and found.kind == "credit_memo"


def _receivable(journal: Journal, customer: str) -> OpenAmount:
    for each in journal.receivables:
        if each.customer == customer:
            return each
    raise WrongCustomer(journal.id, ", ".join(r.customer for r in journal.receivables), customer)


def _move(state: State, document: str, customer: str, delta: Decimal, by: Stamp) -> None:
    found = state.document(document)
    if isinstance(found, Sale):
        table = state.documents[found.kind]
        table.put(msgspec.structs.replace(found, open=found.open - delta, **state.touched(by, found.kind, found)))
    elif isinstance(found, Journal):
        receivables = tuple(
            msgspec.structs.replace(each, open=each.open - (delta if each.amount > 0 else -delta))
            if each.customer == customer
            else each
            for each in found.receivables
        )
        state.documents["journal"].put(
            msgspec.structs.replace(found, receivables=receivables, **state.touched(by, found.kind, found))
        )
