"""V13 of what follows from a bank line or from what an operator told: it bears the day of its source."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.money import Money
from simharness.domain.fact import CreditApproved, WriteOffApproved

_ZERO = Decimal(0)


def sources_give_days(scope: Scope, report: Reporter) -> None:
    """Payments and discounts of a bank line are on its day, credits and losses on the day on which they were told.

    The movement of the bank account itself is R4's to judge, and of a loss that was paid after all each payment's.
    """
    statement = Statement(scope)
    days = {line.id: line.date for line in statement.posted}
    for effect in scope.effects.naming("bank_line"):
        if effect.id in days and not any(line.account in statement.ledger_accounts for line in effect.entry.lines):
            _bears(scope, report, effect, [days[effect.id]], "the day of the bank line")
    told: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for fact in scope.facts:
        if isinstance(fact, CreditApproved):
            told["credit", fact.invoice_number].append(fact.on)
        elif isinstance(fact, WriteOffApproved):
            told["write_off", fact.invoice_number].append(fact.on)
    for effect in scope.effects.naming("credit", "write_off"):
        if not effect.is_recovery and (effect.noun, effect.id) in told:
            _bears(scope, report, effect, told[effect.noun, effect.id], "when it was told")


def _bears(scope: Scope, report: Reporter, effect: Effect, days: list[date], words: str) -> None:
    entry = effect.entry
    if not entry.lines:
        return  # What only links records moves nothing on any day.
    report.examined += 1
    if any(scope.judged.closings.may_bear(day, entry.date, entry.created_at) for day in days):
        return
    moved = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
    report.found(
        f"{effect.noun}:{effect.id}:{entry.source}:{entry.source_id or entry.id}:date",
        f"the {entry.source.replace('_', ' ')} of {effect} bears another day",
        expected=f"{' or '.join(dict.fromkeys(map(str, days)))}, {words}",
        actual=str(entry.date),
        objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)],
        at_risk=Money(moved, entry.lines[0].amount.currency),
    )
