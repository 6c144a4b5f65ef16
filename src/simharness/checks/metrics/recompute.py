"""Every metric of the rules' section 8, computed from the ledger and the facts with the checks' own arithmetic."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import MappingProxyType

from msgspec import structs

from simharness.checks.arithmetic.days import days_past_due
from simharness.checks.arithmetic.settlement import open_balance
from simharness.checks.metrics.payroll import gross_to_net, payroll_cost
from simharness.checks.metrics.recurring import MONTHS, lines_over_time, monthly
from simharness.checks.scope import Scope
from simharness.domain.books import Document, Entry, LedgerSnapshot, OpenItem, Payment

#: A metric's figures by (by, key); ("", "") is the number itself.
Figures = dict[tuple[str, str], Decimal | None]

BUCKETS = ("current", "1-30", "31-60", "61-90", "over 90")
_ZERO = Decimal(0)
_WHOLE = ("", "")
#: The kinds of accounts that are revenue.
REVENUE = frozenset({"income", "contra_income"})
_ON_CREDIT = frozenset({"invoice", "credit_memo"})
_BILLED = _ON_CREDIT | {"sales_receipt", "refund_receipt"}
_MONEY = frozenset({"bank", "gateway_clearing", "undeposited"})


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
        self.payments = [
            payment for payment in ledger.payments if payment.status != "void" and payment.kind == "customer"
        ]
        self.items = {(item.entry, item.party): item for item in ledger.open_items}
        self.roles = {
            account.number: account.role for account in scope.dictionary.accounts if account.number and account.role
        }
        self.settlements = [item for payment in self.payments for item in self._settlements(payment)]
        numbers = {code.account for code in scope.dictionary.tax_codes}
        numbers = (numbers | {scope.book.account_with("tax_payable")}) - {""}
        self.tax_accounts = {item.id for item in ledger.accounts if scope.number_of(item.id) in numbers}

    def role_of(self, account: str) -> str:
        """The purpose the dictionary gives an account of the ledger, or empty."""
        return self.roles.get(self.scope.number_of(account), "")

    def in_base(self, amount: Decimal, rate: Decimal | None) -> Decimal:
        """A document's or payment's amount in the currency of the books, to the cent."""
        if rate is None or rate == 1:
            return amount
        return (amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _settlements(self, payment: Payment) -> Iterator[Settlement]:
        """What a payment settles: the credits it links come first, its own money takes the rest."""
        credits: list[tuple[str, date, Decimal]] = []
        debits: list[tuple[str, date, Decimal]] = []
        for part in payment.applications:
            document = self.documents.get(part.document)
            item = self.items.get((part.document, payment.party))
            if document is not None and document.kind in {"invoice", "credit_memo"}:
                side = debits if document.kind == "invoice" else credits
                side.append((document.id, document.date, abs(part.amount.amount)))
            elif item is not None:
                side = debits if item.amount.amount > 0 else credits
                side.append((_item_key(item), item.date, abs(part.amount.amount)))
        for debit, day, amount in debits:
            rest = amount
            while rest > 0 and credits:
                source, since, left = credits.pop(0)
                part_of = min(rest, left)
                rest -= part_of
                if left > part_of:
                    credits.insert(0, (source, since, left - part_of))
                yield Settlement(source=source, invoice=debit, day=max(payment.date, since, day), amount=part_of)
            if rest:
                yield Settlement(source=payment.id, invoice=debit, day=max(payment.date, day), amount=rest)

    def forgetting(self, *, settlements: bool = False, records: bool = False) -> Books:
        """The same books as a metric sees them that forgets the days of settlements, or of all records."""
        twin = copy(self)
        if settlements:
            twin.settlements = [replace(item, day=date.min) for item in self.settlements]
        if records:
            twin.documents = {key: structs.replace(item, date=date.min) for key, item in self.documents.items()}
            twin.payments = [structs.replace(item, date=date.min) for item in self.payments]
            twin.items = {key: structs.replace(item, date=date.min) for key, item in self.items.items()}
        return twin

    def collected_by(self, entry: Entry) -> Decimal:
        """What an entry that gives money back, or takes that back, brings to cash collected."""
        document = self.documents.get(entry.source_id)
        if document is not None and entry.source == document.kind == "refund_receipt":
            return -self.in_base(document.total.amount, document.rate)
        return _by_journal(self, entry)

    @cached_property
    def last_day(self) -> date:
        """The last day that any record bears."""
        days = [document.date for document in self.documents.values()]
        days += [payment.date for payment in self.payments]
        days += [entry.date for entry in self.ledger.entries]
        return max(days, default=date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A part of a payment, credit memo or credit of a journal (`source`) that settles an invoice, or a debit of a
    journal, from a day on.
    """

    source: str
    invoice: str
    day: date
    amount: Decimal


def _item_key(item: OpenItem) -> str:
    return f"{item.entry}/{item.party}"


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
            if books.kinds.get(line.account) in REVENUE:
                figures[_WHOLE] -= line.amount.amount
                figures[("cost_centre", line.cost_centre)] -= line.amount.amount
    return dict(figures)


def _signed(document: Document, value: Decimal) -> Decimal:
    return value if document.kind in {"invoice", "sales_receipt"} else -value


def _billings(books: Books, span: Span) -> Figures:
    """Σ net of what was billed less what was credited or refunded by document, dated in the period."""
    nets = (
        _signed(item, books.in_base(item.net.amount, item.rate))
        for item in books.documents.values()
        if item.date in span and item.kind in _BILLED
    )
    return {_WHOLE: sum(nets, _ZERO)}


def _sales(books: Books, span: Span) -> Decimal:
    """Credit sales with tax: invoices less credit memos."""
    return sum(
        (
            _signed(item, books.in_base(item.total.amount, item.rate))
            for item in books.documents.values()
            if item.date in span and item.kind in _ON_CREDIT
        ),
        _ZERO,
    )


def _cash_collected(books: Books, span: Span) -> Figures:
    """What customers paid, gross, less what went back to them: by receipt, or by a journal on their account."""
    paid = sum((books.in_base(item.amount.amount, item.rate) for item in books.payments if item.date in span), _ZERO)
    back = _ZERO
    for document in books.documents.values():
        total = books.in_base(document.total.amount, document.rate)
        if document.date in span and document.kind == "sales_receipt":
            paid += total
        elif document.date in span and document.kind == "refund_receipt":
            back -= total
    back += sum((_by_journal(books, entry) for entry in books.ledger.entries if entry.date in span), _ZERO)
    return {_WHOLE: paid + back, ("kind", "payments"): paid, ("kind", "refunds"): back}


def _by_journal(books: Books, entry: Entry) -> Decimal:
    """What a journal on a customer's account moves in money."""
    if entry.source != "journal":
        return _ZERO
    touched = {line.account for line in entry.lines}
    if not any(books.kinds.get(each) == "receivable" or books.role_of(each) == "deposits" for each in touched):
        return _ZERO
    return sum((line.amount.amount for line in entry.lines if books.role_of(line.account) in _MONEY), _ZERO)


def _ar_ageing(books: Books, span: Span) -> Figures:
    """Open invoices as at the last day by days past due, with what was paid or credited and settles nothing yet."""
    as_at = span.end
    settled: defaultdict[str, list[Decimal]] = defaultdict(list)
    used: defaultdict[str, list[Decimal]] = defaultdict(list)
    for part in books.settlements:
        if part.day <= as_at:
            settled[part.invoice].append(part.amount)
            used[part.source].append(part.amount)
    figures: dict[tuple[str, str], Decimal] = {_WHOLE: _ZERO}
    figures |= {("bucket", bucket): _ZERO for bucket in (*BUCKETS, "unapplied")}
    for document in books.documents.values():
        if document.date > as_at or document.kind not in _ON_CREDIT:
            continue
        if document.kind == "invoice":
            rest = books.in_base(open_balance(document.total.amount, settled[document.id]), document.rate)
            figures[("bucket", _bucket(days_past_due(document.due or document.date, as_at)))] += rest
        else:
            rest = books.in_base(open_balance(document.total.amount, used[document.id]), document.rate)
            figures[("bucket", "unapplied")] -= rest
    for item in books.items.values():
        if item.date > as_at:
            continue
        key, amount = _item_key(item), item.amount.amount
        if amount > 0:
            rest = books.in_base(open_balance(amount, settled[key]), item.rate)
            figures[("bucket", _bucket(days_past_due(item.date, as_at)))] += rest
        else:
            figures[("bucket", "unapplied")] -= books.in_base(open_balance(-amount, used[key]), item.rate)
    for payment in books.payments:
        if payment.date <= as_at:
            rest = books.in_base(open_balance(payment.amount.amount, used[payment.id]), payment.rate)
            figures[("bucket", "unapplied")] -= rest
    figures[_WHOLE] = sum(figures.values(), _ZERO)
    return dict(figures)


def _bucket(days: int) -> str:
    if days <= 0:
        return "current"
    return next((name for name, last in (("1-30", 30), ("31-60", 60), ("61-90", 90)) if days <= last), "over 90")


def _dso(books: Books, span: Span) -> Figures:
    """Receivables at the end ÷ credit sales of the period × its days, tax included on both sides."""
    receivables = _receivables(books, span.end)
    return {_WHOLE: _ratio(receivables * span.days, _sales(books, span), 2)}


def _receivables(books: Books, until: date) -> Decimal:
    upto = Span(start=date.min, end=until)
    return _moved(books, lambda account: books.kinds.get(account) == "receivable", upto)


def _collection_effectiveness(books: Books, span: Span) -> Figures:
    """(opening + billed − closing) ÷ (opening + billed − closing not yet due), receivables with tax."""
    opening = _receivables(books, span.start - timedelta(days=1))
    due = opening + _sales(books, span)
    settled: defaultdict[str, list[Decimal]] = defaultdict(list)
    for part in books.settlements:
        if part.day <= span.end:
            settled[part.invoice].append(part.amount)
    early = sum(
        (
            books.in_base(open_balance(item.total.amount, settled[item.id]), item.rate)
            for item in books.documents.values()
            if item.kind == "invoice" and item.date <= span.end and (item.due or item.date) >= span.end
        ),
        _ZERO,
    )
    return {_WHOLE: _ratio(due - _receivables(books, span.end), due - early, 4)}


def _gateway_fee_rate(books: Books, span: Span) -> Figures:
    """Σ of the fees account ÷ Σ gross of the payments that went to gateway clearing."""
    fees = _moved(books, lambda account: books.role_of(account) == "fees", span)
    charged = sum(
        (
            books.in_base(item.amount.amount, item.rate)
            for item in books.payments
            if item.date in span and books.role_of(item.account) == "gateway_clearing"
        ),
        _ZERO,
    )
    return {_WHOLE: _ratio(fees, charged, 4)}


def _mrr(books: Books, span: Span) -> Figures | None:
    """Σ of a month's worth of the recurring lines of won deals that run on the last day of the period, as they were."""
    checkpoint = books.scope.checkpoint
    crm = checkpoint.world.crm if checkpoint is not None else None
    if crm is None:
        return None
    figures: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    figures[_WHOLE] = _ZERO
    histories = lines_over_time(books.scope.facts)
    for deal in crm.deals:
        lines = histories[deal.id].on(span.end) if deal.id in histories else deal.lines  # else it never changed
        for line in lines if deal.stage == "won" else ():
            runs = (line.service_from or span.end) <= span.end <= (line.service_to or span.end)
            months = MONTHS.get(line.recurring)
            if months is None or not runs or line.unit_price.currency != books.ledger.currency:
                continue
            worth = monthly(line, months, books.scope.dictionary.policy.rounding)
            figures[_WHOLE] += worth
            figures[("product", line.product)] += worth
    return dict(figures)


def _discount_rate(books: Books, span: Span) -> Figures | None:
    """Σ discount ÷ Σ list of the documents dated in the period, deposits left out; list prices come from the deals."""
    if books.scope.book.policy.prices_include_tax:
        return None
    listed = {
        (item.deal_id, item.kind, item.version): sum((line.listed for line in item.lines), _ZERO)
        for item in books.scope.expected.documents
    }
    paired = {linked.document.id: expected for expected, linked in books.scope.pairing.pairs}
    gross = discount = _ZERO
    for document in books.documents.values():
        if document.date not in span or document.kind not in _ON_CREDIT:
            continue
        net = whole = document.net.amount - _advanced(books, document)
        linked = books.scope.links.by_id.get(document.id)
        if document.id in paired:
            sold = paired[document.id]
            whole = listed[(sold.deal_id, sold.kind, sold.version)]
        elif linked is not None:
            whole = listed.get((linked.reference.id, document.kind, linked.version), net)
        gross += _signed(document, whole)
        discount += _signed(document, whole - net)
    return {_WHOLE: _ratio(discount, gross, 4)}


def _advanced(books: Books, document: Document) -> Decimal:
    """What a document asks for as deposit, or (negative) takes off of one."""
    lines = (line for line in document.lines if line.kind == "item" and books.role_of(line.account) == "deposits")
    return sum((line.amount.amount for line in lines), _ZERO)


def _tax_liability(books: Books, span: Span) -> Figures:
    """Opening + charged by documents − settled otherwise = closing, on the accounts of tax; owed is positive."""
    opening = charged = settled = _ZERO
    for entry in books.ledger.entries:
        if entry.date > span.end:
            continue
        moved = sum((line.amount.amount for line in entry.lines if line.account in books.tax_accounts), _ZERO)
        if entry.date < span.start:
            opening -= moved
        elif entry.source in _BILLED:
            charged -= moved
        else:
            settled += moved
    closing = opening + charged - settled
    parts = {"opening": opening, "charged": charged, "settled": settled, "closing": closing}
    return {_WHOLE: closing, **{("movement", key): value for key, value in parts.items()}}


def _deferred_revenue(books: Books, span: Span) -> Figures:
    """Opening + billed − recognised − credited = closing, on the account of deferred revenue; owed is positive."""
    accounts = books.scope.accounts_with("deferred_revenue")
    parts = dict.fromkeys(("opening", "billed", "recognised", "credited"), _ZERO)
    for entry in books.ledger.entries:
        if entry.date > span.end:
            continue
        moved = -sum((line.amount.amount for line in entry.lines if line.account in accounts), _ZERO)
        if entry.date < span.start:
            parts["opening"] += moved
        elif entry.source in {"invoice", "sales_receipt"}:
            parts["billed"] += moved
        elif entry.source in {"credit_memo", "refund_receipt"}:
            parts["credited"] -= moved
        else:
            parts["recognised"] -= moved
    parts["closing"] = parts["opening"] + parts["billed"] - parts["recognised"] - parts["credited"]
    return {_WHOLE: parts["closing"], **{("movement", key): value for key, value in parts.items()}}


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
        "collection_effectiveness": _collection_effectiveness,
        "gateway_fee_rate": _gateway_fee_rate,
        "mrr": _mrr,
        "discount_rate": _discount_rate,
        "tax_liability": _tax_liability,
        "payroll_cost": payroll_cost,
        "gross_to_net": gross_to_net,
        "deferred_revenue": _deferred_revenue,
    }
)
