"""The integration log as a hash chain: every row carries the digest of the row before it and its own.

A digest is the SHA-256, in hexadecimal, of the row's JSON with sorted keys and without `digest` itself; `previous` is
part of it, so a row that is changed, put in, taken out or moved breaks the chain at its place. What was pruned is
remembered by its last digest (the anchor), to which the first row that remains must link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode
#: Rows read at a time while the chain is verified.
_STRETCH = 1000
_ONLY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying found. `broken` is the number of the first row that does not hold, None if all do; `why` says
    what is wrong with it. `rows` hold up to there, `digest` is that of the last of them; `pruned` were given up
    before, in good order.
    """

    rows: int
    pruned: int
    digest: str = ""
    broken: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a pruning took away: so many rows up to and including `last`, and the digest of that one."""

    rows: int
    last: int
    anchor: str


class Chain:
    """Appends to the log of one database, prunes and verifies it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        #: The digest of the last row as this worker knows it, and at how many given-up transactions it knew it.
        self._known: tuple[str, int] | None = None

    def append(self, row: Mapping[str, object], at_s: int) -> None:
        """Link a row to the last one and keep it. Joins an open transaction."""
        with self._store.transaction():
            linked, digest = self._linked(row)
            while not self._taken(str(linked["previous"]), digest):
                self._known = None  # another worker appended since: its row comes first
                linked, digest = self._linked(row)
            self._store.add(tables.log, [{"at_s": at_s, "row": _encode({**linked, "digest": digest})}])
            self._known = digest, self._store.rollbacks

    def _linked(self, row: Mapping[str, object]) -> tuple[dict[str, object], str]:
        if self._known is None or self._known[1] != self._store.rollbacks:
            self._known = self._begun(), self._store.rollbacks
        linked = {**row, "previous": self._known[0]}
        return linked, digest_of(linked)

    def _taken(self, previous: str, digest: str) -> bool:
        """Whether the row now is the last; False where `previous` is not the last one any more. Until the transaction
        ends nobody else can append.
        """
        head = tables.log_head
        last = (head.c.id == _ONLY) & (head.c.digest == previous)
        move = sa.update(head).where(last).values(rows=head.c.rows + 1, digest=digest)
        return bool(self._store.connection.execute(move).rowcount)

    def _begun(self) -> str:
        """The digest of the last row; a log that has none yet is begun."""
        found = self._store.row(sa.select(tables.log_head))
        if found is None:
            self._store.add(tables.log_head, [{"id": _ONLY}])
            return ""
        return str(found["digest"])

    def prune(self, before_s: int) -> Pruned | None:
        """Give up the rows before an instant (unix seconds), from the beginning and without gaps; None if there are
        none.
        """
        head, table = tables.log_head, tables.log
        first_kept = self._store.row(
            sa.select(table.c.sequence).where(table.c.at_s >= before_s).order_by(table.c.sequence)
        )
        old = sa.select(table)
        if first_kept is not None:
            old = old.where(table.c.sequence < first_kept["sequence"])
        last = self._store.row(old.order_by(table.c.sequence.desc()))
        if last is None:
            return None
        anchor = str(_decode(bytes(last["row"]))["digest"])
        with self._store.transaction():
            gone = self._store.connection.execute(sa.delete(table).where(table.c.sequence <= last["sequence"])).rowcount
            self._store.connection.execute(
                sa.update(head)
                .where(head.c.id == _ONLY)
                .values(anchor=anchor, rows=head.c.rows - gone, pruned=head.c.pruned + gone)
            )
        return Pruned(rows=gone, last=last["sequence"], anchor=anchor)

    def verify(self) -> Verdict:
        """Follow the chain from the anchor to the end."""
        head = self._head()
        previous, held, last = head["anchor"], 0, 0
        for found in self._rows():
            last = found["sequence"]
            why = _wrong(bytes(found["row"]), previous)
            if why:
                return Verdict(rows=held, pruned=head["pruned"], broken=last, why=why)
            previous, held = str(_decode(bytes(found["row"]))["digest"]), held + 1
        if (previous, held) != (head["digest"] if held else head["anchor"], head["rows"]):
            why = f"rows are missing at the end: {held} of {head['rows']} are there"
            return Verdict(rows=held, pruned=head["pruned"], broken=last + 1, why=why)
        return Verdict(rows=held, pruned=head["pruned"], digest=previous)

    def _head(self) -> Mapping[str, Any]:
        found = self._store.row(sa.select(tables.log_head))
        return found or {"digest": "", "anchor": "", "rows": 0, "pruned": 0}

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        table, after = tables.log, -1
        while True:
            rows = self._store.rows(
                sa.select(table).where(table.c.sequence > after).order_by(table.c.sequence).limit(_STRETCH)
            )
            yield from rows
            if len(rows) < _STRETCH:
                return
            after = rows[-1]["sequence"]


def digest_of(row: Mapping[str, object]) -> str:
    """The digest of a row that has its `previous` and no `digest` yet."""
    return hashlib.sha256(_encode(row)).hexdigest()


def cutoff_s(days: int) -> int:
    """The instant before which rows are older than so many days, in unix seconds."""
    return int((datetime.now(UTC) - timedelta(days=days)).timestamp())


def _wrong(raw: bytes, previous: str) -> str:
    """What is wrong with a row that should follow one of this digest; "" if nothing is."""
    try:
        row = _decode(raw)
        digest = row.pop("digest")
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        return "it is no row of the log any more"
    if digest_of(row) != digest:
        return "its content was changed"
    if row.get("previous") != previous:
        return "the row before it was taken out, put in or replaced"
    return "" if _encode({**row, "digest": digest}) == raw else "it was written anew"
