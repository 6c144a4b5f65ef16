"""What is deferred, and what of it is revenue by when: from the documents that the deals call for and the credits told.

Recognised is cumulative: of what is left at a change of the total, the share of the days (or months) since (rules:
sections 1 and 3). Until the day before a change service was given at the old total. A credit takes what is not given
yet first, and revenue for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.arithmetic.months import elapsed
from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.checks.oracle.model import BilledLine, ExpectedDocument, Origin
from simharness.checks.originals import Back, taken_back
from simharness.checks.period_end import Ask, asks
from simharness.checks.scope import Scope
from simharness.domain.books import Document, DocumentLine
from simharness.domain.fact import CreditApproved, PaymentRefunded
from simharness.domain.policy import Rounding

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a document makes of the total of a term on a day, from which rest on (0: before any)."""

    day: date
    amount: Decimal
    ends: bool
    rest: int


@dataclass(slots=True, kw_only=True)
class Term:
    """Days of service of a deal line, in units of a day or a month, and what changed their total, in order of day."""

    first: date
    last: date
    unit: str
    changes: list[Change] = field(default_factory=list)

    def recognised(self, until: date, coin: Decimal, rounding: Rounding, rest: int | None = None) -> Decimal:
        """What is revenue by the end of a day, as far as it was known at a rest (None: at the end)."""
        given, left, since = self._walk(until, coin, rounding, rest)
        return given + self._share(left, since, until, coin, rounding)

    def remaining(self, day: date, coin: Decimal, rounding: Rounding, rest: int | None = None) -> Decimal:
        """What is still to be given at the beginning of a day."""
        _, left, since = self._walk(day, coin, rounding, rest)
        return left - self._share(left, since, day - timedelta(days=1), coin, rounding)

    def _walk(
        self, until: date, coin: Decimal, rounding: Rounding, rest: int | None
    ) -> tuple[Decimal, Decimal, date | None]:
        """What was given by the last change up to a day, what was left with it, and the last day before it."""
        given, left, since = _ZERO, _ZERO, None
        known = [each for each in self.changes if each.day <= until and (rest is None or each.rest <= rest)]
        for number, day in enumerate(sorted({each.day for each in known})):
            if number:
                eve = day - timedelta(days=1)
                part = self._share(left, since, eve, coin, rounding)
                given, left, since = given + part, left - part, eve
            today = [each for each in known if each.day == day]
            left += sum((each.amount for each in today), _ZERO)
            if number and (left < 0 or any(each.ends for each in today)):
                given, left = given + left, _ZERO
        return given, left, since

    def _share(self, left: Decimal, since: date | None, until: date, coin: Decimal, rounding: Rounding) -> Decimal:
        over, whole = elapsed(self.first, self.last, self.unit, until)
        before = elapsed(self.first, self.last, self.unit, since)[0] if since is not None else 0
        if before >= whole:
            return left
        return rounded(left * max(0, over - before) / (whole - before), coin, rounding)


@dataclass(slots=True, kw_only=True)
class DeferredLine:
    """A deal line with everything that is deferred of it. `entries` are what must be recognised, by period."""

    line: BilledLine
    document: ExpectedDocument
    terms: dict[str, Term] = field(default_factory=dict)
    billed: Decimal = _ZERO
    credited: Decimal = _ZERO
    entries: dict[str, Decimal] = field(default_factory=dict)

    @property
    def line_id(self) -> str:
        return self.line.line_id

    @property
    def recognised(self) -> Decimal:
        return sum(self.entries.values(), _ZERO)

    @property
    def closing(self) -> Decimal:
        return self.billed - self.credited - self.recognised

    @property
    def origin(self) -> Origin:
        return self.document.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a credit or refund must take of deferred revenue, and of revenue, in all."""

    back: Back
    deferred: Decimal
    given: Decimal


class Deferrals:
    """The deferred lines of one state of the world by id, and what credits and refunds take of them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._coin = minor_unit(scope.dictionary.currency)
        self._rounding = scope.dictionary.policy.rounding
        self.lines: dict[str, DeferredLine] = {}
        self.taken: dict[str, Taken] = {}
        self.asked = asks(scope) if scope.book.recognition else []
        if scope.book.recognition:
            self._from_deals()
            self._from_credits()
            self._recognise()

    def _from_deals(self) -> None:
        rests = sorted({ask.rest for ask in self.asked})
        known = {rest: self._keys(rest) for rest in rests}
        for document in self._scope.expected.documents:
            rest = next((each for each in rests if _name(document) in known[each]), _last(rests))
            sign = 1 if document.kind == "invoice" else -1
            for line in document.sold:
                if not line.unit or line.service is None:
                    continue
                mine = self.lines.setdefault(line.line_id, DeferredLine(line=line, document=document))
                mine.billed += line.net if sign > 0 else _ZERO
                mine.credited += line.net if sign < 0 else _ZERO
                first, last = line.service
                term = mine.terms.setdefault(line.key, Term(first=first, last=last, unit=line.unit))
                term.changes.append(Change(day=document.dated, amount=sign * line.net, ends=line.ends, rest=rest))

    def _keys(self, rest: int) -> frozenset[tuple[str, str, int]]:
        return frozenset(_name(document) for document in self._scope.judged.scope(rest).expected.documents)

    def _from_credits(self) -> None:
        sold = {linked.document.id: expected for expected, linked in self._scope.pairing.pairs}
        left: dict[str, list[Decimal]] = {}
        for back, fact in sorted(told_backs(self._scope), key=lambda each: each[1].step):
            original = back.originals[0]
            expected = sold.get(original.id)
            items = [line for line in original.lines if line.kind == "item"]
            if expected is None or len(items) != len(expected.lines):
                continue
            rest = left.setdefault(original.id, [line.amount.amount for line in items])
            nets = _nets(fact, back.document, rest, self._coin)
            left[original.id] = [before - net for before, net in zip(rest, nets, strict=True)]
            self._credit(back, fact, expected, nets)

    def _credit(
        self, back: Back, fact: CreditApproved | PaymentRefunded, expected: ExpectedDocument, nets: list[Decimal]
    ) -> None:
        deferred = given = _ZERO
        rests = sorted({ask.rest for ask in self.asked})
        rest = next((each for each in rests if each > fact.step), _last(rests))
        for line, net in zip(expected.lines, nets, strict=True):
            mine = self.lines.get(line.line_id)
            term = mine.terms.get(line.key) if mine is not None else None
            if mine is None or term is None or not line.unit or not net:
                given += net
                continue
            part = max(_ZERO, min(net, term.remaining(fact.on, self._coin, self._rounding)))
            deferred, given = deferred + part, given + net - part
            mine.credited += part
            if part:
                term.changes.append(Change(day=fact.on, amount=-part, ends=False, rest=rest))
        if deferred or any(line.unit for line in expected.lines):
            self.taken[back.document.id] = Taken(back=back, deferred=deferred, given=given)

    def _recognise(self) -> None:
        """What each asking for a period's end must have made revenue; an earlier period than the last gets nothing."""
        last = ""
        for ask in self.asked:
            if ask.period < last:
                continue
            last = ask.period
            for line in self.lines.values():
                amount = self._by(line, ask) - line.recognised
                if amount:
                    line.entries[ask.period] = line.entries.get(ask.period, _ZERO) + amount

    def _by(self, line: DeferredLine, ask: Ask) -> Decimal:
        parts = (term.recognised(ask.day, self._coin, self._rounding, ask.rest) for term in line.terms.values())
        return sum(parts, _ZERO)


def told_backs(scope: Scope) -> Iterator[tuple[Back, CreditApproved | PaymentRefunded]]:
    """The documents by which credits and refunds of a sale were carried out, each with what was told."""
    told: dict[tuple[str, str, str], CreditApproved | PaymentRefunded] = {}
    count: defaultdict[str, int] = defaultdict(int)
    for fact in scope.facts:
        if isinstance(fact, PaymentRefunded) and fact.reason == "sale":
            told["refund", fact.refund_id, ""] = fact
        elif isinstance(fact, CreditApproved):
            count[fact.invoice_number] += 1
            told["credit", fact.invoice_number, str(count[fact.invoice_number])] = fact
    for back in taken_back(scope):
        found = told.get((back.noun, back.id, back.state if back.noun == "credit" else ""))
        if found is not None and back.originals:
            yield back, found


def income_of(scope: Scope, back: Back, line: DocumentLine) -> bool:
    """Whether a line takes back, on the account of its revenue, service of the original that was deferred and given."""
    sold = {linked.document.id: expected for expected, linked in scope.pairing.pairs}
    place = line.cost_centre or back.document.cost_centre
    for original in back.originals:
        expected = sold.get(original.id)
        for each in expected.lines if expected is not None else ():
            if each.unit and each.income == scope.number_of(line.account) and each.cost_centre == place:
                return True
    return False


def nets_as_sold(scope: Scope, back: Back) -> list[Decimal]:
    """What a document takes back of each line, where deferred and given parts of one line are two lines of it."""
    lines = [line for line in back.document.lines if line.kind == "item" and line.amount]
    deferred = scope.accounts_with("deferred_revenue")
    nets = {line.id: line.amount.amount for line in lines}
    for line in lines:
        if line.account in deferred or not income_of(scope, back, line):
            continue
        twins = (each for each in lines if each.account in deferred and each.id in nets and _alike(each, line))
        twin = next(twins, None)
        if twin is not None:
            nets[twin.id] += nets.pop(line.id)
    return list(nets.values())


def _alike(one: DocumentLine, other: DocumentLine) -> bool:
    return one.description == other.description and one.cost_centre == other.cost_centre


def _nets(
    fact: CreditApproved | PaymentRefunded, document: Document, rest: list[Decimal], coin: Decimal
) -> list[Decimal]:
    """What is told, or a proportional share of what is left, of each line."""
    if fact.lines:
        told: Mapping[int, Decimal] = {position: money.amount for position, money in fact.lines}
        return [told.get(position, _ZERO) for position in range(1, len(rest) + 1)]
    return list(largest_remainder(document.net.amount, rest, coin))


def _name(document: ExpectedDocument) -> tuple[str, str, int]:
    return document.deal_id, document.kind, document.version


def _last(rests: list[int]) -> int:
    return (rests[-1] if rests else 0) + 1
