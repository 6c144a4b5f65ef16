"""V1 and V9: entries balance, and the subledger equals its control account."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.findings import Reporter, party_object
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def entries_balance(scope: Scope) -> CheckResult:
    """V1: the lines of every entry sum to zero, where they share one currency."""
    report = Reporter("V1", scope.record.header)
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        for entry in ledger.entries:
            currencies = {line.amount.currency for line in entry.lines}
            if len(currencies) > 1:
                continue  # A foreign entry balances in base, and its lines do not carry the base amount here.
            report.examined += 1
            debits = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
            credits = -sum((line.amount.amount for line in entry.lines if line.amount.amount < 0), _ZERO)
            if debits != credits:
                currency = currencies.pop()
                report.found(
                    f"{ledger.entity}:{entry.source}:{entry.source_id or entry.id}",
                    f"the entry of {entry.source} {entry.source_id or entry.id} does not balance",
                    expected=f"debits {Money(debits, currency)}",
                    actual=f"credits {Money(credits, currency)}",
                    objects=[f"{ledger.vendor}:entry:{entry.id}", f"{ledger.vendor}:{entry.source}:{entry.source_id}"],
                    at_risk=Money(debits - credits, currency),
                )
    return report.result("the ledger holds no entries")


def subledger_is_control(scope: Scope) -> CheckResult:
    """V9: open invoices less open credits and unapplied money = the receivable accounts; and so for each customer."""
    report = Reporter("V9", scope.record.header)
    unapplied_account = scope.book.account_with("unapplied")
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        control = {account.id for account in ledger.accounts if account.kind == "receivable"}
        control |= {
            account.id for account in ledger.accounts if unapplied_account and account.number == unapplied_account
        }
        owed: defaultdict[str, Decimal] = defaultdict(Decimal)
        for document in ledger.documents:
            owed[document.party] += document.open.amount * (1 if document.kind == "invoice" else -1)
        for payment in ledger.payments:
            owed[payment.party] -= payment.unapplied.amount
        posted: defaultdict[str, Decimal] = defaultdict(Decimal)
        for entry in ledger.entries:
            for line in entry.lines:
                if line.account in control:
                    posted[line.party] += line.amount.amount
        report.examined += len(ledger.documents) + len(ledger.payments)
        subledger, balance = sum(owed.values(), _ZERO), sum(posted.values(), _ZERO)
        if subledger != balance:
            report.found(
                f"{ledger.entity}:control",
                "the open items of the customers do not sum to the receivable account",
                expected=f"open items {Money(subledger, ledger.currency)}",
                actual=f"receivable account {Money(balance, ledger.currency)}",
                objects=[f"{ledger.vendor}:account:{key} ({scope.account_label(key)})" for key in sorted(control)],
                at_risk=Money(balance - subledger, ledger.currency),
            )
        for party in ledger.parties:
            if party.balance is not None and party.balance.amount != owed[party.id]:
                report.found(
                    f"{ledger.entity}:party:{party.id}",
                    f"the balance of customer {party.name!r} is not the sum of its open items",
                    expected=f"open items {Money(owed[party.id], party.balance.currency)}",
                    actual=f"balance {party.balance}",
                    objects=[party_object(ledger.vendor, party)],
                    at_risk=party.balance - Money(owed[party.id], party.balance.currency),
                )
    return report.result("the ledger holds no customer documents or payments")
