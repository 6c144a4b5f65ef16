"""How customers pay, and what became of a payment."""

from __future__ import annotations

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import TakePayment
from simharness.domain.expectation import InvoiceRef, PaymentIs
from simharness.domain.fact import CustomerPaid, StepImpossible
from simharness.stories.cast import Customer
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

#: What `reference` takes: the payment says nothing about what it is for.
NO_REFERENCE = "none"


class Pay(Action, frozen=True, kw_only=True):
    """A customer pays through the gateway: for an invoice of a deal, or without saying what for (`reference: none`)."""

    customer_pays: Money
    invoice_of: t.DealName | None = None
    nth: int = 1
    customer: t.CustomerName | None = None
    reference: str = ""
    by: t.Method = "card"
    name: t.NewPayment | None = msgspec.field(name="as", default=None)


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
    saved = stage.operate(
        "payments",
        TakePayment(
            amount=p.customer_pays,
            customer_name=customer.current_name,
            customer_reference=customer.company_id,
            method=p.by,
            description=f"Invoice {number}" if number else "",
            references=(("invoice_number", number),) if number else (),
        ),
        "customer",
    )
    taken = stage.payment_taken(saved)
    name = p.name or f"payment {len(stage.cast.payments) + 1}"
    stage.cast.payments[name] = taken.charge_id
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
        )
    )


def _wrong_payment(p: Pay) -> str | None:
    if p.customer_pays.amount <= 0:
        return f"{p.customer_pays} is no payment: it must be more than zero"
    if p.nth < 1:
        return "nth counts from 1"
    if p.reference not in ("", NO_REFERENCE):
        return "reference takes only `none`; a payment that names its invoice says invoice_of"
    if p.invoice_of is None and p.reference != NO_REFERENCE:
        return "does not say what for: give invoice_of, or reference: none with the customer"
    if p.invoice_of is not None and (p.reference or p.customer):
        return "says invoice_of, so customer and reference are already known: leave them out"
    if p.invoice_of is None and p.customer is None:
        return "does not say who pays: give the customer"
    return None


def _payment_is(stage: Stage, p: PaymentClaim) -> None:
    settles = InvoiceRef(deal=p.settles, ordinal=p.nth) if p.settles is not None else None
    stage.expect(PaymentIs(**stage.claim, payment=p.payment, settles=settles, applied=p.applied, unapplied=p.unapplied))


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
            Sentence(pattern="customer {string} pays {money} without a reference", binds=("customer", "customer_pays")),
        ),
        fact="CustomerPaid",
        does=_pay,
        wrong=_wrong_payment,
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
