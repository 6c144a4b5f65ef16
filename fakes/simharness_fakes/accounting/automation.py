"""What the ledger applies by itself where the company wants it: credits to invoices, payments to invoices."""

from __future__ import annotations

from decimal import Decimal

from simharness_fakes.accounting.documents import Apply, PaymentDraft, Sale
from simharness_fakes.accounting.state import State

#: What the payment says that links a credit by itself (background knowledge of QuickBooks, not re-checked).
NOTE = "Created by QB Online to link credits to charges."


def oldest(state: State, kind: str, customer: str) -> list[Sale]:
    """The open documents of a kind that a customer has, by date, then as they were made."""
    found: list[Sale] = [each for each in state.documents[kind].find("customer", customer) if each.open]
    return sorted(found, key=lambda sale: sale.date)


def with_debts(state: State, draft: PaymentDraft, left: Decimal) -> PaymentDraft | None:
    """A payment that also settles the customer's oldest open invoices with what is left of it; None if none is open."""
    named = {each.document for each in draft.applications}
    more: list[Apply] = []
    for invoice in oldest(state, "invoice", draft.customer):
        part = min(left, invoice.open)
        if part > 0 and invoice.id not in named:
            more.append(Apply(document=invoice.id, amount=part))
            left -= part
    if not more:
        return None
    return PaymentDraft(
        customer=draft.customer, date=draft.date, amount=draft.amount, applications=(*draft.applications, *more),
        deposit_account=draft.deposit_account, currency=draft.currency, rate=draft.rate, number=draft.number,
        method=draft.method, location=draft.location, reference=draft.reference, note=draft.note, carried=draft.carried,
    )  # fmt: skip


def link_of(state: State, sale: Sale) -> PaymentDraft | None:
    """The payment of zero that applies a new credit memo to the oldest open invoices, or to a new invoice the oldest
    open credit memos; None if there is nothing to apply.
    """
    other = "invoice" if sale.kind == "credit_memo" else "credit_memo"
    left, links = sale.open, list[Apply]()
    for each in oldest(state, other, sale.customer):
        part = min(left, each.open)
        if part > 0:
            links.append(Apply(document=each.id, amount=part))
            left -= part
    if not links:
        return None
    links.append(Apply(document=sale.id, amount=sale.open - left))
    return PaymentDraft(
        customer=sale.customer, date=sale.date, amount=Decimal(0), applications=tuple(links), currency=sale.currency,
        rate=sale.rate, note=NOTE,
    )  # fmt: skip
