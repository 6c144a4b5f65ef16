"""What was given back, credited or written off of each invoice, so that it never passes the invoice."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store

#: Kinds: a credit note, a refund of the sale, a settlement discount, a write-off, and what of one was paid after all.
CREDIT, REFUND, DISCOUNT, WRITE_OFF, RECOVERED = "credit", "refund", "discount", "write_off", "recovered"


class Reliefs:
    """The `relief` table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(
        self,
        reference: str,
        invoice_id: str,
        deal_id: str,
        kind: str,
        *,
        given: Given | None = None,
        settled: Decimal = ZERO,
    ) -> None:
        """Remember one, with what it gave back line by line, and by how much it settled its invoice."""
        parts = msgspec.json.encode(given).decode() if given is not None else ""
        values = {"reference": reference, "invoice_id": invoice_id, "deal_id": deal_id, "kind": kind}
        self._store.put(tables.relief, {**values, "amount": str(settled), "parts": parts})

    def settled(self, reference: str, amount: Decimal) -> None:
        """By how much it settled its invoice, once it is applied."""
        self._store.change(tables.relief, {"reference": reference, "amount": str(amount)})

    def given(self, invoice_id: str) -> list[Given]:
        """What was given back of an invoice so far, in order of reference."""
        table = tables.relief
        rows = self._store.rows(
            sa.select(table).where(table.c.invoice_id == invoice_id, table.c.parts != "").order_by(table.c.reference)
        )
        return [msgspec.json.decode(row["parts"], type=Given) for row in rows]

    def sums(self, deal_id: str) -> dict[str, Decimal]:
        """By how much the invoices of a deal were settled without money, by kind."""
        return self._sums(tables.relief.c.deal_id == deal_id)

    def of_invoice(self, invoice_id: str) -> dict[str, Decimal]:
        """By how much an invoice was settled without money, by kind."""
        return self._sums(tables.relief.c.invoice_id == invoice_id)

    def _sums(self, which: sa.ColumnElement[bool]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for row in self._store.rows(sa.select(tables.relief).where(which)):
            found[row["kind"]] = found.get(row["kind"], ZERO) + Decimal(row["amount"])
        return found
