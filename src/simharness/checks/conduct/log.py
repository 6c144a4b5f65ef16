"""C5: one success log row per ledger entry, and the reverse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.evidence import LogRow
from simharness.domain.finding import CheckResult, Severity

_RECORDS = frozenset(
    {"invoice", "credit_memo", "sales_receipt", "refund_receipt", "payment", "journal", "deposit", "transfer"}
)
_CREATING = frozenset({"create", "apply"})


def log_equals_ledger(scope: Scope) -> CheckResult:
    """C5: what the connector posted has exactly one row, every success row names something that is there, same amount.

    A row `found` says that an uncertain posting was looked up: it may stand for the row `posted`, or beside it. A link
    of a credit to an invoice posts nothing, so it may have a row of its own or none.
    """
    if "log" not in scope.connector.evidence:
        return not_applicable("C5", "the connector offers no log")
    if scope.ledger is None:
        return not_applicable("C5", "the story has no ledger")
    report = Reporter("C5", scope.record.header, Severity.CONDUCT)
    vendor = scope.ledger.vendor
    posted: dict[str, Money] = {}
    links: set[str] = set()
    foreign: set[str] = set()
    for document in scope.ledger.documents:
        target = f"{vendor}:{document.kind}:{document.id}"
        (posted.__setitem__(target, document.total) if scope.by_connector(document.created_by) else foreign.add(target))
    for payment in scope.ledger.payments:
        target = f"{vendor}:payment:{payment.id}"
        if not scope.by_connector(payment.created_by):
            foreign.add(target)
        elif payment.amount:
            posted[target] = payment.amount
        else:
            links.add(target)
    for target, worth, author in _movements(scope.ledger):
        (posted.__setitem__(target, worth) if scope.by_connector(author) else foreign.add(target))
    rows: dict[str, list[LogRow]] = defaultdict(list)
    for row in scope.record.evidence:
        if isinstance(row, LogRow) and row.outcome != "failed" and row.action in _CREATING:
            rows[row.target].append(row)
    for target, amount in posted.items():
        report.examined += 1
        _one_row(report, target, amount, rows.get(target, []))
    deleted = {f"{w.vendor}:{w.dataset}:{w.record_id}" for w in scope.record.writes if w.action == "delete"}
    there = posted.keys() | links | foreign | deleted
    for target, logged in rows.items():
        report.examined += 1
        system, kind, *_ = (*target.split(":"), "", "")
        if system == vendor and kind in _RECORDS and target not in there:
            report.found(
                f"{target}:absent",
                f"the log says that {logged[0].source} became {target}, which is not in the ledger",
                expected=f"{target} in the ledger",
                actual="no such record",
                objects=[logged[0].source, target],
                at_risk=logged[0].amount,
            )
    _taken_over(scope, report)
    return report.result("the connector posted nothing and logged nothing")


def _taken_over(scope: Scope, report: Reporter) -> None:
    """An invoice that another program wrote is a deal's one effect: a row about it says that it was taken for that."""
    said = {row.target for row in scope.record.evidence if isinstance(row, LogRow) and row.outcome == "found"}
    for expected, linked in scope.pairing.pairs:
        document = linked.document
        if scope.by_connector(document.created_by):
            continue
        report.examined += 1
        target = f"{scope.vendors.get('accounting', '')}:{document.kind}:{document.id}"
        if target not in said:
            report.found(
                f"{target}:untaken",
                f"{document.created_by} wrote the {expected}, and no row of the log says that it was taken for that",
                expected=f"one row about {target}",
                actual="no row",
                objects=[target],
                at_risk=document.total,
                origin=expected.origin,
            )


def _movements(ledger: LedgerSnapshot) -> Iterator[tuple[str, Money, str]]:
    """Deposits, transfers and journals: target, worth (of a journal its debits) and author."""
    for deposit in ledger.deposits:
        yield f"{ledger.vendor}:deposit:{deposit.id}", deposit.total, deposit.created_by
    for transfer in ledger.transfers:
        yield f"{ledger.vendor}:transfer:{transfer.id}", transfer.amount, transfer.created_by
    for entry in ledger.entries:
        if entry.source == "journal":
            values = [line.amount if line.foreign is None else line.foreign for line in entry.lines]
            debits = sum((value.amount for value in values if value.amount > 0), Decimal(0))
            currency = values[0].currency if values else ledger.currency
            yield f"{ledger.vendor}:journal:{entry.source_id}", Money(debits, currency), entry.created_by


def _one_row(report: Reporter, target: str, amount: Money, rows: list[LogRow]) -> None:
    fresh = [row for row in rows if row.action == "create" and row.outcome == "posted"]
    if not rows:
        report.found(
            f"{target}:unlogged",
            f"{target} was posted and no row of the log says so",
            expected="one row",
            actual="no row",
            objects=[target],
            at_risk=amount,
        )
    if len(fresh) > 1:
        report.found(
            f"{target}:twice",
            f"the log says {len(fresh)} times that {target} was posted",
            expected="one row",
            actual=f"{len(fresh)} rows",
            objects=[target, *dict.fromkeys(row.source for row in fresh)],
            at_risk=amount,
        )
    for row in rows:
        if row.action == "create" and row.amount is not None and row.amount != amount:
            report.found(
                f"{target}:amount",
                f"the log names another amount for {target} than the ledger holds: it was not read back",
                expected=str(amount),
                actual=str(row.amount),
                objects=[row.source, target],
                at_risk=row.amount - amount if row.amount.currency == amount.currency else row.amount,
            )
