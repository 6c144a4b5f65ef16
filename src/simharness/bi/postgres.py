"""The PostgreSQL sink: a schema that always holds the latest published version.

A reader looks at `meta` first, which keeps its version until its transaction ends: a publisher waits for it before it
swaps the schema.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from simharness.bi.session import PostgresSession, Session
from simharness.bi.transform import Transform
from simharness.core.errors import HarnessFault, UsageError

if TYPE_CHECKING:
    import psycopg

_SCHEMES = ("postgresql", "postgresql+psycopg", "postgres")
_SCHEMA = "bi"
_CONNECT_TIMEOUT_S = 10


class PostgresSink:
    """One schema of a database, named by `schema=` in the URL (`bi` without one)."""

    def __init__(self, url: str) -> None:
        try:
            address = sa.make_url(url)
        except (sa.exc.ArgumentError, ValueError) as error:
            raise UsageError("what is given for BI is no database URL", mend=_FORM) from error
        schema = address.query.get("schema", _SCHEMA)
        if not isinstance(schema, str) or not schema.isidentifier() or not schema.islower():
            raise UsageError(f"{schema!r} is no name of a schema", mend="use small letters, digits and underscores")
        self.schema = schema
        self._address = address.set(drivername="postgresql").difference_update_query(["schema"])
        self._shown = self._address.render_as_string(hide_password=True)

    @staticmethod
    def fits(url: str) -> bool:
        """Whether this is the address of a PostgreSQL database."""
        return url.partition("://")[0] in _SCHEMES

    def with_schema(self, schema: str) -> PostgresSink:
        """The same database, another schema."""
        return PostgresSink(self._address.update_query_dict({"schema": schema}).render_as_string(hide_password=False))

    @property
    def url(self) -> str:
        """The address, as a connector's settings want it."""
        address = self._address.set(drivername="postgresql+psycopg").update_query_dict({"schema": self.schema})
        return address.render_as_string(hide_password=False)

    def latest(self) -> str:
        """The latest published version, or empty."""
        with self._connected() as connection:
            return self._version(connection)

    @contextmanager
    def open(self, version: str, transform: Transform | None = None) -> Iterator[Session]:
        """A session that may only read, on the version that is shown: it stays shown until the session ends."""
        if transform is not None:
            transform.run(self._environment())
        with self._connected() as connection:
            connection.read_only = True
            found = self._version(connection)
            if found != version:
                raise HarnessFault(f"BI version {version} is gone: meanwhile came {found or 'none'}")
            yield PostgresSession(connection)

    def publish(self, version: str, fill: Callable[[Session], None]) -> None:
        """Show a version that `fill` made in place of the one before, in one transaction."""
        with self._connected() as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")  # an identifier, see above
            connection.execute(f"CREATE SCHEMA {self.schema}")  # an identifier, see above
            self._enter(connection)
            fill(PostgresSession(connection))
            if self._version(connection) != version:
                raise HarnessFault(f"BI version {version} does not bear its name")

    def drop(self) -> None:
        """Remove the schema and what publishing leaves beside it."""
        with self._connected() as connection:
            for end in ("", "_last"):
                connection.execute(f"DROP SCHEMA IF EXISTS {self.schema}{end} CASCADE")  # an identifier, see above

    def _version(self, connection: psycopg.Connection[Any]) -> str:
        self._enter(connection)
        (found,) = connection.execute("SELECT to_regclass(%s)", (f"{self.schema}.meta",)).fetchone() or (None,)
        if found is None:
            return ""
        row = connection.execute("SELECT version FROM meta").fetchone()
        return str(row[0]) if row else ""

    def _enter(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"SET LOCAL search_path TO {self.schema}")  # an identifier, see above

    def _environment(self) -> dict[str, str]:
        address = self._address
        options = f"{os.environ.get('PGOPTIONS', '')} -csearch_path={self.schema}".strip()
        host = address.host or str(address.query.get("host", ""))
        named = {
            "SIMHARNESS_BI_URL": self.url,
            "SIMHARNESS_BI_SCHEMA": self.schema,
            "PGHOST": host,
            "PGPORT": str(address.port or ""),
            "PGDATABASE": address.database or "",
            "PGUSER": address.username or "",
            "PGPASSWORD": str(address.password or ""),
            "PGOPTIONS": options,
        }
        return {name: value for name, value in named.items() if value}

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise UsageError("BI in PostgreSQL needs a package", mend="install simharness[postgres]") from error
        address = self._address.render_as_string(hide_password=False)
        try:
            with psycopg.connect(address, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
                yield connection
        except psycopg.Error as error:
            why = str(error).strip().partition("\n")[0]
            mend = "look at host, user, password and database of the URL"
            raise HarnessFault(f"BI at {self._shown} cannot be used: {why}", mend=mend) from error


_FORM = "write postgresql+psycopg://user:password@host/database?schema=bi"
