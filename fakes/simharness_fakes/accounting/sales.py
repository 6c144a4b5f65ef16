"""Invoices, credit memos, sales receipts and refund receipts: priced, posted, changed, voided, deleted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from simharness_fakes.accounting import automation, chart, payments, settlement
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Line, Posting, Sale, SaleDraft
from simharness_fakes.accounting.exchange import in_base, parts_in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.pricing import price
from simharness_fakes.accounting.refusals import BadValue, Deposited, HasLinks, IsVoid, OverApplied
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
#: The documents that sell something, in one sequence of numbers; `RECEIPTS` are settled by money at once.
KINDS = ("invoice", "credit_memo", "sales_receipt", "refund_receipt")
RECEIPTS = ("sales_receipt", "refund_receipt")
_SELLING = ("invoice", "sales_receipt")


class Sales(DocumentReading[Sale]):
    """The documents of one kind: `invoice` (the customer owes), `sales_receipt` (he pays at once), or the mirror image
    of either: `credit_memo`, `refund_receipt`.
    """

    def __init__(self, state: State, kind: str) -> None:
        self._state = state
        self._table = state.documents[kind]
        self._numbered = tuple(state.documents[each] for each in KINDS)
        self.kind = kind

    def preview(self, draft: SaleDraft) -> Sale:
        """The document as it would be kept, with id and number "" unless given; nothing is written or closed to it."""
        return self._build(draft, None)

    def create(self, draft: SaleDraft, by: Stamp) -> Sale:
        """Keep and post a new document."""
        state = self._state
        state.check_open(draft.date)
        sale = self._build(draft, None)
        if draft.number:
            state.check_number(self.kind, self._table, draft.number)
        number = draft.number or state.next_number("sale", *self._numbered)
        sale = msgspec.structs.replace(sale, number=number, **state.created(by, self.kind, "transaction"))
        self._keep(sale)
        if state.settings.auto_apply_credits and self.kind in settlement.SETTLED["payment"]:
            link = automation.link_of(state, sale)
            if link is not None:
                payments.Payments(state, "payment").create(link, by)
                return self.get(sale.id)
        return sale

    def update(self, id: str, draft: SaleDraft, by: Stamp) -> Sale:
        """Replace a document by the complete new draft; its entry is replaced too. A draft without number keeps the
        old one.

        Refuses a total below what is already settled (`OverApplied`) and another customer while linked (`HasLinks`).
        """
        state, old = self._state, self.get(id)
        if old.void:
            raise IsVoid(self.kind, id)
        state.check_open(old.date, draft.date)
        state.check_number(self.kind, self._table, draft.number, id)
        if draft.customer != old.customer and (links := state.links(id)):
            raise HasLinks(self.kind, id, tuple(p.id for p in links))
        sale = self._build(draft, old)
        if old.deposit and moved(sale) != moved(old):
            raise Deposited(self.kind, id, old.deposit)
        settled = ZERO if self.kind in RECEIPTS else old.total - old.open
        if sale.total < settled:
            raise OverApplied(id, settled, sale.total)
        if settled and (sale.total, sale.rate) != (old.total, old.rate) and (old.rate or sale.rate):
            # What was gained or lost on it is posted with its payments, perhaps in closed periods.
            raise HasLinks(self.kind, id, tuple(p.id for p in state.links(id)))
        settled_base = ZERO if self.kind in RECEIPTS else old.base - old.open_base
        sale = msgspec.structs.replace(
            sale, number=draft.number or old.number, deposit=old.deposit, open=sale.open - settled,
            open_base=sale.open_base - settled_base, **state.changed(by, self.kind, old),
        )  # fmt: skip
        self._keep(sale)
        return sale

    def void(self, id: str, by: Stamp) -> Sale:
        """Make every amount zero on the document's own date; nothing reverses it, links are dropped. Void twice is
        once.
        """
        state, old = self._state, self.get(id)
        if old.void:
            return old
        state.check_open(old.date)
        if old.deposit:
            raise Deposited(self.kind, id, old.deposit)
        payments.unlink(state, id, by)
        sale = msgspec.structs.replace(
            old,
            lines=tuple(_zeroed(line) for line in old.lines),
            taxes=(),
            net=ZERO, tax=ZERO, total=ZERO, open=ZERO, discount=ZERO, base=ZERO, open_base=ZERO,
            void=True,
            **state.changed(by, self.kind, old, "void"),
        )  # fmt: skip
        self._keep(sale)
        return sale

    def delete(self, id: str, by: Stamp) -> Sale:
        """Remove a document and its entry and return its last version; refuses `HasLinks` while payments name it."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        if old.deposit:
            raise Deposited(self.kind, id, old.deposit)
        if links := state.links(id):
            raise HasLinks(self.kind, id, tuple(p.id for p in links))
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, sale: Sale) -> None:
        self._state.ledger.post(sale.id, entry_of(self._state, sale))
        self._table.put(sale)

    def _build(self, draft: SaleDraft, old: Sale | None) -> Sale:
        state = self._state
        customer: chart.Customer = state.refer("customer", "customer", draft.customer)
        currency = state.check_currency(draft.currency, customer)
        terms = draft.terms or customer.terms
        term: chart.Term | None = state.refer("terms", "term", terms) if terms else None
        if draft.location:
            state.refer("location", "department", draft.location)
        rate = rate_of(state, currency, draft.rate, draft.date)
        account = ""
        if self.kind in RECEIPTS:
            account = state.money_account("account", draft.account, currency)
        else:
            state.account_for("receivable")  # refused here, before anything is written
        priced = price(state, draft, customer, currency, old.lines if old else ())
        total = priced.net + priced.tax
        if total < 0:
            raise BadValue("total", total, "a document is worth nothing or more; enter the opposite document instead")
        base, left = in_base(state, total, rate), self.kind not in RECEIPTS
        return Sale(
            kind=self.kind, number=draft.number, customer=customer.id, date=draft.date, due=self._due(draft, term),
            currency=currency, lines=priced.lines, taxes=priced.taxes, net=priced.net, tax=priced.tax, total=total,
            open=total if left else ZERO, rate=rate, base=base, open_base=base if left else ZERO, account=account,
            draft=draft,
            discount=priced.discount, terms=terms, tax_mode=draft.tax_mode,
            tax_code=priced.tax_code, tax_overridden=priced.tax_overridden, tax_given=priced.tax_given,
            location=draft.location, cost_centre=draft.cost_centre, reference=draft.reference, note=draft.note,
            memo=draft.memo, carried=draft.carried,
        )  # fmt: skip

    def _due(self, draft: SaleDraft, term: chart.Term | None) -> date | None:
        if self.kind != "invoice":
            return None
        if draft.due is not None:
            return draft.due
        return draft.date + timedelta(days=term.days if term else 0)


def _zeroed(line: Line) -> Line:
    changes: dict[str, Any] = {"amount": ZERO, "net": ZERO, "discount": ZERO}
    if line.quantity is not None:
        changes["quantity"] = ZERO
    return msgspec.structs.replace(line, **changes)


def moved(sale: Sale) -> tuple[object, ...]:
    """What of a sales receipt a deposit moved on, and so cannot change any more."""
    return sale.customer, sale.date, sale.total, sale.account, sale.currency, sale.rate


def entry_of(state: State, sale: Sale) -> Entry:
    """What an invoice posts (debit receivable, credit income and tax, debit discounts), a credit memo the mirror
    image; receipts post the same with the money's account in place of the receivable.
    """
    if sale.void or not sale.lines:
        return Entry(id=sale.id, source=sale.kind, date=sale.date, number=sale.number, postings=())
    sign = 1 if sale.kind in _SELLING else -1
    lines = [line for line in sale.lines if line.net]
    taxes = [tax for tax in sale.taxes if tax.tax]
    parts = [line.net if line.kind == "item" else -line.net for line in lines] + [tax.tax for tax in taxes]
    base, bases = parts_in_base(state, sale.total, parts, sale.rate)
    account = sale.account or state.control_account("receivable", sale)
    foreign, location = sale.rate is not None, sale.location
    postings = [
        Posting(
            account=account, amount=sign * base, foreign=sign * sale.total if foreign else None,
            customer=sale.customer, location=location,
        )
    ]  # fmt: skip
    for line, part, worth in zip(lines, parts, bases, strict=False):
        postings.append(
            Posting(
                account=line.account, amount=-sign * worth, foreign=-sign * part if foreign else None,
                cost_centre=line.cost_centre, location=location, memo=line.description,
            )
        )  # fmt: skip
    for tax, part, worth in zip(taxes, parts[len(lines) :], bases[len(lines) :], strict=True):
        own = -sign * part if foreign else None
        postings.append(Posting(account=tax.account, amount=-sign * worth, foreign=own, location=location))
    return Entry(
        id=sale.id, source=sale.kind, date=sale.date, number=sale.number, note=sale.note,
        currency=sale.currency if foreign else "",
        postings=tuple([p for p in postings if p.amount or p.foreign]),
    )  # fmt: skip
