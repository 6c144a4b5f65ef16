"""What goes into a table comes out of it, few rows or many, whatever stands in them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.bi.postgres import PostgresSink
from simharness.bi.session import Row, Session
from simharness.bi.sink import DuckDbSink
from simharness.core.errors import HarnessFault
from simharness.reference.bi.targets import DuckDbFolder, Loader, PostgresSchema
from tests.postgres import Server

TABLE = """CREATE TABLE thing (
    id INTEGER, name VARCHAR NOT NULL, amount DECIMAL(18, 4), day DATE, made TIMESTAMP, is_so BOOLEAN
);
CREATE TABLE meta (version VARCHAR)"""
NAMES = ("plain", "", 'a "quoted", one', "zwei\nZeilen", "naïve ✓", "\\N", "NULL", "tab\there", "'; DROP TABLE x; --")
ASK = "SELECT id, name, amount, day, made, is_so FROM thing ORDER BY id"


def rows(count: int) -> list[Row]:
    return [
        (
            number,
            NAMES[number % len(NAMES)],
            None if number % 5 == 0 else Decimal(number) / 8,
            None if number % 3 == 0 else date(2026, 1, 1 + number % 28),
            datetime(2026, 2, 1, 12, 30),
            bool(number % 2),
        )
        for number in range(count)
    ]


def as_read(count: int) -> list[Row]:
    return [
        (n, name, None if amount is None else Decimal(str(amount)), day, at, is_so)
        for n, name, amount, day, at, is_so in rows(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 200, 201, 1500])
def test_rows_come_back_as_they_went_in(count: int, tmp_path: Path, postgres: Server) -> None:
    def fill(session: Session) -> None:
        session.run(TABLE)
        session.insert("meta", [("1",)])
        session.insert("thing", rows(count))

    for sink in (DuckDbSink(tmp_path / "bi"), PostgresSink(postgres.database())):
        sink.publish("1", fill)
        with sink.open("1") as session:
            assert session.ask(ASK)[1] == as_read(count)


@pytest.mark.parametrize("count", [0, 1, 200, 201, 1500])
def test_a_connector_publishes_rows_as_they_are(count: int, tmp_path: Path, postgres: Server) -> None:
    found: list[list[Row]] = []

    def build(loader: Loader, version: str) -> list[str]:
        loader.run(TABLE)
        loader.insert("meta", [(version,)])
        loader.insert("thing", iter(rows(count)))
        found.append(loader.ask(ASK))
        return []

    for target in (DuckDbFolder(tmp_path / "bi"), PostgresSchema(postgres.database())):
        assert target.publish(build) == []
    assert found == [as_read(count)] * 2


def test_a_row_that_does_not_fit_is_a_fault(tmp_path: Path, postgres: Server) -> None:
    def fill(session: Session) -> None:
        session.run(TABLE)
        session.insert("thing", [("not a number", "x", None, None, None, None)])

    for sink in (DuckDbSink(tmp_path / "bi"), PostgresSink(postgres.database())):
        with pytest.raises(HarnessFault, match="not a number"):
            sink.publish("1", fill)
        assert sink.latest() == ""
