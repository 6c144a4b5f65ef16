"""What sales sees on the deal: billing status, what is still outstanding, and the number of its first invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.money import ZERO, exponent
from simharness.reference.errors import Refused, Unavailable
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.relief import CREDIT, DISCOUNT, RECOVERED, WRITE_OFF, Reliefs
from simharness.reference.memory.store import Store
from simharness.reference.vendors.hubspot import HubSpot

#: How evidence names a deal, what is shown on it, and that this could not be written, now or for good.
_DEAL, _STATUS, _INCIDENT, _CODE = "hubspot:deal:", ":status", "write_back:", "write_back_refused"
#: The status that is about who asks.
_WHO = 401
#: The setting that keeps what a deal was refused to show: the same is not sent again before an operator asks for it.
_NOT_TAKEN = "write_back.refused."

_Documents = Sequence[Mapping[str, Any]]


class Status:
    """Writes back what changed; values are absolute, so that a repetition changes nothing."""

    def __init__(self, store: Store, hubspot: HubSpot, reliefs: Reliefs, evidence: Evidence, mapping: Mapped) -> None:
        self._store, self._hubspot, self._reliefs, self._evidence = store, hubspot, reliefs, evidence
        self._fields, self._currency = mapping.fields.deal, mapping.company.currency
        self._owned = mapping.owned("deal", "ledger")
        #: The deals that were refused in the last pass: once more at once is worth it, always would never rest.
        self._refused: frozenset[str] = frozenset()

    def write_back(self) -> int:
        """Bring every touched deal up to date; gives how many were written, or refused for the first time.

        A deal that fails in a batch which goes well stays touched, so that every later pass tries it again. Where the
        whole request is refused for good, what its deals should show waits in quarantine for an operator.
        """
        table = tables.deal
        touched = self._store.rows(sa.select(table).where(table.c.dirty).order_by(table.c.id))
        changed = []
        for row in touched:
            properties = self._properties(row)
            written = _encoded(properties)
            if properties and written not in (row["written"], self._store.get_setting(f"{_NOT_TAKEN}{row['id']}")):
                changed.append((row, properties))
        inputs = [(row["id"], properties) for row, properties in changed]
        waits = True
        try:
            refused = self._hubspot.update("deals", inputs) if inputs else {}
        except Refused as no:
            if no.status == _WHO:  # about the key and not about the deals
                raise
            arrived = self._arrived(inputs)
            refused, waits = {deal_id: str(no) for deal_id, _ in inputs if deal_id not in arrived}, False
        with self._store.transaction():
            for row in touched:
                self._store.put(table, {"id": row["id"], "dirty": waits and row["id"] in refused})
            for row, properties in changed:
                self._note(row, properties, refused.get(row["id"], ""), waits=waits)
        again, self._refused = self._refused & refused.keys(), frozenset(refused)
        return len(changed) - len(again)

    def _arrived(self, inputs: Sequence[tuple[str, Mapping[str, str]]]) -> frozenset[str]:
        """The deals that show all of it already: an attempt may have gone unanswered, also of a process that died."""
        names = sorted({name for _, properties in inputs for name in properties})
        try:
            shown = self._hubspot.read("deals", [deal_id for deal_id, _ in inputs], names)
        except (Refused, Unavailable):  # who cannot read cannot know: an operator is told that it was refused
            return frozenset()
        return frozenset(
            deal_id
            for deal_id, properties in inputs
            if deal_id in shown
            and all(str(shown[deal_id]["properties"].get(name) or "") == value for name, value in properties.items())
        )

    def retry(self, source: str) -> None:
        """Try again what was refused: one by its source, or all for ""."""
        with self._store.transaction():
            for held in self._evidence.held(_DEAL):
                if held.code == _CODE and source in ("", held.source):
                    deal_id = held.source.removeprefix(_DEAL).removesuffix(_STATUS)
                    self._store.put(tables.deal, {"id": deal_id, "dirty": True})
                    self._store.set_setting(f"{_NOT_TAKEN}{deal_id}", "")

    def _note(self, row: Mapping[str, Any], properties: Mapping[str, str], refused: str, *, waits: bool) -> None:
        table = tables.document
        first = self._store.row(sa.select(table.c.currency).where(table.c.deal_id == row["id"]))
        currency = first["currency"] if first is not None else ""
        source, target = f"{_DEAL}{row['id']}:v{row['version']}", f"{_DEAL}{row['id']}"
        outstanding = properties.get(self._fields.outstanding)
        amount = Decimal(outstanding) if outstanding else None
        if refused:
            self._evidence.log(source, target, "write_back", "failed", detail=refused)
            if waits:
                self._evidence.alert(f"{_INCIDENT}{target}", f"{target}{_STATUS}", refused)
            else:
                self._evidence.reject(f"{target}{_STATUS}", _CODE, refused, amount, currency=currency)
                self._store.set_setting(f"{_NOT_TAKEN}{row['id']}", _encoded(properties))
            return
        self._store.put(tables.deal, {"id": row["id"], "written": _encoded(properties)})
        self._store.set_setting(f"{_NOT_TAKEN}{row['id']}", "")
        status = properties.get(self._fields.billing_status, "")
        self._evidence.log(source, target, "write_back", "updated", amount=amount, currency=currency, detail=status)
        self._evidence.recovered(f"{target}{_STATUS}")

    def _properties(self, row: Mapping[str, Any]) -> dict[str, str]:
        table = tables.document
        documents = self._store.rows(
            sa.select(table).where(table.c.deal_id == row["id"]).order_by(table.c.version, table.c.id)
        )
        invoices = [each for each in documents if each["kind"] == INVOICE]
        credits = [each for each in documents if each["kind"] == CREDIT_MEMO]
        if not invoices and row["state"] == tables.AWAITED and row["written"]:
            told = {"billing_status": self._fields.billing_status, "outstanding": self._fields.outstanding,
                    "invoice_number": self._fields.invoice_number}  # fmt: skip
            return {name: "" for meaning, name in told.items() if meaning in self._owned}  # its invoice was voided
        if not invoices and row["state"] != tables.REJECTED:
            return {}  # it waits to be decided again: there is nothing to tell yet
        values = {self._fields.billing_status: ("billing_status", self._status(row, invoices, credits))}
        if invoices:
            decimals = exponent(invoices[0]["currency"] or self._currency)
            outstanding = f"{_sum(invoices, 'open'):.{decimals}f}"
            values[self._fields.outstanding] = ("outstanding", outstanding)
            sold = [each for each in invoices if each["version"]] or invoices
            values[self._fields.invoice_number] = ("invoice_number", sold[0]["number"])
        return {name: value for name, (meaning, value) in values.items() if meaning in self._owned}

    def _status(self, row: Mapping[str, Any], invoices: _Documents, credits: _Documents) -> str:
        if row["state"] == tables.REJECTED:
            return "rejected"
        if row["deposit"] and not row["version"]:
            return self._status_of_deposit(invoices[0])
        billed, still_open = _sum(invoices, "total"), _sum(invoices, "open")
        reliefs = self._reliefs.sums(row["id"])
        written_off = reliefs.get(WRITE_OFF, ZERO) - reliefs.get(RECOVERED, ZERO)
        credited = _sum(credits, "total") - _sum(credits, "open") + reliefs.get(CREDIT, ZERO)
        paid = billed - still_open - credited - written_off - reliefs.get(DISCOUNT, ZERO)
        if still_open > 0:
            return "partly paid" if paid > 0 else "invoiced"
        if written_off > 0:
            return "written off"
        return "credited" if credited > 0 and paid <= 0 else "paid"

    def _status_of_deposit(self, invoice: Mapping[str, Any]) -> str:
        """While nothing but the deposit is billed."""
        if Decimal(invoice["open"]) > 0:
            return "deposit invoiced"
        back = sum((each.total for each in self._reliefs.given(invoice["id"])), ZERO)
        return "deposit given back" if back >= Decimal(invoice["total"]) else "deposit paid"


def _encoded(properties: Mapping[str, str]) -> str:
    return msgspec.json.encode(properties).decode()


def _sum(documents: _Documents, column: str) -> Decimal:
    return sum((Decimal(each[column]) for each in documents), ZERO)
