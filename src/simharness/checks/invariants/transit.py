"""V11: each paid payout is one bank line; transit and undeposited accounts hold the listed items and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from simharness.checks.effects import moved
from simharness.checks.findings import Reporter, amount, source_object
from simharness.checks.rates import Rates
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.money import Money
from simharness.domain.books import Payment
from simharness.domain.finding import CheckResult
from simharness.domain.gateway import Payout

_ZERO = Decimal(0)

#: Banks need a weekend and a holiday; an automatic payout that is still not there then is lost.
_OVERDUE = timedelta(days=5)


def only_listed_in_transit(scope: Scope) -> CheckResult:
    """V11 at the last rest. Payouts and bank lines answer to each other by reference, cheques by number."""
    report = Reporter("V11", scope.record.header)
    statement = Statement(scope)
    for payout in statement.payouts:
        report.examined += 1
        if scope.bank is not None:
            _on_statement(scope, report, statement, payout)
    if scope.ledger is not None:
        _payouts_in_transit(scope, report, statement)
        _undeposited(scope, report, statement)
    return report.result("no payout was sent and no cheque was taken")


def _on_statement(scope: Scope, report: Reporter, statement: Statement, payout: Payout) -> None:
    """A paid payout is one line, a failed one none or two that cancel; what the connector told somebody of is known."""
    lines = [line for line in statement.lines_of(payout) if not scope.judged.listed.told(line.id)]
    found = sum((line.amount.amount for line in lines), _ZERO)
    if payout.status in {"failed", "canceled"}:
        right = found == 0 and len(lines) in (0, 2)
    elif lines:
        right = len(lines) == 1 and lines[0].amount == payout.amount
    else:
        overdue = scope.checkpoint is not None and payout.arrival + _OVERDUE < scope.checkpoint.world.at.date()
        right = not (payout.automatic and payout.status == "paid" and overdue)
    if right:
        return
    currency = payout.amount.currency
    failed = payout.status in {"failed", "canceled"}
    report.found(
        f"{payout.id}:statement",
        f"payout {payout.id} is {payout.status}, and the bank statement does not say so",
        expected="no line, or two that cancel" if failed else f"one line of {payout.amount}",
        actual=f"{len(lines)} lines, together {amount(found, currency)}" if lines else "no line",
        objects=[
            _object(scope, payout),
            *(source_object(scope.bank.vendor if scope.bank else "", "bank_line", line.id) for line in lines),
        ],
        at_risk=Money(found - (_ZERO if failed else payout.amount.amount), currency),
    )


def _payouts_in_transit(scope: Scope, report: Reporter, statement: Statement) -> None:
    transit = scope.accounts_with("payouts_in_transit")
    if not transit or scope.ledger is None:
        return
    held: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for entry in scope.ledger.entries:
        sums = moved(entry, transit)
        if sums:
            source = next(
                (
                    effect.id if effect.noun == "payout" else statement.payout_of[effect.id].id
                    for effect in scope.effects.by_entry.get(entry.id, ())
                    if effect.noun == "payout" or (effect.noun == "bank_line" and effect.id in statement.payout_of)
                ),
                "",
            )
            for currency, value in sums.items():
                held[source][currency] += value
    for payout in statement.payouts:
        mine: dict[str, Decimal] = held.pop(payout.id, defaultdict(Decimal))
        currency = payout.amount.currency
        # A line that the connector lists as not posted took nothing off: the payout still stands there.
        refused = (line.amount.amount for line in statement.lines_of(payout) if scope.judged.listed.refused(line.id))
        listed, found = statement.in_transit(payout), mine.get(currency, _ZERO)
        if found not in (listed, listed + sum(refused, _ZERO)) and not (
            not mine and scope.judged.listed.refused(payout.id)
        ):
            report.found(
                f"{payout.id}:transit",
                f"payouts in transit do not hold payout {payout.id} as it stands between gateway and bank",
                expected=f"{amount(listed, currency)} in transit",
                actual=f"{amount(found, currency)} on {_label(scope, 'payouts_in_transit')}",
                objects=[_object(scope, payout)],
                at_risk=Money(found - listed, currency),
            )
    for source, sums in held.items():
        for currency, value in sums.items():
            if value:
                report.examined += 1
                report.found(
                    f"{source or 'unlisted'}:{currency}:transit",
                    "payouts in transit hold what is no payout on its way",
                    expected="nothing but payouts that were sent and are not on the statement",
                    actual=f"{amount(value, currency)}" + (f" of {source}" if source else ""),
                    at_risk=Money(value, currency),
                )


def _undeposited(scope: Scope, report: Reporter, statement: Statement) -> None:
    undeposited = scope.accounts_with("undeposited")
    ledger = scope.ledger
    if not undeposited or ledger is None:
        return
    listed = statement.waiting_cheques()
    there = {
        item.id: item
        for item in ledger.payments
        if item.account in undeposited and item.status != "void" and item.amount and not item.deposited
    }
    report.examined += len(listed) + len(there)
    for payment_id in dict.fromkeys([*listed, *there]):
        cheque, payment = listed.get(payment_id), there.get(payment_id)
        value = cheque.amount if cheque else there[payment_id].amount
        if cheque is not None and payment is not None and cheque.amount == payment.amount:
            continue
        words = f"cheque {cheque.cheque}" if cheque else f"payment {payment_id}"
        report.found(
            f"{payment_id}:undeposited",
            f"{words} does not wait for the bank and is in undeposited funds" if payment and not cheque
            else f"{words} waits for the bank and is not in undeposited funds with its amount",
            expected=f"{cheque.amount} in undeposited funds" if cheque else "nothing in undeposited funds",
            actual=f"{payment.amount} in undeposited funds" if payment else "nothing in undeposited funds",
            objects=[f"{ledger.vendor}:payment:{payment_id}"],
            at_risk=value,
        )  # fmt: skip
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        for currency, value_moved in moved(entry, undeposited, undeposited).items():
            sums[currency] += value_moved
    for item in there.values():
        sums[item.amount.currency] -= item.amount.amount
    if not any(sums.values()):
        # Foreign money that went on whole must not leave a rest of its worth behind.
        sums[ledger.currency] = _left_in_base(scope, undeposited, list(there.values()))
    for currency, rest in sums.items():
        if rest:
            report.examined += 1
            report.found(
                f"undeposited:{currency}",
                "the undeposited account is not the sum of the payments that wait in it",
                expected="the payments that wait and nothing else",
                actual=f"{amount(rest, currency)} more on {_label(scope, 'undeposited')}",
                at_risk=Money(rest, currency),
            )


def _left_in_base(scope: Scope, undeposited: frozenset[str], there: list[Payment]) -> Decimal:
    """What stands there in base beyond the payments that wait, each at its own rate."""
    if scope.ledger is None:
        return _ZERO
    rates = Rates(scope, scope.ledger)
    stands = (
        line.amount.amount for entry in scope.ledger.entries for line in entry.lines if line.account in undeposited
    )
    return sum(stands, _ZERO) - sum((rates.in_base(item.amount.amount, item.rate) for item in there), _ZERO)


def _label(scope: Scope, role: str) -> str:
    return scope.number_label(scope.book.account_with(role))


def _object(scope: Scope, payout: Payout) -> str:
    return source_object(scope.vendors.get("payments", ""), "payout", payout.id, payout.reference)
