"""Companies that the CRM merged: one customer to sell to from then on, while the ledger's records stay where they are.

QuickBooks merges customers in its user interface only. So the ledger's customer of a company that was merged away keeps
its invoices, and what is paid, credited or disputed of them; everything new goes to the survivor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store


class Merges:
    """Remembers who was merged into whom."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def learn(self, survivor: str, absorbed: Iterable[str]) -> list[str]:
        """Take in that companies were merged into one; gives those that this is news of."""
        news = []
        for place, each in enumerate(absorbed):
            if self._into(each) != survivor:
                self._store.put(tables.merge, {"id": each, "into_id": survivor, "place": place})
                news.append(each)
        return news

    def release(self, absorbed: str) -> bool:
        """Let go of a key and of a problem that a merge has settled; gives whether there was a problem."""
        row = self._company(absorbed)
        if row is None:
            return False
        self._store.put(tables.company, {"id": absorbed, "business_key": "", "problem": ""})
        return bool(row["problem"])

    def take_over(self, survivor: str) -> Mapping[str, Any] | None:
        """A survivor that is no customer of the ledger yet gets the one of a company merged into it, if one has any.

        Gives what is remembered of the survivor then, or None where it takes nothing over.
        """
        row = self._company(survivor)
        if row is None or row["customer_id"]:
            return None
        for each in self.family(survivor)[1:]:
            found = self._company(each)
            if found is not None and found["customer_id"]:
                kept = {name: found[name] for name in ("customer_id", "customer_name", "written", "adopted")}
                self._store.put(tables.company, {"id": survivor, **kept})
                return self._company(survivor)
        return None

    def survivor_of(self, company_id: str) -> str:
        """The company that stands for this one now; itself where it was not merged away."""
        seen = {company_id}
        while (into := self._into(company_id)) and into not in seen:
            seen.add(into)
            company_id = into
        return company_id

    def family(self, survivor: str) -> list[str]:
        """A company and all that were merged into it, itself first, the others in the CRM's own order."""
        table, found = tables.merge, [survivor]
        in_order = sa.select(table.c.id).order_by(table.c.place, table.c.id)
        for each in found:
            rows = self._store.rows(in_order.where(table.c.into_id == each))
            found += [row["id"] for row in rows if row["id"] not in found]
        return found

    def customers(self, survivor: str) -> list[str]:
        """The ledger's customers of a company and of all that were merged into it, in every currency, its own first."""
        table, found = tables.company, dict[str, None]()
        for each in self.family(survivor):
            mine = (table.c.id == each) | table.c.id.startswith(f"{each}:")
            for row in self._store.rows(sa.select(table.c.customer_id).where(mine).order_by(table.c.id)):
                if row["customer_id"]:
                    found[row["customer_id"]] = None
        return list(found)

    def _into(self, company_id: str) -> str:
        table = tables.merge
        row = self._store.row(sa.select(table.c.into_id).where(table.c.id == company_id))
        return str(row["into_id"]) if row is not None else ""

    def _company(self, company_id: str) -> Mapping[str, Any] | None:
        table = tables.company
        return self._store.row(sa.select(table).where(table.c.id == company_id))
