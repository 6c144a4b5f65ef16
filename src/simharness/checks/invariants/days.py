"""V13: each document bears the declared day; instants convert in the entity's zone, dates stay as they are."""

from __future__ import annotations

from simharness.checks.arithmetic.days import due_on
from simharness.checks.findings import Reporter, document_object, payment_object
from simharness.checks.gateway import paid_days
from simharness.checks.invariants.told_days import sources_give_days
from simharness.checks.scope import Scope
from simharness.domain.finding import CheckResult


def days_are_declared(scope: Scope) -> CheckResult:
    """V13: dates and due days of documents, days of payments and of what sources call for, and entries on the day of
    what posted them.
    """
    report = Reporter("V13", scope.record.header)
    vendor = scope.vendors.get("accounting", "")
    for expected, linked in scope.pairing.pairs:
        document = linked.document
        report.examined += 1
        key = f"{expected.deal_id}:{expected.kind}:{linked.version}"
        in_time = expected.dated <= document.date <= expected.latest
        if not in_time and not scope.judged.closings.may_bear(expected.dated, document.date, document.created_at):
            until = "" if expected.latest == expected.dated else f" to {expected.latest}"
            report.found(
                f"{key}:date",
                f"the {expected} ({document.number or document.id}) bears another day",
                expected=f"{expected.dated}{until}",
                actual=str(document.date),
                objects=[document_object(vendor, document)],
                at_risk=document.total,
                origin=expected.origin,
            )
        if expected.terms_days is None or expected.kind != "invoice":
            continue
        due = due_on(document.date, expected.terms_days)
        if document.due != due:
            report.found(
                f"{key}:due",
                f"the {expected} ({document.number or document.id}) falls due on another day",
                expected=f"{due}, {expected.terms_days} days after {document.date}",
                actual=str(document.due or "no due day"),
                objects=[document_object(vendor, document)],
                at_risk=document.total,
                origin=expected.origin,
            )
    days = paid_days(scope.gateway, scope.zone)
    for payment in scope.expected.payments:
        for actual in scope.links.payments_of.get(payment.charge_id, ())[:1]:
            report.examined += 1
            due = days.get(payment.charge_id, payment.dated)
            if not scope.judged.closings.may_bear(due, actual.date, actual.created_at):
                report.found(
                    f"{payment.charge_id}:date",
                    f"payment {payment.payment!r} bears another day",
                    expected=f"{due}, the local day of the charge",
                    actual=str(actual.date),
                    objects=[payment_object(vendor, actual)],
                    at_risk=actual.amount,
                    origin=payment.origin,
                )
    sources_give_days(scope, report)
    _entries(scope, report)
    return report.result("no document or payment answers to a fact")


def _entries(scope: Scope, report: Reporter) -> None:
    if scope.ledger is None:
        return
    dated = {(document.kind, document.id): document.date for document in scope.ledger.documents}
    dated |= {("payment", payment.id): payment.date for payment in scope.ledger.payments}
    dated |= {("deposit", deposit.id): deposit.date for deposit in scope.ledger.deposits}
    dated |= {("transfer", transfer.id): transfer.date for transfer in scope.ledger.transfers}
    for entry in scope.ledger.entries:
        day = dated.get((entry.source, entry.source_id))
        if day is not None and day != entry.date:
            report.found(
                f"{entry.source}:{entry.source_id}:entry",
                f"the entry of {entry.source} {entry.source_id} is on another day than the {entry.source}",
                expected=str(day),
                actual=str(entry.date),
                objects=[f"{scope.ledger.vendor}:entry:{entry.id}"],
            )
