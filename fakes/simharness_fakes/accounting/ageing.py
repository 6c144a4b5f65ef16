"""What was open on a day, customer by customer or vendor by vendor, and how long past due, in the books' currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.accounting.documents import Bill, Payment, Sale
from simharness_fakes.accounting.settlement import is_credit
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)


class AgedItem(Record, frozen=True, kw_only=True):
    """One open item: positive if it is owed, negative for credits and unapplied cash.

    `days` past due (zero or less is not due yet); credits and cash age from their own date.
    """

    party: str
    document: str
    kind: str
    number: str
    date: dt.date
    due: dt.date
    open: Decimal
    days: int


class Aged(Record, frozen=True, kw_only=True):
    """Open items; they sum to the balance of the control accounts on the day (of payables: what is owed, positive)."""

    as_at: date
    items: tuple[AgedItem, ...]

    def by_party(self) -> dict[str, tuple[AgedItem, ...]]:
        """The items of each customer or vendor."""
        grouped: dict[str, list[AgedItem]] = {}
        for item in self.items:
            grouped.setdefault(item.party, []).append(item)
        return {party: tuple(items) for party, items in grouped.items()}

    def total(self, above: int | None = None, up_to: int | None = None) -> Decimal:
        """The sum of items past due by more than `above` and at most `up_to` days; all items when both are None."""
        return sum(
            (
                item.open
                for item in self.items
                if (above is None or item.days > above) and (up_to is None or item.days <= up_to)
            ),
            ZERO,
        )


def aged_receivables(state: State, as_at: date) -> Aged:
    """See `Books.aged_receivables`."""
    items = [
        *_documents(state, as_at, "invoice", 1),
        *_documents(state, as_at, "credit_memo", -1),
        *_journals(state, as_at),
        *_payments(state, as_at, "payment"),
    ]
    return Aged(as_at=as_at, items=tuple(items))


def aged_payables(state: State, as_at: date) -> Aged:
    """See `Books.aged_payables`."""
    items = [
        *_documents(state, as_at, "bill", 1),
        *_documents(state, as_at, "vendor_credit", -1),
        *_payments(state, as_at, "bill_payment"),
    ]
    return Aged(as_at=as_at, items=tuple(items))


def _documents(state: State, as_at: date, kind: str, sign: int) -> Iterator[AgedItem]:
    """The documents of a kind dated on or before a day, with what was open of them then.

    An application counts from the day on which both its payment and its document exist.
    """
    for each in state.documents[kind]:
        document: Sale | Bill = each
        if document.date <= as_at and not document.void:
            left = sign * (document.base - _applied_until(state, document.id, document.party, as_at))
            if left:
                yield _item(document, document.party, as_at, left, document.due)


def _journals(state: State, as_at: date) -> Iterator[AgedItem]:
    for journal in state.documents["journal"]:
        if journal.date <= as_at:
            for each in journal.receivables:
                sign = 1 if each.amount > 0 else -1
                left = each.base - sign * _applied_until(state, journal.id, each.customer, as_at)
                if left:
                    yield _item(journal, each.customer, as_at, left)


def _payments(state: State, as_at: date, kind: str) -> Iterator[AgedItem]:
    for each in state.documents[kind]:
        payment: Payment = each
        if payment.date <= as_at and not payment.void:
            rest = payment.control
            for application in payment.applications:
                document = state.document(application.document)
                if document is not None and document.date <= as_at:
                    rest += application.base * (1 if is_credit(state, document.id, payment.party) else -1)
            if rest:
                yield _item(payment, payment.party, as_at, -rest)


def _item(document: Sale | Bill | Payment, party: str, as_at: date, left: Decimal, due: date | None = None) -> AgedItem:
    due = document.date if due is None else due
    return AgedItem(
        party=party, document=document.id, kind=document.kind, number=document.number, date=document.date, due=due,
        open=left, days=(as_at - due).days,
    )  # fmt: skip


def _applied_until(state: State, document: str, party: str, as_at: date) -> Decimal:
    return sum(
        (
            application.base
            for payment in state.links(document)
            if payment.date <= as_at and payment.party == party
            for application in payment.applications
            if application.document == document
        ),
        ZERO,
    )
