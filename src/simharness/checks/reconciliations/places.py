"""Where the other side of a movement of money belongs: what it was says which accounts may bear it."""

from __future__ import annotations

from collections.abc import Mapping, Set
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
from simharness.domain.policy import DepositTax

_ZERO = Decimal(0)
_REVENUE = frozenset({"income", "contra_income", "other_income"})
_SALE = ("revenue", "tax")

#: The roles (or `receivable`, `revenue`, `tax`) on which the other side of each movement may stand.
_OF_REFUNDS: Mapping[str, tuple[str, ...]] = {
    "sale": _SALE,
    "overpayment": ("receivable", "unapplied"),
    "duplicate": ("receivable", "unapplied"),
    "deposit": ("deposits",),
}
_OF_GATEWAY: Mapping[str, tuple[str, ...]] = {
    "fee": ("fees",),
    "dispute": ("receivable",),
    "payout": ("payouts_in_transit",),
}
_OF_BANK: Mapping[str, tuple[str, ...]] = {
    "payout": ("payouts_in_transit",),
    "intercompany": ("due_from", "due_to"),
    "wire": ("undeposited", "receivable", "bank_charges"),
    "cheques": ("undeposited",),
    "returned_cheque": ("receivable",),
    "fee": ("bank_charges",),
}
#: Whose places depend on the payroll: R6 says where these belong.
_OF_PAYROLL = frozenset({"remittance", "pay_cheque"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """One effect with what it was in words, where it belongs, and the step that caused it."""

    effect: Effect
    words: str
    places: tuple[str, ...]
    allowed: frozenset[str]
    origin: Origin | None = None


def gateway_places(both: Reconciliation, scope: Scope, clearing: frozenset[str]) -> None:
    """Fees are a cost, disputes reopen the receivable, payouts are in transit, and a refund goes where its reason says:
    revenue and tax for a sale, the customer's account or a liability for everything else.
    """
    for noun, places in _OF_GATEWAY.items():
        allowed = _allowed(scope, places)
        right = allowed | clearing
        for effect in scope.effects.naming(noun) if allowed else ():
            if effect.id not in scope.foreign and not all(line.account in right for line in effect.entry.lines):
                _judge(both, scope, _Rule(effect, str(effect), places, allowed), clearing)
    for fact in scope.facts:
        if isinstance(fact, PaymentRefunded) and fact.reason in _OF_REFUNDS:
            places = _of_refund(scope, fact)
            for effect in scope.effects.of.get(("refund", fact.refund_id), ()):
                origin = Origin(step=fact.step, where=fact.where, on=fact.on)
                words = f"{effect} of {article(fact.reason)}"
                allowed = scope.accounts_with("exchange_gain") if effect.is_exchange else _allowed(scope, places)
                where = ("exchange_gain",) if effect.is_exchange else places
                _judge(both, scope, _Rule(effect, words, where, allowed, origin), clearing)

    _between(both, scope, clearing)


def _of_refund(scope: Scope, fact: PaymentRefunded) -> tuple[str, ...]:
    """A deposit that was taxed goes back with its tax, and it is the deposit that was sold before anything else was."""
    places = _OF_REFUNDS[fact.reason]
    if fact.reason == "deposit" and scope.book.policy.deposit_tax is DepositTax.ON_RECEIPT:
        return (*places, "tax")
    if fact.reason == "sale" and any(deposit.deal == fact.deal for deposit in scope.expected.deposits):
        return (*places, "deposits")
    if fact.reason == "sale" and _defers(scope, fact.deal):
        return (*places, "deferred_revenue")  # how much of it is V22's to say
    return places


def _defers(scope: Scope, deal: str) -> bool:
    """Whether anything that was billed of a deal waits for its service."""
    return any(line.unit for document in scope.expected.documents if document.deal == deal for line in document.lines)


def _between(both: Reconciliation, scope: Scope, clearing: frozenset[str]) -> None:
    """What the gateway moves for another entity is owed to that entity, and is nobody's revenue or receivable here."""
    for effect in scope.effects.naming("payment", "refund", "dispute") if scope.foreign else ():
        entity = scope.foreign.get(effect.id)
        if entity is not None:
            words = f"{effect} of the entity {entity!r}"
            allowed = scope.accounts_between("due_to", entity) | scope.accounts_between("due_from", entity)
            _judge(both, scope, _Rule(effect, words, ("due_to",), allowed), clearing)


def article(noun: str) -> str:
    """`an overpayment`, `a sale`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def bank_places(both: Reconciliation, scope: Scope, banks: frozenset[str]) -> None:
    """Each bank line stands where its purpose says; money that nothing explains is unmatched, and never revenue.

    What the connector could not place and told somebody of may be unmatched, whatever it was.
    """
    posted = {fact.pending_id: fact.line_id for fact in scope.facts if isinstance(fact, BankLinePosted)}
    for fact in scope.facts:
        if not isinstance(fact, BankMoved) or fact.purpose in _OF_PAYROLL:
            continue
        line_id = fact.line_id if not fact.pending else posted.get(fact.line_id, "")
        places = _OF_BANK.get(fact.purpose, ())
        if not places or scope.judged.listed.told(line_id):
            places = (*places, "unmatched")
        for effect in scope.effects.of.get(("bank_line", line_id), ()):
            if any(line.account in banks for line in effect.entry.lines):
                words = f"bank line {line_id} ({fact.purpose.replace('_', ' ') or 'nothing explains it'})"
                origin = Origin(step=fact.step, where=fact.where, on=fact.on)
                _judge(both, scope, _Rule(effect, words, places, _allowed(scope, places), origin), banks)


def forgone_places(both: Reconciliation, scope: Scope) -> None:
    """What a customer need not pay any more stands where the dictionary says: a loss on bad debt or its allowance, what
    the terms grant for paying early on settlement discounts. How much of either is tax is R7's and V7's to say.
    """
    own = _ids(scope, "receivable") | _ids(scope, "tax")
    for effect in scope.effects.naming("write_off", "bank_line"):
        granted = effect.entry.source == "credit_memo"
        if granted or effect.noun == "write_off":
            places = ("settlement_discounts",) if granted else ("write_offs", "allowance")
            words = f"the settlement discount of {effect}" if granted else f"the write-off of invoice {effect.id}"
            _judge(both, scope, _Rule(effect, words, places, _allowed(scope, places)), own)


def _judge(both: Reconciliation, scope: Scope, rule: _Rule, own: Set[str]) -> None:
    """The other side of an entry stands on allowed places only; where the chart has none of them, nothing is asked."""
    allowed = rule.allowed
    if not allowed:
        return
    astray = {place: value for place, value in _others(rule.effect.entry, own | allowed).items() if value}
    if not astray:
        return
    currency = scope.dictionary.currency
    both.broken(
        BreakKind.AMOUNT,
        f"{rule.effect.id}:{rule.effect.state}:account" if rule.effect.state else f"{rule.effect.id}:account",
        f"{rule.words} stands on another account than it belongs on",
        left=", ".join(label for label in (_label(scope, place) for place in rule.places) if label),
        right=", ".join(
            f"{scope.account_label(key)} {f'for {centre} ' if centre else ''}{amount(value, currency)}"
            for (key, centre), value in astray.items()
        ),
        objects=[entry_object(scope.ledger.vendor if scope.ledger else "", rule.effect.entry)],
        at_risk=Money(max(abs(value) for value in astray.values()), currency),
        origin=rule.origin,
    )


def _others(entry: Entry, right: Set[str]) -> dict[tuple[str, str], Decimal]:
    """What stands elsewhere by account and cost centre: what moves a cost from one centre to another comes to nothing
    on its account, and is wrong all the same.
    """
    sums: dict[tuple[str, str], Decimal] = {}
    for line in entry.lines:
        if line.account not in right:
            place = line.account, line.cost_centre
            sums[place] = sums.get(place, _ZERO) + line.amount.amount
    return sums


def _allowed(scope: Scope, places: tuple[str, ...]) -> frozenset[str]:
    """The ids of the accounts of some places. A gain or loss of exchange may stand beside anything."""
    found = frozenset().union(*(_ids(scope, place) for place in places))
    return found | scope.accounts_with("exchange_gain") if found else found


def _ids(scope: Scope, place: str) -> frozenset[str]:
    if place == "revenue":
        return frozenset(key for key, account in scope.accounts.items() if account.kind in _REVENUE)
    if place == "receivable":
        return frozenset(key for key, account in scope.accounts.items() if account.kind == "receivable")
    if place == "tax":
        numbers = {code.account for code in scope.dictionary.tax_codes} - {""}
        found = frozenset(key for key in scope.accounts if scope.number_of(key) in numbers)
        return found | scope.accounts_with("tax_payable")
    return scope.accounts_with(place)


def _label(scope: Scope, place: str) -> str:
    if place in (*_SALE, "receivable"):
        return place
    number = scope.book.account_with(place)
    return scope.number_label(number) if number else ""
