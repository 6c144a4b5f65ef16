"""The inbox: every event is remembered under its key before it is answered, and looked at once in a pass.

Webhooks arrive while a pass is under way, in other threads, so they are put in by connections of their own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.webhooks.news import News

NEW, DONE = "new", "done"
#: What was refused: not told to a person yet; told; told, and the vendor was heard since; heard before it was told.
REFUSED, TOLD, HEARD, PASSED = "refused", "told", "heard", "passed"
_SINCE_HEARD: Mapping[str, str] = {TOLD: HEARD, REFUSED: PASSED}
_SINCE_REFUSED: Mapping[str, str] = {HEARD: TOLD, PASSED: REFUSED}
#: Events are known again for so long; no vendor repeats one after that.
_KEPT_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Letters:
    """What a vendor told that nobody looked at yet: ids by noun, in the order of arrival, each once."""

    keys: tuple[str, ...] = ()
    ids: Mapping[str, tuple[str, ...]] | None = None

    def of(self, *nouns: str) -> list[str]:
        """The ids of these nouns."""
        return [id for noun in nouns for id in (self.ids or {}).get(noun, ())]


class Inbox:
    """What vendors told. Where the connector does not listen it is empty, and asked for nothing."""

    def __init__(self, store: Store, *, listens: bool) -> None:
        self._store, self._listens = store, listens

    def put(self, vendor: str, news: Sequence[News]) -> None:
        """Remember events; one that is known is counted and nothing else. What the vendor sent before and was refused
        is over. From any thread. Raises `StateError`.
        """
        rows = [
            {"id": each.key, "vendor": vendor, "noun": each.noun, "object_id": each.id, "state": NEW} for each in news
        ]
        self._add(rows, _over(tables.inbox.c.vendor == vendor))

    def turned_away(self, vendor: str, why: str) -> None:
        """Remember that something was refused that bears a vendor's address, so that the next pass tells a person."""
        row = {"id": f"refused:{vendor}:{why}", "vendor": vendor, "noun": why, "object_id": "", "state": REFUSED}
        self._add([row])

    def waiting(self, vendor: str) -> Letters:
        """What a vendor told that nobody looked at yet."""
        if not self._listens:
            return Letters()
        table = tables.inbox
        mine = sa.select(table).where(table.c.state == NEW, table.c.vendor == vendor).order_by(table.c.sequence)
        rows = self._store.rows(mine)
        ids: dict[str, dict[str, None]] = {}
        for row in rows:
            ids.setdefault(row["noun"], {})[row["object_id"]] = None
        return Letters(tuple(row["id"] for row in rows), {noun: tuple(each) for noun, each in ids.items()})

    def done(self, letters: Letters) -> None:
        """They were looked at; told again, they are nothing new."""
        table = tables.inbox
        with self._store.transaction():
            for key in letters.keys:
                self._store.connection.execute(sa.update(table).where(table.c.id == key).values(state=DONE))

    def polled(self) -> None:
        """Every feed was read since: whatever a refused webhook would have told is known, so that it is over."""
        if self._listens:
            with self._store.transaction():
                self._store.connection.execute(_over(sa.true()))

    def busy(self) -> bool:
        """Whether anything waits to be looked at or told."""
        table = tables.inbox
        waiting = sa.select(table.c.id).where(table.c.state.in_((NEW, REFUSED, HEARD, PASSED)))
        return self._listens and self._store.row(waiting) is not None

    def tell(self, evidence: Evidence) -> None:
        """Alert a person about what was refused; that is over once the vendor is heard again, or was asked itself."""
        if not self._listens:
            return
        table = tables.inbox
        untold = sa.select(table).where(table.c.state.in_((REFUSED, HEARD, PASSED))).order_by(table.c.sequence)
        for row in self._store.rows(untold):
            source, mine = f"webhook:{row['vendor']}", table.c.id == row["id"]
            with self._store.transaction():
                if row["state"] != HEARD:
                    evidence.alert(f"{source}:{row['noun']}", source, f"a webhook was refused: {row['noun']}")
                if row["state"] == REFUSED:
                    self._store.connection.execute(sa.update(table).where(mine).values(state=TOLD))
                else:
                    evidence.recovered(source)
                    self._store.connection.execute(sa.delete(table).where(mine))

    def prune(self) -> None:
        """Forget events that no vendor will repeat any more."""
        table = tables.inbox
        old = (table.c.state == DONE) & (table.c.at_s < int(time.time()) - _KEPT_S)
        with self._store.transaction():
            self._store.connection.execute(sa.delete(table).where(old))

    def _add(self, rows: Sequence[Mapping[str, Any]], besides: sa.Update | None = None) -> None:
        table = tables.inbox
        with self._store.beside() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            for row in rows:
                new = insert(table).values(**row, at_s=int(time.time()), heard=1)
                state = sa.case(_SINCE_REFUSED, value=table.c.state, else_=table.c.state)
                again = {"heard": table.c.heard + 1, "state": state}
                connection.execute(new.on_conflict_do_update(index_elements=[table.c.id], set_=again))
            if besides is not None:
                connection.execute(besides)


def _over(which: sa.ColumnElement[bool]) -> sa.Update:
    """What was refused is over, whether or not somebody was told of it yet."""
    state = tables.inbox.c.state
    since = sa.case(_SINCE_HEARD, value=state)
    return sa.update(tables.inbox).where(which & state.in_(_SINCE_HEARD)).values(state=since)
