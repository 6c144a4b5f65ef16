"""V3: replaying the same feed leaves ledger and metrics identical. The runner makes the second run; this compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import structs

from simharness.checks.findings import Reporter, not_applicable
from simharness.core.money import Money
from simharness.domain.bi import MetricValue
from simharness.domain.books import Deposit, Document, LedgerSnapshot, OpenItem, Party, Payment, Transfer
from simharness.domain.fact import ConnectorFinished
from simharness.domain.finding import CheckResult
from simharness.domain.record import RunRecord

#: What an unchanged record may change: versions and authors of the last touch.
_VOLATILE = frozenset({"version", "updated_by", "created_at", "created_by"})

_Item = Document | Payment | Deposit | Transfer | OpenItem | Party


def compare(record_a: RunRecord, record_b: RunRecord) -> CheckResult:
    """Ledgers and metrics at the ends of two runs; `record_b` is the one whose feed was replayed."""
    report = Reporter("V3", record_a.header)
    for fact in record_b.facts[len(record_a.facts) :]:
        if isinstance(fact, ConnectorFinished) and fact.failure:
            report.examined += 1
            report.found("failed", f"the connector failed on the replay: {fact.failure}", actual=fact.failure)
            return report.result("")
    if record_a.final is None or record_b.final is None:
        return not_applicable("V3", "one of the two runs reached no checkpoint")
    books_b = {ledger.entity: ledger for ledger in record_b.final.world.ledgers}
    for ledger in record_a.final.world.ledgers:
        other = books_b.get(ledger.entity)
        if other is None:
            return not_applicable("V3", f"the replayed run has no ledger of {ledger.entity!r}")
        for noun, left, right in (
            ("document", _by_id(ledger.documents), _by_id(other.documents)),
            ("payment", _by_id(ledger.payments), _by_id(other.payments)),
            ("deposit", _by_id(ledger.deposits), _by_id(other.deposits)),
            ("transfer", _by_id(ledger.transfers), _by_id(other.transfers)),
            ("open item", _by_id(ledger.open_items), _by_id(other.open_items)),
            ("customer", _by_id(ledger.parties), _by_id(other.parties)),
        ):
            _compare(report, ledger.vendor, noun, left, right)
        _entries(report, ledger, other)
    _metrics(report, record_a, record_b)
    return report.result("both ledgers are empty and no metric was read")


def _by_id(items: Sequence[_Item]) -> dict[str, _Item]:
    return {_key(item): item for item in items}


def _key(item: _Item) -> str:
    if isinstance(item, OpenItem):
        return f"journal:{item.entry}:{item.party}"
    return f"{item.kind if isinstance(item, Document) else type(item).__name__.lower()}:{item.id}"


def _compare(
    report: Reporter,
    vendor: str,
    noun: str,
    left: Mapping[str, _Item],
    right: Mapping[str, _Item],
) -> None:
    for key in dict.fromkeys([*left, *right]):
        report.examined += 1
        before, after = left.get(key), right.get(key)
        if before is None or after is None:
            there = before or after
            report.found(
                key,
                f"the replay {'lost' if after is None else 'made a further'} {noun} {key}",
                expected="nothing" if before is None else key,
                actual="nothing" if after is None else key,
                objects=[f"{vendor}:{key}"],
                at_risk=_worth(there),
            )
            continue
        changed = [
            field
            for field in before.__struct_fields__
            if field not in _VOLATILE and getattr(before, field) != getattr(after, field, None)
        ]
        if changed:
            report.found(
                key,
                f"the replay changed {', '.join(changed)} of {noun} {key}",
                expected=", ".join(f"{field} {_told(getattr(before, field))}" for field in changed),
                actual=", ".join(f"{field} {_told(getattr(after, field, None))}" for field in changed),
                objects=[f"{vendor}:{key}"],
                at_risk=_worth(after),
            )


def _told(value: object) -> str:
    if isinstance(value, (Money, str, date, bool)) or value is None:
        return str(value) or "empty"
    if isinstance(value, tuple):
        return f"{len(value)} parts"
    return str(value)


def _worth(item: _Item | None) -> Money | None:
    if isinstance(item, (Document, Deposit)):
        return item.total
    return item.amount if isinstance(item, (Payment, Transfer, OpenItem)) else None


def _entries(report: Reporter, before: LedgerSnapshot, after: LedgerSnapshot) -> None:
    left = {(entry.source, entry.source_id or entry.id): entry for entry in before.entries}
    right = {(entry.source, entry.source_id or entry.id): entry for entry in after.entries}
    report.examined += len(left)
    if len(before.entries) != len(after.entries):
        report.found(
            "entries",
            "the replay changed the number of entries",
            expected=str(len(before.entries)),
            actual=str(len(after.entries)),
        )
    for key in (key for key in left if key in right):
        one, two = left[key], right[key]
        same = structs.replace(two, created_at=one.created_at, created_by=one.created_by, id=one.id)
        if one != same:
            report.found(
                f"entry:{key[0]}:{key[1]}",
                f"the replay changed what {key[0]} {key[1]} posts",
                expected="; ".join(f"{line.account} {line.amount}" for line in one.lines),
                actual="; ".join(f"{line.account} {line.amount}" for line in two.lines),
                objects=[f"{before.vendor}:{key[0]}:{key[1]}"],
            )


def shown(record: RunRecord) -> dict[tuple[str, ...], MetricValue]:
    """The metrics of the last reading of each entity."""
    last = {reading.entity: reading for reading in record.bi}
    return {(m.metric, m.period, m.by, m.key, entity): m for entity, reading in last.items() for m in reading.metrics}


def _metrics(report: Reporter, record_a: RunRecord, record_b: RunRecord) -> None:
    if not record_a.bi or not record_b.bi:
        return
    left, right = shown(record_a), shown(record_b)
    for key in dict.fromkeys([*left, *right]):
        report.examined += 1
        one, two = left.get(key), right.get(key)
        if one != two:
            report.found(
                f"metric:{':'.join(key[:4] if not key[4] else key)}",
                f"the replay changed metric {key[0]} of {key[1]}",
                expected=str(one.value) if one else "not there",
                actual=str(two.value) if two else "not there",
                objects=[f"BI:metric:{key[0]} ({key[1]})"],
            )
