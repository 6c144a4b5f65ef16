"""On PostgreSQL readers see whole versions only: never half of one, never two at once."""

from __future__ import annotations

import threading

import psycopg
import pytest

from simharness.bi.postgres import PostgresSink
from simharness.bi.reader import SinkReader
from simharness.bi.sink import in_duckdb, sink_at
from simharness.bi.tables import KEYS, ddl
from simharness.core.errors import HarnessFault, UsageError
from simharness.reference.bi import targets
from simharness.reference.bi.targets import Failed, Loader, PostgresSchema
from simharness.reference.errors import ConfigurationError
from tests.postgres import Server
from tests.unit.bi.books import ROWS, company
from tests.unit.bi.test_sink import Asked


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.database()


def build(loader: Loader, version: str) -> list[str]:
    """The small company as a connector publishes it, under the version's name."""
    loader.run(ddl())
    for table, rows in ROWS.items():
        loader.insert(table, [(version, *row[1:]) for row in rows] if table == "meta" else rows)
    return []


def test_the_latest_version_is_read_whole(url: str) -> None:
    assert SinkReader(sink_at(url)).read(1, [Asked("net_revenue", "2026-01")]).version == ""
    schema = PostgresSchema(url)
    assert schema.publish(build) == []
    assert schema.publish(build) == []
    reading = SinkReader(sink_at(url)).read(2, [Asked("net_revenue", "2026-01")])
    assert (reading.version, [table.name for table in reading.tables]) == ("00000002", list(KEYS))
    assert [(value.by, str(value.value)) for value in reading.metrics] == [
        ("", "1000"), ("cost_centre", "1000"),
    ]  # fmt: skip


def test_both_databases_tell_the_same_in_canonical_text(postgres: Server) -> None:
    from simharness.bi.reader import read_tables

    with in_duckdb() as duck, company(postgres) as pg:
        duck.run(ddl())
        for table, rows in ROWS.items():
            duck.insert(table, rows)
        assert read_tables(duck) == read_tables(pg)


def test_what_an_audit_refuses_is_never_seen(url: str) -> None:
    schema = PostgresSchema(url)
    schema.publish(build)
    assert schema.publish(lambda loader, version: [*build(loader, version), "one cent is missing"]) == [
        "one cent is missing"
    ]
    assert sink_at(url).latest() == "00000001"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bi%'").fetchall()
    assert found == [("bi",)], "nothing half-built is left"


def test_a_publisher_that_dies_leaves_the_last_version(url: str) -> None:
    schema = PostgresSchema(url)
    schema.publish(build)

    def dies(loader: Loader, version: str) -> list[str]:
        loader.run(ddl())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        schema.publish(dies)
    assert sink_at(url).latest() == "00000001"


def test_a_swap_waits_for_a_reader_and_the_next_reader_sees_it_whole(url: str) -> None:
    schema = PostgresSchema(url)
    schema.publish(build)
    publisher = threading.Thread(target=schema.publish, args=(build,))
    with sink_at(url).open("00000001") as session:
        publisher.start()
        publisher.join(0.5)
        assert publisher.is_alive(), "the swap waits"
        assert session.ask("SELECT version FROM meta")[1] == [("00000001",)]
        _, rows = session.ask("SELECT COUNT(*) FROM fct_journal_line")
        assert rows == [(len(ROWS["fct_journal_line"]),)]
    publisher.join(10)
    assert sink_at(url).latest() == "00000002"


def test_readers_beside_a_busy_publisher_never_see_two_versions(url: str) -> None:
    """Each version's journal holds its own name: a reader that mixed versions would see another one than meta's."""
    schema = PostgresSchema(url)

    def marked(loader: Loader, version: str) -> list[str]:
        loader.run(ddl())
        loader.insert("meta", [(version, *ROWS["meta"][0][1:])])
        loader.insert("dim_customer", [(version, "", "x", "USD")])
        return []

    schema.publish(marked)
    over = threading.Event()

    def publish() -> None:
        for _ in range(20):
            schema.publish(marked)
        over.set()

    publisher = threading.Thread(target=publish)
    publisher.start()
    seen: set[str] = set()
    while not over.is_set():
        sink = sink_at(url)
        version = sink.latest()
        try:
            with sink.open(version) as session:
                assert session.ask("SELECT customer_id FROM dim_customer")[1] == [(version,)]
        except HarnessFault as gone:
            if "is gone" in gone.what:  # a version came between the two looks
                continue
            raise
        seen.add(version)
    publisher.join()
    assert seen


def test_a_reader_that_never_ends_does_not_stop_the_connector_for_good(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "_READERS_MS", 200)
    schema = PostgresSchema(url)
    schema.publish(build)
    with sink_at(url).open("00000001"), pytest.raises(Failed, match="lock timeout"):
        schema.publish(build)
    schema.publish(build)
    assert sink_at(url).latest() == "00000002"


def test_a_schema_with_things_of_others_is_left_alone(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE SCHEMA bi")
        connection.execute("CREATE TABLE bi.mine (x INTEGER)")
    with pytest.raises(Failed, match="depend"):
        PostgresSchema(url).publish(build)


def test_several_companies_share_a_database_by_schema(url: str) -> None:
    for name in ("north", "south"):
        PostgresSchema(f"{url}&schema={name}").publish(build)
    assert sink_at(f"{url}&schema=south").latest() == "00000001"
    assert sink_at(url).latest() == ""
    sink = PostgresSink(url).with_schema("north")
    sink.drop()
    assert sink.latest() == ""


def test_a_session_for_questions_cannot_write(url: str) -> None:
    PostgresSchema(url).publish(build)
    with sink_at(url).open("00000001") as session, pytest.raises(HarnessFault, match="read-only"):
        session.run("DELETE FROM meta")


def test_a_server_that_cannot_be_reached_is_named_without_its_password() -> None:
    url = "postgresql+psycopg://user:secret@127.0.0.1:1/books"
    with pytest.raises(HarnessFault, match="onnection refused") as read:
        sink_at(url).latest()
    with pytest.raises(Failed, match="onnection refused") as published:
        PostgresSchema(url).publish(build)
    assert "secret" not in f"{read.value} {published.value}"


@pytest.mark.parametrize("schema", ["Bi", "a b", "x;drop", ""])
def test_what_is_no_schema_is_refused(schema: str) -> None:
    url = f"postgresql+psycopg://host/books?schema={schema or '%20'}"
    with pytest.raises(UsageError, match="no name of a schema"):
        PostgresSink(url)
    with pytest.raises(ConfigurationError, match="no name of a schema"):
        PostgresSchema(url)
