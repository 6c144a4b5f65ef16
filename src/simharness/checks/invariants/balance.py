"""V1 and V9: entries balance, and the subledger equals its control account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.findings import Reporter, party_object
from simharness.checks.invariants.payroll_liabilities import payroll_rolls_forward
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Entry, LedgerSnapshot
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def entries_balance(scope: Scope) -> CheckResult:
    """V1: the lines of every entry sum to zero in base, and in the transaction's currency where all lines share one."""
    report = Reporter("V1", scope.record.header)
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        for entry in ledger.entries:
            if len({line.amount.currency for line in entry.lines}) > 1:
                continue  # Such lines do not carry the base amount, in which alone the entry balances.
            report.examined += 1
            _balances(report, ledger, entry, [line.amount for line in entry.lines])
            abroad = [line.foreign for line in entry.lines if line.foreign is not None]
            if len(abroad) == len(entry.lines) and len({money.currency for money in abroad}) == 1:
                _balances(report, ledger, entry, abroad)
    return report.result("the ledger holds no entries")


def _balances(report: Reporter, ledger: LedgerSnapshot, entry: Entry, amounts: list[Money]) -> None:
    debits = sum((money.amount for money in amounts if money.amount > 0), _ZERO)
    credits_ = -sum((money.amount for money in amounts if money.amount < 0), _ZERO)
    if debits == credits_:
        return
    currency = amounts[0].currency
    abroad = "" if currency == ledger.currency else f":{currency}"
    report.found(
        f"{ledger.entity}:{entry.source}:{entry.source_id or entry.id}{abroad}",
        f"the entry of {entry.source} {entry.source_id or entry.id} does not balance",
        expected=f"debits {Money(debits, currency)}",
        actual=f"credits {Money(credits_, currency)}",
        objects=[f"{ledger.vendor}:entry:{entry.id}", f"{ledger.vendor}:{entry.source}:{entry.source_id}"],
        at_risk=Money(debits - credits_, currency),
    )


@dataclass(slots=True)
class _Subledger:
    """What the customers owe by their open items, by customer and currency, and what of it is money not yet used."""

    owed: defaultdict[str, defaultdict[str, Decimal]]
    unapplied: Decimal = _ZERO
    credit: Decimal = _ZERO

    def add(self, party: str, money: Money, sign: int = 1) -> None:
        self.owed[party][money.currency] += sign * money.amount

    def total(self, currency: str) -> Decimal:
        return sum((sums[currency] for sums in self.owed.values() if currency in sums), _ZERO)

    @property
    def currencies(self) -> set[str]:
        return {currency for sums in self.owed.values() for currency in sums}


def _subledger(ledger: LedgerSnapshot) -> _Subledger:
    found = _Subledger(defaultdict(lambda: defaultdict(Decimal)))
    for document in ledger.documents:
        if document.kind == "invoice":
            found.add(document.party, document.open)
        elif document.kind == "credit_memo":
            found.add(document.party, document.open, -1)
            found.credit += document.open.amount
    for item in ledger.open_items:
        found.add(item.party, abs(item.open), 1 if item.amount.amount > 0 else -1)
    for payment in ledger.payments:
        if payment.kind == "customer":
            found.add(payment.party, payment.unapplied, -1)
            found.unapplied += payment.unapplied.amount
    return found


def _control(scope: Scope, ledger: LedgerSnapshot) -> set[str]:
    unapplied = scope.book.account_with("unapplied")
    control = {account.id for account in ledger.accounts if account.kind == "receivable"}
    return control | {account.id for account in ledger.accounts if unapplied and account.number == unapplied}


def _posted(scope: Scope, ledger: LedgerSnapshot, control: set[str]) -> dict[str, Decimal]:
    """What stands on the control accounts by the currency of the transaction; a gain or loss moves base only."""
    gain = scope.book.account_with("exchange_gain")
    gains = {account.id for account in ledger.accounts if gain and account.number == gain}
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        adjusts = bool(gains) and any(line.account in gains for line in entry.lines)
        for line in entry.lines:
            if line.account in control and not (adjusts and line.foreign is None):
                money = line.amount if line.foreign is None else line.foreign
                sums[money.currency] += money.amount
    return dict(sums)


def subledger_is_control(judged: Judged) -> CheckResult:
    """V9: what customers owe is the receivable at the end, what payroll owes its accounts at the last rest."""
    report = Reporter("V9", judged.record.header)
    _customers(judged.final, report)
    payroll_rolls_forward(judged.rested, report)
    return report.result("the ledger holds no customer documents or payments, and no payroll")


def _customers(scope: Scope, report: Reporter) -> None:
    """Open invoices less open credits and unapplied money = the receivable accounts; and so for each customer.

    Journals on the receivable count as open items. What is owed in a foreign currency is compared in it.
    """
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        subledger, control = _subledger(ledger), _control(scope, ledger)
        posted = _posted(scope, ledger, control)
        report.examined += len(ledger.documents) + len(ledger.payments) + len(ledger.open_items)
        for currency in sorted(subledger.currencies | posted.keys()):
            owed, balance = subledger.total(currency), posted.get(currency, _ZERO)
            if owed == balance:
                continue
            abroad = "" if currency == ledger.currency else f":{currency}"
            report.found(
                f"{ledger.entity}:control{abroad}",
                "the open items of the customers do not sum to the receivable account",
                expected=f"open items {Money(owed, currency)}{_shown(subledger, ledger.currency)}",
                actual=f"receivable account {Money(balance, currency)}",
                objects=[f"{ledger.vendor}:account:{key} ({scope.account_label(key)})" for key in sorted(control)],
                at_risk=Money(balance - owed, currency),
            )
        _parties(report, ledger, subledger)


def _shown(subledger: _Subledger, currency: str) -> str:
    parts = [
        f"{words} {Money(value, currency)}"
        for words, value in (("unapplied cash", subledger.unapplied), ("unapplied credit", subledger.credit))
        if value
    ]
    return f" after {' and '.join(parts)}" if parts else ""


def _parties(report: Reporter, ledger: LedgerSnapshot, subledger: _Subledger) -> None:
    """The balance that the ledger shows of each customer; one shown in another currency than his items is left out."""
    for party in ledger.parties:
        if party.balance is None:
            continue
        sums = {currency: value for currency, value in subledger.owed[party.id].items() if value}
        if sums and party.balance.currency not in sums:
            continue
        mine = Money(sums.get(party.balance.currency, _ZERO), party.balance.currency)
        if party.balance != mine:
            report.found(
                f"{ledger.entity}:party:{party.id}",
                f"the balance of customer {party.name!r} is not the sum of its open items",
                expected=f"open items {mine}",
                actual=f"balance {party.balance}",
                objects=[party_object(ledger.vendor, party)],
                at_risk=party.balance - mine,
            )
