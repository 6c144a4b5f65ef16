"""The life of one deal as the facts tell it, and what each rest of the connector must have billed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.oracle.deposits import Advance, Part, asked, rate_conflict, taken_off
from simharness.checks.oracle.figures import Terms, billed_lines, obstacle, priced, schedule_obstacle, taxed
from simharness.checks.oracle.model import (
    BilledLine,
    Conditions,
    ExpectedDeposit,
    ExpectedDocument,
    ExpectedRefusal,
    Origin,
)
from simharness.checks.oracle.proration import Prices
from simharness.checks.oracle.rulebook import Rulebook
from simharness.checks.oracle.schedules import Calendar, dues, group, key_of, number_in
from simharness.core.money import Money
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.fact import CustomerChanged, CustomerEntered, DealEntered, InvoiceEntered
from simharness.domain.policy import DealEditPolicy, InvoicesBy, Proration

Outcome = ExpectedDocument | ExpectedRefusal


@dataclass(slots=True, kw_only=True)
class CustomerState:
    """A customer as it stands at one point of the story."""

    name: str
    company_id: str
    region: str
    terms: str
    certificates: tuple[Certificate, ...]

    @classmethod
    def of(cls, fact: CustomerEntered | CustomerChanged) -> CustomerState:
        return cls(
            name=fact.customer,
            company_id=fact.company_id,
            region=fact.region,
            terms=fact.terms,
            certificates=fact.certificates,
        )


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
    first: Conditions | None = None
    delivered_on: date | None = None
    advance: Advance | None = None
    billed: dict[str, BilledLine] = field(default_factory=dict)
    prices: dict[str, Prices] = field(default_factory=dict)
    reached: dict[str, date] = field(default_factory=dict)
    refused: Terms | None = None
    elsewhere: InvoiceEntered | None = None

    def settle(self, book: Rulebook, rest: date, *, customer_changed: bool = False) -> Iterator[Outcome]:
        """What the connector must do about the deal when it comes to rest on a day; nothing when nothing changed."""
        if not self.won or self.before_cut_over(book) or (_by_others(book) and self.elsewhere is None):
            return
        if self.first is None and self.in_two_steps and self.delivered_on is None and self.advance is not None:
            return  # the rest is billed on delivery
        day = self.origin.on if self.first is not None else self._billing_day(book)
        reason = self._nobodys(book) or obstacle(
            book, self.terms, self.customer.region, self.entered.currency, day, self.customer.terms
        )
        reason = reason or schedule_obstacle(
            book, self.terms, self.entered.currency, deposit=self.in_two_steps, billed=self.billed
        )
        reason = reason or self._wrong_service(book, rest) or self._wrong_deposit(book, day)
        if reason:
            if self.refused != self.terms:
                self.refused = self.terms
                yield self._refusal(reason, self._worth(book))
            return
        if self.first is None and self.in_two_steps and self.delivered_on is None:
            yield self._deposit(book, day)
        elif self.first is None:
            if not self.terms.lines or not all(group(line) for line in self.terms.lines):
                optional = customer_changed and self.refused is not None
                yield self._first_billing(book, day, rest, optional=optional)
            yield from self._fallen_due(book, rest)
        else:
            yield from self._change(book, rest)
            yield from self._fallen_due(book, rest)

    def falls_due(self, rest: date) -> bool:
        """Whether anything of the deal is due by a day that was not billed yet, whatever anybody told."""
        if not self.won or self.refused is not None or not any(group(line) for line in self.terms.lines):
            return False
        return any(slot for line in self.terms.lines for slot in self._open_slots(line, rest))

    def _open_slots(self, line: DealLine, rest: date) -> Iterator[str]:
        for due in dues(line, self._calendar(rest)):
            if due.slot and key_of(line.id, due.slot) not in self.billed:
                yield due.slot

    def _calendar(self, rest: date) -> Calendar:
        return Calendar(won=self._won_day, until=rest, reached=self.reached)

    @property
    def _won_day(self) -> date:
        return self.won_on or self.origin.on

    def _fallen_due(self, book: Rulebook, rest: date) -> Iterator[ExpectedDocument]:
        """What fell due by itself, each time in a document of its own."""
        at = self._calendar(rest)
        before = {line.slot for line in self.billed.values()}
        lines = billed_lines(book, self.terms, self.customer.region, rest, at, self.billed)
        for slot in sorted({line.slot for line in lines} - before - {""}):
            mine = tuple(line for line in lines if line.slot == slot)
            day = next(due.day for line in self.terms.lines for due in dues(line, at) if due.slot == slot)
            self.first = self.first or self._now(day)
            self.version = max(self.version, 1)
            self._keep(mine)
            self.refused = None
            yield self._document(book, "invoice", mine, self._now(day), (day, day), due=slot)

    def _keep(self, lines: tuple[BilledLine, ...]) -> None:
        """Remember lines as billed, and what their days of service cost from the first on."""
        self.billed |= {line.key: line for line in lines}
        self.prices |= {
            line.key: Prices(last=line.service[1], steps=((line.service[0], line.listed, line.amount),))
            for line in lines
            if line.service is not None
        }

    def _wrong_service(self, book: Rulebook, rest: date) -> str:
        """Other days for what was billed for days."""
        if book.policy.proration is not Proration.DAY or book.policy.deal_edits is not DealEditPolicy.DELTA:
            return ""
        if not self.billed:
            return ""
        now = billed_lines(book, self.terms, self.customer.region, self.origin.on, self._calendar(rest), self.billed)
        for line in now:
            before = self.billed.get(line.key)
            if before is not None and before.service is not None and before.service != line.service:
                return f"the days of service of the line of {before.product} were changed after it was billed"
        return ""

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

    def before_cut_over(self, book: Rulebook) -> bool:
        """Whether the deal was won before the first day that is billed."""
        cut_over = book.policy.cut_over
        return cut_over is not None and self.won_on is not None and self.won_on < cut_over

    def _worth(self, book: Rulebook) -> Decimal:
        return sum(priced(self.terms, book), Decimal(0)) if self.terms.lines else Decimal(0)

    @property
    def in_two_steps(self) -> bool:
        """Whether a deposit comes first, and the rest on delivery."""
        entered = self.entered
        agreed = bool(entered.deposit_percent or entered.deposit_amount) and self.elsewhere is None
        return self.advance is not None or agreed

    @property
    def deposit(self) -> ExpectedDeposit | None:
        """What must be left of the deposit; None where none was invoiced."""
        if self.advance is None:
            return None
        parts = self.advance.parts
        return ExpectedDeposit(
            deal=self.entered.deal,
            deal_id=self.entered.deal_id,
            currency=self.entered.currency,
            asked=sum((part.net for part in parts), Decimal(0)),
            taken_off=sum((part.off for part in parts), Decimal(0)),
            given_back=sum((part.back for part in parts), Decimal(0)),
            origin=self.origin,
        )

    def _billing_day(self, book: Rulebook) -> date:
        """The day of the first invoice: of winning, or of delivery where a deposit comes first."""
        if self.elsewhere is not None:
            return self.elsewhere.dated
        if self.in_two_steps and self.delivered_on is not None:
            return self.delivered_on
        if book.policy.invoice_date == "close_date" and self.close_date is not None:
            return self.close_date
        return self.won_on or self.origin.on

    def _now(self, day: date) -> Conditions:
        return Conditions(region=self.customer.region, certificates=self.customer.certificates, day=day)

    def _wrong_deposit(self, book: Rulebook, day: date) -> str:
        if self.first is not None or not self.in_two_steps:
            return ""
        lines = billed_lines(book, self.terms, self.customer.region, day)
        if self.advance is not None:
            return rate_conflict(book, self.advance, lines, day)
        if self.delivered_on is None and self.entered.currency != book.dictionary.currency:
            return f"the deposit is in {self.entered.currency}, and would be taken off at another day's rate"
        if self.delivered_on is None and not self._asked(book, lines, day):
            return "the deposit is nothing, or more than the deal comes to"
        return ""

    def _asked(self, book: Rulebook, lines: tuple[BilledLine, ...], day: date) -> tuple[BilledLine, ...]:
        amount = self.entered.deposit_amount
        return asked(
            book,
            lines,
            self._now(day),
            self.entered.deposit_percent,
            amount.amount if amount is not None else None,
            book.tax_policy_in(self.entered.currency),
        )

    def _deposit(self, book: Rulebook, day: date) -> ExpectedDocument:
        lines = self._asked(book, billed_lines(book, self.terms, self.customer.region, day), day)
        document = self._document(book, "invoice", lines, self._now(day), (day, day))
        percents = {group.code: group.percent for group in document.groups}
        self.advance = Advance(
            under=self._now(day),
            parts=[
                Part(
                    code=line.tax_code,
                    amount=line.amount,
                    net=kept.net,
                    percent=percents.get(kept.tax_code, Decimal(0)),
                )
                for line, kept in zip(lines, document.lines, strict=True)
            ],
            policy=book.tax_policy_in(self.entered.currency),
            included=book.policy.prices_include_tax,
        )
        self.refused = None
        return document

    def _first_billing(self, book: Rulebook, day: date, rest: date, *, optional: bool) -> ExpectedDocument:
        lines = billed_lines(book, self.terms, self.customer.region, day, self._calendar(rest))
        lines = tuple(line for line in lines if not line.slot)
        self.first = self._now(day)
        off: tuple[BilledLine, ...] = ()
        if self.advance is not None:
            off, lines = taken_off(book, self.advance, lines, self.first)
        self._keep(lines)
        self.version = 1
        self.refused = None
        document = self._document(book, "invoice", (*lines, *off), self.first, (day, day))
        if self.advance is not None:
            netted = {line.tax_code: -line.net for line in document.lines if not line.line_id}
            for part in self.advance.parts:
                part.off = netted.get(part.code, Decimal(0))
        return replace(document, optional=optional or not (document.total or off))

    def _change(self, book: Rulebook, rest: date) -> Iterator[Outcome]:
        at = self._calendar(rest)
        lines = billed_lines(book, self.terms, self.customer.region, self.origin.on, at, self.billed)
        slots = {line.slot for line in self.billed.values()} | {""}
        lines = tuple(line for line in lines if line.slot in slots)
        now = {line.key: line for line in lines}
        moved = {key: now[key].amount - (self.billed[key].amount if key in self.billed else 0) for key in now}
        moved |= {key: -line.amount for key, line in self.billed.items() if key not in now}
        by_day = self._by_day(book, now)
        moved |= {key: line.amount for key, (line, _) in by_day.items()}
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
        current = self._now(days[0])
        original = self.first or current
        if book.policy.deal_edits is DealEditPolicy.CREDIT_AND_REBILL:
            down = tuple(self.billed.values())
            up = lines = tuple(_again(line, self.billed.get(line.line_id)) for line in lines)
            after = {line.key: line for line in lines}
        else:
            unit = book.tax_policy_in(self.entered.currency).unit
            up = tuple(
                by_day[key][0] if key in by_day else _part(now[key], self.billed.get(key), unit)
                for key in now if moved[key] > 0
            )  # fmt: skip
            down = tuple(
                _negative(by_day[key][0]) if key in by_day else _part(self.billed[key], now.get(key), unit)
                for key in self.billed if moved[key] < 0
            )  # fmt: skip
            lowered = {line.key: line for line in down}
            after = {key: _left(line, self.billed.get(key), lowered.get(key)) for key, line in now.items()}
            after = self._after_days(after, by_day)
        if down:
            yield self._document(book, "credit_memo", down, original, days)
        if up:
            yield self._document(book, "invoice", up, current, days)
        self.billed = after

    def _by_day(self, book: Rulebook, now: Mapping[str, BilledLine]) -> dict[str, tuple[BilledLine, Prices]]:
        """Of lines with days of service what the change makes of the days that are left (credited: negative)."""
        found: dict[str, tuple[BilledLine, Prices]] = {}
        if book.policy.proration is not Proration.DAY or book.policy.deal_edits is not DealEditPolicy.DELTA:
            return found
        policy = book.tax_policy_in(self.entered.currency)
        for key, before in self.billed.items():
            prices = self.prices.get(key)
            if prices is None:
                continue
            line = now.get(key)
            listed, amount = (line.listed, line.amount) if line is not None else (Decimal(0), Decimal(0))
            after = prices if amount == prices.amount else prices.then(self.origin.on, listed, amount)
            listed, amount = after.worth(policy.unit, policy.rounding)
            more = amount - before.amount if after is not prices else Decimal(0)
            listed = listed - before.listed if more else Decimal(0)
            base = line if line is not None and more > 0 else before
            ends = more < 0 and not after.amount
            found[key] = (replace(base, amount=more, net=more, listed=listed, early=None, ends=ends), after)
        return found

    def _after_days(
        self, after: dict[str, BilledLine], by_day: Mapping[str, tuple[BilledLine, Prices]]
    ) -> dict[str, BilledLine]:
        """Lines as billed after a change: those with days of service by what was billed of them, gone or not."""
        for key, (line, prices) in by_day.items():
            before = self.billed[key]
            if line.amount:
                before = replace(before, amount=before.amount + line.amount, listed=before.listed + line.listed)
                self.prices[key] = prices
            after[key] = replace(before, net=before.amount)
        for key, line in after.items():
            if key not in self.billed and line.service is not None:
                self.prices[key] = Prices(last=line.service[1], steps=((line.service[0], line.listed, line.amount),))
        return after

    def _document(
        self,
        book: Rulebook,
        kind: str,
        lines: tuple[BilledLine, ...],
        under: Conditions,
        days: tuple[date, date],
        *,
        due: str = "",
    ) -> ExpectedDocument:
        currency = self.entered.currency
        billing = taxed(book, tuple(part for line in lines for part in line.parts), under, currency=currency)
        terms = book.terms.get(self.customer.terms)
        return ExpectedDocument(
            kind=kind,
            deal=self.entered.deal,
            deal_id=self.entered.deal_id,
            customer=self.customer.name,
            company_id=self.customer.company_id,
            version=number_in(due) if due else self.version,
            due=due,
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


def _negative(line: BilledLine) -> BilledLine:
    """What a credit says of a line that came to less."""
    return replace(line, amount=-line.amount, net=-line.amount, listed=-line.listed)


def _part(line: BilledLine, other: BilledLine | None, unit: Decimal) -> BilledLine:
    """The part of a line by which it differs from its other state; of both its parts, in proportion."""
    if other is None:
        return line
    amount = line.amount - other.amount
    early = line.early
    if early is not None and early.amount:
        share = largest_remainder(amount, [early.amount, line.amount - early.amount], unit)[0]
        early = replace(early, amount=share)
    return replace(line, amount=amount, net=amount, listed=line.listed - other.listed, early=early)


def _left(line: BilledLine, before: BilledLine | None, lowered: BilledLine | None) -> BilledLine:
    """A line as billed after a change: what was taxed with the deposit stays so, less what went back of that."""
    early = before.early if before is not None else None
    if early is None:
        return line
    back = lowered.early.amount if lowered is not None and lowered.early is not None else Decimal(0)
    return replace(line, early=replace(early, amount=early.amount - back))


def _again(line: BilledLine, before: BilledLine | None) -> BilledLine:
    """A line that is billed anew: what was taxed with the deposit stays so, as far as the line still comes to it."""
    early = before.early if before is not None else None
    if early is None or early.code == line.tax_code:
        return line
    amount = early.amount if abs(early.amount) <= abs(line.amount) else line.amount
    return replace(line, early=replace(early, amount=amount))


def _by_others(book: Rulebook) -> bool:
    """Whether a billing system writes the invoices, and what it wrote is its own."""
    return book.policy.invoices_by is InvoicesBy.BILLING_SYSTEM
