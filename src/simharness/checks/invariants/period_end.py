"""V29: what is accrued and what is spread at the end of a period is what was told or earned, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.arithmetic.service import accrued, spread
from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.payroll.earned import earned
from simharness.checks.period_end import Ask, Wanted, asks, held_against, origin_of, reversed_exactly, uncalled
from simharness.checks.scope import Scope
from simharness.domain.close_facts import AccrualTold, PrepaidTold
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def period_end_entries(scope: Scope) -> CheckResult:
    """V29 over costs that were told: accrued by workdays and reversed, or spread by days or months; nothing else."""
    told = [fact for fact in scope.facts if isinstance(fact, AccrualTold | PrepaidTold)]
    if told and not (scope.references.declares("accrual") and scope.references.declares("prepaid")):
        return not_applicable("V29", "the connector declares no reference rule for accruals and prepaid costs")
    report = Reporter("V29", scope.record.header)
    asked = asks(scope)
    wanted: dict[str, dict[tuple[str, str], Wanted]] = {"accrual": {}, "prepaid": {}}
    for fact in told:
        found = _accruals(scope, fact, asked) if isinstance(fact, AccrualTold) else _parts(scope, fact, asked)
        for each in found:
            wanted[each.noun].setdefault((each.id, each.state), each)
    for each in _wages(scope, asked):
        wanted["accrual"].setdefault((each.id, ""), each)
    for noun, entries in wanted.items():
        for each in entries.values():
            posted = held_against(scope, report, each)
            if posted is not None and noun == "accrual":
                reversed_exactly(scope, report, posted, each.words)
        uncalled(scope, report, noun, entries)
    return report.result("no cost was told that is accrued or spread, and none was earned and not run")


def _accruals(scope: Scope, fact: AccrualTold, asked: list[Ask]) -> Iterator[Wanted]:
    """One at each end of a period that cuts the service."""
    unit, rounding = minor_unit(fact.amount.currency), scope.dictionary.policy.rounding
    owed_on = fact.owed_on or scope.book.account_with("accrued_expenses")
    for ask in asked:
        if ask.rest < fact.step or not fact.service_from <= ask.day <= fact.service_to:
            continue
        part = accrued(fact.amount.amount, fact.service_from, fact.service_to, ask.day, unit, rounding)
        if part:
            yield Wanted(
                noun="accrual",
                id=f"{fact.accrual}:{ask.period}",
                day=ask.day,
                sides={(fact.account, fact.cost_centre): part, (owed_on, ""): -part},
                words=f"the accrual {fact.accrual} at the end of {ask.period}",
                origin=origin_of(fact),
                optional=_is_late(fact, ask, asked),
            )


def _wages(scope: Scope, asked: list[Ask]) -> Iterator[Wanted]:
    """What people had earned by each end and stands in the books later, by what was known at the rest at which it was
    posted, or could have been for the last time.
    """
    policy = scope.dictionary.payroll
    if policy is None or policy.accrual != "by_runs":
        return
    for period in dict.fromkeys(ask.period for ask in asked):
        known: dict[str, tuple[bool, Wanted]] = {}
        for ask in (each for each in asked if each.period == period):
            then = scope.judged.at_rest(ask.rest)
            if then.payroll is None:
                continue
            found = earned(then.payroll, ask.day, scope.dictionary.currency, scope.dictionary.policy.rounding)
            for (first, last), part in found.items():
                id = f"wages-{first:%Y%m%d}-{last:%Y%m%d}:{period}"
                is_there = bool(then.effects.of.get(("accrual", id)))
                if known.get(id, (False, None))[0]:
                    continue
                known[id] = (
                    is_there,
                    Wanted(
                        noun="accrual",
                        id=id,
                        day=ask.day,
                        sides={**part, (policy.accrued, ""): -sum(part.values(), _ZERO)},
                        words=f"what was earned from {first} up to the end of {period}",
                    ),
                )
        yield from (each for _, each in known.values())


def _parts(scope: Scope, fact: PrepaidTold, asked: list[Ask]) -> Iterator[Wanted]:
    """What was paid in advance, where the connector is to post that, and each part: what is due by then less what the
    parts before it took.
    """
    unit, rounding = minor_unit(fact.amount.currency), scope.dictionary.policy.rounding
    asset, taken = scope.book.account_with("prepaid"), _ZERO
    if fact.against:
        amount = fact.amount.amount
        yield Wanted(
            noun="prepaid",
            id=fact.prepaid,
            day=fact.on,
            sides={(asset, ""): amount, (fact.against, ""): -amount},
            words=f"what was paid in advance as {fact.prepaid}",
            origin=origin_of(fact),
        )
    done: set[str] = set()
    for ask in asked:
        if ask.rest < fact.step or ask.day < fact.service_from or ask.period in done:
            continue
        late = _is_late(fact, ask, asked)
        if not _is_there(scope, fact, ask.period) and (late or _is_refused(scope, fact, ask.period)):
            continue
        done.add(ask.period)
        due = spread(fact.amount.amount, fact.service_from, fact.service_to, ask.day, fact.by, unit, rounding)
        part, taken = due - taken, max(due, taken)
        if part > 0:
            yield Wanted(
                noun="prepaid",
                id=fact.prepaid,
                state=ask.period,
                day=ask.day,
                sides={(fact.account, fact.cost_centre): part, (asset, ""): -part},
                words=f"the part of {fact.prepaid} at the end of {ask.period}",
                origin=origin_of(fact),
                optional=late,
            )


def _is_late(fact: AccrualTold | PrepaidTold, ask: Ask, asked: list[Ask]) -> bool:
    """Whether every asking for the period so far was before the cost was told."""
    return all(each.step < fact.step for each in asked if each.period == ask.period)


def _is_there(scope: Scope, fact: PrepaidTold, period: str) -> bool:
    return any(each.state == period for each in scope.effects.of.get(("prepaid", fact.prepaid), ()))


def _is_refused(scope: Scope, fact: PrepaidTold, period: str) -> bool:
    return scope.judged.listed.refused(f"prepaid:{fact.prepaid}:{period}")
