"""The database under the connector's memory: SQLite or PostgreSQL by URL, errors in words, and one worker at a time.

Several workers may run on one database; each does its pass in a turn of its own, and whoever finds the turn taken
leaves the work to the other. The database (for SQLite: the operating system) ends the turn of a worker that dies.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from simharness.reference.errors import StateError

POSTGRESQL, SQLITE = "postgresql", "sqlite"
_DRIVERS = MappingProxyType({"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"})
#: A server that does not answer within these seconds is unreachable.
_CONNECT_TIMEOUT_S = 10
#: The advisory lock of a turn: this number, and the schema the tables lie in.
_TURN = 0x51B4
_SEARCH_PATH = re.compile(r"-c\s*search_path=(\w+)")
_LIGHT = (("journal_mode", "WAL"), ("temp_store", "MEMORY"), ("busy_timeout", "5000"), ("foreign_keys", "ON"))

#: Statements as compiled for SQLite, and its dialect. They are the same for every store of the process and never
#: change; compiling them anew would cost a short-lived process more than running them.
_COMPILED: LRUCache[Any, Any] = LRUCache(500)


class Database:
    """One connection to the database of a URL. Every failure is a `StateError` that says what to mend; a password is
    never shown.
    """

    def __init__(self, url: str, *, sqlite_synchronous: str = "NORMAL") -> None:
        self._url = _address(url)
        self.shown = self._url.render_as_string(hide_password=True)
        self._synchronous = sqlite_synchronous
        self._turn_file: int | None = None
        with self.explained():
            self.engine = self._open()
            self.connection = self.engine.connect()
            if self.engine.dialect.name == SQLITE:
                for name, value in (*_LIGHT, ("synchronous", sqlite_synchronous)):
                    self.connection.exec_driver_sql(f"PRAGMA {name}={value}")
                self.connection.commit()

    @property
    def options(self) -> str:
        """What the URL tells a PostgreSQL server beside the name of the database."""
        return str(self._url.query.get("options", ""))

    def close(self) -> None:
        """Give everything back."""
        if self._turn_file is not None:
            os.close(self._turn_file)
            self._turn_file = None
        self.connection.close()
        self.engine.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Tell what the database says as a `StateError`."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise StateError(self._explanation(error)) from error

    @contextmanager
    def beside(self) -> Iterator[sa.Connection]:
        """A transaction on a connection of its own, for another thread than this worker's."""
        with self.explained(), self.engine.connect() as connection:
            if self.engine.dialect.name == SQLITE:
                connection.exec_driver_sql(f"PRAGMA synchronous={self._synchronous}")
                connection.commit()
            with connection.begin():
                yield connection

    def take_turn(self) -> bool:
        """Whether the turn is now this worker's; False when another has it. Does not wait."""
        if self.engine.dialect.name == POSTGRESQL:
            with self.explained():
                return bool(self._ask("SELECT pg_try_advisory_lock(:turn, hashtext(current_schema()))"))
        file = self._url.database
        if self.engine.dialect.name != SQLITE or not file or file == ":memory:":
            return True
        if self._turn_file is None:
            self._turn_file = os.open(Path(f"{file}.turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._turn_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def end_turn(self) -> None:
        """Let the next worker have it."""
        if self._turn_file is not None:
            fcntl.flock(self._turn_file, fcntl.LOCK_UN)
        elif self.engine.dialect.name == POSTGRESQL and not (self.connection.closed or self.connection.invalidated):
            with self.explained():
                self._ask("SELECT pg_advisory_unlock(:turn, hashtext(current_schema()))")

    def _ask(self, question: str) -> object:
        if self.connection.in_transaction():
            return self.connection.execute(sa.text(question), {"turn": _TURN}).scalar()
        with self.connection.begin():
            return self.connection.execute(sa.text(question), {"turn": _TURN}).scalar()

    def _open(self) -> sa.Engine:
        timeout: dict[str, Any] = {}
        if self._url.get_backend_name() == POSTGRESQL and "connect_timeout" not in self._url.query:
            timeout = {"connect_timeout": _CONNECT_TIMEOUT_S}
        try:
            engine = sa.create_engine(self._url, poolclass=sa.pool.NullPool, connect_args=timeout)
        except ModuleNotFoundError as error:
            raise StateError(
                f"the state database {self.shown} needs the package {error.name}; for PostgreSQL install "
                "simharness[postgres] and write postgresql+psycopg://"
            ) from error
        if engine.dialect.name == SQLITE:
            engine.dialect = _COMPILED.setdefault("dialect", engine.dialect)
            engine.update_execution_options(compiled_cache=_COMPILED)
        return engine

    def _explanation(self, error: sa.exc.SQLAlchemyError) -> str:
        cause = getattr(error, "orig", None) or error
        why = str(cause).strip().partition("\n")[0]  # further lines show the statement
        mend = "restore it or start with an empty one"
        if self._url.get_backend_name() == POSTGRESQL:
            mend = _mended(why)
        return f"the state database {self.shown} cannot be used: {why}; {mend}"


def is_postgresql(url: str) -> bool:
    """Whether a database URL is one of PostgreSQL."""
    return _address(url).get_backend_name() == POSTGRESQL


def schema_beside(url: str, name: str) -> str:
    """The address of a schema of a PostgreSQL database whose name ends with `name`, beside the one the URL names."""
    address = _address(url)
    options = str(address.query.get("options", ""))
    named = _SEARCH_PATH.search(options)
    schema = f"{named[1] if named else 'connector'}_{name.lower().replace('-', '_')}"
    told = f"{_SEARCH_PATH.sub('', options).strip()} -csearch_path={schema}".strip()
    return address.update_query_dict({"options": told}).render_as_string(hide_password=False)


def make_schema(url: str) -> None:
    """Make the schema that a URL names, unless it is there. Raises `StateError`."""
    database = Database(url)
    try:
        schema = _SEARCH_PATH.search(str(database.options))
        with database.explained(), database.connection.begin():
            if schema is not None:
                database.connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema[1]}")
    finally:
        database.close()


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        # What was written may hold a password, so only what stands before it is shown.
        shown = f"{url.partition('://')[0]}://…" if "://" in url else repr(url)
        raise StateError(
            f"{shown} is not a database URL; write sqlite:////folder/file.db or "
            "postgresql+psycopg://user:password@host/database"
        ) from error
    address = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
    if address.get_backend_name() not in (SQLITE, POSTGRESQL):
        raise StateError(f"the state database cannot be of the kind {address.drivername!r}; use sqlite or postgresql")
    return address


def _mended(why: str) -> str:
    """What to do about what a PostgreSQL server, or the way to it, says."""
    if "authentication failed" in why or "no password supplied" in why:
        return "look at user and password in CONNECTOR_STATE_URL"
    if "does not exist" in why and "database" in why:
        return "create the database first: createdb makes an empty one"
    if "permission denied" in why:
        return "grant the user its own schema, or make it owner of the database"
    if "already exists" in why:
        return "it holds tables of something else: name an empty database, or a schema of its own"
    if "connection" in why or "resolve host" in why:
        return "look whether the server runs, and at host and port in CONNECTOR_STATE_URL"
    return "restore it or start with an empty one"
