"""What somebody pays, credits or writes off: an invoice of a deal, or one that stood in the books before the story."""

from __future__ import annotations

from simharness.domain.acts import ActRefused
from simharness.domain.base import Record
from simharness.domain.books import Document
from simharness.stories.cast import Customer
from simharness.stories.stage import Stage


class Owed(Record, frozen=True, kw_only=True):
    """An invoice in the ledger with whose it is; `deal` is "" for one that stood there before the story."""

    document: Document
    customer: Customer
    deal: str = ""
    entity: str = ""

    @property
    def number(self) -> str:
        """The ledger's number, else its id."""
        return self.document.number or self.document.id


def owed(stage: Stage, deal: str | None, nth: int, number: str | None) -> Owed | None:
    """The invoice that a step names by its deal or by its number; None if the ledger has none."""
    if number is not None:
        opening = stage.cast.invoices.get(number)
        ledger = stage.world.snapshot().ledger(stage.entity)
        documents = ledger.documents if ledger is not None and opening is not None else ()
        found = next((each for each in documents if opening is not None and each.id == opening.invoice_id), None)
        if found is None or opening is None:
            return None
        return Owed(document=found, customer=stage.cast.customers[opening.customer])
    document = stage.invoice(deal or "", nth)
    if document is None:
        return None
    customer = stage.cast.customers[stage.cast.deals[deal or ""].customer]
    entity = stage.entity_of(deal or "") if stage.is_group else ""
    return Owed(document=document, customer=customer, deal=deal or "", entity=entity)


def check_payer(owed: Owed, customer: str | None) -> None:
    """Who pays is who owes; raises `ActRefused`."""
    if customer not in (None, owed.customer.name):
        raise ActRefused(f"invoice {owed.number} is that of {owed.customer.name!r}, not of {customer!r}")


def oldest(stage: Stage, customer: str) -> Owed | None:
    """The oldest open invoice of a customer in the first entity's books, or None."""
    who = stage.cast.present(customer)
    ledger, party = stage.world.snapshot().ledger(stage.entity), stage.party_id(who.name)
    parties = (
        {each.id for each in ledger.parties if each.id == party or each.name == who.current_name} if ledger else ()
    )
    found = sorted(
        (each for each in (ledger.documents if ledger else ()) if each.party in parties and _is_open(each)),
        key=lambda each: each.date,  # of one day in the order in which they were written
    )
    return Owed(document=found[0], customer=who) if found else None


def _is_open(document: Document) -> bool:
    return document.kind == "invoice" and document.status != "void" and bool(document.open)


def wrong_reference(invoice_of: str | None, invoice: str | None, nth: int) -> str | None:
    """What is wrong with how an invoice is named, or None."""
    if (invoice_of is None) == (invoice is None):
        return "names one invoice: give invoice_of, or invoice with the number of one that was there before"
    if nth < 1:
        return "nth counts from 1"
    return "invoice names it already: leave nth out" if invoice is not None and nth > 1 else None
