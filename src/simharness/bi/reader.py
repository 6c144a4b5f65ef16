"""Reading BI as it stands: the latest published version of a sink, or tables that the harness loads itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from simharness.bi.loader import load, version_of
from simharness.bi.metrics import Metric, catalogue, evaluate, find
from simharness.bi.session import Session
from simharness.bi.sink import Sink, in_duckdb
from simharness.bi.tables import KEYS, ddl
from simharness.bi.transform import Transform
from simharness.core.errors import HarnessFault
from simharness.domain.bi import BiReading, BiTable, MetricValue
from simharness.domain.dictionary import Dictionary
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
    """Reads the latest version a connector published. Nothing published yet is a reading without tables.

    `own` are a team's metrics beside the shipped ones; `transform` is run on each version before it is read.
    """

    def __init__(
        self, sink: Sink, *, own: Mapping[str, Metric] = MappingProxyType({}), transform: Transform | None = None
    ) -> None:
        self._sink = sink
        self._transform = transform
        self._metrics = {**catalogue(), **own}

    def read(self, step: int, questions: Sequence[Question]) -> BiReading:
        """Every curated table and the metrics asked for, stamped with the step."""
        version = self._sink.latest()
        if not version:
            return BiReading(step=step, source=FROM_CONNECTOR, version="")
        with self._sink.open(version, self._transform) as session:
            return _reading(session, step, FROM_CONNECTOR, version, self._metrics, questions)


class HarnessReader:
    """For a connector without BI: loads the curated tables from the world's canonical records, and says so.

    They lie in memory, or in a `sink` where one is given, which a `transform` needs.
    """

    def __init__(
        self,
        snapshot: Callable[[], WorldSnapshot],
        dictionary: Dictionary,
        *,
        sink: Sink | None = None,
        own: Mapping[str, Metric] = MappingProxyType({}),
        transform: Transform | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._dictionary = dictionary
        self._sink = sink
        self._transform = transform
        self._metrics = {**catalogue(), **own}

    def read(self, step: int, questions: Sequence[Question]) -> BiReading:
        """Curated tables made on the spot and the metrics asked for, stamped with the step."""
        world = self._snapshot()
        version = version_of(world)
        if self._sink is None:
            with in_duckdb() as session:
                self._fill(session, world)
                return _reading(session, step, FROM_HARNESS, version, self._metrics, questions)
        self._sink.publish(version, lambda session: self._fill(session, world))
        with self._sink.open(version, self._transform) as session:
            return _reading(session, step, FROM_HARNESS, version, self._metrics, questions)

    def _fill(self, session: Session, world: WorldSnapshot) -> None:
        session.run(ddl())
        load(session, world, self._dictionary)


def _reading(
    session: Session,
    step: int,
    source: str,
    version: str,
    metrics: Mapping[str, Metric],
    questions: Sequence[Question],
) -> BiReading:
    return BiReading(
        step=step,
        source=source,
        version=version,
        tables=read_tables(session),
        metrics=_values(session, metrics, questions),
    )


def read_tables(session: Session) -> tuple[BiTable, ...]:
    """Every curated table in canonical text, rows ordered by key. Raises `HarnessFault` naming a table
    that is missing.
    """
    return tuple(_table(session, name, keys) for name, keys in KEYS.items())


def _table(session: Session, name: str, keys: tuple[str, ...]) -> BiTable:
    try:
        columns, rows = session.ask(f"SELECT * FROM {name}")  # noqa: S608 - a name of the contract
        at = [columns.index(key) for key in keys]
    except (HarnessFault, ValueError) as error:
        raise HarnessFault(
            f"BI has no table {name} as the curated-table contract wants it: {error}",
            mend="make the published tables with the contract's DDL",
        ) from error
    # Ordered here: databases differ in how they order text.
    rows = sorted(rows, key=lambda row: [(row[i] is not None, row[i]) for i in at])
    return BiTable(name=name, columns=tuple(columns), rows=tuple(tuple(_text(value) for value in row) for row in rows))


def _values(session: Session, metrics: Mapping[str, Metric], questions: Iterable[Question]) -> tuple[MetricValue, ...]:
    _, rows = session.ask("SELECT currency FROM meta")
    currency = str(rows[0][0]) if rows else ""
    asked = dict.fromkeys((find(question.metric, metrics).name, question.period) for question in questions)
    return tuple(value for name, period in asked for value in evaluate(session, metrics[name], period, currency))


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
