"""Expectations on BI as a whole: the groups of a metric, what was held back, and how far it is behind."""

from __future__ import annotations

from datetime import datetime

from simharness.checks.expectations.case import Case
from simharness.checks.findings import figure, is_currency
from simharness.core.money import Money
from simharness.domain.bi import BiReading, BiTable
from simharness.domain.claims import BiIsFresh, BreakdownIs, TableUnpublished
from simharness.domain.write import Write

#: What BI shows of a ledger: what furnishes the books and who its customers are is no posting.
_SHOWN = frozenset(
    {"invoice", "credit_memo", "sales_receipt", "refund_receipt", "payment", "deposit", "transfer", "journal", "bill"}
)


def breakdown_is(case: Case, said: BreakdownIs) -> None:
    """The groups that BI shows are those that are listed, with their values; a group of zero need not be shown."""
    reading = case.judged.reading(said.step)
    name = f"{said.metric} of {said.period} by {said.by.replace('_', ' ')}"
    shown = {
        value.key: value
        for value in (reading.metrics if reading is not None else ())
        if (value.metric, value.period, value.by) == (said.metric, said.period, said.by)
    }
    if reading is None or not shown:
        case.wrong("absent", f"BI shows no metric {name}", ", ".join(row.key for row in said.rows), "nothing")
        return
    objects = [f"BI:metric:{said.metric} ({said.period}, {reading.source})"]
    for row in said.rows:
        found = shown.pop(row.key, None)
        told = figure(found.value, found.unit) if found is not None else "nothing"
        if row.value is None:
            if found is None or not found.value:
                message = f"metric {name} shows nothing of {row.key}"
                case.wrong(row.key, message, "any value", told, objects=objects)
        elif found is None or (found.value, found.unit) != (row.value, row.unit):
            if found is None and not row.value:
                continue
            value = found.value if found is not None and found.value is not None else 0
            risk = Money(value - row.value, row.unit) if is_currency(row.unit) else None
            message = f"metric {name} has another value of {row.key}"
            case.wrong(row.key, message, figure(row.value, row.unit), told, objects=objects, at_risk=risk)
    for key, more in shown.items():
        if key not in said.unchecked and more.value:
            told = figure(more.value, more.unit)
            message = f"metric {name} shows {key or 'a group without name'}, and the step does not list it"
            case.wrong(key or "unnamed", message, "no such group", told, objects=objects)


def table_unpublished(case: Case, said: TableUnpublished) -> None:
    """The table of the reading is that of the reading before it, or is not there; tables of the harness always are."""
    now = case.judged.reading(said.step)
    before = [reading for reading in case.judged.record.bi if now is not None and reading.step < now.step]
    table = _table(now, said.table)
    if table is None:
        return
    earlier = _table(before[-1], said.table) if before else None
    same_version = bool(before) and now is not None and now.version == before[-1].version
    if not same_version or earlier != table:
        version = now.version if now is not None else ""
        message = f"BI table {said.table} was published"
        rows = f"{len(table.rows)} rows in version {version}"
        case.wrong(said.table, message, "as it was before, or not at all", rows)


def bi_is_fresh(case: Case, said: BiIsFresh) -> None:
    """Counted from the first posting that was written after BI was published until the present moment."""
    reading = case.judged.reading(said.step)
    checkpoint = case.scope.checkpoint
    published = _published_at(reading)
    if checkpoint is None or published is None:
        case.wrong("absent", "BI does not say when it was published", "published tables", "none")
        return
    unseen = [
        write
        for write in case.judged.record.writes
        if write.family == "accounting" and write.dataset in _SHOWN
        and published < write.at.replace(tzinfo=None) and write.at <= checkpoint.world.at
    ]  # fmt: skip
    if not unseen:
        return
    behind_s = (checkpoint.world.at - unseen[0].at).total_seconds()
    if behind_s > said.within_s:
        case.wrong(
            "behind",
            f"BI is {_told(behind_s)} behind the ledger",
            f"at most {_told(said.within_s)}",
            f"{_named(unseen[0])} of {unseen[0].at:%Y-%m-%d %H:%M:%S} UTC is not shown",
            objects=[f"{write.vendor}:{write.dataset}:{write.record_id}" for write in unseen],
        )


def _table(reading: BiReading | None, name: str) -> BiTable | None:
    return next((each for each in (reading.tables if reading is not None else ()) if each.name == name), None)


def _published_at(reading: BiReading | None) -> datetime | None:
    """UTC, as the tables have it."""
    meta = _table(reading, "meta")
    if meta is None or not meta.rows:
        return None
    return datetime.fromisoformat(meta.rows[0][meta.columns.index("published_at")] or "").replace(tzinfo=None)


def _named(write: Write) -> str:
    return f"{write.dataset.replace('_', ' ')} {write.record_id}"


def _told(seconds: float) -> str:
    """`2 hours 1 minutes`."""
    parts, rest = [], int(seconds)
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1)):
        count, rest = divmod(rest, length)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts) or "0 seconds"
