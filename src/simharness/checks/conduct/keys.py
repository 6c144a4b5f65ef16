"""C1: one idempotency key per intent, constant over attempts, restarts and replays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from simharness.checks.findings import Reporter
from simharness.checks.scope import Scope
from simharness.domain.evidence import LogRow
from simharness.domain.exchange import Exchange
from simharness.domain.finding import CheckResult, Severity

_REFUSED = range(400, 500)

#: Answers of a door that turns a request away before anybody reads its key: no login, no right, too many.
_AT_THE_DOOR = frozenset({401, 403, 429})


def one_key_per_intent(scope: Scope) -> CheckResult:
    """C1: the same body never travels under two keys, a key never with two bodies; the log agrees.

    An intent is told by what was asked: a corrected body is a new intent and wants a new key.
    """
    report = Reporter("C1", scope.record.header, Severity.CONDUCT)
    keyed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for exchange in scope.record.exchanges:
        if exchange.client == "connector" and _key(exchange):
            keyed[(exchange.vendor, _operation(exchange))].add(_key(exchange))
    by_body: dict[tuple[str, str, str, bytes], list[Exchange]] = defaultdict(list)
    by_key: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for exchange in scope.record.exchanges:
        if exchange.client != "connector" or (exchange.vendor, _operation(exchange)) not in keyed or exchange.spilled:
            continue
        request = exchange.request
        if _key(exchange) or not _turned_away(exchange):
            by_body[(exchange.vendor, request.method, request.path, request.body)].append(exchange)
        if _key(exchange):
            report.examined += 1
            by_key[(exchange.vendor, _key(exchange))].append(exchange)
    for same in by_body.values():
        _two_keys(report, same)
    for (vendor, key), same in by_key.items():
        _two_bodies(report, vendor, key, same)
    sent: dict[str, set[str]] = defaultdict(set)
    for vendor, key in by_key:
        sent[vendor].add(key)
    _log(scope, report, sent)
    return report.result("no request or log row carried an idempotency key")


def _key(exchange: Exchange) -> str:
    return exchange.response.notes.idempotency_key if exchange.response else ""


def _operation(exchange: Exchange) -> str:
    return exchange.response.notes.operation if exchange.response else ""


def _two_keys(report: Reporter, same: list[Exchange]) -> None:
    """The same body again: a repetition, unless the first attempt was refused for good."""
    keys = list(dict.fromkeys(_key(exchange) for exchange in same))
    if len(keys) < 2:
        if keys == [""] and len(same) > 1 and not _was_refused(same[0]):
            report.found(
                f"{same[0].vendor}:{_operation(same[0])}:unkeyed:{same[0].sequence}",
                f"{_operation(same[0])} was repeated without an idempotency key",
                expected="one key for all attempts",
                actual=f"{len(same)} attempts without key",
                objects=[f"exchange:{exchange.sequence}" for exchange in same],
            )
        return
    report.found(
        f"{same[0].vendor}:{_operation(same[0])}:{keys[0]}",
        f"{_operation(same[0])} was repeated under another idempotency key",
        expected=f"key {keys[0] or 'none'}",
        actual=", ".join(f"key {key or 'none'}" for key in keys[1:]),
        objects=[f"exchange:{exchange.sequence}" for exchange in same],
    )


def _turned_away(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status in _AT_THE_DOOR


def _was_refused(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status in _REFUSED


def _two_bodies(report: Reporter, vendor: str, key: str, same: list[Exchange]) -> None:
    intents = {(item.request.method, item.request.path, item.request.body): item for item in same}
    if len(intents) > 1:
        first, second = list(intents.values())[:2]
        report.found(
            f"{vendor}:key:{key}",
            f"one idempotency key stands for {len(intents)} different requests",
            expected=f"key {key} for {_operation(first)} of exchange {first.sequence} only",
            actual=f"also for {_operation(second)} of exchange {second.sequence}",
            objects=[f"exchange:{exchange.sequence}" for exchange in intents.values()],
        )


def _log(scope: Scope, report: Reporter, sent: Mapping[str, Set[str]]) -> None:
    """What the connector's own log says of its keys: one a created record, never one for two records, and sent.

    `sent` are the keys that went over the wire, by vendor; a vendor that was sent none is not asked.
    """
    keys_of: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    targets_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in scope.record.evidence:
        if isinstance(row, LogRow) and row.key and row.action == "create" and row.outcome != "failed":
            report.examined += 1
            # The ids of one entity's ledger mean something else in another's.
            keys_of[(row.source, row.target, row.entity)].add(row.key)
            targets_of[(row.key, row.entity)].add(row.target)
            _was_sent(report, row, sent.get(row.target.partition(":")[0]))
    for (source, target, _), keys in keys_of.items():
        if len(keys) > 1:
            report.found(
                f"log:{source}:{target}",
                f"the log names {len(keys)} keys for what {source} created",
                expected="one key",
                actual=", ".join(sorted(keys)),
                objects=[source, target],
            )
    for (key, _), targets in targets_of.items():
        if len(targets) > 1:
            report.found(
                f"log:key:{key}",
                "the log names one key for several created records",
                expected=f"key {key} for one record",
                actual=", ".join(sorted(targets)),
                objects=sorted(targets),
            )


def _was_sent(report: Reporter, row: LogRow, keys: Set[str] | None) -> None:
    if keys and row.outcome == "posted" and row.key not in keys:
        report.found(
            f"log:unsent:{row.source}:{row.target}",
            f"the log names a key for {row.target} that never went over the wire",
            expected=f"key {row.key} on the request",
            actual="no request carried it",
            objects=[row.source, row.target],
        )
