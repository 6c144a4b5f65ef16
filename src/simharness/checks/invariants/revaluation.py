"""V17, second half: foreign money is valued at the stated rate of a period's last day, nothing else is, and what that
brings is taken back before the next time.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter
from simharness.checks.period_end import (
    REVERSAL,
    Ask,
    Wanted,
    asks,
    held_against,
    origin_of,
    reversed_exactly,
    uncalled,
)
from simharness.checks.rates import Rates, worth_of
from simharness.checks.scope import Scope
from simharness.domain.books import LedgerSnapshot
from simharness.domain.close_facts import PeriodEndRun

NOUN = "revaluation"
#: Money, and claims to it. What was taken for something that is still to be given is neither.
_MONETARY = frozenset({"receivable", "bank"})
_ZERO = Decimal(0)


def valued_and_taken_back(scope: Scope, report: Reporter) -> None:
    """Every end of a period that was asked for, by currency; and every entry that shows an unrealised result."""
    result, valuation = (scope.book.account_with(role) for role in ("unrealised_exchange", "exchange_valuation"))
    if not result or scope.ledger is None:
        return
    _others(scope, report, result)
    if not valuation or not scope.references.declares(NOUN):
        return
    wanted: dict[tuple[str, str], Wanted] = {}
    for period in dict.fromkeys(ask.period for ask in asks(scope)):
        mine = [ask for ask in asks(scope) if ask.period == period]
        for currency in sorted(scope.dictionary.policy.currencies):
            found = _wanted(scope, report, mine, currency, (valuation, result))
            if found is None:
                continue
            wanted[found.id, ""] = found
            posted = held_against(scope, report, found)
            if posted is not None:
                reversed_exactly(scope, report, posted, found.words)
    uncalled(scope, report, NOUN, wanted)
    _in_turn(scope, report)


def _wanted(scope: Scope, report: Reporter, mine: list[Ask], currency: str, accounts: tuple[str, str]) -> Wanted | None:
    """What should be posted for a currency; None where nothing should: no money, or nobody stated its rate.

    It is worked out from the books and the rates of the rest at which it was posted, or could have been for the last
    time.
    """
    id = f"{mine[0].period}:{currency}"
    there = next((ask for ask in mine if (NOUN, id) in scope.judged.at_rest(ask.rest).effects.of), mine[-1])
    then = scope.judged.at_rest(there.rest)
    ledger = then.ledger
    if ledger is None or there.rest > scope.step:
        return None
    rates = Rates(then, ledger)
    rate = rates.closing(currency, there.day, there.known)
    worth = _worth(then, ledger, there, currency, rate)
    if rate is None:
        if worth and not scope.judged.listed.told(f"{NOUN}:{id}"):
            report.found(
                f"{NOUN}:{id}:unstated",
                f"nobody stated what {currency} is worth on {there.day}, and nobody was told",
                expected="one alert",
                actual="no alert",
                at_risk=worth_of(worth, ledger.currency),
            )
        return None
    if not worth:
        return None
    run = next(fact for fact in scope.facts if isinstance(fact, PeriodEndRun) and fact.step == there.step)
    valuation, result = accounts
    return Wanted(
        noun=NOUN,
        id=id,
        day=there.day,
        sides={(valuation, ""): worth, (result, ""): -worth},
        words=f"the valuation of {currency} at {rate} at the end of {there.period}",
        origin=origin_of(run),
    )


def _worth(scope: Scope, ledger: LedgerSnapshot, ask: Ask, currency: str, rate: Decimal | None) -> Decimal:
    """What money in a currency is worth on the last day beyond what the books carry it at, account by account.

    Without a rate: how much of it there is.
    """
    total = _ZERO
    for account in ledger.accounts:
        if account.currency != currency or account.kind not in _MONETARY:
            continue
        lines = [line for e in ledger.entries if e.date <= ask.day for line in e.lines if line.account == account.id]
        amount = sum((line.foreign.amount for line in lines if line.foreign is not None), _ZERO)
        carried = sum((line.amount.amount for line in lines), _ZERO)
        if rate is None:
            total += abs(amount)
        else:
            total += rounded(amount * rate, minor_unit(ledger.currency), scope.dictionary.policy.rounding) - carried
    return total


def _others(scope: Scope, report: Reporter, result: str) -> None:
    """Nothing but a valuation, or what people adjust, shows an unrealised result."""
    for entry in scope.ledger.entries if scope.ledger else ():
        value = sum((line.amount.amount for line in entry.lines if scope.number_of(line.account) == result), _ZERO)
        if not value:
            continue
        report.examined += 1
        if not any(effect.noun in (NOUN, "adjustment") for effect in scope.effects.by_entry.get(entry.id, ())):
            vendor = scope.ledger.vendor if scope.ledger else ""
            report.found(
                f"unrealised:{entry.id}",
                "an entry shows an unrealised result, and is no valuation of foreign money at the end of a period",
                expected="money that is valued and taken back",
                actual=f"{worth_of(value, scope.dictionary.currency)} on {entry.date}",
                objects=[entry_object(vendor, entry)],
                at_risk=worth_of(value, scope.dictionary.currency),
            )


def _in_turn(scope: Scope, report: Reporter) -> None:
    """A valuation is taken back before the next one of its currency is posted."""
    order = {entry.id: at for at, entry in enumerate(scope.ledger.entries)} if scope.ledger else {}
    posted: dict[str, list[Effect]] = {}
    for effect in sorted(scope.effects.naming(NOUN), key=lambda each: order[each.entry.id]):
        if effect.state != REVERSAL:
            posted.setdefault(effect.id.rpartition(":")[2], []).append(effect)
    for currency, effects in posted.items():
        for before, after in pairwise(effects):
            report.examined += 1
            back = [each for each in scope.effects.of[NOUN, before.id] if each.state == REVERSAL]
            if any(order[each.entry.id] < order[after.entry.id] for each in back):
                continue
            vendor = scope.ledger.vendor if scope.ledger else ""
            worth = sum((line.amount.amount for line in before.entry.lines if line.amount.amount > 0), _ZERO)
            report.found(
                f"{NOUN}:{after.id}:before",
                f"{currency} is valued anew before its valuation {before.id} is taken back",
                expected="the reversal first",
                actual="the next valuation first",
                objects=[entry_object(vendor, each.entry) for each in (before, after)],
                at_risk=worth_of(worth, scope.dictionary.currency),
            )
