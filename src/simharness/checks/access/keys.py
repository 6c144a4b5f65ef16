"""C7: only scopes that the connector needs are used; writes with other keys are refused."""

from __future__ import annotations

from collections.abc import Mapping

from simharness.checks.findings import Reporter
from simharness.checks.scope import Judged
from simharness.domain.connector import ConnectorInfo
from simharness.domain.finding import CheckResult, Severity
from simharness.domain.record import RunRecord

_ACCOUNTING = "accounting"


def keys_open_what_they_should(judged: Judged) -> CheckResult:
    """C7: no request of the connector was refused for want of a scope, and nothing came into a ledger over the wire
    with the key of anybody else.

    Scopes that are declared and were never asked for are no finding: `unused_scopes` names them.
    """
    record = judged.record
    report = Reporter("C7", record.header, Severity.CONDUCT)
    others: dict[str, set[str]] = {}
    for exchange in record.exchanges:
        notes = exchange.response.notes if exchange.response is not None else None
        if notes is None or not notes.scope:
            continue
        report.examined += 1
        if exchange.client != "connector":
            others.setdefault(exchange.vendor, set()).add(notes.actor)
        elif notes.lacks:
            report.found(
                f"{exchange.vendor}:{notes.lacks}",
                f"{exchange.vendor} refused {notes.operation}: the connector's key lacks the scope {notes.lacks}",
                expected="the manifest asks for every scope that the connector needs",
                actual=f"refused with {exchange.response.status if exchange.response else 0}",
                objects=[f"{exchange.vendor}:request:{exchange.sequence}"],
            )
    for write in record.writes:
        if write.family != _ACCOUNTING or write.actor not in others.get(write.vendor, ()):
            continue
        report.examined += 1
        report.found(
            f"{write.vendor}:{write.actor}:{write.dataset}:{write.record_id}",
            f"{write.actor} wrote {write.dataset} {write.record_id} into the ledger with a key of its own",
            expected="only the connector posts over the wire",
            actual=f"{write.action} by {write.actor}",
            objects=[f"{write.vendor}:{write.dataset}:{write.record_id}"],
        )
    return report.result("no request asked for a scope")


def used_scopes(record: RunRecord) -> Mapping[str, set[str]]:
    """By vendor the scopes that the connector's requests asked for."""
    used: dict[str, set[str]] = {}
    for exchange in record.exchanges:
        if exchange.client == "connector" and exchange.response is not None and exchange.response.notes.scope:
            used.setdefault(exchange.vendor, set()).add(exchange.response.notes.scope)
    return used


def unused_scopes(connector: ConnectorInfo, used: Mapping[str, set[str]]) -> tuple[str, ...]:
    """`vendor scope` of each scope that the manifest asks for and no request needed; of vendors that were called."""
    return tuple(
        f"{vendor} {scope}"
        for vendor, scopes in connector.scopes
        for scope in scopes
        if vendor in used and scope not in used[vendor]
    )
