"""Won deals whose invoice a billing system is to write: which wait until when, and who is told of long waits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from simharness.reference.invoicing.crm import Crm
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store

_DEAL = "hubspot:deal:"


class Awaiting:
    """Remembers deals that wait, and alerts of each once when its day is over."""

    def __init__(self, store: Store, crm: Crm, evidence: Evidence, zone: ZoneInfo) -> None:
        self._store, self._crm, self._evidence, self._zone = store, crm, evidence, zone

    def begin(self, deal_id: str, due: date, amount: Decimal | None, currency: str) -> None:
        """A deal waits until the end of a local day without anybody being told."""
        worth = str(amount) if amount is not None else ""
        row = {"id": deal_id, "due": due.isoformat(), "amount": worth, "currency": currency}
        self._store.put(tables.awaited, row)

    def end(self, deal_id: str) -> None:
        """It waits no longer: its invoice came, or it was refused."""
        table = tables.awaited
        with self._store.transaction():
            gone = self._store.connection.execute(sa.delete(table).where(table.c.id == deal_id))
            if gone.rowcount:
                self._evidence.recovered(f"{_DEAL}{deal_id}")

    def remind(self) -> None:
        """Tell of those that wait too long, each once. A deal that is not won any more waits no longer."""
        table = tables.awaited
        today = datetime.now(UTC).astimezone(self._zone).date().isoformat()
        late = self._store.rows(sa.select(table).where(table.c.due < today).order_by(table.c.id))
        won = {str(each["id"]) for each in self._crm.deals([row["id"] for row in late]) if self._crm.is_won(each)}
        for row in late:
            if row["id"] not in won:
                self.end(row["id"])
                continue
            source = f"{_DEAL}{row['id']}"
            reason = f"deal {row['id']} is won and the billing system was to invoice it by {row['due']}: it has not"
            amount = Decimal(row["amount"]) if row["amount"] else None
            self._evidence.alert(f"missing:{source}", source, reason, amount, currency=row["currency"])
