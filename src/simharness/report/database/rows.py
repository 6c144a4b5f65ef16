"""Rows of the database: one list of tuples a table, each tuple in the order of the table's columns.

Values are text or None; DuckDB reads them as the columns' types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.base import encode
from simharness.domain.books import Account
from simharness.domain.exchange import Exchange, Notes
from simharness.domain.played import Broken, Played

Row = tuple[str | None, ...]


def story_row(number: int, played: Played | Broken) -> Row:
    """The one row of `stories` for a story."""
    if isinstance(played, Broken):
        file, _, line = played.where.rpartition(":")
        place = (file, line) if line.isdigit() else (played.where, "0")
        state = "unusable" if played.unusable else "broken"
        return (str(number), played.story, *place, state, "0", played.message, "", *[None] * 8)
    header, connector = played.record.header, played.record.header.connector
    return (
        str(number),
        header.story,
        header.file,
        str(header.line),
        "findings" if played.findings else "ok",
        str(len(played.findings)),
        "",
        " ".join(header.tags),
        header.today.isoformat(),
        str(header.rng_seed),
        header.fingerprint,
        header.dictionary.name,
        connector.name,
        connector.release,
        connector.mapping,
        connector.mapping_digest,
    )


def _checks(played: Played) -> Iterator[Row]:
    for result in played.results:
        yield (
            result.check,
            result.judgement.value,
            str(result.examined),
            str(len(result.findings)),
            result.reason,
        )


def _findings(played: Played) -> Iterator[Row]:
    for finding in played.findings:
        yield (
            finding.check,
            finding.severity.value,
            finding.key,
            finding.message,
            finding.expected,
            finding.actual,
            "\n".join(finding.objects),
            *_money(finding.at_risk),
            str(finding.step),
            finding.where,
            finding.reproduce,
        )


def _facts(played: Played) -> Iterator[Row]:
    for fact in played.record.facts:
        yield (
            str(fact.step),
            fact.verb,
            type(fact).__name__,
            _instant(fact.at),
            fact.on.isoformat(),
            fact.where,
            encode(fact).decode(),
        )


def _exchanges(played: Played) -> Iterator[Row]:
    for exchange in played.record.exchanges:
        yield _exchange(exchange)


def _exchange(exchange: Exchange) -> Row:
    request, response = exchange.request, exchange.response
    notes = response.notes if response else Notes()
    return (
        str(exchange.sequence),
        _instant(exchange.at),
        exchange.client,
        exchange.vendor,
        notes.operation,
        request.method,
        request.host,
        request.path,
        request.query,
        str(response.status) if response else None,
        exchange.delivery.kind.value,
        _truth(exchange.outside),
        notes.actor,
        notes.idempotency_key,
        _truth(notes.replayed),
        ", ".join(notes.unmodelled),
        ", ".join(notes.inert),
        ", ".join(notes.violations),
        request.body.decode("utf-8", "replace"),
        response.body.decode("utf-8", "replace") if response else "",
    )


def _writes(played: Played) -> Iterator[Row]:
    for write in played.record.writes:
        yield (
            _instant(write.at),
            write.family,
            write.vendor,
            write.entity,
            write.dataset,
            write.record_id,
            write.action,
            " ".join(write.fields),
            write.actor,
        )


def _evidence(played: Played) -> Iterator[Row]:
    for item in played.record.evidence:
        kind = type(item).__struct_config__.tag
        yield (str(kind), _instant(item.at), item.source, *_money(item.amount), encode(item).decode())


def _metrics(played: Played) -> Iterator[Row]:
    for reading in played.record.bi:
        for metric in reading.metrics:
            yield (
                str(reading.step),
                reading.source,
                reading.version,
                metric.metric,
                metric.period,
                metric.by,
                metric.key,
                None if metric.value is None else f"{metric.value:f}",
                metric.unit,
            )


def _journal_lines(played: Played) -> Iterator[Row]:
    final = played.record.final
    for ledger in final.world.ledgers if final else ():
        accounts = {account.id: account for account in ledger.accounts}
        for entry in ledger.entries:
            head = (entry.entity or ledger.entity, entry.id, entry.date.isoformat(), entry.source, entry.source_id)
            for line in entry.lines:
                unknown = Account(id=line.account, number="", name=line.account, kind="")
                account = accounts.get(line.account, unknown)
                named = (account.number, account.name, account.kind)
                yield (*head, *named, *_money(line.amount), line.party, line.cost_centre, line.location)


def _money(money: Money | None) -> tuple[str | None, str | None]:
    return (None, None) if money is None else (f"{money.amount:f}", money.currency)


def _instant(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()


def _truth(value: bool) -> str:
    return "true" if value else "false"


#: Every table but `stories`, with what makes its rows; each row still lacks its story number in front.
TABLES: Mapping[str, Callable[[Played], Iterator[Row]]] = MappingProxyType(
    {
        "checks": _checks,
        "findings": _findings,
        "facts": _facts,
        "exchanges": _exchanges,
        "writes": _writes,
        "evidence": _evidence,
        "metrics": _metrics,
        "journal_lines": _journal_lines,
    }
)
