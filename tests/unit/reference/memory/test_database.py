"""Whatever is wrong with the state database is one sentence for a person, and never shows a password."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import docker
import docker.errors
import pytest
import sqlalchemy as sa

from simharness.reference.errors import StateError
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from tests.postgres import Server


def problem(url: str) -> str:
    with pytest.raises(StateError) as told:
        Store(url)
    text = str(told.value)
    assert "\n" not in text
    assert "secret" not in text
    return text


def test_an_unreachable_server_is_named() -> None:
    text = problem("postgresql+psycopg://user:secret@127.0.0.1:1/books")
    assert text.startswith("the state database postgresql+psycopg://user:***@127.0.0.1:1/books cannot be used: ")
    assert "onnection refused" in text
    assert text.endswith("look whether the server runs, and at host and port in CONNECTOR_STATE_URL")


def test_a_wrong_password_is_told_as_one(postgres: Server) -> None:
    with postgres.connect() as connection:
        connection.execute("CREATE DATABASE vault")
        connection.execute("CREATE USER guarded PASSWORD 'right'")
    url = postgres.url("vault", "guarded").replace("guarded@", "guarded:secret@")
    text = problem(url)
    assert 'password authentication failed for user "guarded"' in text
    assert text.endswith("look at user and password in CONNECTOR_STATE_URL")


def test_a_database_that_is_not_there_can_be_made(postgres: Server) -> None:
    assert problem(postgres.url("nowhere")).endswith("create the database first: createdb makes an empty one")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("connector.db", "'connector.db' is not a database URL; write sqlite:////folder/file.db or "),
        ("postgresql://user:secret@host:port/x", "postgresql://… is not a database URL; write sqlite"),
        ("mysql://user:secret@host/x", "cannot be of the kind 'mysql'; use sqlite or postgresql"),
        ("sqlite:////nowhere/at/all/connector.db", "unable to open database file"),
    ],
)
def test_what_is_no_database_is_refused(url: str, says: str) -> None:
    assert says in problem(url)


def test_a_missing_driver_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "install simharness[postgres]" in problem("postgresql://user:secret@127.0.0.1/books")


def addresses(folder: Path, server: Server) -> list[str]:
    return [f"sqlite:///{folder / 'state.db'}", server.database()]


def test_another_layout_is_refused_on_both(tmp_path: Path, postgres: Server) -> None:
    for url in addresses(tmp_path, postgres):
        kept = Store(url)
        kept.set_setting("layout", "0")
        kept.close()
        assert f"has layout 0, this release needs {tables.LAYOUT}" in problem(url)


def test_tables_of_something_else_are_left_alone(tmp_path: Path, postgres: Server) -> None:
    for url in addresses(tmp_path, postgres):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE deal (mine INTEGER)"))
        engine.dispose()
        assert "already exists" in problem(url)


def gives_up(store: Store) -> None:
    with store.transaction():
        store.set_setting("mark", "lost")
        raise ZeroDivisionError


def test_what_is_written_is_read_again_on_both(tmp_path: Path, postgres: Server) -> None:
    for url in addresses(tmp_path, postgres):
        first = Store(url)
        first.save_grant("ledger", "a", "r", "o", 2_000_000_000)
        first.set_setting("mark", "Ünïcode ✓")
        with pytest.raises(ZeroDivisionError):
            gives_up(first)
        first.close()
        second = Store(url)
        assert second.load_grant("ledger") == ("a", "r", "o", 2_000_000_000)
        assert second.get_setting("mark") == "Ünïcode ✓"
        second.close()


def test_a_schema_of_its_own_keeps_two_connectors_of_one_database_apart(postgres: Server) -> None:
    url = postgres.database()
    with postgres.connect(url.partition("@/")[2].partition("?")[0]) as connection:
        connection.execute("CREATE SCHEMA one")
        connection.execute("CREATE SCHEMA two")
    one, two = (Store(f"{url}&options=-csearch_path%3D{name}") for name in ("one", "two"))
    one.set_setting("mark", "1")
    assert two.get_setting("mark") == ""
    with one.turn() as first, two.turn() as second:
        assert tables.Turn.TAKEN not in (first, second)
    one.close()
    two.close()


def contained() -> bool:
    """Whether a container runtime answers on this machine."""
    try:
        return bool(docker.from_env(timeout=5).ping())
    except docker.errors.DockerException:
        return False


@pytest.mark.docker
@pytest.mark.skipif(not contained(), reason="no container runtime answers")
def test_a_server_in_a_container_takes_the_password_of_the_url() -> None:
    from testcontainers.postgres import PostgresContainer

    with PostgresContainer("postgres:17-alpine", username="clerk", password="secret", driver="psycopg") as server:
        url = server.get_connection_url()
        kept = Store(url)
        kept.set_setting("mark", "1")
        kept.close()
        assert "look at user and password" in problem(url.replace(":secret@", ":secret-but-wrong@"))


def test_a_worker_that_comes_while_the_tables_are_made_waits_for_them(tmp_path: Path, postgres: Server) -> None:
    for url in addresses(tmp_path, postgres):
        found, failures = [], []

        def opened(address: str = url, stores: list[Store] = found, problems: list[Exception] = failures) -> None:
            try:
                stores.append(Store(address))
            except StateError as error:
                problems.append(error)

        workers = [threading.Thread(target=opened) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failures == []
        assert {store.get_setting("layout") for store in found} == {str(tables.LAYOUT)}
        for store in found:
            store.close()
