"""Invoices that other programs wrote: found by the note that names the deal, remembered, and watched for second ones.

A billing system or a native sync says in the note of its invoice which deal it is of; the mapping declares in which
words. Nothing is ever taken for a deal's invoice by its amount. What was voided names its deal no longer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import Refused
from simharness.reference.invoicing.billing import INVOICE
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import NOT_FOUND, STALE, QuickBooks, quoted

#: Up to when changes of invoices were looked through.
MARK = "watermark.foreign"
SOURCE = "quickbooks:invoice:"
#: The right that ownership.yaml gives over invoices which others wrote.
VOID = "void"
#: The word that QuickBooks puts before the note of a document it made void.
_VOIDED = "Voided"
#: What follows the source of an invoice in the posting that voids it: its incident is another than that of the invoice.
_VOIDING = ":void"

_encode = msgspec.json.Encoder(decimal_format="number").encode


def named(template: str) -> re.Pattern[str] | None:
    """What finds the id in a note such as `HubSpot deal {id}`; None for no template."""
    before, _, after = template.partition("{id}")
    return re.compile(f"{re.escape(before)}(\\d+){re.escape(after)}") if template else None


class Foreigners:
    """The invoices of other programs, by the deal they name."""

    def __init__(
        self, store: Store, quickbooks: QuickBooks, outbox: Outbox, evidence: Evidence, mapping: Mapped
    ) -> None:
        self._store, self._quickbooks, self._outbox, self._evidence = store, quickbooks, outbox, evidence
        self._rules = mapping.company.policies.invoices
        self._deal = named(self._rules.deal)
        #: Whether other programs write invoices at all.
        self.active = self._deal is not None
        #: Whether the ledger was looked through in this pass.
        self.looked = False
        self._may_void = self._rules.second == "void_theirs" and VOID in mapping.owned("invoice", "crm")

    def begin(self) -> None:
        """A pass begins: what was seen in the last one may be out of date."""
        self.looked = False

    def follow(self, overlap_s: int) -> int:
        """Learn which invoices were written or changed since the last look; gives how many say something else now.

        A deal that waits for its invoice, or was refused because of one, is decided about again.
        """
        if self._deal is None:
            return 0
        since = self._store.get_setting(MARK)
        newest = datetime.fromisoformat(since) if since else datetime.fromtimestamp(0, UTC)
        from_ = newest - timedelta(seconds=overlap_s)
        where = f"MetaData.LastUpdatedTime >= {quoted(from_.isoformat(timespec='seconds'))}" if since else ""
        news = 0
        records = list(self._quickbooks.query(INVOICE, where))  # before the transaction, as every call
        with self._store.transaction():
            for record in records:
                newest = max(newest, datetime.fromisoformat(record["MetaData"]["LastUpdatedTime"]).astimezone(UTC))
                news += self._learn(record)
            self._store.set_setting(MARK, newest.isoformat())
        self.looked = True
        return news

    def of_deal(self, deal_id: str) -> list[Json]:
        """The invoices of others that name a deal and still stand in the ledger, as they are now, oldest first."""
        table = tables.foreign_invoice
        theirs = sa.select(table).where(table.c.deal_id == deal_id).order_by(sa.cast(table.c.id, sa.BigInteger))
        found = (self._standing(row) for row in self._store.rows(theirs))
        return [record for record in found if record is not None]

    def watch(self) -> int:
        """Tell of invoices that bill what is billed already, and void them where that is declared; gives how many of
        them there are news of.
        """
        table, document = tables.foreign_invoice, tables.document
        ours = sa.select(document.c.id)
        billed = sa.select(document.c.deal_id).where(document.c.kind == INVOICE)
        second = sa.select(table).where(table.c.id.not_in(ours), table.c.deal_id.in_(billed)).order_by(table.c.id)
        return sum(self._second(row) for row in self._store.rows(second)) if self._deal is not None else 0

    def _learn(self, record: Json) -> bool:
        """Whether an invoice says something that was not known of it."""
        table, invoice_id = tables.foreign_invoice, str(record["Id"])
        known = self._store.row(sa.select(table).where(table.c.id == invoice_id))
        match = self._deal.fullmatch(str(record.get("PrivateNote") or "")) if self._deal is not None else None
        version = str(record["SyncToken"])
        if match is None:
            if known is None:
                return False
            self._forget(known)
            return True
        deal_id = match[1]
        if known is not None and known["version"] == version and known["deal_id"] == deal_id:
            return False
        number = str(record.get("DocNumber") or "")
        self._store.put(table, {"id": invoice_id, "deal_id": deal_id, "number": number, "version": version})
        self.again(deal_id, tables.AWAITED, tables.REJECTED)
        return True

    def _forget(self, row: Mapping[str, Any]) -> None:
        """It is void, deleted, or of no deal any more."""
        table = tables.foreign_invoice
        with self._store.transaction():
            self._store.connection.execute(sa.delete(table).where(table.c.id == row["id"]))
            self._evidence.recovered(f"{SOURCE}{row['id']}")
            self.again(row["deal_id"], tables.AWAITED, tables.REJECTED)
            billed = self._store.row(sa.select(tables.document).where(tables.document.c.id == row["id"]))
            if billed is not None:
                self._step_back(billed)

    def again(self, deal_id: str, *states: str) -> None:
        """Decide about a deal again, if it is in one of some states."""
        deal = tables.deal
        waits = (deal.c.id == deal_id) & deal.c.state.in_(states)
        self._store.connection.execute(sa.update(deal).where(waits).values(state=tables.RETRY))

    def _standing(self, row: Mapping[str, Any]) -> Json | None:
        try:
            record = self._quickbooks.read(INVOICE, row["id"])
        except Refused as refused:
            if refused.code != NOT_FOUND:
                raise
            self._forget(row)
            return None
        match = self._deal.fullmatch(str(record.get("PrivateNote") or "")) if self._deal is not None else None
        if match is None or match[1] != row["deal_id"]:
            self._learn(record)
            return None
        return record

    def _second(self, row: Mapping[str, Any]) -> bool:
        source = f"{SOURCE}{row['id']}"
        if self._outbox.pending(source + _VOIDING):
            return False
        record = self._standing(row)
        if record is None:
            return True
        total, number = Decimal(record["TotalAmt"]), row["number"] or row["id"]
        currency = str(record["CurrencyRef"]["value"])
        first = self._first(row["deal_id"])
        if self._gave_way(first):
            self._evidence.recovered(source)
            return True
        reason = (
            f"invoice {number} over {currency} {total} bills deal {row['deal_id']} a second time: it is billed by "
            f"{first['number'] or first['id']} over {first['currency'] or currency} {first['total']}"
        )
        untouched = Decimal(record["Balance"]) == total
        if self._may_void and not untouched:
            reason += "; something is settled of it, so a person has to decide"
        self._evidence.alert(f"second:{source}", source, reason, total, currency=currency)
        if not self._may_void or not untouched or row["given_up"]:
            return False
        self._outbox.put(_void(record))
        return True

    def _gave_way(self, first: Mapping[str, Any]) -> bool:
        """Whether a person voided this program's invoice instead: then the deal is decided about by the other one."""
        record = self._quickbooks.read(INVOICE, first["id"])
        if record["TotalAmt"] or not str(record.get("PrivateNote") or "").startswith(_VOIDED):
            return False
        return self._step_back(first)

    def _step_back(self, billed: Mapping[str, Any]) -> bool:
        """Take an invoice that is void out of the memory, and decide about its deal as if it had never been billed;
        False where something else was billed or credited of the deal since.
        """
        table, deal = tables.document, tables.deal
        with self._store.transaction():
            others = sa.select(table.c.id).where(table.c.deal_id == billed["deal_id"], table.c.id != billed["id"])
            if self._store.row(others) is not None:
                return False
            self._store.connection.execute(sa.delete(table).where(table.c.id == billed["id"]))
            anew = {"state": tables.RETRY, "version": 0, "billed": "{}", "fingerprint": "", "dirty": True}
            self._store.connection.execute(sa.update(deal).where(deal.c.id == billed["deal_id"]).values(**anew))
        return True

    def _first(self, deal_id: str) -> Mapping[str, Any]:
        table = tables.document
        billed = sa.select(table).where(table.c.deal_id == deal_id, table.c.kind == INVOICE).order_by(table.c.version)
        return self._store.rows(billed)[0]

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The second invoice is void."""
        self._learn(record)
        self._evidence.recovered(intent.source.removesuffix(_VOIDING))

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """A stale version is read again, and voided only while it still names the deal and nothing is settled of it."""
        if refusal.code != STALE:
            return None
        record = self._quickbooks.read(INVOICE, _id_of(intent))
        named_still = self._deal is not None and self._deal.fullmatch(str(record.get("PrivateNote") or ""))
        if not named_still:
            return record
        return _void(record) if record["Balance"] == record["TotalAmt"] else None

    def failed(self, intent: Intent, reason: str) -> None:
        """It stays, and is not tried again: the alert about it is open already."""
        del reason
        self._store.put(tables.foreign_invoice, {"id": _id_of(intent), "given_up": True})


def _id_of(intent: Intent) -> str:
    return intent.source.removeprefix(SOURCE).removesuffix(_VOIDING)


def _void(record: Json) -> Intent:
    return Intent(
        kind="second",
        source=f"{SOURCE}{record['Id']}{_VOIDING}",
        entity=INVOICE,
        reference=str(record.get("PrivateNote") or ""),
        body=_encode({"Id": str(record["Id"]), "SyncToken": str(record["SyncToken"])}),
        action="void",
        amount=Decimal(record["TotalAmt"]),
        context=_encode({"TxnDate": record["TxnDate"]}).decode(),
    )
