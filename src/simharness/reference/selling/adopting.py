"""Deals that an earlier installation billed: their documents are taken over, and nothing is billed twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.errors import Rejected
from simharness.reference.invoicing.adoption import billed_amounts, billed_by, documents_of, given_back
from simharness.reference.invoicing.billing import CREDIT_MEMO, BilledLine, Biller, DocumentPlan
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.invoicing.deposits import Deposit
from simharness.reference.invoicing.documents import deposit_words
from simharness.reference.invoicing.items import Items
from simharness.reference.memory import store as tables
from simharness.reference.memory.relief import CREDIT, REFUND, Reliefs
from simharness.reference.memory.store import Store
from simharness.reference.selling.customers import Customers
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

_encode = msgspec.json.Encoder(decimal_format="string").encode


class Adoption:
    """Looks for the documents of a deal in the ledger. Raises `Rejected` where they cannot be understood."""

    def __init__(
        self, store: Store, quickbooks: QuickBooks, biller: Biller, items: Items, customers: Customers
    ) -> None:
        self._store, self._quickbooks, self._biller = store, quickbooks, biller
        self._items, self._customers, self._reliefs = items, customers, Reliefs(store)

    def adopt(self, deal: Deal, facts: CompanyFacts, today: date) -> bool:
        """Whether an earlier installation billed this deal; then its documents are taken over."""
        for customer_id in self._customers.merges.customers(deal.company_id):
            if self._customers.was_there(customer_id) and self._adopt_from(customer_id, deal, facts, today):
                return True
        return False

    def _adopt_from(self, customer_id: str, deal: Deal, facts: CompanyFacts, today: date) -> bool:
        found = documents_of(self._quickbooks, deal.id, customer_id)
        if not found:
            return False
        if self._biller.keeps_time(deal):
            reason = f"deal {deal.id} was billed by an earlier installation, for days of service that only it knew"
            raise Rejected("service_unknown", reason)
        if found[0].version > 1:
            raise Rejected("first_invoice_unknown", f"deal {deal.id} has changes in the ledger, but no first invoice")
        asked = next((each.record for each in found if each.version == 0), None)
        deposit = self._asked_before(asked, deal, facts) if asked is not None else None
        billed: dict[str, BilledLine] = {}
        if found[-1].version:
            lines = deposit.lines if deposit is not None else ()
            plan = self._biller.plan(deal, facts, {}, 0, today=today, deposit=deposit, held=lines)[0]
            if deposit is not None:
                deposit = msgspec.structs.replace(deposit, netted=netted(plan))
            billed = billed_by(found, dict(plan.lines), self._items.contra_account())
        for each in found:
            keep(self._store, each.record, each.entity, deal.id, each.version, customer_id)
            self._store.put(tables.document, {"id": str(each.record["Id"]), "to_apply": False})
        self._store.put(
            tables.deal,
            {
                "id": deal.id,
                "company_id": deal.company_id,
                "state": tables.BILLED,
                "version": found[-1].version,
                "billed": _encode(billed).decode(),
                "deposit": _encode(deposit).decode() if deposit is not None else "",
                "dirty": True,
            },
        )
        return True

    def _asked_before(self, record: Json, deal: Deal, facts: CompanyFacts) -> Deposit:
        """The deposit invoice of an earlier installation: its amounts, under the tax codes that its deal calls for.

        What went back of it is remembered again.
        """
        planned = self._biller.deposit(deal, facts)
        amounts = billed_amounts(record)
        if len(amounts) != len(planned.advances):
            reason = f"the deposit invoice {record['Id']} has other lines than the deal calls for now"
            raise Rejected("deposit_unknown", reason)
        for entity, reference, back in given_back(self._quickbooks, record, deposit_words(deal.id)):
            kind = CREDIT if entity == CREDIT_MEMO else REFUND
            self._reliefs.keep(reference, str(record["Id"]), deal.id, kind, given=back)
        lines = [
            msgspec.structs.replace(line, amount=amount) for line, amount in zip(planned.advances, amounts, strict=True)
        ]
        return msgspec.structs.replace(asked(planned, facts), invoice_id=str(record["Id"]), lines=tuple(lines))


def keep(store: Store, record: Json, entity: str, deal_id: str, version: int, customer_id: str) -> None:
    """Remember a document that is in the ledger, and what is open of it."""
    is_credit = entity == CREDIT_MEMO
    store.put(
        tables.document,
        {
            "id": str(record["Id"]),
            "kind": entity,
            "number": str(record.get("DocNumber") or ""),
            "deal_id": deal_id,
            "version": version,
            "customer_id": customer_id,
            "currency": str(record.get("CurrencyRef", {}).get("value", "")),
            "total": str(record["TotalAmt"]),
            "open": str(record.get("RemainingCredit" if is_credit else "Balance", record["TotalAmt"])),
            "to_apply": is_credit and bool(record["TotalAmt"]),
        },
    )


def asked(plan: DocumentPlan, facts: CompanyFacts) -> Deposit:
    """What is remembered of a deposit invoice; its id is known once it is posted."""
    return Deposit(invoice_id="", day=plan.day, lines=plan.advances, region=facts.region, certificate=facts.certificate)


def netted(plan: DocumentPlan) -> dict[str, Decimal]:
    """What a final invoice takes off, without tax, by tax code."""
    nets = plan.taxes.nets[len(plan.parts) :]
    return {advance.code: -net for advance, net in zip(plan.advances, nets, strict=True)}
