"""V17: a customer who owes nothing in a foreign currency owes nothing in base, after realised gain or loss, and what is
in a foreign currency bears the rate that was stated for its day, or the one at which its money was really changed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from simharness.checks.findings import Reporter, amount, document_object, party_object, payment_object
from simharness.checks.invariants.revaluation import valued_and_taken_back
from simharness.checks.rates import Rates, worth_of
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def settled_abroad_is_settled_at_home(scope: Scope) -> CheckResult:
    """V17 for each customer and currency, over everything on the receivable accounts that bears a foreign amount.

    A gain or loss moves base only. A customer who also owes in base by documents of his own is not judged. Rates are
    judged where the story states any. What is unrealised at the end of a period is judged in revaluation.py.
    """
    report = Reporter("V17", scope.record.header)
    gain = scope.book.account_with("exchange_gain")
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        receivable = {account.id for account in ledger.accounts if account.kind == "receivable"}
        gains = {item.id for item in ledger.accounts if item.number and item.number == gain}
        foreign: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        base: defaultdict[str, Decimal] = defaultdict(Decimal)
        home: set[str] = set()
        for entry in ledger.entries:
            for line in entry.lines:
                if line.account not in receivable:
                    continue
                base[line.party] += line.amount.amount
                if line.foreign is not None and line.foreign.currency != ledger.currency:
                    foreign[line.party][line.foreign.currency] += line.foreign.amount
                elif not any(item.foreign is not None or item.account in gains for item in entry.lines):
                    home.add(line.party)
        _at_stated_rates(scope, report, ledger)
        names = {party.id: party for party in ledger.parties}
        for party, sums in foreign.items():
            report.examined += 1
            if any(sums.values()) or base[party] == _ZERO or party in home:
                continue
            report.found(
                f"{ledger.entity}:{party}",
                f"customer {names[party].name if party in names else party!r} owes nothing in "
                f"{', '.join(sorted(sums))} and yet something in {ledger.currency}",
                expected=f"{Money.zero(ledger.currency)} after realised gain or loss",
                actual=f"{amount(base[party], ledger.currency)} on the receivable account",
                objects=[party_object(ledger.vendor, names[party])] if party in names else [],
                at_risk=Money(base[party], ledger.currency),
            )
    valued_and_taken_back(scope, report)
    return report.result("no customer owes in a foreign currency")


def _at_stated_rates(scope: Scope, report: Reporter, ledger: LedgerSnapshot) -> None:
    """Every invoice and payment of a foreign currency; what takes a sale back is judged by V16."""
    rates = Rates(scope, ledger)
    for document in ledger.documents:
        if document.kind == "invoice" and document.status != "void" and document.currency != ledger.currency:
            name, shown = f"invoice {document.number or document.id}", document_object(ledger.vendor, document)
            _stated(report, rates, ledger, _Record(name, document.date, document.rate, document.total, shown))
    for payment in ledger.payments:
        paid = payment.amount
        if not paid or payment.status == "void" or paid.currency == ledger.currency:
            continue
        record = _Record(
            f"payment {payment.id}", payment.date, payment.rate, paid, payment_object(ledger.vendor, payment)
        )
        real = rates.real(payment)
        if real is None:
            _stated(report, rates, ledger, record)
        else:
            _real(report, rates, record, *real)


class _Record(NamedTuple):
    """An invoice or a payment of a foreign currency."""

    name: str
    day: date
    rate: Decimal | None
    amount: Money
    object: str


def _stated(report: Reporter, rates: Rates, ledger: LedgerSnapshot, record: _Record) -> None:
    """It bears the rate that was stated for its day, where any was."""
    currency, rate = record.amount.currency, record.rate
    right = rates.stated(currency, record.day)
    if not right:
        return
    report.examined += 1
    if rate in right:
        return
    risk = record.amount.amount * ((rate or Decimal(1)) - right[-1])
    report.found(
        f"{ledger.entity}:{record.name}:rate",
        f"{record.name} bears another rate than was stated for its day",
        expected=f"{currency} 1 = {ledger.currency} {right[-1]}",
        actual=f"{currency} 1 = {ledger.currency} {rate}" if rate is not None else "no rate",
        objects=[record.object],
        at_risk=worth_of(risk, ledger.currency),
    )


def _real(report: Reporter, rates: Rates, record: _Record, worth: Decimal, slack: Decimal) -> None:
    """It is worth what its money really came to, whatever was stated for its day."""
    report.examined += 1
    found = rates.in_base(record.amount.amount, record.rate)
    if abs(found - worth) <= slack:
        return
    report.found(
        f"{record.name}:worth",
        f"{record.name} is in the books at another worth than its money came to",
        expected=f"{record.amount} = {worth_of(worth, rates.currency)}",
        actual=f"{record.amount} = {worth_of(found, rates.currency)}"
        + (f" (at {record.rate})" if record.rate is not None else " (no rate)"),
        objects=[record.object],
        at_risk=worth_of(found - worth, rates.currency),
    )
