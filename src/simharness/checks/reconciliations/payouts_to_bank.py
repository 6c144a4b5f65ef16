"""R4: payouts, bank lines and the ledger's bank account: each posted line has one effect, each payout its own line."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from simharness.checks.effects import Effect, entry_object, movement
from simharness.checks.findings import Reporter, not_applicable, source_object
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.reconciliations.matching import Item, match
from simharness.checks.reconciliations.places import bank_places
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.money import Money
from simharness.domain.bank import BankLine
from simharness.domain.finding import CheckResult
from simharness.domain.gateway import Payout


def payouts_to_bank(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: posted bank lines. Right: what the ledger moved on its bank account, by the line each effect names.

    A line that bears a payout's reference is taken from payouts in transit, and no other line is, whatever its amount.
    """
    if not scope.references.declares("bank_line"):
        return not_applicable("R4", "the connector declares no reference rule for bank lines")
    both = Reconciliation(Reporter("R4", scope.record.header), "the bank statement", "the ledger")
    statement = Statement(scope)
    effects: defaultdict[str, list[tuple[Effect, Money]]] = defaultdict(list)
    for effect in scope.effects.naming("bank_line"):
        amount = movement(effect.entry, statement.ledger_accounts, scope.dictionary.currency, scope.kept_abroad)
        if amount is not None:
            effects[effect.id].append((effect, amount))
    both.left_count = len(statement.posted)
    both.right_count = sum(len(found) for found in effects.values())
    transit = scope.accounts_with("payouts_in_transit")
    for line in statement.posted:
        found = effects.pop(line.id, [])
        if len(found) == 1 and found[0][1] == line.amount and found[0][0].entry.date == line.date:
            both.matched += 1
        elif found or not scope.judged.listed.refused(line.id):
            match(both, line.id, [_line(scope, statement, line)], [_posting(scope, *each) for each in found])
        if found and transit:
            _transit(both, scope, statement.payout_of.get(line.id), line, found[0][0])
    for line_id, found in effects.items():
        items = [_posting(scope, *each) for each in found]
        if line_id in statement.pending:
            _pending(both, scope, statement.pending[line_id], items)
        else:
            match(both, line_id, [], items)
    if scope.bank is not None:
        bank_places(both, scope, statement.ledger_accounts)
        _without_line(both, scope, statement)
    return both.result(nothing_expected=nothing_expected)


def _line(scope: Scope, statement: Statement, line: BankLine) -> Item:
    payout = statement.payout_of.get(line.id)
    words = f"bank line {line.id}" + (f" (payout {payout.id})" if payout else "")
    return Item(line.id, words, line.amount, line.date, _bank_object(scope, line))


def _posting(scope: Scope, effect: Effect, amount: Money) -> Item:
    entry = effect.entry
    vendor = scope.ledger.vendor if scope.ledger else ""
    late = partial(scope.judged.closings.may_bear, posted_at=entry.created_at)
    return Item(
        entry.source_id or entry.id, f"the posting of {effect}", amount, entry.date, entry_object(vendor, entry), late
    )


def _transit(both: Reconciliation, scope: Scope, payout: Payout | None, line: BankLine, effect: Effect) -> None:
    """A payout comes out of the account of payouts in transit, and nothing else does."""
    taken = movement(effect.entry, scope.accounts_with("payouts_in_transit"), line.amount.currency)
    if payout is None and taken is None:
        return
    right = taken is not None and taken.amount == -line.amount.amount and taken.currency == line.amount.currency
    if payout is not None and right:
        return
    vendor = scope.ledger.vendor if scope.ledger else ""
    label = scope.number_label(scope.book.account_with("payouts_in_transit"))
    objects = [_bank_object(scope, line), entry_object(vendor, effect.entry)]
    if payout is None:
        both.broken(
            BreakKind.MISSING_LEFT, f"{line.id}:transit",
            f"bank line {line.id} is booked as a payout, and its reference {line.reference!r} is of none",
            right=taken, objects=objects, at_risk=line.amount,
        )  # fmt: skip
        return
    objects.append(source_object(scope.vendors.get("payments", ""), "payout", payout.id, payout.reference))
    both.broken(
        BreakKind.AMOUNT, f"{line.id}:transit",
        f"bank line {line.id} is payout {payout.id} and is not taken from {label}", left=-line.amount,
        right=taken or f"nothing on {label}", objects=objects, at_risk=line.amount,
    )  # fmt: skip


def _pending(both: Reconciliation, scope: Scope, line: BankLine, found: list[Item]) -> None:
    for item in found:
        both.broken(
            BreakKind.MISSING_LEFT, f"{line.id}:{item.id}",
            f"bank line {line.id} is only announced and already in the ledger", left=f"pending {line.amount}",
            right=item.amount, objects=[_bank_object(scope, line), item.object], at_risk=item.amount,
        )  # fmt: skip


def _without_line(both: Reconciliation, scope: Scope, statement: Statement) -> None:
    """What the connector moved on the bank account without saying for which bank line."""
    for entry in scope.ledger.entries if scope.ledger else ():
        if not scope.by_connector(entry.created_by):
            continue
        if any(effect.noun == "bank_line" for effect in scope.effects.by_entry.get(entry.id, ())):
            continue
        amount = movement(entry, statement.ledger_accounts, scope.dictionary.currency, scope.kept_abroad)
        if amount is not None:
            both.right_count += 1
            both.broken(
                BreakKind.MISSING_LEFT, f"unreferenced:{entry.source}:{entry.source_id or entry.id}",
                "the connector moved the bank account and names no bank line", right=amount,
                objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)], at_risk=amount,
            )  # fmt: skip


def _bank_object(scope: Scope, line: BankLine) -> str:
    return source_object(scope.bank.vendor if scope.bank else "", "bank_line", line.id, line.reference)
