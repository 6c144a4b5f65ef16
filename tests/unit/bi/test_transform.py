"""A team's transform works on the curated tables before they are read, and its failure is told with its output."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simharness.bi.metrics import metrics_in
from simharness.bi.postgres import PostgresSink
from simharness.bi.reader import SinkReader
from simharness.bi.sink import DuckDbSink, Sink
from simharness.bi.transform import Transform
from simharness.core.errors import HarnessFault, UsageError
from tests.postgres import Server
from tests.unit.bi.books import fill
from tests.unit.bi.test_sink import Asked

#: Makes a table of its own in the schema or file it is given.
SCRIPT = """
import os
sql = "CREATE TABLE team_receipts AS SELECT payment_date AS day, amount * 2 AS doubled FROM fct_payment"
if "SIMHARNESS_BI_FILE" in os.environ:
    import duckdb
    duckdb.connect(os.environ["SIMHARNESS_BI_FILE"]).execute(sql)
else:
    import psycopg
    with psycopg.connect() as connection:
        connection.execute("DROP TABLE IF EXISTS team_receipts")
        connection.execute(sql)
print("one model made")
"""
METRIC = "-- title: T\n-- unit: money\n-- formula: twice\nSELECT SUM(doubled) FROM team_receipts WHERE day <= $end\n"


def sinks(folder: Path, server: Server) -> list[Sink]:
    found: list[Sink] = [DuckDbSink(folder / "bi"), PostgresSink(server.database())]
    for sink in found:
        sink.publish("1", fill)
    return found


def test_a_metric_reads_what_the_transform_made(tmp_path: Path, postgres: Server) -> None:
    (tmp_path / "models.py").write_text(SCRIPT)
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "twice.sql").write_text(METRIC)
    log = tmp_path / "transform.log"
    transform = Transform.parse(f"'{sys.executable}' models.py", tmp_path, log=log)
    for sink in sinks(tmp_path, postgres):
        reader = SinkReader(sink, own=metrics_in(tmp_path / "metrics"), transform=transform)
        for step in (1, 2):
            # (400.00 + 60.00) x 2
            assert [value.value for value in reader.read(step, [Asked("twice", "2026-02")]).metrics] == [920]
    assert log.read_text().count("one model made\nexit code 0\n") == 4


def test_a_published_duckdb_version_is_never_touched(tmp_path: Path, postgres: Server) -> None:
    del postgres
    sink = DuckDbSink(tmp_path / "bi")
    sink.publish("1", fill)
    before = (tmp_path / "bi" / "1.duckdb").read_bytes()
    (tmp_path / "models.py").write_text(SCRIPT)
    SinkReader(sink, transform=Transform.parse(f"'{sys.executable}' models.py", tmp_path)).read(1, [])
    assert (tmp_path / "bi" / "1.duckdb").read_bytes() == before


def test_a_failed_transform_is_told_with_exit_code_and_the_end_of_its_output(tmp_path: Path) -> None:
    script = "import sys; [print('line', n) for n in range(99)]; sys.exit(3)"
    transform = Transform(command=(sys.executable, "-c", script), folder=tmp_path)
    with pytest.raises(HarnessFault, match="ended with exit code 3:") as told:
        transform.run({})
    assert "line 98" in str(told.value)
    assert "line 50" not in str(told.value)


def test_a_command_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = (
        ("", "is empty"),
        ("dbt 'run", "is no command"),
        ("no-such-program-anywhere run", "there is no program 'no-such-program-anywhere'"),
        ("./no-such-file", "there is no program './no-such-file'"),
    )
    for text, says in refused:
        with pytest.raises(UsageError, match=says):
            Transform.parse(text, tmp_path)
    gone = Transform(command=("no-such-program-anywhere",), folder=tmp_path)
    with pytest.raises(HarnessFault, match="cannot be started"):
        gone.run({})
