"""V13 of what follows from a bank line or from what an operator told: it bears the day of its source. A payment of
nothing that only links records bears the day on which the last of them came about.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter, payment_object
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.money import Money
from simharness.domain.fact import CreditApproved, WriteOffApproved

_ZERO = Decimal(0)


def sources_give_days(scope: Scope, report: Reporter) -> None:
    """Payments and discounts of a bank line are on its day, credits and losses on the day on which they were told.

    The movement of the bank account itself is R4's to judge, and of a loss that was paid after all each payment's.
    """
    _links(scope, report)
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


def _links(scope: Scope, report: Reporter) -> None:
    """Its day decides from when on a credit counts as applied, so ageing as at a day hangs on it."""
    ledger = scope.ledger
    payments = [each for each in ledger.payments if not each.amount and each.applications] if ledger else []
    if ledger is None or not payments:
        return
    days = {item.id: item.date for item in ledger.documents} | {item.entry: item.date for item in ledger.open_items}
    for payment in payments:
        linked = [days[part.document] for part in payment.applications if part.document in days]
        if payment.status == "void" or len(linked) < 2 or not scope.by_connector(payment.created_by):
            continue
        report.examined += 1
        if scope.judged.closings.may_bear(max(linked), payment.date, payment.created_at):
            continue
        part = payment.applications[0].amount
        report.found(
            f"link:{payment.id}:date",
            "a payment of nothing that applies a credit bears another day",
            expected=f"{max(linked)}, when the last of what it links came about",
            actual=str(payment.date),
            objects=[payment_object(ledger.vendor, payment)],
            at_risk=Money(abs(part.amount), part.currency),
        )


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
