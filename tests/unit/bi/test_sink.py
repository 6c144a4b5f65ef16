"""Readers see whole published versions only, and always the greatest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from simharness.bi.reader import SinkReader
from simharness.bi.sink import DuckDbSink, sink_at
from simharness.bi.tables import KEYS
from simharness.core.errors import HarnessFault
from tests.unit.bi.books import fill_file


@dataclass
class Asked:
    metric: str
    period: str
    by: str = ""


def publish(folder: Path, version: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{version}.duckdb"
    connection = duckdb.connect(str(file))
    fill_file(connection)
    connection.close()
    return file


def test_the_greatest_published_version_is_read_and_nothing_built_aside(tmp_path: Path) -> None:
    publish(tmp_path, "001")
    publish(tmp_path, "002")
    publish(tmp_path, "003").rename(tmp_path / "003.duckdb.tmp")
    sink = sink_at(f"duckdb://{tmp_path}")
    assert isinstance(sink, DuckDbSink)
    assert sink.versions() == ("001", "002")
    reading = SinkReader(sink).read(7, [Asked("net revenue", "2026-01"), Asked("net_revenue", "2026-01")])
    assert (reading.step, reading.version, reading.source) == (7, "002", "connector")
    assert [table.name for table in reading.tables] == list(KEYS)
    first = reading.metrics[0]
    assert (first.metric, first.by, first.key, str(first.value), first.unit) == (
        "net_revenue", "", "", "1000", "USD",
    )  # fmt: skip
    assert len(reading.metrics) == 2


def test_rows_come_in_key_order_as_canonical_text(tmp_path: Path) -> None:
    publish(tmp_path, "001")
    reading = SinkReader(DuckDbSink(tmp_path)).read(1, [])
    documents = next(table for table in reading.tables if table.name == "fct_document")
    first = dict(zip(documents.columns, documents.rows[0], strict=True))
    assert (first["net"], first["due_date"], first["is_void"]) == ("1000", "2026-02-11", "false")
    assert [row[0] for row in documents.rows] == ["a", "b", "c", "r", "s", "v"]


def test_nothing_published_is_a_reading_without_tables(tmp_path: Path) -> None:
    reading = SinkReader(DuckDbSink(tmp_path / "none")).read(1, [Asked("net_revenue", "2026-01")])
    assert (reading.version, reading.tables, reading.metrics) == ("", (), ())


def test_a_reader_works_while_a_writer_holds_its_file(tmp_path: Path) -> None:
    writer = duckdb.connect(str(publish(tmp_path, "001")))
    try:
        assert SinkReader(DuckDbSink(tmp_path)).read(1, []).version == "001"
    finally:
        writer.close()


def test_what_is_no_database_or_lacks_a_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "001.duckdb").write_bytes(b"nonsense" * 1000)
    with pytest.raises(HarnessFault, match="BI version 001 cannot be opened"):
        SinkReader(DuckDbSink(tmp_path)).read(1, [])
    file = publish(tmp_path, "002")
    connection = duckdb.connect(str(file))
    connection.execute("DROP TABLE fct_payment")
    connection.close()
    with pytest.raises(HarnessFault, match="no table fct_payment"):
        SinkReader(DuckDbSink(tmp_path)).read(1, [])


def test_a_foreign_scheme_is_refused() -> None:
    with pytest.raises(HarnessFault, match=r"mysql://… is no sink"):
        sink_at("mysql://user:secret@x")
