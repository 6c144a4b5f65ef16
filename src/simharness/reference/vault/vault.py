"""What the connector must know of people, encrypted at rest and gone after its day.

    vault = Vault(store, settings.vault_key)
    vault.keep(employee_uuid, "cheques", {"1042": "2310.55"}, until=None)
    vault.read(employee_uuid, "cheques")
    vault.purge(today)

Ciphertext is a Fernet token of the data's JSON together with its subject and kind, so that a row moved to another
person is refused. In SQLite what is deleted or replaced is overwritten, in the write-ahead log too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography.fernet import InvalidToken, MultiFernet

from simharness.reference.errors import StateError
from simharness.reference.memory.store import Store
from simharness.reference.vault.keys import cipher_of
from simharness.reference.vault.table import kept

_encode = msgspec.json.Encoder(order="sorted").encode


class Vault:
    """The vault in one memory. `keys` are Fernet keys, newest first, parted by commas; without any, `keep`, `read` and
    `rotate` raise `ConfigurationError`, while `purge` and `forget` go on working.
    """

    def __init__(self, store: Store, keys: str) -> None:
        self._store, self._keys = store, keys
        self._known: MultiFernet | None = None
        self._overwrites = store.connection.dialect.name == "sqlite"
        if self._overwrites:
            store.pragma("secure_delete=ON")

    def keep(self, subject: str, kind: str, data: Mapping[str, Any], until: date | None) -> None:
        """Keep data (JSON) about a person through a day (None: until somebody says); what was kept under the same
        subject and kind is replaced. Joins an open transaction.
        """
        sealed = self._cipher.encrypt(_encode({"subject": subject, "kind": kind, "data": data}))
        day = until.isoformat() if until is not None else ""
        self._store.put(kept, {"subject": subject, "kind": kind, "until": day, "data": sealed})

    def read(self, subject: str, kind: str) -> Mapping[str, Any] | None:
        """What is kept, or None. Raises `StateError` where no key opens it or it was tampered with."""
        row = self._store.row(sa.select(kept).where(kept.c.subject == subject, kept.c.kind == kind))
        return self._opened(row) if row is not None else None

    def each(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every subject of a kind with what is kept of it, by subject."""
        for row in self._store.rows(sa.select(kept).where(kept.c.kind == kind).order_by(kept.c.subject)):
            yield row["subject"], self._opened(row)

    def keep_until(self, subject: str, until: date | None) -> None:
        """Everything that is kept of a person is kept through a day from now on. Joins an open transaction."""
        day = until.isoformat() if until is not None else ""
        with self._store.transaction():
            self._store.connection.execute(sa.update(kept).where(kept.c.subject == subject).values(until=day))

    def purge(self, today: date) -> int:
        """Give up everything whose last day is past, ciphertext included; how many rows that were."""
        return self._delete((kept.c.until != "") & (kept.c.until < today.isoformat()))

    def forget(self, subject: str) -> int:
        """Give up everything about a person at once; how many rows that were."""
        return self._delete(kept.c.subject == subject)

    def rotate(self) -> int:
        """Encrypt everything anew with the first key, so that the others can be given up; how many rows that were."""
        rows = self._store.rows(sa.select(kept))
        with self._store.transaction():
            for row in rows:
                self._opened(row)
                self._store.change(kept, {**row, "data": self._cipher.rotate(bytes(row["data"]))})
        self._wipe()
        return len(rows)

    @property
    def _cipher(self) -> MultiFernet:
        if self._known is None:
            self._known = cipher_of(self._keys)
        return self._known

    def _opened(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        subject, kind = row["subject"], row["kind"]
        try:
            found = msgspec.json.decode(self._cipher.decrypt(bytes(row["data"])))
        except InvalidToken as error:
            raise StateError(
                f"what the vault keeps of {subject} ({kind}) cannot be read: no key of CONNECTOR_VAULT_KEY opens it, "
                "or it was changed; put the key it was written with behind the present one"
            ) from error
        if (found["subject"], found["kind"]) != (subject, kind):
            raise StateError(f"what the vault keeps of {subject} ({kind}) is that of somebody else; restore it")
        data: Mapping[str, Any] = found["data"]
        return data

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._store.transaction():
            gone = self._store.connection.execute(sa.delete(kept).where(which)).rowcount
        if gone:
            self._wipe()
        return gone

    def _wipe(self) -> None:
        """The write-ahead log may still show the pages as they were before."""
        if self._overwrites and not self._store.connection.in_transaction():
            self._store.pragma("wal_checkpoint(TRUNCATE)")
