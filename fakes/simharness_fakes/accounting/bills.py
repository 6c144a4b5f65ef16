"""Bills, vendor credits and purchases: kept, posted, changed, voided, deleted. They carry no tax of their own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart, payments
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Bill, BillDraft, BillLine, Entry, Posting
from simharness_fakes.accounting.exchange import in_base, parts_in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.refusals import AmountMismatch, BadValue, HasLinks, IsVoid, Missing, OverApplied
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
_PAID_FROM = ("bank", "credit_card", "current_asset")


class Bills(DocumentReading[Bill]):
    """The documents of one kind: `bill` (the company owes), `vendor_credit` (the mirror image), `purchase` (paid)."""

    def __init__(self, state: State, kind: str) -> None:
        self._state = state
        self._table = state.documents[kind]
        self.kind = kind

    def by_vendor(self, vendor: str) -> tuple[Bill, ...]:
        """A vendor's documents, in the order in which they came to him."""
        return self.find_by("vendor", vendor)

    def create(self, draft: BillDraft, by: Stamp) -> Bill:
        """Keep and post a new document."""
        self._state.check_open(draft.date)
        bill = self._build(draft, None)
        bill = msgspec.structs.replace(bill, **self._state.created(by, self.kind, "transaction"))
        self._keep(bill)
        return bill

    def update(self, id: str, draft: BillDraft, by: Stamp) -> Bill:
        """Replace a document by the complete new draft; refuses a total below what is already settled and another
        vendor while linked.
        """
        state, old = self._state, self.get(id)
        if old.void:
            raise IsVoid(self.kind, id)
        state.check_open(old.date, draft.date)
        bill = self._build(draft, old)
        links = tuple(payment.id for payment in state.links(id))
        if links and bill.vendor != old.vendor:
            raise HasLinks(self.kind, id, links)
        if self.kind != "purchase":
            settled, settled_base = old.total - old.open, old.base - old.open_base
            if bill.total < settled:
                raise OverApplied(id, settled, bill.total)
            if settled and (bill.total, bill.rate) != (old.total, old.rate) and (old.rate or bill.rate):
                raise HasLinks(self.kind, id, links)
            bill = msgspec.structs.replace(bill, open=bill.open - settled, open_base=bill.open_base - settled_base)
        bill = msgspec.structs.replace(bill, **state.changed(by, self.kind, old))
        self._keep(bill)
        return bill

    def void(self, id: str, by: Stamp) -> Bill:
        """Make every amount zero on the document's own date; links are dropped. Void twice is once."""
        state, old = self._state, self.get(id)
        if old.void:
            return old
        state.check_open(old.date)
        payments.unlink(state, id, by)
        bill = msgspec.structs.replace(
            old, lines=tuple(msgspec.structs.replace(line, amount=ZERO) for line in old.lines), total=ZERO, open=ZERO,
            base=ZERO, open_base=ZERO, void=True, **state.changed(by, self.kind, old, "void"),
        )  # fmt: skip
        self._keep(bill)
        return bill

    def delete(self, id: str, by: Stamp) -> Bill:
        """Remove a document and its entry and return its last version; refuses `HasLinks` while payments name it."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        if links := state.links(id):
            raise HasLinks(self.kind, id, tuple(payment.id for payment in links))
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, bill: Bill) -> None:
        self._state.ledger.post(bill.id, entry_of(self._state, bill))
        self._table.put(bill)

    def _build(self, draft: BillDraft, old: Bill | None) -> Bill:
        state = self._state
        vendor: chart.Vendor | None = None
        if draft.vendor or self.kind != "purchase":
            vendor = state.refer("vendor", "vendor", draft.vendor)
        currency = state.check_currency(draft.currency, vendor)
        rate = rate_of(state, currency, draft.rate, draft.date)
        account = self._paid_from(draft, currency) if self.kind == "purchase" else ""
        terms = draft.terms or (vendor.terms if vendor is not None else "")
        term: chart.Term | None = state.refer("terms", "term", terms) if terms else None
        if draft.location:
            state.refer("location", "department", draft.location)
        if not draft.lines:
            raise Missing("the document", "at least one line with an amount")
        lines = tuple(_line(state, position, line, currency) for position, line in enumerate(draft.lines, start=1))
        total = sum((line.amount for line in lines), ZERO)
        if total < 0:
            raise BadValue("total", total, "a document is worth nothing or more; enter the opposite document instead")
        base, owed = in_base(state, total, rate), self.kind != "purchase"
        return Bill(
            kind=self.kind, vendor=draft.vendor, date=draft.date, due=self._due(draft, term), lines=lines,
            currency=currency, total=total, open=total if owed else ZERO, rate=rate, base=base,
            open_base=base if owed else ZERO, number=draft.number, terms=terms, account=account,
            location=draft.location, note=draft.note, carried=draft.carried,
        )  # fmt: skip

    def _paid_from(self, draft: BillDraft, currency: str) -> str:
        if not draft.account:
            raise Missing("a purchase", "the account it is paid from")
        account: chart.Account = self._state.refer("account", "account", draft.account)
        if account.kind not in _PAID_FROM:
            raise BadValue("account", account.id, "a purchase is paid from a bank or a credit card")
        self._state.check_account_currency(account, currency)
        return account.id

    def _due(self, draft: BillDraft, term: chart.Term | None) -> date | None:
        if self.kind != "bill":
            return None
        return draft.due if draft.due is not None else draft.date + timedelta(days=term.days if term else 0)


def _line(state: State, position: int, line: BillLine, currency: str) -> BillLine:
    account: chart.Account = state.refer(f"line {position} account", "account", line.account)
    state.check_no_control(f"line {position} account", account.id)
    state.check_account_currency(account, currency)
    rounder = state.rounder_of(currency)
    for field, kind, id in (
        ("item", "item", line.item), ("customer", "customer", line.customer),
        ("cost_centre", "class", line.cost_centre),
    ):  # fmt: skip
        if id:
            state.refer(f"line {position} {field}", kind, id)
    if line.quantity is not None and line.unit_price is not None:
        expected = rounder.round(line.quantity * line.unit_price)
        if line.amount != expected:
            raise AmountMismatch(position, line.amount, expected)
    if not rounder.is_exact(line.amount):
        raise BadValue(f"line {position} amount", line.amount, f"the smallest amount is {rounder.unit}")
    return msgspec.structs.replace(line, id=str(position), amount=rounder.round(line.amount))


def entry_of(state: State, bill: Bill) -> Entry:
    """What a bill posts: debit what was bought, credit the payable; a purchase credits what it was paid from; a vendor
    credit is the mirror image of a bill.
    """
    if bill.void:
        return Entry(id=bill.id, source=bill.kind, date=bill.date, number=bill.number, postings=())
    sign = -1 if bill.kind == "vendor_credit" else 1
    foreign = bill.rate is not None
    base, bases = parts_in_base(state, bill.total, [line.amount for line in bill.lines], bill.rate)
    account = bill.account or state.control_account("payable", bill)
    postings = [
        Posting(
            account=line.account, amount=sign * worth, foreign=sign * line.amount if foreign else None,
            customer=line.customer, cost_centre=line.cost_centre, location=bill.location, memo=line.description,
        )
        for line, worth in zip(bill.lines, bases, strict=True)
    ]  # fmt: skip
    owed = Posting(
        account=account, amount=-sign * base, foreign=-sign * bill.total if foreign else None, vendor=bill.vendor,
        location=bill.location,
    )  # fmt: skip
    return Entry(
        id=bill.id, source=bill.kind, date=bill.date, number=bill.number, note=bill.note,
        currency=bill.currency if foreign else "",
        postings=tuple(each for each in (*postings, owed) if each.amount or each.foreign),
    )  # fmt: skip
