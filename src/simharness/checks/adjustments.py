"""Adjustments as people told them: which of them may be posted, and which entries of the ledger they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from simharness.checks.effects import Effect
from simharness.checks.scope import Judged, Scope
from simharness.domain.books import Entry
from simharness.domain.close_facts import AdjustmentTold

#: Account number, amount and cost centre of each side, so many times.
Sides = Mapping[tuple[str, Decimal, str], int]


def adjustments_told(judged: Judged) -> dict[str, AdjustmentTold]:
    """The adjustments of the story by name; one that is told again counts as told last."""
    return {fact.adjustment: fact for fact in judged.record.facts if isinstance(fact, AdjustmentTold)}


def lacks(fact: AdjustmentTold) -> str:
    """Why an adjustment must not be posted, whatever its day; "" where nothing is in its way."""
    if not fact.reason:
        return "it has no reason"
    if not fact.preparer:
        return "nobody is said to have prepared it"
    if not fact.approver:
        return "nobody approved it"
    if fact.approver.casefold() == fact.preparer.casefold():
        return f"{fact.preparer} approved what was his own"
    return ""


def was_locked(judged: Judged, fact: AdjustmentTold, until: datetime | None) -> bool:
    """Whether the day of an adjustment was locked at any time since it was told, up to an instant (None: the end)."""
    known = judged.closings.at(fact.at)
    later = [each for each in judged.closings.moments if each.at >= fact.at and (until is None or each.at <= until)]
    locks = [each.locked for each in (known, *later) if each is not None and each.locked is not None]
    return any(fact.dated <= locked for locked in locks)


def entries_of(scope: Scope, adjustment: str) -> list[Entry]:
    """The entries that name an adjustment as their source."""
    return [effect.entry for effect in scope.effects.of.get(("adjustment", adjustment), [])]


def approved_entries(scope: Scope) -> dict[str, Effect]:
    """The entries that are adjustments as they were told and approved, by their ids."""
    told = adjustments_told(scope.judged)
    return {
        effect.entry.id: effect
        for effect in scope.effects.naming("adjustment")
        if effect.id in told and not lacks(told[effect.id]) and sides_of(scope, effect.entry) == sides(told[effect.id])
    }


def sides(fact: AdjustmentTold) -> Sides:
    """The sides that the entry of an adjustment must have."""
    return Counter((line.account, line.amount.amount, line.cost_centre) for line in fact.lines)


def sides_of(scope: Scope, entry: Entry) -> Sides:
    """The sides that an entry has."""
    return Counter((scope.number_of(line.account), line.amount.amount, line.cost_centre) for line in entry.lines)
