"""The balance lines of the gateway against the postings on the clearing account, matched by reference only."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from simharness.checks.effects import Effect, entry_object, movement, together
from simharness.checks.gateway import NOUNS, Part, parts
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.reconciliations.matching import Item, match
from simharness.checks.reconciliations.places import gateway_places
from simharness.checks.scope import Scope
from simharness.core.money import Money

_NOUNS = ("payment", "fee", "refund", "dispute", "payout")


def balance_parts(scope: Scope) -> list[Part]:
    """The parts of every balance line of a known kind, in the gateway's order, whose postings name their source."""
    apart = scope.references.declares("fee")
    return [
        part
        for line in (scope.gateway.balance_lines if scope.gateway else ())
        if line.kind in NOUNS
        for part in parts(line, fees_apart=apart)
        if scope.references.declares(part.noun)
    ]


def key_of(scope: Scope, part: Part) -> str:
    """The reference under which a part is looked up: fees by balance line, everything else by its source."""
    if part.noun != "fee":
        return part.key
    named = next((id for id in part.ids if ("fee", id) in scope.effects.of), part.ids[0])
    return f"fee:{named}"


def compare_balance_lines(both: Reconciliation, scope: Scope) -> None:
    """Every part has its posting on the clearing account, with its amount and day, and the reverse.

    Payments that the facts know are compared as records by the caller; here only what the gateway changed.
    """
    clearing = scope.accounts_with("gateway_clearing")
    left: defaultdict[str, list[Part]] = defaultdict(list)
    for part in balance_parts(scope):
        left[key_of(scope, part)].append(part)
    right: defaultdict[str, list[tuple[Effect, Money]]] = defaultdict(list)
    for effect in scope.effects.naming(*_NOUNS):
        amount = movement(effect.entry, clearing, scope.dictionary.currency)
        if amount is not None:
            right[f"fee:{effect.id}" if effect.noun == "fee" else effect.id].append((effect, amount))
    right = defaultdict(list, {key: together(theirs) for key, theirs in right.items()})
    both.left_count = sum(len(mine) for mine in left.values())
    both.right_count = sum(len(mine) for mine in right.values())
    paid = {payment.charge_id for payment in scope.expected.payments}
    for key, parts_ in left.items():
        postings = right.pop(key, [])
        # Payments that the facts know are looked at as records; a debit that came back shares their id.
        known = key in paid
        both.matched += sum(1 for part in parts_ if part.noun == "payment" and not _changed(part)) if known else 0
        mine = [part for part in parts_ if not known or part.noun != "payment" or _changed(part)]
        abroad = any(part.noun == "payment" for part in mine)
        theirs = [each for each in postings if not known or each[0].noun != "payment" or abroad]
        if len(mine) == len(theirs) == 1 and _equal(scope, mine[0], *theirs[0]):
            both.matched += 1
        elif theirs or (mine and not _excused(scope, mine)):
            match(both, key, [_line(scope, part) for part in mine], [_posting(scope, *each) for each in theirs])
    for key, theirs in right.items():
        items = [_posting(scope, *each) for each in theirs if each[0].noun != "payment"]
        if items:
            match(both, key, [], items)
    gateway_places(both, scope, clearing)
    _without_source(both, scope, clearing)


def _changed(part: Part) -> bool:
    """Whether the gateway changed the money: its record says nothing of what that came to, the posting does."""
    return part.line.rate is not None


def _excused(scope: Scope, mine: list[Part]) -> bool:
    """Whether the connector lists the source as rejected: V20 counts it, and it is not posted."""
    return all(scope.judged.listed.refused(*part.ids, part.line.source) for part in mine)


def _line(scope: Scope, part: Part) -> Item:
    vendor = scope.gateway.vendor if scope.gateway else ""
    words = f"the {part.line.kind} {part.key}" if part.noun != "fee" else f"the fee of {part.line.kind} {part.key}"
    return Item(
        part.line.id, words, part.amount, part.day(scope.zone), f"{vendor}:balance_line:{part.line.id} ({part.key})"
    )


def _equal(scope: Scope, part: Part, effect: Effect, amount: Money) -> bool:
    return part.amount == amount and part.day(scope.zone) == effect.entry.date


def _posting(scope: Scope, effect: Effect, amount: Money) -> Item:
    entry = effect.entry
    vendor = scope.ledger.vendor if scope.ledger else ""
    late = partial(scope.judged.closings.may_bear, posted_at=entry.created_at)
    return Item(
        entry.source_id or entry.id, f"the posting of {effect}", amount, entry.date, entry_object(vendor, entry), late
    )


def _without_source(both: Reconciliation, scope: Scope, clearing: frozenset[str]) -> None:
    """What the connector moved on the clearing account without saying for which movement of the gateway."""
    label = scope.number_label(scope.book.account_with("gateway_clearing"))
    for entry in scope.ledger.entries if scope.ledger else ():
        if not scope.by_connector(entry.created_by) or entry.id in scope.effects.by_entry:
            continue
        amount = movement(entry, clearing, scope.dictionary.currency)
        if amount is not None:
            both.right_count += 1
            both.broken(
                BreakKind.MISSING_LEFT,
                f"unreferenced:{entry.source}:{entry.source_id or entry.id}",
                f"the connector moved {label} and names no source",
                right=amount,
                objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)],
                at_risk=amount,
            )
