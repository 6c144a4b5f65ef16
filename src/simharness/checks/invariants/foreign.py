"""V17: a customer who owes nothing in a foreign currency owes nothing in base, after realised gain or loss."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, party_object
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def settled_abroad_is_settled_at_home(scope: Scope) -> CheckResult:
    """V17 for each customer and currency, over everything on the receivable accounts that bears a foreign amount.

    A gain or loss moves base only. A customer who also owes in base by documents of his own is not judged.
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
