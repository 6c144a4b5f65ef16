"""Credits of a deal settle its oldest open invoice, as far as that is open; the rest stays a credit of the customer.

In QuickBooks that is a payment of zero whose lines link the credit memo and the invoice.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import Refused
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, reference_stem
from simharness.reference.invoicing.lateness import Lateness
from simharness.reference.mapping.model import Mapping
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember once a credit is applied."""

    deal_id: str
    credit_id: str
    invoice_id: str
    amount: Decimal


class Credits:
    """Applies what stands in the `document` table with `to_apply`."""

    def __init__(
        self, store: Store, quickbooks: QuickBooks, outbox: Outbox, mapping: Mapping, lateness: Lateness
    ) -> None:
        self._lateness = lateness
        self._store, self._quickbooks, self._outbox = store, quickbooks, outbox
        self._currency = mapping.company.currency

    def apply(self) -> int:
        """Apply every credit that waits; gives how many there were."""
        table = tables.document
        waiting = self._store.rows(sa.select(table).where(table.c.to_apply).order_by(table.c.version, table.c.id))
        for credit in waiting:
            source = f"{reference_stem(credit['deal_id'], credit['version'])}:apply"
            if self._outbox.pending(source):
                continue
            self._put(credit["id"], credit["deal_id"], credit["version"], source)
        return len(waiting)

    def _put(self, credit_id: str, deal_id: str, version: int, source: str) -> None:
        credit = self._quickbooks.read(CREDIT_MEMO, credit_id)
        left = Decimal(credit["RemainingCredit"])
        for row in self._invoices(deal_id):
            invoice = self._quickbooks.read(INVOICE, row)
            amount = min(left, Decimal(invoice["Balance"]))
            self._store.put(tables.document, {"id": row, "open": str(invoice["Balance"])})
            if amount > 0:
                break
        else:
            self._store.put(tables.document, {"id": credit_id, "to_apply": False, "open": str(left)})
            return
        reference = f"{reference_stem(deal_id, version)} applied"
        body = {
            "CustomerRef": {"value": credit["CustomerRef"]["value"]},
            "TotalAmt": Decimal(0),
            "TxnDate": max(str(credit["TxnDate"]), str(invoice["TxnDate"])),
            "CurrencyRef": {"value": credit.get("CurrencyRef", {}).get("value", self._currency)},
            "PrivateNote": reference,
            "Line": [
                {"Amount": amount, "LinkedTxn": [{"TxnId": str(invoice["Id"]), "TxnType": "Invoice"}]},
                {"Amount": amount, "LinkedTxn": [{"TxnId": credit_id, "TxnType": "CreditMemo"}]},
            ],
        }
        context = Application(deal_id=deal_id, credit_id=credit_id, invoice_id=str(invoice["Id"]), amount=amount)
        self._outbox.put(
            Intent(
                kind="application",
                source=source,
                entity="Payment",
                reference=reference,
                body=_encode(body),
                action="apply",
                customer_id=str(credit["CustomerRef"]["value"]),
                amount=amount,
                context=msgspec.json.encode(context).decode(),
            )
        )

    def _invoices(self, deal_id: str) -> list[str]:
        """The deal's invoices that were open when last seen, oldest first."""
        table = tables.document
        rows = self._store.rows(
            sa.select(table.c.id, table.c.open)
            .where(table.c.deal_id == deal_id, table.c.kind == INVOICE)
            .order_by(table.c.version, table.c.id)
        )
        return [row["id"] for row in rows if Decimal(row["open"]) > 0]

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """Both documents are settled by the amount."""
        del record
        done = msgspec.json.decode(intent.context, type=Application)
        for document_id in (done.credit_id, done.invoice_id):
            settle(self._store, document_id, done.amount)
        self._store.put(tables.document, {"id": done.credit_id, "to_apply": False})
        self._store.put(tables.deal, {"id": done.deal_id, "dirty": True})

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """Its day may have been closed. What else is refused is not corrected by guessing."""
        return self._lateness.corrected(intent, refusal)

    def failed(self, intent: Intent, reason: str) -> None:
        """The credit stays open; the alert tells whom it concerns."""
        del reason
        done = msgspec.json.decode(intent.context, type=Application)
        self._store.put(tables.document, {"id": done.credit_id, "to_apply": False})


def settle(store: Store, document_id: str, amount: Decimal) -> None:
    """Take an amount off what is remembered as open."""
    table = tables.document
    row = store.row(sa.select(table.c.open).where(table.c.id == document_id))
    if row is not None:
        store.put(table, {"id": document_id, "open": str(Decimal(row["open"]) - amount)})
