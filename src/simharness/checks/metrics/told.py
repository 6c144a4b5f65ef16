"""What the story itself makes of net revenue, billings and cash collected, where that is not what the books give.

The books are taken apart by the sources that their records name. What happened at a source says what its records have
to bring: an expected document the net of its lines, money that moved its amount, a loss or a payout no revenue at all.
Taken as the ledger has them are records that name no source, the tax of what is given back (V7 and V16 hold it), and
what gateways and banks make of foreign money (V17 does). A day that V13 accepts is the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from simharness.checks.arithmetic.months import last_day
from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.deferred import Deferrals
from simharness.checks.effects import Effect
from simharness.checks.gateway import paid_days
from simharness.checks.metrics.payroll import cost_told
from simharness.checks.metrics.recompute import REVENUE, Books, Span
from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.originals import taken_back
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.domain.books import Document
from simharness.domain.fact import (
    BankLinePosted,
    BankMoved,
    ChequeTaken,
    CreditApproved,
    DisputeClosed,
    PaymentDisputed,
    PaymentRefunded,
)

_ZERO = Decimal(0)
#: Sources that bring no revenue, whatever account their postings name.
_NO_REVENUE = ("fee", "payout", "dispute", "payment", "write_off")
_BACK = frozenset({"credit_memo", "refund_receipt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a source should bring on a day, and what its records bring on theirs."""

    due: Decimal
    on: date
    posted: Decimal
    posted_on: date

    def within(self, span: Span) -> Decimal:
        """By how much the figure of some days would be another one."""
        return (self.due if self.on in span else _ZERO) - (self.posted if self.posted_on in span else _ZERO)


class Told:
    """One state of the books held against what happened until then."""

    def __init__(self, scope: Scope, books: Books) -> None:
        self._scope, self._books = scope, books
        self._unit = minor_unit(scope.dictionary.currency)

    def figure(self, metric: str, span: Span, in_books: Decimal) -> Decimal:
        """A metric's number as what happened gives it, from the number that the books give."""
        if metric == "deferred_revenue":  # what is left at the end of the span
            span = Span(start=date.min, end=span.end)
        return in_books + sum((each.within(span) for each in self._of.get(metric, ())), _ZERO)

    @cached_property
    def _of(self) -> Mapping[str, list[Difference]]:
        payroll = [
            Difference(due=due, on=on, posted=posted, posted_on=posted_on)
            for due, on, posted, posted_on in cost_told(self._scope)
        ]
        if not self._scope.references.declares("invoice"):
            return MappingProxyType({"payroll_cost": payroll})
        return MappingProxyType(
            {
                "payroll_cost": payroll,
                "net_revenue": [
                    *self._documents(revenue=True),
                    *self._given_back(revenue=True),
                    *self._no_revenue(),
                    *self._recognised(revenue=True),
                ],
                "deferred_revenue": [*self._deferred(), *self._recognised(revenue=False)],
                "billings": [*self._documents(revenue=False), *self._given_back(revenue=False)],
                "cash_collected": [*self._paid(), *self._cheques(), *self._returned()],
            }
        )

    @cached_property
    def _revenue(self) -> Mapping[tuple[str, str], Decimal]:
        """What the entries of each record bring to revenue, income positive."""
        sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for entry in self._books.ledger.entries:
            for line in entry.lines:
                if self._books.kinds.get(line.account) in REVENUE:
                    sums[entry.source, entry.source_id] -= line.amount.amount
        return sums

    def _brings(self, document: Document, *, revenue: bool) -> Decimal:
        if revenue:
            return self._revenue.get((document.kind, document.id), _ZERO)
        return _signed(document.kind, self._books.in_base(document.net.amount, document.rate))

    def _documents(self, *, revenue: bool) -> Iterator[Difference]:
        """Documents of deals: each brings the net of its lines, those of a deposit no revenue."""
        scope = self._scope
        for expected, linked in scope.pairing.pairs:
            document = linked.document
            if document.id in self._books.documents:
                due = self._books.in_base(_due(expected, revenue=revenue), document.rate)
                posted = self._brings(document, revenue=revenue)
                foreign = document.rate not in (None, 1)
                exact = not foreign and not scope.book.policy.prices_include_tax
                if exact or abs(due - posted) > self._unit * len(document.lines):
                    on = self._day(expected, document)
                    yield Difference(due=due, on=on, posted=posted, posted_on=document.date)
        for expected in scope.pairing.missing:
            if expected.currency == scope.dictionary.currency:
                due = _due(expected, revenue=revenue)
                yield Difference(due=due, on=expected.dated, posted=_ZERO, posted_on=expected.dated)
        for linked in self._superfluous():
            posted = self._brings(linked.document, revenue=revenue)
            yield Difference(due=_ZERO, on=linked.document.date, posted=posted, posted_on=linked.document.date)

    def _superfluous(self) -> Iterator[LinkedDocument]:
        pairing = self._scope.pairing
        for linked in (*pairing.unexpected, *(further for _, further in pairing.duplicates)):
            if linked.document.id in self._books.documents:
                yield linked

    def _day(self, expected: ExpectedDocument, document: Document) -> date:
        right = expected.dated <= document.date <= expected.latest
        closings = self._scope.judged.closings
        if right or closings.may_bear(expected.dated, document.date, document.created_at):
            return document.date
        return expected.dated

    def _given_back(self, *, revenue: bool) -> Iterator[Difference]:
        """Credits and refunds of a sale bring what was told less their tax; of anything else a refund is no sale."""
        told = self._givebacks
        asked = {each.deal_id for each in self._scope.expected.documents if each.is_deposit}
        left: dict[str, Decimal] = {}
        for back in taken_back(self._scope):
            document, fact = back.document, told.get((back.noun, back.id, back.state if back.noun == "credit" else ""))
            if fact is None or document.id not in self._books.documents or document.rate not in (None, 1):
                continue
            links = [self._scope.links.by_id.get(each.id) for each in back.originals]
            if any(link is not None and link.reference.id in asked for link in links):
                continue  # What went back of a deposit, and of what it was taken off, are V28's.
            gross = fact.amount.amount
            if isinstance(fact, CreditApproved) and back.originals:
                original = back.originals[0]
                rest = left.setdefault(original.id, original.total.amount)
                gross = min(gross, rest)
                left[original.id] = rest - document.total.amount
            sale = isinstance(fact, CreditApproved) or fact.reason == "sale"
            if not sale and not revenue:
                continue
            due = -(gross - document.tax.amount) if sale else _ZERO
            if revenue and document.id in self._deferrals.taken:
                due += self._deferrals.taken[document.id].deferred
            posted = self._brings(document, revenue=revenue)
            yield Difference(due=due, on=document.date, posted=posted, posted_on=document.date)

    @cached_property
    def _deferrals(self) -> Deferrals:
        return Deferrals(self._scope)

    @cached_property
    def _liability(self) -> Mapping[tuple[str, str], Decimal]:
        """What the entries of each record bring to deferred revenue."""
        accounts = self._scope.accounts_with("deferred_revenue")
        sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for entry in self._books.ledger.entries:
            for line in entry.lines:
                if line.account in accounts:
                    sums[entry.source, entry.source_id] -= line.amount.amount
        return sums

    def _deferred(self) -> Iterator[Difference]:
        """Documents of deals bring what their lines defer, credits take what is not given yet."""
        for expected, linked in self._scope.pairing.pairs:
            document = linked.document
            deferred = sum((line.net for line in expected.lines if line.unit), _ZERO)
            if deferred and document.id in self._books.documents:
                posted = self._liability.get((document.kind, document.id), _ZERO)
                on = self._day(expected, document)
                yield Difference(due=_signed(expected.kind, deferred), on=on, posted=posted, posted_on=document.date)
        for expected in self._scope.pairing.missing:
            deferred = sum((line.net for line in expected.lines if line.unit), _ZERO)
            yield Difference(
                due=_signed(expected.kind, deferred), on=expected.dated, posted=_ZERO, posted_on=expected.dated
            )
        for taken in self._deferrals.taken.values():
            document = taken.back.document
            if document.id in self._books.documents:
                posted, on = self._liability.get((document.kind, document.id), _ZERO), document.date
                yield Difference(due=-taken.deferred, on=on, posted=posted, posted_on=on)

    def _recognised(self, *, revenue: bool) -> Iterator[Difference]:
        """Each line brings to revenue, by period, what its service calls for, and takes it off the liability."""
        figures, sign = (self._revenue, 1) if revenue else (self._liability, -1)
        found: defaultdict[tuple[str, str], list[Effect]] = defaultdict(list)
        for effect in self._scope.effects.naming("recognition"):
            found[effect.id, effect.state[:7]].append(effect)
        due = {
            (line.line_id, period): sign * amount
            for line in self._deferrals.lines.values()
            for period, amount in line.entries.items()
        }
        for key in dict.fromkeys([*due, *found]):
            entries = [effect.entry for effect in found.get(key, [])]
            posted = sum((figures.get((each.source, each.source_id), _ZERO) for each in entries), _ZERO)
            day = last_day(key[1])
            posted_on = entries[0].date if entries else day
            closings = self._scope.judged.closings
            on = posted_on if entries and closings.may_bear(day, posted_on, entries[0].created_at) else day
            yield Difference(due=due.get(key, _ZERO), on=on, posted=posted, posted_on=posted_on)

    @cached_property
    def _givebacks(self) -> Mapping[tuple[str, str, str], CreditApproved | PaymentRefunded]:
        found: dict[tuple[str, str, str], CreditApproved | PaymentRefunded] = {}
        count: defaultdict[str, int] = defaultdict(int)
        for fact in self._scope.facts:
            if isinstance(fact, PaymentRefunded):
                found["refund", fact.refund_id, ""] = fact
            elif isinstance(fact, CreditApproved):
                count[fact.invoice_number] += 1
                found["credit", fact.invoice_number, str(count[fact.invoice_number])] = fact
        return found

    def _no_revenue(self) -> Iterator[Difference]:
        """Fees, payouts, disputes, payments and losses are none, nor is a bank line but for its discount."""
        granted = _granted(self._scope)
        for effect in self._scope.effects.naming(*_NO_REVENUE, "bank_line"):
            if effect.noun != "bank_line" or effect.id not in granted:
                entry = effect.entry
                posted = self._revenue.get((entry.source, entry.source_id), _ZERO)
                if posted and entry.source_id:
                    yield Difference(due=_ZERO, on=entry.date, posted=posted, posted_on=entry.date)

    def _paid(self) -> Iterator[Difference]:
        """Payments through the gateway bring their amount on the local day of the charge."""
        scope = self._scope
        days = paid_days(scope.gateway, scope.zone)
        for payment in scope.expected.payments:
            records = [
                each
                for each in scope.links.payments_of.get(payment.charge_id, ())
                if each.status != "void" and each.kind == "customer"
            ]
            if payment.amount.currency != scope.dictionary.currency or scope.judged.listed.refused(payment.charge_id):
                continue
            due, on = payment.amount.amount, days.get(payment.charge_id, payment.dated)
            first = records[0].date if records else on
            if records and scope.judged.closings.may_bear(on, first, records[0].created_at):
                on = first
            posted = sum((each.amount.amount for each in records), _ZERO)
            yield Difference(due=due, on=on, posted=posted, posted_on=first)

    def _cheques(self) -> Iterator[Difference]:
        taken = {fact.payment_id: fact for fact in self._scope.facts if isinstance(fact, ChequeTaken)}
        for payment in self._books.payments:
            fact = taken.get(payment.id)
            if fact is not None and fact.amount.currency == self._scope.dictionary.currency:
                posted = payment.amount.amount
                yield Difference(due=fact.amount.amount, on=fact.on, posted=posted, posted_on=payment.date)

    def _returned(self) -> Iterator[Difference]:
        """Refunds and disputes bring their amount, the other way."""
        scope, due = self._scope, dict[tuple[str, str, str], Decimal]()
        for fact in scope.facts:
            if isinstance(fact, PaymentRefunded | PaymentDisputed | DisputeClosed):
                if fact.amount.currency != scope.dictionary.currency:
                    continue
                if isinstance(fact, DisputeClosed):
                    due["dispute", fact.dispute_id, "won"] = fact.amount.amount
                elif isinstance(fact, PaymentDisputed):
                    due["dispute", fact.dispute_id, ""] = -fact.amount.amount
                else:
                    due["refund", fact.refund_id, ""] = -fact.amount.amount
        found: defaultdict[tuple[str, str, str], list[Effect]] = defaultdict(list)
        for effect in scope.effects.naming("refund", "dispute"):
            found[effect.noun, effect.id, effect.state].append(effect)
        for key, amount in due.items():
            effects = found.get(key, [])
            posted = sum((self._books.collected_by(effect.entry) for effect in effects), _ZERO)
            if effects and posted:
                day = effects[0].entry.date
                yield Difference(due=amount, on=day, posted=posted, posted_on=day)


def _granted(scope: Scope) -> frozenset[str]:
    """The bank lines with a settlement discount: V6 holds its amount."""
    posted = {fact.pending_id: fact.line_id for fact in scope.facts if isinstance(fact, BankLinePosted)}
    lines = [fact for fact in scope.facts if isinstance(fact, BankMoved) and fact.discount is not None]
    return frozenset(posted.get(fact.line_id, fact.line_id) for fact in lines)


def _due(expected: ExpectedDocument, *, revenue: bool) -> Decimal:
    lines = [line for line in expected.sold if not line.unit] if revenue else expected.lines
    return _signed(expected.kind, sum((line.net for line in lines), _ZERO))


def _signed(kind: str, value: Decimal) -> Decimal:
    return -value if kind in _BACK else value
