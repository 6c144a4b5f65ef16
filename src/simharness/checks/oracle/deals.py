"""The life of one deal as the facts tell it, and what each rest of the connector must have billed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from simharness.checks.oracle.figures import Terms, billed_lines, obstacle, priced, taxed
from simharness.checks.oracle.model import BilledLine, ExpectedDocument, ExpectedRefusal, Origin
from simharness.checks.oracle.rulebook import Rulebook
from simharness.core.money import Money
from simharness.domain.crm import Certificate
from simharness.domain.fact import CustomerChanged, CustomerEntered, DealEntered, InvoiceEntered
from simharness.domain.policy import DealEditPolicy, InvoicesBy

Outcome = ExpectedDocument | ExpectedRefusal


@dataclass(slots=True, kw_only=True)
class CustomerState:
    """A customer as it stands at one point of the story."""

    name: str
    company_id: str
    region: str
    terms: str
    certificates: tuple[Certificate, ...]
    currency: str = ""

    @classmethod
    def of(cls, fact: CustomerEntered | CustomerChanged) -> CustomerState:
        return cls(
            name=fact.customer,
            company_id=fact.company_id,
            region=fact.region,
            terms=fact.terms,
            certificates=fact.certificates,
            currency=fact.currency if isinstance(fact, CustomerEntered) else "",
        )


@dataclass(slots=True, kw_only=True)
class First:
    """Under what conditions the deal was first billed: credits go back to these."""

    region: str
    certificates: tuple[Certificate, ...]
    day: date


@dataclass(slots=True, kw_only=True)
class DealState:
    """A deal as it stands, with what was billed of it; `settle` says what a rest must have brought."""

    entered: DealEntered
    customer: CustomerState
    terms: Terms
    won: bool = False
    won_on: date | None = None
    close_date: date | None = None
    origin: Origin
    version: int = 0
    first: First | None = None
    billed: dict[str, BilledLine] = field(default_factory=dict)
    refused: Terms | None = None
    elsewhere: InvoiceEntered | None = None

    def settle(self, book: Rulebook, rest: date, *, customer_changed: bool = False) -> Iterator[Outcome]:
        """What the connector must do about the deal when it comes to rest on a day; nothing when nothing changed."""
        if not self.won or self.before_cut_over(book) or (_by_others(book) and self.elsewhere is None):
            return
        reason = self._nobodys(book) or obstacle(
            book, self.terms, self.customer.region, self.entered.currency, self.customer.terms
        )
        reason = reason or self._other_currency(book)
        if reason:
            if self.refused != self.terms:
                self.refused = self.terms
                yield self._refusal(reason, self._worth(book))
            return
        if self.first is None:
            yield self._first_billing(book, optional=customer_changed and self.refused is not None)
        else:
            yield from self._change(book, rest)

    def overdue(self, book: Rulebook, rest: date) -> ExpectedRefusal | None:
        """That the billing system has not invoiced the deal in time, which somebody must have been told of."""
        if not self.won or self.won_on is None or self.elsewhere is not None or self.before_cut_over(book):
            return None
        if rest <= self.won_on + timedelta(days=book.policy.invoice_within_days):
            return None
        return self._refusal("the billing system has not invoiced it in time", self._worth(book))

    def _nobodys(self, book: Rulebook) -> str:
        """In a group the deal itself says whose it is, and nobody guesses."""
        if not book.entities or self.entered.entity in book.entities:
            return ""
        named = f"the entity {self.entered.entity!r}, which keeps no books" if self.entered.entity else "no entity"
        return f"the deal names {named}"

    def _other_currency(self, book: Rulebook) -> str:
        """A customer of the ledger has one currency for good."""
        mine, own = self.entered.currency, self.customer.currency or book.dictionary.currency
        return f"the deal is in {mine}, the customer is billed in {own}" if mine != own else ""

    def before_cut_over(self, book: Rulebook) -> bool:
        """Whether the deal was won before the first day that is billed."""
        cut_over = book.policy.cut_over
        return cut_over is not None and self.won_on is not None and self.won_on < cut_over

    def _worth(self, book: Rulebook) -> Decimal:
        return sum(priced(self.terms, book), Decimal(0)) if self.terms.lines else Decimal(0)

    def _first_billing(self, book: Rulebook, *, optional: bool) -> ExpectedDocument:
        day = self.won_on or self.origin.on
        if book.policy.invoice_date == "close_date" and self.close_date is not None:
            day = self.close_date
        if self.elsewhere is not None:
            day = self.elsewhere.dated
        lines = billed_lines(book, self.terms, self.customer.region)
        self.first = First(region=self.customer.region, certificates=self.customer.certificates, day=day)
        self.billed = {line.line_id: line for line in lines}
        self.version = 1
        self.refused = None
        document = self._document(book, "invoice", lines, self.first, (day, day))
        return replace(document, optional=optional or not document.total)

    def _change(self, book: Rulebook, rest: date) -> Iterator[Outcome]:
        lines = billed_lines(book, self.terms, self.customer.region)
        now = {line.line_id: line for line in lines}
        moved = {key: now[key].amount - (self.billed[key].amount if key in self.billed else 0) for key in now}
        moved |= {key: -line.amount for key, line in self.billed.items() if key not in now}
        if not any(moved.values()):
            return
        if book.policy.deal_edits is DealEditPolicy.REFUSE or _by_others(book):
            if self.refused != self.terms:
                self.refused = self.terms
                worth = sum((abs(amount) for amount in moved.values()), Decimal(0))
                yield self._refusal("a won deal was changed, which these books refuse", worth, is_change=True)
            return
        self.version += 1
        days = (self.origin.on, max(rest, self.origin.on))
        original = self.first or First(
            region=self.customer.region, certificates=self.customer.certificates, day=days[0]
        )
        current = First(region=self.customer.region, certificates=self.customer.certificates, day=days[0])
        if book.policy.deal_edits is DealEditPolicy.CREDIT_AND_REBILL:
            down, up = tuple(self.billed.values()), lines
        else:
            up = tuple(_part(now[key], self.billed.get(key)) for key in now if moved[key] > 0)
            down = tuple(_part(self.billed[key], now.get(key)) for key in self.billed if moved[key] < 0)
        if down:
            yield self._document(book, "credit_memo", down, original, days)
        if up:
            yield self._document(book, "invoice", up, current, days)
        self.billed = now

    def _document(
        self, book: Rulebook, kind: str, lines: tuple[BilledLine, ...], under: First, days: tuple[date, date]
    ) -> ExpectedDocument:
        currency = self.entered.currency
        billing = taxed(book, lines, under.region, under.certificates, under.day, currency=currency)
        terms = book.terms.get(self.customer.terms)
        return ExpectedDocument(
            kind=kind,
            deal=self.entered.deal,
            deal_id=self.entered.deal_id,
            customer=self.customer.name,
            company_id=self.customer.company_id,
            version=self.version,
            dated=days[0],
            latest=days[1],
            terms_days=terms.days if terms else None,
            currency=self.entered.currency,
            location=self.entered.location,
            lines=billing.lines,
            groups=billing.groups,
            origin=self.origin,
            exempt_by=billing.exempt_by,
            exempt_reasons=billing.reasons,
        )

    def _refusal(self, reason: str, worth: Decimal, *, is_change: bool = False) -> ExpectedRefusal:
        return ExpectedRefusal(
            deal=self.entered.deal,
            deal_id=self.entered.deal_id,
            reason=reason,
            amount=Money(worth, self.entered.currency),
            origin=self.origin,
            is_change=is_change,
        )


def _part(line: BilledLine, other: BilledLine | None) -> BilledLine:
    """The part of a line by which it differs from its other state."""
    if other is None:
        return line
    amount = line.amount - other.amount
    return replace(line, amount=amount, net=amount, listed=line.listed - other.listed)


def _by_others(book: Rulebook) -> bool:
    """Whether a billing system writes the invoices, and what it wrote is its own."""
    return book.policy.invoices_by is InvoicesBy.BILLING_SYSTEM
