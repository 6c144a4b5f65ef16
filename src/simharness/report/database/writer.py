"""Filling the database.

Rows are inserted column-wise, a table at a time, because single rows cost DuckDB a millisecond each.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import duckdb

from simharness.core.errors import HarnessFault
from simharness.domain.played import Broken, Played
from simharness.report.aside import Aside
from simharness.report.database.rows import TABLES, Row, story_row


class DatabaseFile:
    """Adds story after story; the file appears when the run is complete."""

    def __init__(self, target: Path) -> None:
        self._aside = Aside(target)
        # DuckDB makes the file itself and refuses an empty one.
        self._aside.path.unlink()
        self._stories = 0
        self._insert_sql = (files(__package__) / "insert.sql").read_text(encoding="utf-8")
        try:
            # One thread, so that equal runs fill the tables in equal order.
            self._connection = duckdb.connect(str(self._aside.path), config={"threads": 1})
            self._connection.execute((files(__package__) / "tables.sql").read_text(encoding="utf-8"))
        except duckdb.Error as error:
            self._aside.drop()
            raise HarnessFault(f"{target} cannot be made: {error}") from error

    def add(self, played: Played | Broken) -> None:
        """Add the rows of a story."""
        self._stories += 1
        self._insert("stories", [story_row(self._stories, played)])
        if isinstance(played, Played):
            for table, rows in TABLES.items():
                self._insert(table, [(str(self._stories), *row) for row in rows(played)])

    def keep(self) -> None:
        """Put the file in place."""
        self._connection.close()
        self._aside.keep()

    def drop(self) -> None:
        """Leave no trace."""
        self._connection.close()
        self._aside.drop()

    def _insert(self, table: str, rows: list[Row]) -> None:
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        relation = ", ".join("unnest(?::VARCHAR[])" for _ in columns)
        try:
            self._connection.execute(self._insert_sql.format(table=table, columns=relation), columns)
        except duckdb.Error as error:
            raise HarnessFault(f"the table {table} cannot be filled: {error}") from error
