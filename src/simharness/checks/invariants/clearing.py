"""V10: the clearing account stands where the gateway's balance stands, at every rest."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.effects import moved
from simharness.checks.findings import Reporter, amount, not_applicable
from simharness.checks.gateway import NOUNS
from simharness.checks.reconciliations.balance_lines import balance_parts
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.finding import CheckResult
from simharness.domain.gateway import GatewaySnapshot

_ZERO = Decimal(0)


def clearing_is_balance(judged: Judged) -> CheckResult:
    """V10 at each rest, a currency at a time; only what the connector lists as rejected may be missing."""
    if not judged.book.account_with("gateway_clearing"):
        return not_applicable("V10", "the dictionary has no account for gateway clearing")
    report = Reporter("V10", judged.record.header)
    for scope in judged.rests:
        if scope.gateway is not None and scope.ledger is not None:
            _rest(scope, scope.gateway, report)
    return report.result("the connector never rested beside a gateway whose balance had moved")


def _rest(scope: Scope, gateway: GatewaySnapshot, report: Reporter) -> None:
    for line in gateway.balance_lines:
        if line.kind not in NOUNS:
            report.examined += 1
            report.found(
                f"kind:{line.kind}",
                f"the gateway moved its balance by a {line.kind}, and nobody has said what that is to the books",
                expected="a kind that is known: " + ", ".join(NOUNS),
                actual=f"{line.kind} {line.net}",
                objects=[f"{gateway.vendor}:balance_line:{line.id}"],
                at_risk=line.net,
            )
    balance: defaultdict[str, Decimal] = defaultdict(Decimal)
    for money in (*gateway.pending, *gateway.available, *gateway.reserved):
        balance[money.currency] += money.amount
    clearing = scope.accounts_with("gateway_clearing")
    books: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in scope.ledger.entries if scope.ledger else ():
        for currency, value in moved(entry, clearing).items():
            books[currency] += value
    if gateway.balance_lines or any(books.values()):
        report.examined += 1
    for currency in dict.fromkeys([*balance, *books]):
        if balance[currency] != books[currency]:
            _differs(scope, report, currency, balance[currency], books[currency])


def _differs(scope: Scope, report: Reporter, currency: str, balance: Decimal, books: Decimal) -> None:
    unposted = [item for item in _unposted(scope) if item[0].currency == currency]
    listed = sum((money.amount for money, _, excused in unposted if excused), _ZERO)
    if balance - listed == books:
        return
    on = next(fact.on for fact in reversed(scope.facts) if fact.step <= scope.step)
    report.found(
        f"{scope.step}:{currency}",
        f"the clearing account is not the gateway's balance on {on}",
        expected=f"{amount(balance - listed, currency)} at the gateway"
        + (f", {amount(listed, currency)} rejected left out" if listed else ""),
        actual=f"{amount(books, currency)} on {scope.number_label(scope.book.account_with('gateway_clearing'))}",
        objects=[name for _, name, excused in unposted if not excused],
        at_risk=Money(books - balance + listed, currency),
    )


def _unposted(scope: Scope) -> list[tuple[Money, str, bool]]:
    """What the gateway moved and no posting names: amount, object, and whether the connector lists it as rejected."""
    named = {id for _, id in scope.effects.of}
    vendor = scope.gateway.vendor if scope.gateway else ""
    return [
        (part.amount, f"{vendor}:balance_line:{part.line.id} ({part.noun} {part.key})",
         scope.judged.listed.refused(*part.ids, part.line.source))
        for part in balance_parts(scope)
        if named.isdisjoint(part.ids)
    ]  # fmt: skip
