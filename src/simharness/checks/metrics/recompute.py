"""Every metric of the rules' section 8, computed from the ledger and the facts with the checks' own arithmetic."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import MappingProxyType

from msgspec import structs

from simharness.checks.arithmetic.days import days_past_due
from simharness.checks.arithmetic.settlement import open_balance
from simharness.checks.scope import Scope
from simharness.domain.books import Document, LedgerSnapshot, Payment

#: A metric's figures by (by, key); ("", "") is the number itself.
Figures = dict[tuple[str, str], Decimal | None]

BUCKETS = ("current", "1-30", "31-60", "61-90", "over 90")
_ZERO = Decimal(0)
_WHOLE = ("", "")
_REVENUE = frozenset({"income", "contra_income"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days of a period, both included; a single day is a period of one day."""

    start: date
    end: date

    @classmethod
    def parse(cls, period: str) -> Span:
        """Read `2026-01` or `2026-01-31`."""
        year, month, *day = (int(part) for part in period.split("-"))
        if day:
            only = date(year, month, day[0])
            return cls(start=only, end=only)
        return cls(start=date(year, month, 1), end=date(year, month, calendar.monthrange(year, month)[1]))

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class Books:
    """One ledger as the recomputation reads it: void records left out, settlements dated."""

    def __init__(self, scope: Scope, ledger: LedgerSnapshot) -> None:
        self.scope = scope
        self.ledger = ledger
        self.kinds = {account.id: account.kind for account in ledger.accounts}
        self.documents = {document.id: document for document in ledger.documents if document.status != "void"}
        self.payments = [payment for payment in ledger.payments if payment.status != "void"]
        self.settlements = [item for payment in self.payments for item in self._settlements(payment)]
        numbers = {code.account for code in scope.dictionary.tax_codes}
        numbers = (numbers | {scope.book.account_with("tax_payable")}) - {""}
        self.tax_accounts = {item.id for item in ledger.accounts if scope.number_of(item.id) in numbers}

    def _settlements(self, payment: Payment) -> Iterator[Settlement]:
        """What a payment settles: the credits it links come first, its own money takes the rest."""
        memos: list[tuple[Document, Decimal]] = []
        for item in payment.applications:
            document = self.documents.get(item.document)
            if document is not None and document.kind == "credit_memo":
                memos.append((document, abs(item.amount.amount)))
        for item in payment.applications:
            invoice = self.documents.get(item.document)
            if invoice is None or invoice.kind != "invoice":
                continue
            rest = item.amount.amount
            while rest > 0 and memos:
                memo, left = memos.pop(0)
                part = min(rest, left)
                rest -= part
                if left > part:
                    memos.insert(0, (memo, left - part))
                day = max(payment.date, memo.date, invoice.date)
                yield Settlement(source=memo.id, invoice=invoice.id, day=day, amount=part)
            if rest:
                day = max(payment.date, invoice.date)
                yield Settlement(source=payment.id, invoice=invoice.id, day=day, amount=rest)

    def forgetting(self, *, settlements: bool = False, records: bool = False) -> Books:
        """The same books as a metric sees them that forgets the days of settlements, or of all records."""
        twin = copy(self)
        if settlements:
            twin.settlements = [replace(item, day=date.min) for item in self.settlements]
        if records:
            twin.documents = {key: structs.replace(item, date=date.min) for key, item in self.documents.items()}
            twin.payments = [structs.replace(item, date=date.min) for item in self.payments]
        return twin

    @cached_property
    def last_day(self) -> date:
        """The last day that any record bears."""
        days = [document.date for document in self.documents.values()]
        days += [payment.date for payment in self.payments]
        days += [entry.date for entry in self.ledger.entries]
        return max(days, default=date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A part of a payment or credit memo (`source`) that settles an invoice from a day on."""

    source: str
    invoice: str
    day: date
    amount: Decimal


def recompute(metric: str, books: Books, span: Span) -> Figures | None:
    """The figures of a metric for a period or as at its last day; None where it cannot be recomputed."""
    formula = _FORMULAS.get(metric)
    return formula(books, span) if formula else None


def _moved(books: Books, accounts: Callable[[str], bool], span: Span) -> Decimal:
    return sum(
        (
            line.amount.amount
            for entry in books.ledger.entries
            if entry.date in span
            for line in entry.lines
            if accounts(line.account)
        ),
        _ZERO,
    )


def _net_revenue(books: Books, span: Span) -> Figures:
    """Σ of income and contra-revenue accounts, credit positive; by cost centre."""
    figures: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    figures[_WHOLE] = _ZERO
    for entry in books.ledger.entries:
        if entry.date not in span:
            continue
        for line in entry.lines:
            if books.kinds.get(line.account) in _REVENUE:
                figures[_WHOLE] -= line.amount.amount
                figures[("cost_centre", line.cost_centre)] -= line.amount.amount
    return dict(figures)


def _signed(document: Document, value: Decimal) -> Decimal:
    return value if document.kind == "invoice" else -value


def _billings(books: Books, span: Span) -> Figures:
    """Σ net of invoices less credit memos dated in the period."""
    nets = (_signed(item, item.net.amount) for item in books.documents.values() if item.date in span)
    return {_WHOLE: sum(nets, _ZERO)}


def _cash_collected(books: Books, span: Span) -> Figures:
    """Σ gross of payments by the day the customer paid."""
    return {_WHOLE: sum((payment.amount.amount for payment in books.payments if payment.date in span), _ZERO)}


def _ar_ageing(books: Books, span: Span) -> Figures:
    """Open invoices as at the last day by days past due, with what was paid or credited and settles nothing yet."""
    as_at = span.end
    settled: defaultdict[str, list[Decimal]] = defaultdict(list)
    used: defaultdict[str, list[Decimal]] = defaultdict(list)
    for item in books.settlements:
        if item.day <= as_at:
            settled[item.invoice].append(item.amount)
            used[item.source].append(item.amount)
    figures: dict[tuple[str, str], Decimal] = {_WHOLE: _ZERO}
    figures |= {("bucket", bucket): _ZERO for bucket in (*BUCKETS, "unapplied")}
    for document in books.documents.values():
        if document.date > as_at:
            continue
        if document.kind == "invoice":
            rest = open_balance(document.total.amount, settled[document.id])
            figures[("bucket", _bucket(days_past_due(document.due or document.date, as_at)))] += rest
        else:
            figures[("bucket", "unapplied")] -= open_balance(document.total.amount, used[document.id])
    for payment in books.payments:
        if payment.date <= as_at:
            figures[("bucket", "unapplied")] -= open_balance(payment.amount.amount, used[payment.id])
    figures[_WHOLE] = sum(figures.values(), _ZERO)
    return dict(figures)


def _bucket(days: int) -> str:
    if days <= 0:
        return "current"
    return next((name for name, last in (("1-30", 30), ("31-60", 60), ("61-90", 90)) if days <= last), "over 90")


def _dso(books: Books, span: Span) -> Figures:
    """Receivables at the end ÷ credit sales of the period × its days, tax included on both sides."""
    sales = sum((_signed(item, item.total.amount) for item in books.documents.values() if item.date in span), _ZERO)
    upto = Span(start=date.min, end=span.end)
    receivables = _moved(books, lambda account: books.kinds.get(account) == "receivable", upto)
    return {_WHOLE: _ratio(receivables * span.days, sales, 2)}


def _discount_rate(books: Books, span: Span) -> Figures | None:
    """Σ discount ÷ Σ list of the documents dated in the period; list prices come from the deals."""
    if books.scope.book.policy.prices_include_tax:
        return None
    listed = {
        (item.deal_id, item.kind, item.version): sum((line.listed for line in item.lines), _ZERO)
        for item in books.scope.expected.documents
    }
    paired = {linked.document.id: expected for expected, linked in books.scope.pairing.pairs}
    gross = discount = _ZERO
    for document in books.documents.values():
        if document.date not in span:
            continue
        net, whole = document.net.amount, document.net.amount
        linked = books.scope.links.by_id.get(document.id)
        if document.id in paired:
            sold = paired[document.id]
            whole = listed[(sold.deal_id, sold.kind, sold.version)]
        elif linked is not None:
            whole = listed.get((linked.reference.id, document.kind, linked.version), net)
        gross += _signed(document, whole)
        discount += _signed(document, whole - net)
    return {_WHOLE: _ratio(discount, gross, 4)}


def _tax_liability(books: Books, span: Span) -> Figures:
    """Opening + charged by documents − settled otherwise = closing, on the accounts of tax; owed is positive."""
    opening = charged = settled = _ZERO
    for entry in books.ledger.entries:
        if entry.date > span.end:
            continue
        moved = sum((line.amount.amount for line in entry.lines if line.account in books.tax_accounts), _ZERO)
        if entry.date < span.start:
            opening -= moved
        elif entry.source in {"invoice", "credit_memo"}:
            charged -= moved
        else:
            settled += moved
    closing = opening + charged - settled
    parts = {"opening": opening, "charged": charged, "settled": settled, "closing": closing}
    return {_WHOLE: closing, **{("movement", key): value for key, value in parts.items()}}


def _ratio(part: Decimal, whole: Decimal, places: int) -> Decimal | None:
    """A quotient rounded half up, away from zero; None where there is nothing to divide by."""
    if whole <= 0:
        return None
    return (part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


_FORMULAS: Mapping[str, Callable[[Books, Span], Figures | None]] = MappingProxyType(
    {
        "net_revenue": _net_revenue,
        "billings": _billings,
        "cash_collected": _cash_collected,
        "ar_ageing": _ar_ageing,
        "dso": _dso,
        "discount_rate": _discount_rate,
        "tax_liability": _tax_liability,
    }
)
