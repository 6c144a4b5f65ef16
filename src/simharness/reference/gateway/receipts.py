"""Charges of the gateway become payments of the ledger: gross, into gateway clearing, applied by invoice number only.

A payment bears the local day on which its money came into the gateway's balance: at once for a card, days later for a
debit of a bank account. Where that day is closed by then, it bears the first open day.
"""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.exchange import exact_rate, terms
from simharness.reference.arithmetic.money import from_minor
from simharness.reference.credit.credits import settle
from simharness.reference.credit.recoveries import Recovery
from simharness.reference.errors import NotYet, Refused, Rejected
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.ledger.periods import Periods
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.relief import WRITE_OFF
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import CHARGE, Edge
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.posting.tasks import Task, again, enter
from simharness.reference.seat import ALONE, Seat
from simharness.reference.selling.customers import Customers
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import CLOSED, QuickBooks, quoted
from simharness.reference.vendors.stripe import Stripe

PENDING, NEW, POSTED, REJECTED, IGNORED = "pending", tables.NEW, "posted", tables.REJECTED, "ignored"
REFERENCE = "stripe:charge:"

_encode = msgspec.json.Encoder(decimal_format="number").encode


class ChargeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says of a charge. `company_id` is the CRM's, from the gateway customer's metadata; `order` tells
    charges of one second apart, the earlier is lower. `moved_s` is when its money came into the balance, 0 before;
    there it is `settled` in a currency, changed at a rate if that is another.
    """

    id: str
    amount: Decimal
    currency: str
    created_s: int
    status: str
    invoice_number: str = ""
    company_id: str = ""
    order: int = 0
    moved_s: int = 0
    entity: str = ""
    settled: Decimal = Decimal(0)
    settled_currency: str = ""
    rate: Decimal | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember once a payment is in the ledger."""

    charge_id: str
    invoice_id: str = ""
    applied: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A charge that is in the ledger as a payment."""

    payment_id: str
    invoice_number: str


class Receipts:
    """Posts what customers paid."""

    def __init__(
        self,
        store: Store,
        stripe: Stripe,
        quickbooks: QuickBooks,
        catalogue: Catalogue,
        customers: Customers,
        outbox: Outbox,
        evidence: Evidence,
        mapping: Mapped,
        periods: Periods,
        seat: Seat = ALONE,
    ) -> None:
        self._periods, self._seat = periods, seat
        self._store, self._stripe, self._quickbooks, self._catalogue = store, stripe, quickbooks, catalogue
        self._customers, self._outbox, self._evidence, self._mapping = customers, outbox, evidence, mapping
        self._edge = Edge(evidence)

    def poll(self, since_s: int) -> tuple[int, int]:
        """Take in charges; gives how many are news, and the newest creation seen (unix seconds)."""
        listed = self._admitted(self._stripe.charges(since_s))
        # The gateway lists the newest first.
        found = [msgspec.structs.replace(each, order=-position) for position, each in enumerate(listed)]
        newest = max((each.created_s for each in found), default=0)
        again = [*self._ids(PENDING), *self._edge.waiting(REFERENCE)]
        found += self._admitted(self._stripe.charge(each) for each in again)
        return self._take(found), newest

    def hear(self, charge_ids: Sequence[str]) -> int:
        """Take in charges by their ids, in the order in which they were told of; gives how many are news."""
        found = self._admitted(self._stripe.charge(each) for each in charge_ids)
        return self._take([msgspec.structs.replace(each, order=place) for place, each in enumerate(found)])

    def unknown(self, charge_ids: Iterable[str]) -> list[str]:
        """Those of these charges that were never taken in."""
        return [each for each in dict.fromkeys(charge_ids) if each and self._row(each) is None]

    def unread(self) -> list[str]:
        """The charges that could not be read so far, to be asked for again: nobody tells of them a second time."""
        return self._edge.waiting(REFERENCE)

    def _admitted(self, charges: Iterable[Json]) -> list[ChargeFacts]:
        return list(self._edge.admit(REFERENCE, charges, CHARGE, self._read))

    def post(self) -> int:
        """Post every new charge, oldest first; gives how many were tried."""
        table = tables.charge
        waiting = self._store.rows(sa.select(table).where(table.c.state == NEW))
        charges = [msgspec.json.decode(row["facts"], type=ChargeFacts) for row in waiting]
        for facts in sorted(charges, key=lambda each: (each.created_s, each.order, each.id)):
            source = f"{REFERENCE}{facts.id}"
            if self._outbox.pending(source):
                continue
            try:
                intent = self._intent(facts)
                if self._adopt(facts, intent):
                    continue
                self._outbox.put(intent)
            except NotYet:
                continue
            except Rejected as rejected:
                with self._store.transaction():
                    self._store.put(tables.charge, {"id": facts.id, "state": REJECTED})
                    why = rejected.code, rejected.reason
                    self._evidence.reject(source, *why, facts.amount, currency=facts.currency)
                continue
            # One at a time: what is open of an invoice depends on the payment before.
            self._outbox.deliver()
        return len(charges)

    def retry(self, source: str) -> None:
        """Try rejected charges again in the next pass: one (`stripe:charge:ID`), or all for ""."""
        table = tables.charge
        change = sa.update(table).where(table.c.state == REJECTED).values(state=NEW)
        if source:
            change = change.where(table.c.id == source.removeprefix(REFERENCE))
        with self._store.transaction():
            self._store.connection.execute(change)

    def posted_charge(self, charge_id: str) -> Posted:
        """The payment of a charge. Raises `NotYet` while it is on its way, `Rejected` where it will not come."""
        row = self._row(charge_id)
        if row is not None and row["state"] in (NEW, PENDING):
            raise NotYet(f"charge {charge_id} is on its way into the ledger")
        if row is None or row["state"] != POSTED:
            raise Rejected("charge_not_posted", f"charge {charge_id or '(none)'} is not in the ledger")
        facts = msgspec.json.decode(row["facts"], type=ChargeFacts)
        return Posted(payment_id=row["payment_id"], invoice_number=facts.invoice_number)

    def _take(self, found: Iterable[ChargeFacts]) -> int:
        news = 0
        with self._store.transaction():
            for facts in found:
                known = self._row(facts.id)
                state = {"succeeded": NEW, "pending": PENDING}.get(facts.status, IGNORED)
                if known is not None and (known["state"] != PENDING or state == PENDING):
                    continue
                if known is None and (self._is_old(facts) or not self._seat.keeps(facts.entity)):
                    state = IGNORED
                text = msgspec.json.encode(facts).decode()
                self._store.put(
                    tables.charge, {"id": facts.id, "state": state, "facts": text, "company_id": facts.company_id}
                )
                news += state == NEW
        return news

    def _is_old(self, facts: ChargeFacts) -> bool:
        """Taken before the cut-over and for no invoice of ours: the old system has it."""
        cut_over = self._mapping.company.policies.cut_over
        return cut_over is not None and self._day(facts) < cut_over and not facts.invoice_number

    def _read(self, charge: Json) -> ChargeFacts:
        names = self._mapping.fields.charge
        currency = str(charge["currency"]).upper()
        customer = charge.get("customer")
        known = customer.get("metadata", {}) if isinstance(customer, dict) else {}
        taken = charge["amount_captured"] if charge.get("amount_captured") else charge["amount"]
        moved = charge.get("balance_transaction")
        return ChargeFacts(
            id=str(charge["id"]),
            amount=from_minor(int(taken), currency),
            currency=currency,
            created_s=int(charge["created"]),
            status=_status(charge),
            **_settled(moved, kept=self._seat.has_gateway),
            invoice_number=str(charge.get("metadata", {}).get(names.invoice_number, "")).strip(),
            entity=str(charge.get("metadata", {}).get(names.entity, "")).strip(),
            company_id=str(known.get(names.company, "")).strip(),
        )

    def _intent(self, facts: ChargeFacts) -> Intent:
        self._seat.check(f"charge {facts.id}", facts.entity)
        rate = self._rate(facts)
        invoice = self._invoice(facts.invoice_number) if facts.invoice_number else None
        if invoice is not None and (billed := str(invoice["CurrencyRef"]["value"])) != facts.currency:
            reason = f"the charge is in {facts.currency}, its invoice {facts.invoice_number} in {billed}"
            raise Rejected("other_currency", reason)
        applied, own = Decimal(0), self._day(facts)
        day = self._periods.bearing_day(own)
        late = f" dated {own.isoformat()}" if day != own else ""
        body: Json = {
            "TotalAmt": facts.amount,
            "TxnDate": day.isoformat(),
            **terms(facts.currency, rate),
            "DepositToAccountRef": {"value": self._catalogue.account(self._mapping.accounts["gateway_clearing"])},
            "PrivateNote": f"{REFERENCE}{facts.id}{late}",
        }
        if invoice is not None:
            customer_id = str(invoice["CustomerRef"]["value"])
            applied = min(facts.amount, Decimal(invoice["Balance"]))
            if applied > 0:
                linked = [{"TxnId": str(invoice["Id"]), "TxnType": "Invoice"}]
                body["Line"] = [{"Amount": applied, "LinkedTxn": linked}]
        else:
            customer_id = self._payer(facts)
        body["CustomerRef"] = {"value": customer_id}
        invoice_id = str(invoice["Id"]) if invoice is not None else ""
        context = Receipt(charge_id=facts.id, invoice_id=invoice_id, applied=applied)
        return Intent(
            kind="payment",
            source=f"{REFERENCE}{facts.id}",
            entity="Payment",
            reference=f"{REFERENCE}{facts.id}",
            body=_encode(body),
            customer_id=customer_id,
            amount=facts.amount,
            context=msgspec.json.encode(context).decode(),
        )

    def _rate(self, facts: ChargeFacts) -> Decimal | None:
        """The rate at which the payment takes to clearing exactly what the charge brought into the balance.

        Raises `Rejected` for a currency that these books do not keep, and for money that the gateway keeps in it.
        """
        base = self._mapping.company.currency
        if not self._mapping.keeps(facts.currency):
            raise Rejected("currency_not_kept", f"the charge is in {facts.currency}, which these books do not keep")
        if (facts.settled_currency or facts.currency) != base:
            held = facts.settled_currency or facts.currency
            raise Rejected(
                "currency_not_kept", f"the gateway keeps the money of the charge in {held}, clearing does not"
            )
        if facts.currency == base:
            return None
        return exact_rate(facts.amount, facts.settled, self._mapping.cents(), facts.rate)

    def _adopt(self, facts: ChargeFacts, intent: Intent) -> bool:
        """Whether an earlier installation posted this charge; then its payment is taken over."""
        merges = self._customers.merges
        holders = [intent.customer_id]
        if facts.company_id and not facts.invoice_number:  # before a merge it was another customer's
            holders += merges.customers(merges.survivor_of(facts.company_id))
        for customer_id in dict.fromkeys(holders):
            if self._customers.was_there(customer_id) and self._adopt_from(customer_id, facts, intent):
                return True
        return False

    def _adopt_from(self, customer_id: str, facts: ChargeFacts, intent: Intent) -> bool:
        for record in self._quickbooks.query("Payment", f"CustomerRef = '{customer_id}'"):
            if str(record.get("PrivateNote")).partition(" ")[0] == intent.reference:
                payment_id = str(record["Id"])
                with self._store.transaction():
                    self._store.put(tables.charge, {"id": facts.id, "state": POSTED, "payment_id": payment_id})
                    target = f"quickbooks:payment:{payment_id}"
                    self._evidence.log(intent.source, target, "create", "found", amount=facts.amount)
                return True
        return False

    def _payer(self, facts: ChargeFacts) -> str:
        """The customer of a charge that pays no invoice.

        Raises `Rejected`: money is never given to somebody by guess.
        """
        if not facts.company_id:
            raise Rejected("unknown_payer", f"charge {facts.id} names neither an invoice nor a company")
        return self._customers.customer_of(self._customers.merges.survivor_of(facts.company_id), facts.currency)[0]

    def _invoice(self, number: str) -> Json | None:
        """The invoice with a document number, as it stands in the ledger now."""
        table = tables.document
        known = self._store.row(sa.select(table.c.id).where(table.c.number == number, table.c.kind == "Invoice"))
        if known is not None:
            return self._quickbooks.read("Invoice", known["id"])
        return next(iter(self._quickbooks.query("Invoice", f"DocNumber = {quoted(number)}")), None)

    def _day(self, facts: ChargeFacts) -> date:
        return datetime.fromtimestamp(facts.moved_s or facts.created_s, UTC).astimezone(self._mapping.zone()).date()

    def _row(self, charge_id: str) -> Mapping[str, Any] | None:
        table = tables.charge
        return self._store.row(sa.select(table).where(table.c.id == charge_id))

    def _ids(self, state: str) -> list[str]:
        table = tables.charge
        return [row["id"] for row in self._store.rows(sa.select(table.c.id).where(table.c.state == state))]

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The payment is in the ledger; the invoice it settled is open by so much less."""
        receipt = msgspec.json.decode(intent.context, type=Receipt)
        payment_id = str(record["Id"])
        self._store.put(tables.charge, {"id": receipt.charge_id, "state": POSTED, "payment_id": payment_id})
        self._store.connection.execute(again(tables.task.c.label == receipt.charge_id))
        if receipt.invoice_id:
            settle(self._store, receipt.invoice_id, receipt.applied)
            table = tables.document
            row = self._store.row(sa.select(table.c.deal_id).where(table.c.id == receipt.invoice_id))
            if row is not None:
                self._store.put(tables.deal, {"id": row["deal_id"], "dirty": True})
            self._recover(receipt, record)

    def _recover(self, receipt: Receipt, record: Json) -> None:
        """Money for an invoice that was written off takes the loss back."""
        table = tables.relief
        written = (table.c.invoice_id == receipt.invoice_id) & (table.c.kind == WRITE_OFF)
        row = self._store.row(sa.select(table).where(written).order_by(table.c.reference.desc()))
        above = Decimal(record.get("UnappliedAmt", 0))
        if row is None or not above:
            return
        facts = Recovery(
            invoice_id=receipt.invoice_id,
            payment_id=str(record["Id"]),
            customer_id=str(record["CustomerRef"]["value"]),
            amount=above,
            day=date.fromisoformat(str(record["TxnDate"])),
        )
        enter(
            self._store,
            Task(
                reference=f"{row['reference']}:recovered:{receipt.charge_id}",
                kind="recovery",
                at_s=timegm(facts.day.timetuple()),
                facts=msgspec.json.encode(facts).decode(),
                amount=above,
            ),
        )

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """What is open may have changed since it was read, or the day was closed: then it is decided once more, and the
        body is another.
        """
        charge_id = msgspec.json.decode(intent.context, type=Receipt).charge_id
        row = self._row(charge_id)
        if row is None or refusal.status != 400:
            return None
        if refusal.code == CLOSED:
            self._periods.refresh()
        try:
            again = self._intent(msgspec.json.decode(row["facts"], type=ChargeFacts))
        except Rejected:
            return None
        return again if again.body != intent.body else None

    def failed(self, intent: Intent, reason: str) -> None:
        """The money waits for a person."""
        del reason
        charge_id = msgspec.json.decode(intent.context, type=Receipt).charge_id
        self._store.put(tables.charge, {"id": charge_id, "state": REJECTED})


def _settled(moved: object, *, kept: bool) -> dict[str, Any]:
    """What the movement of the balance says of the charge that caused it; in another entity's balance (not `kept`) only
    when it did.
    """
    if not isinstance(moved, dict):
        return {}
    if not kept:
        return {"moved_s": int(moved["created"])}
    currency, rate = str(moved["currency"]).upper(), moved.get("exchange_rate")
    return {
        "moved_s": int(moved["created"]),
        "settled": from_minor(int(moved["amount"]), currency),
        "settled_currency": currency,
        "rate": Decimal(rate) if rate is not None else None,
    }


def _status(charge: Json) -> str:
    """Whether the gateway has, or had, the money. A debit that came back has failed, and its money had been there."""
    found = str(charge["status"])
    if found == "succeeded" and charge.get("captured") is False:
        return "pending"
    return "succeeded" if found == "failed" and charge.get("balance_transaction") else found
