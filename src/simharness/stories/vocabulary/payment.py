"""How customers pay, and what became of a payment."""

from __future__ import annotations

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import TakeCheque, TakePayment
from simharness.domain.expectation import InvoiceRef, PaymentIs
from simharness.domain.fact import ChequeTaken, CustomerPaid, StepImpossible
from simharness.stories.cast import Cheque, Customer, Payment
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

#: By convention, the metadata of a charge under which a group's gateway knows whose money it takes.
ENTITY = "entity"
#: What `reference` takes: the payment says nothing about what it is for.
NO_REFERENCE = "none"


class Pay(Action, frozen=True, kw_only=True):
    """A customer pays through the gateway: for an invoice of a deal, or without saying what for (`reference: none`).

    `entity`: which entity's shop took a payment without reference, in a story of several entities.
    """

    customer_pays: Money
    invoice_of: t.PaidDeal | None = None
    nth: int = 1
    customer: t.CustomerName | None = None
    reference: str = ""
    by: t.Method = "card"
    entity: t.EntityName | None = None
    name: t.NewPayment | None = msgspec.field(name="as", default=None)


class GiveCheque(Action, frozen=True, kw_only=True):
    """A bookkeeper takes a customer's cheque for an invoice: it waits in undeposited funds for the bank."""

    cheque_taken: Money
    number: t.NewCheque
    invoice_of: t.DealName
    nth: int = 1


class PaymentClaim(Claim, frozen=True, kw_only=True):
    """What became of a payment: which invoice it settles, how much is applied, how much is not."""

    payment: t.PaymentName
    settles: t.DealName | None = None
    nth: int = 1
    applied: Money | None = None
    unapplied: Money | None = None


def _pay(stage: Stage, p: Pay) -> None:
    customer = stage.cast.customers[p.customer or stage.cast.deals[p.invoice_of or ""].customer]
    number = ""
    if p.invoice_of is not None:
        number = stage.invoice_number(p.invoice_of, p.nth)
        if not number:
            invoice = InvoiceRef(deal=p.invoice_of, ordinal=p.nth)
            what = f"{customer.name} cannot pay {invoice}: the ledger has none"
            stage.record(StepImpossible(**stage.mark, what=what, amount=p.customer_pays))
            return
    _take(stage, p, customer, number)


def _take(stage: Stage, p: Pay, customer: Customer, number: str) -> None:
    entity = ""
    if stage.is_group:
        entity = p.entity or (stage.entity_of(p.invoice_of) if p.invoice_of else "")
    names = (("invoice_number", number),) if number else ()
    saved = stage.operate(
        "payments",
        TakePayment(
            amount=p.customer_pays,
            customer_name=customer.current_name,
            customer_reference=customer.company_id,
            method=p.by,
            description=f"Invoice {number}" if number else "",
            references=(*names, (ENTITY, entity)) if entity else names,
        ),
        "customer",
    )
    taken = stage.payment_taken(saved)
    name = p.name or f"payment {len(stage.cast.payments) + 1}"
    stage.cast.payments[name] = Payment(
        name=name,
        charge_id=taken.charge_id,
        customer=customer.name,
        amount=taken.amount,
        deal=p.invoice_of or "",
        invoice_number=number,
    )
    stage.record(
        CustomerPaid(
            **stage.mark,
            payment=name,
            customer=customer.name,
            company_id=customer.company_id,
            charge_id=taken.charge_id,
            amount=taken.amount,
            fee=taken.fee,
            method=p.by,
            deal=p.invoice_of or "",
            invoice_ordinal=p.nth,
            invoice_number=number,
            entity=entity,
        )
    )


def _take_cheque(stage: Stage, p: GiveCheque) -> None:
    invoice = stage.invoice(p.invoice_of, p.nth)
    if invoice is None:
        stage.impossible(f"a cheque cannot pay the invoice of {p.invoice_of!r}: the ledger has none", p.cheque_taken)
        return
    customer = stage.cast.customers[stage.cast.deals[p.invoice_of].customer]
    entity = stage.entity_of(p.invoice_of) if stage.is_group else ""
    applied = min(p.cheque_taken, invoice.open)
    act = TakeCheque(
        party_id=invoice.party,
        amount=p.cheque_taken,
        number=p.number,
        applications=((invoice.id, applied),) if applied else (),
        entity=entity,
    )
    taken = stage.only(stage.operate("accounting", act, "bookkeeper"), events.ChequeTaken)
    stage.cast.cheques[p.number] = Cheque(number=p.number, customer=customer.name, amount=p.cheque_taken, entity=entity)
    stage.record(
        ChequeTaken(
            **stage.mark,
            cheque=p.number,
            customer=customer.name,
            company_id=customer.company_id,
            payment_id=taken.payment_id,
            amount=p.cheque_taken,
            invoice_number=invoice.number or invoice.id,
            entity=entity,
        )
    )


def _wrong_cheque(p: GiveCheque) -> str | None:
    if p.cheque_taken.amount <= 0:
        return f"{p.cheque_taken} is no payment: it must be more than zero"
    return "nth counts from 1" if p.nth < 1 else None


def _wrong_payment(p: Pay) -> str | None:
    if p.customer_pays.amount <= 0:
        return f"{p.customer_pays} is no payment: it must be more than zero"
    if p.nth < 1:
        return "nth counts from 1"
    if p.reference not in ("", NO_REFERENCE):
        return "reference takes only `none`; a payment that names its invoice says invoice_of"
    if p.invoice_of is None and p.reference != NO_REFERENCE:
        return "does not say what for: give invoice_of, or reference: none with the customer"
    if p.invoice_of is not None and (p.reference or p.customer or p.entity):
        return "says invoice_of, so customer, entity and reference are already known: leave them out"
    if p.invoice_of is None and p.customer is None:
        return "does not say who pays: give the customer"
    return None


def _payment_is(stage: Stage, p: PaymentClaim) -> None:
    settles = InvoiceRef(deal=p.settles, ordinal=p.nth) if p.settles is not None else None
    paid = stage.cast.payment(p.payment)
    name = paid.name if paid is not None else p.payment
    stage.expect(PaymentIs(**stage.claim, payment=name, settles=settles, applied=p.applied, unapplied=p.unapplied))


def _wrong_claim(p: PaymentClaim) -> str | None:
    if p.settles is None and p.applied is None and p.unapplied is None:
        return "says nothing about the payment: give settles, applied or unapplied"
    return None


VERBS = (
    Verb(
        name="payment.customer_pays",
        phases=("when",),
        heads=("customer_pays",),
        params=Pay,
        sentences=(
            Sentence(
                pattern="customer {string} pays {money} against {invoice}",
                binds=("customer", "customer_pays", "invoice_of"),
            ),
            Sentence(
                pattern="customer {string} pays {money} against {invoice} by {word}",
                binds=("customer", "customer_pays", "invoice_of", "by"),
            ),
            Sentence(
                pattern="customer {string} pays {money} without a reference",
                binds=("customer", "customer_pays"),
                fixed=(("reference", NO_REFERENCE),),
            ),
        ),
        fact="CustomerPaid",
        does=_pay,
        wrong=_wrong_payment,
    ),
    Verb(
        name="payment.cheque_taken",
        phases=("when",),
        heads=("cheque_taken",),
        params=GiveCheque,
        sentences=(
            Sentence(
                pattern="cheque {string} of {money} is taken for {invoice}",
                binds=("number", "cheque_taken", "invoice_of"),
            ),
        ),
        fact="ChequeTaken",
        does=_take_cheque,
        wrong=_wrong_cheque,
    ),
    Verb(
        name="payment.payment_is",
        phases=("then",),
        heads=("payment",),
        params=PaymentClaim,
        sentences=(
            Sentence(pattern="{payment} settles {invoice}", binds=("payment", "settles")),
            Sentence(pattern="{money} of {payment} is unapplied", binds=("unapplied", "payment")),
        ),
        fact="PaymentIs",
        does=_payment_is,
        wrong=_wrong_claim,
    ),
)
