"""V18: amounts carry the exponent of their currency."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.checks.findings import Reporter
from simharness.checks.scope import Scope
from simharness.core.money import Money, exponent
from simharness.domain.books import LedgerSnapshot
from simharness.domain.finding import CheckResult


def amounts_are_exact(scope: Scope) -> CheckResult:
    """V18: no posted, documented or declared amount is finer than the minor unit of its currency."""
    report = Reporter("V18", scope.record.header)
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        for where, value in _amounts(ledger):
            report.examined += 1
            if not _is_exact(value):
                _inexact(report, f"{ledger.vendor}:{where}", value)
    for row in scope.record.evidence:
        if row.amount is not None:
            report.examined += 1
            if not _is_exact(row.amount):
                _inexact(report, f"evidence:{row.source}", row.amount)
    return report.result("there is no amount")


def _is_exact(value: Money) -> bool:
    """Most amounts are written in their currency's decimals; the others are looked at by value."""
    decimals = value.amount.as_tuple().exponent
    if isinstance(decimals, int) and -decimals <= exponent(value.currency):
        return True
    return value.is_exact()


def _inexact(report: Reporter, where: str, value: Money) -> None:
    places = exponent(value.currency)
    report.found(
        where,
        f"an amount of {where} is finer than {value.currency} has units",
        expected=f"{places} decimals",
        actual=str(value),
        objects=[where],
        at_risk=value,
    )


def _amounts(ledger: LedgerSnapshot) -> Iterator[tuple[str, Money]]:
    for document in ledger.documents:
        where = f"{document.kind}:{document.id}"
        for value in (document.net, document.tax, document.total, document.open):
            yield where, value
        for line in document.lines:
            yield where, line.amount
        for group in document.taxes:
            yield where, group.tax
    for payment in ledger.payments:
        yield f"payment:{payment.id}", payment.amount
        yield f"payment:{payment.id}", payment.unapplied
    for entry in ledger.entries:
        for posting in entry.lines:
            yield f"{entry.source}:{entry.source_id or entry.id}", posting.amount
