"""Invoices of the ledger as other postings see them: found by number, settled and opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.invoicing.billing import INVOICE
from simharness.reference.invoicing.deposits import Deposit
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks, quoted

#: Up to when changes of invoices were looked at.
_MARK = "watermark.invoices"


class Invoices:
    """Reads invoices, and keeps in step what is remembered as open of them."""

    def __init__(self, store: Store, quickbooks: QuickBooks) -> None:
        self._store, self._quickbooks = store, quickbooks

    def numbered(self, number: str) -> Json | None:
        """The invoice with a document number, as it stands in the ledger now."""
        table = tables.document
        known = self._store.row(sa.select(table.c.id).where(table.c.number == number, table.c.kind == INVOICE))
        if known is not None:
            return self.read(known["id"])
        return next(iter(self._quickbooks.query(INVOICE, f"DocNumber = {quoted(number)}")), None)

    def read(self, invoice_id: str) -> Json:
        """An invoice as it stands in the ledger now."""
        return self._quickbooks.read(INVOICE, invoice_id)

    def follow(self, overlap_s: int) -> int:
        """Take over what is open of invoices that changed in the ledger since the last look, whoever settled them.

        Gives how many differ from what was remembered.
        """
        now = datetime.now(UTC)
        since = self._store.get_setting(_MARK) or now.isoformat()
        if self._store.row(sa.select(tables.document.c.id)) is None:
            self._store.set_setting(_MARK, now.isoformat())
            return 0
        from_ = datetime.fromisoformat(since) - timedelta(seconds=overlap_s)
        where = f"MetaData.LastUpdatedTime >= {quoted(from_.isoformat(timespec='seconds'))}"
        changed, newest = 0, datetime.fromisoformat(since)
        for invoice in self._quickbooks.query(INVOICE, where):
            newest = max(newest, datetime.fromisoformat(invoice["MetaData"]["LastUpdatedTime"]).astimezone(UTC))
            changed += self._compare(invoice)
        self._store.set_setting(_MARK, newest.isoformat())
        return changed

    def hear(self, invoice_ids: Sequence[str]) -> int:
        """The same for invoices by their ids. The first time marks where a poll, should one come, begins."""
        if not self._store.get_setting(_MARK):
            self._store.set_setting(_MARK, datetime.now(UTC).isoformat())
        ours = [each for each in invoice_ids if self._document(each) is not None]
        if not ours:
            return 0
        where = f"Id in ({', '.join(quoted(each) for each in ours)})"
        return sum(self._compare(invoice) for invoice in self._quickbooks.query(INVOICE, where))

    def deal_of(self, invoice_id: str) -> str:
        """The deal that was billed with it; "" where this memory did not bill it."""
        row = self._document(invoice_id)
        return row["deal_id"] if row is not None else ""

    def deposit_of(self, invoice_id: str) -> Deposit | None:
        """The deposit that an invoice asks for; None where it is no such invoice."""
        row = self._document(invoice_id)
        if row is None or row["version"] or row["kind"] != INVOICE:
            return None
        deal = self._store.row(sa.select(tables.deal.c.deposit).where(tables.deal.c.id == row["deal_id"]))
        return msgspec.json.decode(deal["deposit"], type=Deposit) if deal is not None and deal["deposit"] else None

    def settled(self, invoice_id: str, amount: Decimal) -> None:
        """It is open by so much less (negative: opened again); sales will see it on the deal."""
        row = self._document(invoice_id)
        if row is not None:
            self._store.put(tables.document, {"id": invoice_id, "open": str(Decimal(row["open"]) - amount)})
            self._store.put(tables.deal, {"id": row["deal_id"], "dirty": True})

    def _compare(self, invoice: Json) -> bool:
        """Take over what is open of an invoice; whether it differs from what was remembered."""
        row = self._document(str(invoice["Id"]))
        if row is None or Decimal(row["open"]) == Decimal(invoice["Balance"]):
            return False
        self.settled(row["id"], Decimal(row["open"]) - Decimal(invoice["Balance"]))
        return True

    def _document(self, document_id: str) -> Mapping[str, Any] | None:
        table = tables.document
        return self._store.row(sa.select(table).where(table.c.id == document_id))
