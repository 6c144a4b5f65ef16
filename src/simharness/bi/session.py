"""One connection to a set of curated tables, whatever database holds them: statements, rows, nothing else.

Questions are asked in the session's own dialect with `$start` and `$end` bound by the driver, never formatted in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from simharness.core.errors import HarnessFault

if TYPE_CHECKING:
    import psycopg

#: Dialects as sqlglot calls them.
DUCKDB, POSTGRES = "duckdb", "postgres"

Row = tuple[object, ...]
#: A parameter; a comment or a text that holds the same signs is taken first, and is none.
_PARAMETER = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$(?P<name>start|end)\b")
#: So many rows go in by one INSERT; more are read from a file, which costs hundreds of times less a row.
_FEW = 200
#: What stands for NULL in that file, where an empty text is an empty text.
_NULL = "\x1aNULL"


class Session(Protocol):
    """A database as loader, reader and metrics use it. A statement that fails raises `HarnessFault`."""

    @property
    def dialect(self) -> str:
        """What its SQL is called."""

    def run(self, script: str) -> None:
        """Run statements."""

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table of the contract."""

    def ask(self, question: str, bound: Mapping[str, object] | None = None) -> tuple[list[str], list[Row]]:
        """Columns and rows of a query; of `bound` only what the query names is used."""


class DuckDbSession:
    """A session on a DuckDB connection."""

    dialect = DUCKDB

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def run(self, script: str) -> None:
        """Run statements."""
        self._execute(script, None)

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Few rows in one statement, many from a file."""
        found = list(rows)
        if len(found) > _FEW:
            self._insert_many(table, found)
        elif found:
            places = ", ".join([f"({', '.join('?' * len(found[0]))})"] * len(found))
            self._execute(f"INSERT INTO {table} VALUES {places}", [value for row in found for value in row])  # noqa: S608 - a name of the contract, values bound

    def _insert_many(self, table: str, rows: list[Row]) -> None:
        with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([_NULL if value is None else value for value in row] for row in rows)
            file.flush()
            self._execute(
                f"COPY {table} FROM '{file.name}' "
                f"(FORMAT csv, HEADER false, AUTO_DETECT false, QUOTE '\"', ESCAPE '\"', NULLSTR '{_NULL}')",
                None,
            )

    def ask(self, question: str, bound: Mapping[str, object] | None = None) -> tuple[list[str], list[Row]]:
        """Columns and rows of a query."""
        names = named_in(question)
        result = self._execute(question, {name: (bound or {})[name] for name in names} or None)
        return [column[0] for column in result.description or ()], result.fetchall()

    def _execute(self, statement: str, bound: Any) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(statement, bound)
        except duckdb.Error as error:
            raise HarnessFault(str(error).strip()) from error


class PostgresSession:
    """A session on a PostgreSQL connection whose search path is the schema of the tables."""

    dialect = POSTGRES

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def run(self, script: str) -> None:
        """Run statements."""
        self._execute(script, ())

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """All rows in one stream."""
        import psycopg

        try:
            with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise HarnessFault(str(error).strip()) from error

    def ask(self, question: str, bound: Mapping[str, object] | None = None) -> tuple[list[str], list[Row]]:
        """Columns and rows of a query; the names become the numbers that the server binds by."""
        names = named_in(question)
        numbered = _PARAMETER.sub(
            lambda match: f"${names.index(match['name']) + 1}" if match["name"] else match[0], question
        )
        cursor = self._execute(numbered, [(bound or {})[name] for name in names])
        return [column.name for column in cursor.description or ()], cursor.fetchall()

    def _execute(self, statement: str, bound: Any) -> psycopg.RawCursor[Any]:
        import psycopg

        cursor = psycopg.RawCursor(self._connection)
        try:
            # Each statement stands for itself: one that fails must not take the ones before with it.
            with self._connection.transaction():
                return cursor.execute(statement, bound or None)
        except psycopg.Error as error:
            raise HarnessFault(str(error).strip()) from error


def named_in(sql: str) -> list[str]:
    """The parameters a statement names outside its comments and texts, each once, in order."""
    return list(dict.fromkeys(match["name"] for match in _PARAMETER.finditer(sql) if match["name"]))
