"""The ends of periods that were asked for, and how an entry of one is held against what it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from simharness.checks.arithmetic.months import last_day
from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter
from simharness.checks.oracle.model import Origin
from simharness.checks.rates import worth_of
from simharness.checks.scope import Scope
from simharness.domain.books import Entry
from simharness.domain.close_facts import PeriodEndRun
from simharness.domain.fact import ConnectorFinished, Fact

#: What stands behind the id of an entry that takes another one back.
REVERSAL = "reversal"

#: Sums by account number and cost centre, debit positive, without zeros.
Sides = Mapping[tuple[str, str], Decimal]

_ZERO = Decimal(0)


class Ask(NamedTuple):
    """An end of a period that was asked for in a step, and the first rest after it, at which it must be posted."""

    period: str
    step: int
    rest: int
    known: datetime

    @property
    def day(self) -> date:
        """The last day of the period."""
        return last_day(self.period)


def asks(scope: Scope) -> list[Ask]:
    """Those whose rest has come, in the order of their rests; of one rest the oldest period first."""
    rests = [fact for fact in scope.facts if isinstance(fact, ConnectorFinished) and fact.at_rest and not fact.failure]
    found = []
    for fact in scope.facts:
        if isinstance(fact, PeriodEndRun):
            rest = next((each for each in rests if each.step > fact.step), None)
            if rest is not None:
                found.append(Ask(fact.period, fact.step, rest.step, rest.at))
    return sorted(found, key=lambda ask: (ask.rest, ask.period, ask.step))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An entry that should be there: under which source (`noun`, `id`, `state`), on which day, with which sides."""

    noun: str
    id: str
    day: date
    sides: Sides
    words: str
    state: str = ""
    origin: Origin | None = None
    #: Whether it may be missing: it was told so late that the connector may not have heard of it.
    optional: bool = False

    @property
    def amount(self) -> Decimal:
        """Its debits."""
        return sum((value for value in self.sides.values() if value > 0), _ZERO)


def sides_of(scope: Scope, entry: Entry) -> Sides:
    """What an entry moves by account number and cost centre."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in entry.lines:
        sums[scope.number_of(line.account) or line.account, line.cost_centre] += line.amount.amount
    return {key: value for key, value in sums.items() if value}


def held_against(scope: Scope, report: Reporter, wanted: Wanted) -> Effect | None:
    """Report an entry that is missing, on another day or on other sides; gives the one that is there.

    One that the connector lists as refused may be missing.
    """
    report.examined += 1
    effects = [each for each in scope.effects.of.get((wanted.noun, wanted.id), []) if each.state == wanted.state]
    key = f"{wanted.noun}:{wanted.id}" + (f":{wanted.state}" if wanted.state else "")
    currency = scope.dictionary.currency
    if not effects:
        if not wanted.optional and not scope.judged.listed.refused(key, f"{wanted.noun}:{wanted.id}"):
            report.found(
                key,
                f"{wanted.words} is missing",
                expected=f"{worth_of(wanted.amount, currency)} on {wanted.day}",
                actual="no entry and no reject",
                at_risk=worth_of(wanted.amount, currency),
                origin=wanted.origin,
            )
        return None
    found = effects[0]
    vendor = scope.ledger.vendor if scope.ledger else ""
    if found.entry.date != wanted.day:
        report.found(
            f"{key}:day",
            f"{wanted.words} bears another day",
            expected=wanted.day,
            actual=found.entry.date,
            objects=[entry_object(vendor, found.entry)],
            at_risk=worth_of(wanted.amount, currency),
            origin=wanted.origin,
        )
    sides = sides_of(scope, found.entry)
    if dict(sides) != dict(wanted.sides):
        wrong = {place: sides.get(place, _ZERO) - wanted.sides.get(place, _ZERO) for place in {**sides, **wanted.sides}}
        report.found(
            f"{key}:sides",
            f"{wanted.words} posts something else",
            expected=told(scope, wanted.sides),
            actual=told(scope, sides),
            objects=[entry_object(vendor, found.entry)],
            at_risk=worth_of(max(abs(value) for value in wrong.values()), currency),
            origin=wanted.origin,
        )
    return found


def reversed_exactly(scope: Scope, report: Reporter, posted: Effect, words: str) -> None:
    """Report an entry that is not taken back exactly, and once, on the day after it."""
    report.examined += 1
    key = f"{posted.noun}:{posted.id}:{REVERSAL}"
    back = [each for each in scope.effects.of[posted.noun, posted.id] if each.state == REVERSAL]
    should = {place: -value for place, value in sides_of(scope, posted.entry).items()}
    worth = worth_of(sum((value for value in should.values() if value > 0), _ZERO), scope.dictionary.currency)
    day = posted.entry.date + timedelta(days=1)
    vendor = scope.ledger.vendor if scope.ledger else ""
    objects = [entry_object(vendor, each.entry) for each in (posted, *back)]
    if not back:
        if not scope.judged.listed.refused(key, f"{REVERSAL}:{posted.noun}:{posted.id}"):
            report.found(key, f"{words} is not reversed", expected=f"{worth} taken back on {day}", actual="no entry",
                         objects=objects, at_risk=worth)  # fmt: skip
        return
    sides = sides_of(scope, back[0].entry)
    if dict(sides) != should:
        report.found(f"{key}:sides", f"{words} is not reversed exactly", expected=told(scope, should),
                     actual=told(scope, sides), objects=objects, at_risk=worth)  # fmt: skip
    if back[0].entry.date != day:
        report.found(f"{key}:day", f"{words} is reversed on another day", expected=day, actual=back[0].entry.date,
                     objects=objects, at_risk=worth)  # fmt: skip


def uncalled(scope: Scope, report: Reporter, noun: str, wanted: Mapping[tuple[str, str], object]) -> None:
    """Report postings of a noun that nobody asked for, by id and state; what takes one back is judged with it."""
    for effect in scope.effects.naming(noun):
        posted = {each.state for each in scope.effects.of[noun, effect.id]}
        if (effect.id, effect.state) in wanted or (
            effect.state == REVERSAL and (effect.id, "") in wanted and "" in posted
        ):
            continue
        report.examined += 1
        worth = sum((line.amount.amount for line in effect.entry.lines if line.amount.amount > 0), _ZERO)
        report.found(
            f"{noun}:{effect.id}:{effect.state}:uncalled",
            f"{effect} was posted, and nothing that was told calls for it",
            expected="no entry",
            actual=f"{worth_of(worth, scope.dictionary.currency)} on {effect.entry.date}",
            objects=[entry_object(scope.ledger.vendor if scope.ledger else "", effect.entry)],
            at_risk=worth_of(worth, scope.dictionary.currency),
        )


def told(scope: Scope, sides: Sides) -> str:
    """Sides for people, in the order of the chart."""
    return ", ".join(_side(scope, sides)) or "nothing"


def _side(scope: Scope, sides: Sides) -> Iterator[str]:
    for (account, centre), value in sorted(sides.items()):
        place = scope.number_label(account) + (f" of {centre}" if centre else "")
        yield f"{place} {worth_of(value, scope.dictionary.currency)}"


def origin_of(fact: Fact) -> Origin:
    """Where a fact was told."""
    return Origin(step=fact.step, where=fact.where, on=fact.on)
