"""Which invoice a credit note or refund goes back to: by the number it names, the deal, or the charge it gave back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simharness.checks.scope import Scope
from simharness.domain.books import Document
from simharness.domain.fact import PaymentRefunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A document that takes a sale back, with the invoices whose lines it may take back, the first billed first.

    `source` says in words what it came from; `noun`, `id` and `state` are those of its reference.
    """

    document: Document
    originals: tuple[Document, ...]
    noun: str
    id: str
    state: str = ""

    @property
    def source(self) -> str:
        return f"{self.noun.replace('_', ' ')} {self.id}"


def taken_back(scope: Scope) -> Iterator[Back]:
    """Every credit note and refund receipt of the main ledger whose original is known."""
    ledger = scope.ledger
    if ledger is None:
        return
    documents = {(item.kind, item.id): item for item in ledger.documents if item.status != "void"}
    by_number = {item.number: item for item in ledger.documents if item.kind == "invoice" and item.number}
    by_id = {item.id: item for item in ledger.documents if item.kind == "invoice"}
    number_of = {fact.refund_id: fact for fact in scope.facts if isinstance(fact, PaymentRefunded)}
    charge_of = {refund.id: refund.charge for refund in (scope.gateway.refunds if scope.gateway else ())}
    for effect in scope.effects.naming("credit", "refund"):
        document = documents.get((effect.entry.source, effect.entry.source_id))
        if document is None or document.kind not in {"credit_memo", "refund_receipt"}:
            continue
        if effect.noun == "credit":
            found = by_number.get(effect.id)
            originals: tuple[Document, ...] = (found,) if found else ()
        else:
            fact = number_of.get(effect.id)
            found = by_number.get(fact.invoice_number) if fact else None
            originals = (found,) if found else _paid(scope, charge_of.get(effect.id, ""), by_id)
        yield Back(document=document, originals=originals, noun=effect.noun, id=effect.id, state=effect.state)
    for deal_id, linked in scope.links.documents_of.items():
        for item in linked:
            if item.document.kind == "credit_memo":
                invoices = scope.links.of_deal(deal_id, "invoice")
                sales = [each for each in invoices if not each.is_deposit]
                earlier = tuple(each.document for each in sales if each.version <= item.version or each.reference.due)
                yield Back(document=item.document, originals=earlier, noun="deal", id=deal_id)


def _paid(scope: Scope, charge: str, by_id: dict[str, Document]) -> tuple[Document, ...]:
    """The invoices that the payment of a charge settles."""
    settled = [item.document for payment in scope.links.payments_of.get(charge, ()) for item in payment.applications]
    return tuple(by_id[key] for key in settled if key in by_id)
