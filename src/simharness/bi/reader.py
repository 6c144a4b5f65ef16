"""Reading BI as it stands: the latest published version of a sink, or tables that the harness loads itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import duckdb

from simharness.bi.loader import load
from simharness.bi.metrics import Metric, catalogue, evaluate, find
from simharness.bi.sink import DuckDbSink
from simharness.bi.tables import KEYS, ddl
from simharness.core.errors import HarnessFault
from simharness.domain.bi import BiReading, BiTable, MetricValue
from simharness.domain.snapshot import WorldSnapshot

#: How readings name their source.
FROM_CONNECTOR = "connector"
FROM_HARNESS = "harness BI"


class Question(Protocol):
    """A metric for a period; with `by` only that breakdown is wanted beside the number."""

    @property
    def metric(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def by(self) -> str: ...


class SinkReader:
    """Reads the latest version a connector published. Nothing published yet is a reading without tables."""

    def __init__(self, sink: DuckDbSink) -> None:
        self._sink = sink
        self._metrics = catalogue()

    def read(self, step: int, questions: Sequence[Question]) -> BiReading:
        """Every curated table and the metrics asked for, stamped with the step."""
        version = self._sink.latest()
        if not version:
            return BiReading(step=step, source=FROM_CONNECTOR, version="")
        with self._sink.open(version) as connection:
            tables = read_tables(connection)
            values = _values(connection, self._metrics, questions)
        return BiReading(step=step, source=FROM_CONNECTOR, version=version, tables=tables, metrics=values)


class HarnessReader:
    """For a connector without BI: loads the curated tables from the world's canonical records, and says so."""

    def __init__(self, snapshot: Callable[[], WorldSnapshot], tax_accounts: frozenset[str]) -> None:
        self._snapshot = snapshot
        self._tax_accounts = tax_accounts
        self._metrics = catalogue()

    def read(self, step: int, questions: Sequence[Question]) -> BiReading:
        """Curated tables made on the spot and the metrics asked for, stamped with the step."""
        connection = duckdb.connect(":memory:", config={"threads": 1})
        try:
            connection.execute(ddl())
            version = load(connection, self._snapshot(), self._tax_accounts)
            tables = read_tables(connection)
            values = _values(connection, self._metrics, questions)
        finally:
            connection.close()
        return BiReading(step=step, source=FROM_HARNESS, version=version, tables=tables, metrics=values)


def read_tables(connection: duckdb.DuckDBPyConnection) -> tuple[BiTable, ...]:
    """Every curated table in canonical text, rows ordered by key. Raises `HarnessFault` naming a table
    that is missing.
    """
    return tuple(_table(connection, name, keys) for name, keys in KEYS.items())


def _table(connection: duckdb.DuckDBPyConnection, name: str, keys: tuple[str, ...]) -> BiTable:
    try:
        result = connection.table(name).order(", ".join(keys))
    except duckdb.Error as error:
        raise HarnessFault(
            f"BI has no table {name} as the curated-table contract wants it: {error}",
            mend="make the published tables with the contract's DDL",
        ) from error
    rows = tuple(tuple(_text(value) for value in row) for row in result.fetchall())
    return BiTable(name=name, columns=tuple(result.columns), rows=rows)


def _values(
    connection: duckdb.DuckDBPyConnection, metrics: Mapping[str, Metric], questions: Iterable[Question]
) -> tuple[MetricValue, ...]:
    row = connection.execute("SELECT currency FROM meta").fetchone()
    currency = str(row[0]) if row else ""
    asked = dict.fromkeys((find(question.metric, metrics).name, question.period) for question in questions)
    return tuple(value for name, period in asked for value in evaluate(connection, metrics[name], period, currency))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
