"""R3: every movement of the gateway's balance is one posting on the clearing account, to the cent, on its local day."""

from __future__ import annotations

from datetime import date

from simharness.checks.findings import Reporter, not_applicable, payment_object, source_object
from simharness.checks.gateway import paid_days
from simharness.checks.oracle.model import ExpectedPayment
from simharness.checks.reconciliations.balance_lines import compare_balance_lines
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.scope import Scope
from simharness.domain.books import Payment
from simharness.domain.finding import CheckResult


def gateway_to_ledger(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: what customers paid, and every balance line with its fee. Right: what the ledger says of each by reference.

    Charges are compared as payments, record by record; everything else on the clearing account. Amounts match nothing.
    """
    if not scope.references.declares("payment"):
        return not_applicable("R3", "the connector declares no reference rule for payments")
    both = Reconciliation(Reporter("R3", scope.record.header), "the gateway", "the ledger")
    if scope.gateway is None:
        both.left_count = len(scope.expected.payments)
        both.right_count = sum(len(payments) for payments in scope.links.payments_of.values())
    _payments(both, scope)
    if scope.gateway is not None:
        both.matched = 0  # counted anew, by balance line
        compare_balance_lines(both, scope)
    return both.result(nothing_expected=nothing_expected)


def _payments(both: Reconciliation, scope: Scope) -> None:
    vendor = scope.vendors.get("accounting", "")
    known = set()
    days = paid_days(scope.gateway, scope.zone)
    for expected in scope.expected.payments:
        known.add(expected.charge_id)
        payments = scope.links.payments_of.get(expected.charge_id, [])
        charge = source_object(scope.vendors.get("payments", ""), "charge", expected.charge_id, expected.payment)
        if not payments:
            both.broken(
                BreakKind.MISSING_RIGHT,
                expected.charge_id,
                f"payment {expected.payment!r} is not in the ledger",
                left=expected.amount,
                objects=[charge],
                at_risk=expected.amount,
                origin=expected.origin,
            )
            continue
        both.matched += 1
        _compare(
            both,
            scope,
            expected,
            days.get(expected.charge_id, expected.dated),
            payments[0],
            [charge, payment_object(vendor, payments[0])],
        )
        for further in payments[1:]:
            both.broken(
                BreakKind.DUPLICATE,
                f"{expected.charge_id}:{further.id}",
                f"payment {expected.payment!r} is in the ledger again",
                left=expected.amount,
                right=further.amount,
                objects=[charge, payment_object(vendor, further)],
                at_risk=further.amount,
                origin=expected.origin,
            )
    later = {fact.charge_id for fact in scope.judged.all_payments}
    for charge_id, payments in scope.links.payments_of.items():
        if charge_id not in known and charge_id not in later:
            both.broken(
                BreakKind.MISSING_LEFT,
                charge_id,
                f"the ledger holds a payment of charge {charge_id}, which no customer made",
                right=payments[0].amount,
                objects=[payment_object(vendor, payment) for payment in payments],
                at_risk=payments[0].amount,
            )


def _compare(
    both: Reconciliation, scope: Scope, expected: ExpectedPayment, due: date, actual: Payment, objects: list[str]
) -> None:
    if actual.amount != expected.amount:
        both.broken(
            BreakKind.AMOUNT,
            expected.charge_id,
            f"payment {expected.payment!r} is in the ledger with another amount",
            left=expected.amount,
            right=actual.amount,
            objects=objects,
            at_risk=actual.amount - expected.amount
            if actual.amount.currency == expected.amount.currency
            else expected.amount,
            origin=expected.origin,
        )
    if not scope.judged.closings.may_bear(due, actual.date, actual.created_at):
        both.broken(
            BreakKind.DATE,
            expected.charge_id,
            f"payment {expected.payment!r} is in the ledger on another day",
            left=due,
            right=actual.date,
            objects=objects,
            at_risk=expected.amount,
            origin=expected.origin,
        )
    clearing = scope.book.account_with("gateway_clearing")
    if clearing and scope.number_of(actual.account) != clearing:
        both.broken(
            BreakKind.AMOUNT,
            f"{expected.charge_id}:account",
            f"payment {expected.payment!r} is not on the clearing account",
            left=f"{scope.number_label(clearing)} {expected.amount}",
            right=f"{scope.account_label(actual.account)} {actual.amount}",
            objects=objects,
            at_risk=expected.amount,
            origin=expected.origin,
        )
