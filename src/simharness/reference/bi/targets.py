"""Where BI is published: a folder with a DuckDB file a version, or a schema of a PostgreSQL database.

Both show a version whole or not at all: the file appears by an atomic rename, the schema is built and swapped in within
one transaction.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

import sqlalchemy as sa

from simharness.reference.bi.rows import Row
from simharness.reference.errors import ConfigurationError

_DUCKDB, _SUFFIX = "duckdb://", ".duckdb"
_POSTGRESQL = ("postgresql", "postgresql+psycopg", "postgres")
_SETTING = "CONNECTOR_BI_URL"
_SCHEMA = "bi"
#: So many rows go in by one INSERT; more are read from a file, which costs hundreds of times less a row.
_FEW = 200
#: What stands for NULL in that file, where an empty text is an empty text.
_NULL = "\x1aNULL"
#: How long a swap waits for readers of the version before.
_READERS_MS = 30_000
_CONNECT_TIMEOUT_S = 10


class Failed(Exception):
    """The target could not take the version; `str()` says why, for a person. The last version is still shown."""


class Loader(Protocol):
    """A version being built, which nobody sees yet."""

    def run(self, script: str) -> None:
        """Run statements."""

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table."""

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""


#: Fills a version (given its name) and says what is wrong with it; an empty list shows it.
Build = Callable[[Loader, str], list[str]]


class Target(Protocol):
    """Somewhere to publish."""

    def publish(self, build: Build) -> list[str]:
        """Build the next version and show it if nothing is wrong with it; raises `Failed`."""


def target_at(url: str) -> Target:
    """The target of a URL; raises `ConfigurationError` for anything else."""
    if url.startswith(_DUCKDB):
        return DuckDbFolder(Path(url.removeprefix(_DUCKDB)))
    if url.partition("://")[0] in _POSTGRESQL:
        return PostgresSchema(url)
    shown = f"{url.partition('://')[0]}://…" if "://" in url else repr(url)
    raise ConfigurationError(
        f"{shown} is no sink",
        where=_SETTING,
        mend="use duckdb:///folder or postgresql+psycopg://user:password@host/database?schema=bi",
    )


class DuckDbFolder:
    """A folder with a file a version, named by its number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, build: Build) -> list[str]:
        """Build in a file aside and rename it."""
        import duckdb

        self._folder.mkdir(parents=True, exist_ok=True)
        version = f"{self._latest() + 1:08d}"
        aside = self._folder / f"{version}{_SUFFIX}.tmp"
        aside.unlink(missing_ok=True)
        connection = duckdb.connect(str(aside), config={"threads": 1})
        try:
            connection.begin()
            problems = build(_DuckDbLoader(connection), version)
            connection.commit()
        finally:
            connection.close()
        if problems:
            aside.unlink()
            return problems
        aside.rename(self._folder / f"{version}{_SUFFIX}")
        return []

    def _latest(self) -> int:
        numbers = [f.name.removesuffix(_SUFFIX) for f in self._folder.iterdir() if f.name.endswith(_SUFFIX)]
        return max((int(number) for number in numbers if number.isdecimal()), default=0)


class _DuckDbLoader:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, script: str) -> None:
        self._connection.execute(script)

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Few rows in one statement, many from a file."""
        rows = iter(rows)
        first = list(islice(rows, _FEW))
        if not first:
            return
        following = next(rows, None)
        if following is None:
            places = ", ".join([f"({', '.join('?' * len(first[0]))})"] * len(first))
            self._connection.execute(
                f"INSERT INTO {table} VALUES {places}",  # noqa: S608 - a table of tables.sql; values are bound
                [value for row in first for value in row],
            )
            return
        with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for row in chain(first, (following,), rows):
                writer.writerow([_NULL if value is None else value for value in row])
            file.flush()
            self._connection.execute(
                f"COPY {table} FROM '{file.name}' "
                f"(FORMAT csv, HEADER false, AUTO_DETECT false, QUOTE '\"', ESCAPE '\"', NULLSTR '{_NULL}')"
            )

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._connection.execute(question).fetchall()
        return found


class PostgresSchema:
    """A schema that always holds the latest version; the one before it stays beside it as `SCHEMA_last`.

    A reader that begins its transaction with a look at `meta` keeps that version until the transaction ends: the swap
    waits for it, and never shows half.
    """

    def __init__(self, url: str) -> None:
        try:
            address = sa.make_url(url)
        except (sa.exc.ArgumentError, ValueError) as error:
            raise ConfigurationError("is not a database URL", where=_SETTING) from error
        schema = address.query.get("schema", _SCHEMA)
        if not isinstance(schema, str) or not schema.isidentifier() or not schema.islower():
            raise ConfigurationError(
                f"{schema!r} is no name of a schema", where=_SETTING, mend="use small letters, digits and underscores"
            )
        self._schema = schema
        address = address.set(drivername="postgresql").difference_update_query(["schema"])
        self._shown = address.render_as_string(hide_password=True)
        self._address = address.render_as_string(hide_password=False)

    def publish(self, build: Build) -> list[str]:
        """Build, audit and swap in one transaction: until it commits, everybody sees the version before."""
        from psycopg import sql

        schema, last, aside = (sql.Identifier(f"{self._schema}{end}") for end in ("", "_last", "_next"))
        with self._connected() as connection:
            # Publishers come one after the other, from reading the number of the version on.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"bi:{self._schema}",))
            version = f"{self._latest(connection) + 1:08d}"
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(aside))
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(aside))
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(aside))
            problems = build(_PostgresLoader(connection), version)
            if problems:
                connection.rollback()
                return problems
            connection.execute(f"SET LOCAL lock_timeout = {_READERS_MS}")
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(last))
            if version != f"{1:08d}":
                connection.execute(sql.SQL("LOCK TABLE {}.meta IN ACCESS EXCLUSIVE MODE").format(schema))
                connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(schema, last))
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} RESTRICT").format(schema))
            connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(aside, schema))
            connection.commit()
        return []

    def _latest(self, connection: Any) -> int:
        (found,) = connection.execute("SELECT to_regclass(%s)", (f"{self._schema}.meta",)).fetchone()
        if found is None:
            return 0
        row = connection.execute(f"SELECT version FROM {self._schema}.meta").fetchone()  # noqa: S608 - an identifier, see above
        return int(row[0]) if row else 0

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                "needs a package to reach PostgreSQL", where=_SETTING, mend="install simharness[postgres]"
            ) from error
        try:
            with psycopg.connect(self._address, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
                yield connection
        except psycopg.Error as error:
            why = str(error).strip().partition("\n")[0]
            raise Failed(f"BI could not be published to {self._shown}: {why}") from error


class _PostgresLoader:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, script: str) -> None:
        self._connection.execute(script)

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._connection.execute(question).fetchall()
        return found
