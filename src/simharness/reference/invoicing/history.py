"""How the recurring lines of deals changed, so that BI tells a month's worth of them as it was on every day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.recurring import Recurring, recurring_of
from simharness.reference.invoicing.crm import Deal
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store

_encode = msgspec.json.Encoder(decimal_format="string").encode


class Histories:
    """The `recurring` table. What a deal was like before it was first seen is what it was since ever."""

    def __init__(self, store: Store, mapping: Mapped) -> None:
        self._store, self._zone, self._cents = store, mapping.zone(), mapping.cents()

    def note(self, deal: Deal, *, is_new: bool) -> None:
        """Remember how the lines of a won deal are from its last change on; of one that `is_new`, since ever."""
        if is_new and not any(line.frequency for line in deal.lines):
            return
        known: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._rows(tables.recurring.c.deal_id == deal.id):
            known.setdefault(row["line_id"], []).append(row)
        day = "" if is_new else deal.modified.astimezone(self._zone).date().isoformat()
        lines = (recurring_of(line, deal.id, deal.currency, self._cents) for line in deal.lines)
        now = {line.line_id: _encode(line).decode() for line in lines if line is not None}
        for line_id in dict.fromkeys([*now, *known]):
            facts = now.get(line_id, "")
            if not known.get(line_id) or known[line_id][-1]["facts"] != facts:
                values = {"line_id": line_id, "day": day, "deal_id": deal.id, "facts": facts}
                self._store.put(tables.recurring, values)

    def lines(self, current: Iterable[Recurring], won: Iterable[str]) -> Iterator[Recurring]:
        """The recurring lines of the deals that are won, each as often as it changed, and the days it was so."""
        deals, now = set(won), {line.line_id: line for line in current}
        known: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._rows(tables.recurring.c.line_id != ""):
            if row["deal_id"] in deals:
                known.setdefault(row["line_id"], []).append(row)
        for line_id, rows in known.items():
            yield from _spread(rows)
            now.pop(line_id, None)
        yield from now.values()

    def _rows(self, which: sa.ColumnElement[bool]) -> list[Mapping[str, Any]]:
        table = tables.recurring
        return self._store.rows(sa.select(table).where(which).order_by(table.c.line_id, table.c.day))


def _spread(rows: list[Mapping[str, Any]]) -> Iterator[Recurring]:
    """A line between its changes; one that would end before it begins never was."""
    for number, row in enumerate(rows):
        if not row["facts"]:
            continue
        line = msgspec.json.decode(row["facts"], type=Recurring)
        begins = [day for day in (line.starts_on, _day(row["day"])) if day is not None]
        following = _day(rows[number + 1]["day"]) if number + 1 < len(rows) else None
        before = following - timedelta(days=1) if following is not None else None
        ends = [day for day in (line.ends_on, before) if day is not None]
        first, last = max(begins, default=None), min(ends, default=None)
        if first is None or last is None or first <= last:
            yield replace(line, starts_on=first, ends_on=last, change_no=number)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
