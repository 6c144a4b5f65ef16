"""What documents deferred, and what was taken back of it, by deal line: the `deferral` table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.money import Cents
from simharness.reference.invoicing.billed import Deferred
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.recognition.schedule import Movement, Term, recognised, remaining

_encode = msgspec.json.Encoder(decimal_format="string").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """One term of service of a line with everything that was billed and credited of it, in order of day."""

    of: Deferred
    movements: tuple[Movement, ...]

    @property
    def term(self) -> Term:
        """The days it is for, and how they are counted."""
        return Term(first=self.of.first, last=self.of.last, unit=self.of.unit)


class Deferrals:
    """Remembers and sums up. Joins an open transaction."""

    def __init__(self, store: Store, cents: Cents) -> None:
        self._store, self._cents = store, cents

    def keep(self, reference: str, document_id: str, day: date, parts: Sequence[Deferred]) -> None:
        """Remember what a document deferred or took back, on its own day."""
        for place, part in enumerate(parts):
            self._store.put(
                tables.deferral,
                {
                    "reference": reference,
                    "place": place,
                    "document_id": document_id,
                    "key": part.key,
                    "day": day.isoformat(),
                    "facts": _encode(part).decode(),
                },
            )

    def on(self, document_id: str) -> dict[int, Deferred]:
        """What a document deferred, by the position of the line, from 0."""
        table = tables.deferral
        rows = self._store.rows(sa.select(table).where(table.c.document_id == document_id))
        return {part.position: part for part in map(_part, rows)}

    def remaining(self, key: str, day: date) -> Decimal:
        """What is still to be given of a line at the beginning of a day."""
        table = tables.deferral
        found = next(self._grouped(sa.select(table).where(table.c.key == key)))
        return remaining(found.term, found.movements, day, self._cents)

    def by_line(self) -> dict[str, list[Deferral]]:
        """Every term of service by deal line, in order of key."""
        lines: dict[str, list[Deferral]] = {}
        for each in self._grouped(sa.select(tables.deferral)):
            lines.setdefault(each.of.line_id, []).append(each)
        return lines

    def recognised(self, deferrals: Sequence[Deferral], until: date) -> Decimal:
        """What is revenue of a line by the end of a day."""
        parts = [recognised(each.term, each.movements, until, self._cents) for each in deferrals]
        return sum(parts, Decimal(0))

    def _grouped(self, which: sa.Select[Any]) -> Iterator[Deferral]:
        table = tables.deferral
        rows = self._store.rows(which.order_by(table.c.key, table.c.day, table.c.reference, table.c.place))
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            groups.setdefault(row["key"], []).append(row)
        for mine in groups.values():
            parts = [(_part(row), date.fromisoformat(row["day"])) for row in mine]
            moved = tuple(Movement(day=day, amount=part.amount, ends=part.ends) for part, day in parts)
            yield Deferral(of=parts[0][0], movements=moved)


def _part(row: Mapping[str, Any]) -> Deferred:
    return msgspec.json.decode(row["facts"], type=Deferred)
