"""What the connector tells about its own work: an append-only log, rendered as one JSON object a line.

Kinds: `log` (one row for each write into another system), `reject` (a source record refused at the edge), `alert` (a
person was told; a later line of the same incident with `cleared_at` says that it is over), `dead_letter` (a posting
that failed for good, and its replay). All rows together are a hash chain (see chain.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.money import money_text
from simharness.reference.memory import store as tables
from simharness.reference.memory.chain import Chain, cutoff_s
from simharness.reference.memory.notices import Notices
from simharness.reference.memory.store import Store

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Held:
    """A source record in quarantine: why, how much it is about (as text), since when."""

    source: str
    code: str
    reason: str
    amount: str
    since: str


class Evidence:
    """The log of one connector. Rows are kept in the database with what they tell about; `flush` renders new ones.

    `notices`, where there are any, carry every alert to the alert system as well. In a group every row, and every
    incident, names the `entity` whose books it is about.
    """

    def __init__(
        self, store: Store, path: Path, *, currency: str, owner: str, notices: Notices | None = None, entity: str = ""
    ) -> None:
        self._store, self._path, self._notices = store, path, notices
        self._currency, self._owner, self._entity = currency, owner, entity
        self._chain = Chain(store)
        self._rendered = self._rewrite()
        #: What is open by the name of its incident, with its source, as read when so many transactions were given up.
        self._open: dict[str, str] = {}
        self._read_at = -1
        self._unwritten = False

    def log(
        self,
        source: str,
        target: str,
        action: str,
        outcome: str,
        *,
        key: str = "",
        amount: Decimal | None = None,
        currency: str = "",
        attempts: int = 1,
        detail: str = "",
        by: str = "",
    ) -> None:
        """Something was written into another system, or found to be there already; `by` is this worker unless said.

        `currency` is that of the amount, if it is not the company's.
        """
        self._append(
            "log",
            amount,
            currency,
            source=source,
            target=target,
            action=action,
            outcome=outcome,
            key=key,
            attempts=attempts,
            detail=detail,
            by=by or self._store.worker,
        )

    def reject(
        self,
        source: str,
        code: str,
        reason: str,
        amount: Decimal | None = None,
        *,
        currency: str = "",
        unreadable: bool = False,
    ) -> None:
        """A source record goes into quarantine, and a person is told; while it stays there for the same reason, nothing
        more is. `currency` is that of the amount, if it is not the company's. `unreadable`: refused before anything of
        it was taken in, so only its source has it.
        """
        table = tables.quarantine
        held = self._store.row(sa.select(table).where(table.c.source == source))
        with self._store.transaction():
            since = held["since"] if held is not None else _now()
            told = {"source": source, "code": code, "reason": reason, "unreadable": unreadable}
            text = money_text(amount, currency or self._currency) if amount is not None else ""
            self._store.put(table, {**told, "since": since, "amount": text})
            if held is None or (held["code"], held["reason"]) != (code, reason):
                self._append("reject", amount, currency, source=source, code=code, reason=reason)
            self.alert(f"reject:{source}", source, reason, amount, currency=currency)

    def held(self, prefix: str = "", *, unreadable: bool | None = None) -> list[Held]:
        """What is in quarantine, longest first: all, or the sources that begin so, or those (not) unreadable."""
        if not self._incidents():  # whatever is in quarantine is an open incident as well
            return []
        table = tables.quarantine
        wanted = sa.select(table).order_by(table.c.since, table.c.source)
        if unreadable is not None:
            wanted = wanted.where(table.c.unreadable == unreadable)
        rows = self._store.rows(wanted)
        return [
            Held(row["source"], row["code"], row["reason"], row["amount"], row["since"])
            for row in rows
            if row["source"].startswith(prefix)
        ]

    def alert(self, name: str, source: str, reason: str, amount: Decimal | None = None, *, currency: str = "") -> None:
        """Tell a person once an incident; while it is open, repetitions stay silent."""
        if name in self._incidents():
            return
        with self._store.transaction():
            incident = f"{self._entity}:{name}" if self._entity else name
            row = self._append(
                "alert", amount, currency, incident=incident, source=source, owner=self._owner, reason=reason
            )
            self._store.add(tables.incident, [{"name": name, "source": source, "row": _encode(row)}])
            self._open[name] = source
            if self._notices is not None:
                self._notices.raise_(row)

    def recovered(self, source: str) -> None:
        """Everything that was open about a source is over; it leaves quarantine."""
        if source in self._incidents().values():
            self._over(tables.incident.c.source == source)

    def recovered_below(self, prefix: str) -> None:
        """Everything that was open about any source whose name begins so is over."""
        if any(source.startswith(prefix) for source in self._incidents().values()):
            self._over(tables.incident.c.source.startswith(prefix, autoescape=True))

    def _over(self, which: sa.ColumnElement[bool]) -> None:
        table = tables.incident
        for found in self._store.rows(sa.select(table).where(which)):
            row: dict[str, Any] = _decode(found["row"])
            with self._store.transaction():
                self._write({**row, "cleared_at": _now()})
                self._store.connection.execute(sa.delete(table).where(table.c.name == found["name"]))
                del self._open[found["name"]]
                gone = tables.quarantine
                self._store.connection.execute(sa.delete(gone).where(gone.c.source == found["source"]))
                if self._notices is not None:
                    self._notices.clear(str(row["incident"]))

    def _incidents(self) -> dict[str, str]:
        """The sources of what is open; asked of the database once, and again after a transaction was given up."""
        if self._read_at != self._store.rollbacks:
            table = tables.incident
            rows = self._store.rows(sa.select(table.c.name, table.c.source))
            self._open = {row["name"]: row["source"] for row in rows}
            self._read_at = self._store.rollbacks
        return self._open

    def dead_letter(
        self,
        source: str,
        reason: str,
        attempts: int,
        amount: Decimal | None,
        *,
        currency: str = "",
        replayed: bool = False,
    ) -> None:
        """A posting failed for good, or was taken up again by an operator; `currency` is that of the amount."""
        extra = {"replayed_at": _now()} if replayed else {}
        self._append("dead_letter", amount, currency, source=source, reason=reason, attempts=attempts, **extra)

    def retain(self, days: int) -> None:
        """Give up what is older than so many days (0: nothing is), at most once a day, and say so in the log."""
        today = _now()[:10]
        if not days or self._store.get_setting("log.retained") == today:
            return
        with self._store.transaction():
            self._store.set_setting("log.retained", today)
            pruned = self._chain.prune(cutoff_s(days))
            if pruned is not None:
                self.log(
                    f"connector:log:{pruned.last}",
                    "connector:log",
                    "prune",
                    "updated",
                    detail=f"{pruned.rows} rows older than {days} days; anchor {pruned.anchor}",
                )
        if pruned is not None:
            self._rendered = self._rewrite()

    def flush(self) -> None:
        """Append what is new to the file."""
        if not self._unwritten:
            return
        self._unwritten = False
        table = tables.log
        new = self._store.rows(sa.select(table).where(table.c.sequence > self._rendered).order_by(table.c.sequence))
        if not new:
            return
        with self._path.open("ab") as file:
            file.write(b"".join(bytes(row["row"]) + b"\n" for row in new))
        self._rendered = int(new[-1]["sequence"])

    def _rewrite(self) -> int:
        """Render the whole log again: after a crash the file may be short of, or ahead of, the database."""
        table = tables.log
        rows = self._store.rows(sa.select(table).order_by(table.c.sequence))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(b"".join(bytes(row["row"]) + b"\n" for row in rows))
        return int(rows[-1]["sequence"]) if rows else 0

    def _append(self, kind: str, amount: Decimal | None, currency: str = "", **fields: object) -> dict[str, object]:
        row = {"type": kind, "at": _now(), **fields}
        if self._entity:
            row["entity"] = self._entity
        if amount is not None:
            row["amount"] = money_text(amount, currency or self._currency)
        self._write(row)
        return row

    def _write(self, row: dict[str, object]) -> None:
        self._unwritten = True
        self._chain.append(row, int(datetime.now(UTC).timestamp()))


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
