"""Where the other side of a movement of money belongs: what it was says which accounts may bear it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import amount
from simharness.checks.oracle.model import Origin
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.fact import BankLinePosted, BankMoved, PaymentRefunded

_ZERO = Decimal(0)
_REVENUE = frozenset({"income", "contra_income", "other_income"})
_SALE = ("revenue", "tax")

#: The roles (or `receivable`, `revenue`, `tax`) on which the other side of each movement may stand.
_OF_REFUNDS = {
    "sale": _SALE,
    "overpayment": ("receivable", "unapplied"),
    "duplicate": ("receivable", "unapplied"),
    "deposit": ("deposits",),
}
_OF_GATEWAY = {"fee": ("fees",), "dispute": ("receivable",), "payout": ("payouts_in_transit",)}
_OF_BANK = {
    "payout": ("payouts_in_transit",),
    "wire": ("undeposited", "receivable", "bank_charges"),
    "cheques": ("undeposited",),
    "returned_cheque": ("receivable",),
    "fee": ("bank_charges",),
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """One effect with what it was in words, where it belongs, and the step that caused it."""

    effect: Effect
    words: str
    places: tuple[str, ...]
    origin: Origin | None


def gateway_places(both: Reconciliation, scope: Scope, clearing: frozenset[str]) -> None:
    """Fees are a cost, disputes reopen the receivable, payouts are in transit, and a refund goes where its reason says:
    revenue and tax for a sale, the customer's account or a liability for everything else.
    """
    for rule in _gateway_rules(scope):
        if rule.effect.entry.lines:
            _judge(both, scope, rule, clearing)


def _gateway_rules(scope: Scope) -> Iterator[_Rule]:
    for effect in scope.effects.naming(*_OF_GATEWAY):
        yield _Rule(effect, str(effect), _OF_GATEWAY[effect.noun], None)
    for fact in scope.facts:
        if isinstance(fact, PaymentRefunded) and fact.reason in _OF_REFUNDS:
            for effect in scope.effects.of.get(("refund", fact.refund_id), ()):
                origin = Origin(step=fact.step, where=fact.where, on=fact.on)
                yield _Rule(effect, f"{effect} of {article(fact.reason)}", _OF_REFUNDS[fact.reason], origin)


def article(noun: str) -> str:
    """`an overpayment`, `a sale`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def bank_places(both: Reconciliation, scope: Scope, banks: frozenset[str]) -> None:
    """Each bank line stands where its purpose says; money that nothing explains is unmatched, and never revenue.

    What the connector could not place and told somebody of may be unmatched, whatever it was.
    """
    posted = {fact.pending_id: fact.line_id for fact in scope.facts if isinstance(fact, BankLinePosted)}
    for fact in scope.facts:
        if not isinstance(fact, BankMoved):
            continue
        line_id = fact.line_id if not fact.pending else posted.get(fact.line_id, "")
        places = _OF_BANK.get(fact.purpose, ())
        if not places or scope.judged.listed.told(line_id):
            places = (*places, "unmatched")
        for effect in scope.effects.of.get(("bank_line", line_id), ()):
            if any(line.account in banks for line in effect.entry.lines):
                words = f"bank line {line_id} ({fact.purpose.replace('_', ' ') or 'nothing explains it'})"
                _judge(
                    both,
                    scope,
                    _Rule(effect, words, places, Origin(step=fact.step, where=fact.where, on=fact.on)),
                    banks,
                )


def _judge(both: Reconciliation, scope: Scope, rule: _Rule, own: frozenset[str]) -> None:
    """The other side of an entry stands on allowed places only; a role that the chart has not is not asked for."""
    if not any(_exists(scope, place) for place in rule.places):
        return
    astray = {
        account: value
        for account, value in _others(rule.effect.entry, own).items()
        if not any(_is(scope, account, place) for place in rule.places)
    }
    if not astray:
        return
    currency = scope.dictionary.currency
    both.broken(
        BreakKind.AMOUNT,
        f"{rule.effect.id}:{rule.effect.state}:account" if rule.effect.state else f"{rule.effect.id}:account",
        f"{rule.words} stands on another account than it belongs on",
        left=", ".join(_label(scope, place) for place in rule.places if _exists(scope, place)),
        right=", ".join(f"{scope.account_label(key)} {amount(value, currency)}" for key, value in astray.items()),
        objects=[entry_object(scope.ledger.vendor if scope.ledger else "", rule.effect.entry)],
        at_risk=Money(max(abs(value) for value in astray.values()), currency),
        origin=rule.origin,
    )


def _others(entry: Entry, own: frozenset[str]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in entry.lines:
        if line.account not in own:
            sums[line.account] += line.amount.amount
    return {account: value for account, value in sums.items() if value}


def _exists(scope: Scope, place: str) -> bool:
    return place in (*_SALE, "receivable") or bool(scope.book.account_with(place))


def _is(scope: Scope, account_id: str, place: str) -> bool:
    account = scope.accounts.get(account_id)
    if account is None:
        return False
    number = scope.number_of(account_id)
    if place == "revenue":
        return account.kind in _REVENUE
    if place == "receivable":
        return account.kind == "receivable"
    if place == "tax":
        return number in {code.account for code in scope.dictionary.tax_codes} | {
            scope.book.account_with("tax_payable")
        }
    # A gain or loss of exchange may stand beside anything.
    return number != "" and number in (scope.book.account_with(place), scope.book.account_with("exchange_gain"))


def _label(scope: Scope, place: str) -> str:
    if place in (*_SALE, "receivable"):
        return place
    return scope.number_label(scope.book.account_with(place))
