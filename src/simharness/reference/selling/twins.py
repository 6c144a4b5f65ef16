"""Deals that come twice: under another id, but the same fact by its key in the business, or by everything it says.

The first one that is billed stands; the others stay in quarantine until they differ, until the first one does, or until
an operator takes one for a deal of its own. Equal amounts alone make no twins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from simharness.reference.errors import Rejected
from simharness.reference.invoicing.crm import Deal
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store

_DIGITS = 24


class Twins:
    """Compares deals with those that stand. `by_content` may be off where a company repeats orders word for word."""

    def __init__(self, store: Store, zone: ZoneInfo, *, by_content: bool) -> None:
        self._store, self._zone, self._by_content = store, zone, by_content

    def marks(self, deal: Deal) -> dict[str, str]:
        """What the deal is told by: columns of its row."""
        return {"business_key": deal.business_key, "content": self._content(deal) if self._by_content else ""}

    def check(self, deal: Deal) -> None:
        """Raise `Rejected` if another deal that is billed is the same fact."""
        marks, table = self.marks(deal), tables.deal
        for code, column, words in (
            ("duplicate_business_key", table.c.business_key, f"has the key {deal.business_key!r} of"),
            ("duplicate_content", table.c.content, "says the same in every word as"),
        ):
            mark = marks[column.name]
            if not mark:
                continue
            stands = (table.c.state == tables.BILLED) | (table.c.version > 0)
            other = sa.select(table.c.id).where(column == mark, table.c.id != deal.id, stands).order_by(table.c.id)
            found = self._store.row(other)
            if found is not None:
                raise Rejected(code, f"deal {deal.id} {words} deal {found['id']}, which is billed already")

    def changed(self, row: Mapping[str, Any] | None, marks: Mapping[str, str]) -> None:
        """A deal is not what it was: those that were taken for it are decided about again."""
        table = tables.deal
        for name in ("business_key", "content"):
            before = row[name] if row is not None else ""
            if row is not None and before and before != marks.get(name, ""):
                same = (table.c[name] == before) & (table.c.id != row["id"]) & (table.c.state == tables.REJECTED)
                again = sa.update(table).where(same).values(state=tables.RETRY, fingerprint="")
                with self._store.transaction():
                    self._store.connection.execute(again)

    def _content(self, deal: Deal) -> str:
        lines = [
            (line.product, line.quantity, line.unit_price, line.discount, line.revenue_type, line.cost_centre)
            for line in deal.lines
        ]
        closed = deal.close_at.astimezone(self._zone).date() if deal.close_at is not None else None
        facts = (
            deal.company_id, deal.name, deal.currency, closed, deal.discount, deal.cost_centre, deal.location,
            deal.entity, lines,
        )  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:_DIGITS]
