"""V17: a customer who owes nothing in a foreign currency owes nothing in base, after realised gain or loss, and what is
in a foreign currency bears the rate that was stated for its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.findings import Reporter, amount, document_object, party_object, payment_object
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import ExchangeRateStated
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def settled_abroad_is_settled_at_home(scope: Scope) -> CheckResult:
    """V17 for each customer and currency, over everything on the receivable accounts that bears a foreign amount.

    A gain or loss moves base only. A customer who also owes in base by documents of his own is not judged. Rates are
    judged where the story states any.
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
    return report.result("no customer owes in a foreign currency")


def _at_stated_rates(scope: Scope, report: Reporter, ledger: LedgerSnapshot) -> None:
    """Every invoice and payment of a foreign currency; a credit may rightly go back at the rate of what it credits."""
    stated = [fact for fact in scope.facts if isinstance(fact, ExchangeRateStated)]
    for name, currency, day, rate, total, shown in _abroad(ledger):
        right = _rates_on(stated, currency, day)
        if not right:
            continue
        report.examined += 1
        if rate in right:
            continue
        risk = total.amount * ((rate or Decimal(1)) - right[-1])
        report.found(
            f"{ledger.entity}:{name}:rate",
            f"{name} bears another rate than was stated for its day",
            expected=f"{currency} 1 = {ledger.currency} {right[-1]}",
            actual=f"{currency} 1 = {ledger.currency} {rate}" if rate is not None else "no rate",
            objects=[shown],
            at_risk=Money(risk.quantize(minor_unit(ledger.currency)), ledger.currency),
        )


def _abroad(ledger: LedgerSnapshot) -> Iterator[tuple[str, str, date, Decimal | None, Money, str]]:
    """Name, currency, day, rate, amount and object of invoices and payments that are not in base."""
    for document in ledger.documents:
        if document.kind == "invoice" and document.status != "void" and document.currency != ledger.currency:
            name = f"invoice {document.number or document.id}"
            shown = document_object(ledger.vendor, document)
            yield name, document.currency, document.date, document.rate, document.total, shown
    for payment in ledger.payments:
        paid = payment.amount
        if paid and payment.status != "void" and paid.currency != ledger.currency:
            shown = payment_object(ledger.vendor, payment)
            yield f"payment {payment.id}", paid.currency, payment.date, payment.rate, paid, shown


def _rates_on(stated: list[ExchangeRateStated], currency: str, day: date) -> list[Decimal]:
    """The last rate stated before a day, and those of the day itself: which of them was known is a matter of hours."""
    mine = [fact for fact in stated if fact.currency == currency and fact.on <= day]
    before = [fact.rate for fact in mine if fact.on < day][-1:]
    today = [fact.rate for fact in mine if fact.on == day]
    return [*before, *today]
