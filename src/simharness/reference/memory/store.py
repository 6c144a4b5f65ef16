"""The connector's memory: one database through SQLAlchemy, SQLite unless the settings name another.

Tables are what must survive a restart: watermarks, grants, what came from the CRM and became of it, the outbox, and the
append-only integration log.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from simharness.reference.errors import StateError
from simharness.reference.memory.database import Database

#: Changes with the tables below; a database of another layout is refused, not guessed at.
LAYOUT = 5

#: Settings of the turns: how many workers there ever were, and which of them had the last turn.
_WORKERS, _LAST = "turn.workers", "turn.last"
#: Between two looks whether another worker has finished making the tables.
_PATIENCE_S = 0.1

#: States of deals and charges that more than one module knows: refused at the edge; to be decided again; in the books;
#: to be billed by another program.
REJECTED, RETRY, NEW, BILLED, AWAITED = "rejected", "retry", "new", "billed", "awaited"

metadata = sa.MetaData()

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
grant = sa.Table(
    "oauth_grant",
    metadata,
    sa.Column("vendor", sa.String, primary_key=True),
    sa.Column("access_token", sa.String, nullable=False),
    sa.Column("refresh_token", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("expires_at", sa.Integer, nullable=False),
)
catalogue = sa.Table(
    "catalogue",
    metadata,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("ledger_id", sa.String, nullable=False),
    sa.Column("detail", sa.String, nullable=False, default=""),
)
company = sa.Table(
    "company",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("facts", sa.String, nullable=False),
    sa.Column("customer_id", sa.String, nullable=False, default="", index=True),
    sa.Column("customer_name", sa.String, nullable=False, default=""),
    sa.Column("adopted", sa.Boolean, nullable=False, default=False),
    sa.Column("written", sa.String, nullable=False, default=""),
    sa.Column("problem", sa.String, nullable=False, default=""),
    sa.Column("business_key", sa.String, nullable=False, default="", index=True),
)
#: Companies that the CRM merged into another.
merge = sa.Table(
    "merge",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("into_id", sa.String, nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False, default=0),
)
deal = sa.Table(
    "deal",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("company_id", sa.String, nullable=False, index=True),
    sa.Column("modified_ms", sa.BigInteger, nullable=False, default=0),
    sa.Column("read_ms", sa.BigInteger, nullable=False, default=0),
    sa.Column("fingerprint", sa.String, nullable=False, default=""),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("billed", sa.String, nullable=False, default="{}"),
    #: The deposit invoice that is in the ledger; "" where there is none.
    sa.Column("deposit", sa.String, nullable=False, default=""),
    #: The day (ISO) on which something of it falls due by itself; "" where nothing does.
    sa.Column("next_due", sa.String, nullable=False, default="", index=True),
    sa.Column("written", sa.String, nullable=False, default=""),
    sa.Column("dirty", sa.Boolean, nullable=False, default=False, index=True),
    #: What tells a deal that comes twice: its key in the business, a digest of its content, and that somebody said
    #: it is one of its own all the same.
    sa.Column("business_key", sa.String, nullable=False, default="", index=True),
    sa.Column("content", sa.String, nullable=False, default="", index=True),
    sa.Column("accepted", sa.Boolean, nullable=False, default=False),
)
document = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("number", sa.String, nullable=False, index=True),
    sa.Column("deal_id", sa.String, nullable=False, index=True),
    #: 0 is the deposit invoice.
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("customer_id", sa.String, nullable=False),
    #: "" is the company's.
    sa.Column("currency", sa.String, nullable=False, default=""),
    sa.Column("total", sa.String, nullable=False),
    sa.Column("open", sa.String, nullable=False),
    sa.Column("listed", sa.String, nullable=False, default="{}"),
    sa.Column("to_apply", sa.Boolean, nullable=False, default=False, index=True),
    #: The reference that an invoice of another program stands for; "" of this one's own.
    sa.Column("taken_as", sa.String, nullable=False, default=""),
)
#: Invoices of other programs, by the deal they name; `version` is the ledger's, as last read.
foreign_invoice = sa.Table(
    "foreign_invoice",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("deal_id", sa.String, nullable=False, index=True),
    sa.Column("number", sa.String, nullable=False, default=""),
    sa.Column("version", sa.String, nullable=False, default=""),
    sa.Column("given_up", sa.Boolean, nullable=False, default=False),
)
#: Deals whose invoice another program is to write, and by when (ISO day).
awaited = sa.Table(
    "awaited",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("due", sa.String, nullable=False),
    sa.Column("amount", sa.String, nullable=False, default=""),
    sa.Column("currency", sa.String, nullable=False, default=""),
)
charge = sa.Table(
    "charge",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("facts", sa.String, nullable=False),
    sa.Column("company_id", sa.String, nullable=False, default="", index=True),
    sa.Column("payment_id", sa.String, nullable=False, default=""),
)
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False, index=True),
    sa.Column("entity", sa.String, nullable=False),
    sa.Column("reference", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("customer_id", sa.String, nullable=False),
    sa.Column("amount", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("context", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("first_at", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", sa.Integer, nullable=False, default=0),
    sa.Column("problem", sa.String, nullable=False, default=""),
    sa.Column("ledger_id", sa.String, nullable=False, default=""),
    #: The worker that claimed it last, and until when (unix seconds) the claim holds.
    sa.Column("owner", sa.String, nullable=False, default=""),
    sa.Column("until_s", sa.BigInteger, nullable=False, default=0),
)
task = sa.Table(
    "task",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("at_s", sa.BigInteger, nullable=False, default=0),
    sa.Column("label", sa.String, nullable=False, default="", index=True),
    sa.Column("amount", sa.String, nullable=False, default=""),
    sa.Column("facts", sa.String, nullable=False, default=""),
    sa.Column("ledger_id", sa.String, nullable=False, default=""),
    sa.Column("memo", sa.String, nullable=False, default=""),
)
relief = sa.Table(
    "relief",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("invoice_id", sa.String, nullable=False, index=True),
    sa.Column("deal_id", sa.String, nullable=False, default="", index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("amount", sa.String, nullable=False),
    sa.Column("parts", sa.String, nullable=False, default=""),
)
#: What documents deferred of deal lines, and took back of it: see recognition/deferrals.py. `key` tells line and month
#: apart, `place` the documents' lines.
deferral = sa.Table(
    "deferral",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("document_id", sa.String, nullable=False, index=True),
    sa.Column("key", sa.String, nullable=False, index=True),
    sa.Column("day", sa.String, nullable=False),
    sa.Column("facts", sa.String, nullable=False),
)
#: How the recurring lines of deals were from a day (ISO) on; "" is since ever, no facts that it is gone. See
#: invoicing/history.py.
recurring = sa.Table(
    "recurring",
    metadata,
    sa.Column("line_id", sa.String, primary_key=True),
    sa.Column("day", sa.String, primary_key=True),
    sa.Column("deal_id", sa.String, nullable=False, index=True),
    sa.Column("facts", sa.String, nullable=False, default=""),
)
log = sa.Table(
    "integration_log",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at_s", sa.BigInteger, nullable=False, index=True),
    sa.Column("row", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
log_head = sa.Table(
    "integration_log_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rows", sa.Integer, nullable=False, default=0),
    sa.Column("digest", sa.String, nullable=False, default=""),
    sa.Column("anchor", sa.String, nullable=False, default=""),
    sa.Column("pruned", sa.Integer, nullable=False, default=0),
)
quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("amount", sa.String, nullable=False, default=""),
    sa.Column("since", sa.String, nullable=False),
    sa.Column("unreadable", sa.Boolean, nullable=False, default=False, index=True),
)
notice = sa.Table(
    "notice",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("incident", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("problem", sa.String, nullable=False, default=""),
)
incident = sa.Table(
    "incident",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("source", sa.String, nullable=False, index=True),
    sa.Column("row", sa.LargeBinary, nullable=False),
)


#: Events that vendors told by webhooks, by what they are known again: see webhooks/inbox.py.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("vendor", sa.String, nullable=False),
    sa.Column("noun", sa.String, nullable=False),
    sa.Column("object_id", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("at_s", sa.BigInteger, nullable=False),
    #: How often it was told.
    sa.Column("heard", sa.Integer, nullable=False, default=1),
)


class Turn(enum.Enum):
    """Whose turn it is."""

    MINE = "mine"
    AFTER_ANOTHER = "after another"
    TAKEN = "taken"


class Store:
    """One connection to the database. Not for several threads at once; several workers take turns on it.

    `rollbacks` counts transactions that were given up, for those who remember what they wrote.
    """

    def __init__(self, url: str, *, sqlite_synchronous: str = "NORMAL") -> None:
        self.rollbacks = 0
        self._settings: dict[str, str] = {}
        self._worker = 0
        self._database = Database(url, sqlite_synchronous=sqlite_synchronous)
        self.connection = self._database.connection
        try:
            with self._database.explained():
                self._layout()
        except BaseException:
            self.close()
            raise

    @property
    def worker(self) -> str:
        """Who works here: `worker:1` is the first that ever had a turn on this database, `worker:0` one before its
        first turn.
        """
        return f"worker:{self._worker}"

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """The turn of this worker, for one pass. While another worker has it, `TAKEN` comes at once and nothing may be
        done; `AFTER_ANOTHER` says that whatever is remembered beside the database is out of date.
        """
        if not self._database.take_turn():
            yield Turn.TAKEN
            return
        try:
            with self._database.explained():
                turn = self._begin_turn()
            yield turn
        finally:
            self._database.end_turn()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested uses join the outer one."""
        if self.connection.in_transaction():
            yield
            return
        try:
            with self.connection.begin():
                yield
        except BaseException:
            # Whatever was remembered beside the database may be ahead of it now.
            self.rollbacks += 1
            self._settings.clear()
            raise

    @contextmanager
    def beside(self) -> Iterator[sa.Connection]:
        """A transaction of its own beside whatever this worker is doing, for other threads. Raises `StateError`."""
        with self._database.beside() as connection:
            yield connection

    def rows(self, statement: sa.Select[Any]) -> list[Mapping[str, Any]]:
        """Every row of a query, by column name."""
        inside = self.connection.in_transaction()
        found: list[Mapping[str, Any]] = [dict(row) for row in self.connection.execute(statement).mappings()]
        if not inside:
            self.connection.rollback()
        return found

    def row(self, statement: sa.Select[Any]) -> Mapping[str, Any] | None:
        """The first row of a query, or None."""
        found = self.rows(statement.limit(1))
        return found[0] if found else None

    def put(self, table: sa.Table, values: Mapping[str, Any]) -> None:
        """Insert the row, or set the given columns of the one that has its primary key."""
        with self.transaction():
            if not self.change(table, values):
                self.connection.execute(sa.insert(table), dict(values))

    def change(self, table: sa.Table, values: Mapping[str, Any]) -> bool:
        """Set the given columns of the row that has the values' primary key; False if there is none."""
        key = sa.and_(*(column == sa.bindparam(f"key_{column.name}") for column in table.primary_key))
        rest = {name: value for name, value in values.items() if name not in table.primary_key}
        keys = {f"key_{column.name}": values[column.name] for column in table.primary_key}
        with self.transaction():
            return bool(self.connection.execute(sa.update(table).where(key), {**rest, **keys}).rowcount)

    def add(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows."""
        if rows:
            with self.transaction():
                self.connection.execute(sa.insert(table), rows)

    def pragma(self, words: str) -> None:
        """Tell SQLite something about this connection; only outside of a transaction."""
        self.connection.exec_driver_sql(f"PRAGMA {words}")
        self.connection.commit()

    def get_setting(self, name: str, default: str = "") -> str:
        """A remembered value, for example a watermark."""
        if not self._settings:
            self._settings.update((row["name"], row["value"]) for row in self.rows(sa.select(setting)))
        return self._settings.get(name, default)

    def set_setting(self, name: str, value: str) -> None:
        """Remember a value."""
        if self.get_setting(name) != value:
            self.put(setting, {"name": name, "value": value})
            self._settings[name] = value

    def load_grant(self, vendor: str) -> tuple[str, str, str, int] | None:
        """The vendor's tokens as last granted."""
        found = self.row(sa.select(grant).where(grant.c.vendor == vendor))
        if found is None:
            return None
        return found["access_token"], found["refresh_token"], found["origin"], found["expires_at"]

    def save_grant(self, vendor: str, access: str, refresh: str, origin: str, expires_at: int) -> None:
        """Keep new tokens at once."""
        self.put(
            grant,
            {
                "vendor": vendor,
                "access_token": access,
                "refresh_token": refresh,
                "origin": origin,
                "expires_at": expires_at,
            },
        )

    def _begin_turn(self) -> Turn:
        """Note who has the turn, where that is somebody new."""
        self._settings.clear()
        last = self.get_setting(_LAST)
        if self._worker and last == str(self._worker):
            return Turn.MINE
        first = not self._worker
        with self.transaction():
            if first:
                self._worker = int(self.get_setting(_WORKERS, "0")) + 1
                self.set_setting(_WORKERS, str(self._worker))
            self.set_setting(_LAST, str(self._worker))
        self.rollbacks += 1
        # What a worker read when it was built is true in its first turn only if nobody worked since.
        return Turn.MINE if first and last == self._last_seen else Turn.AFTER_ANOTHER

    def _layout(self) -> None:
        # SQLite shows tables while another worker is still making them; the layout is said last, in its turn.
        if not self._has_tables() or not self.get_setting("layout"):
            while not self._database.take_turn():
                time.sleep(_PATIENCE_S)
            try:
                if not self._has_tables():
                    with self.connection.begin():
                        metadata.create_all(self.connection, checkfirst=False)
                        self.connection.execute(sa.insert(setting).values(name="layout", value=str(LAYOUT)))
            finally:
                self._database.end_turn()
        found = self.get_setting("layout")
        if found != str(LAYOUT):
            raise StateError(
                f"the state database {self._database.shown} has layout {found or 'unknown'}, this release needs "
                f"{LAYOUT}; start with an empty one and let an operator rewind"
            )
        self._last_seen = self.get_setting(_LAST)

    def _has_tables(self) -> bool:
        found = sa.inspect(self.connection).has_table(setting.name)
        self.connection.rollback()
        return found
