"""How customers pay, and what became of a payment."""

from __future__ import annotations

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import TakePayment
from simharness.domain.expectation import InvoiceRef, PaymentIs
from simharness.domain.fact import CustomerPaid
from simharness.stories.cast import Customer, Payment
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.bank import transfer
from simharness.stories.vocabulary.cheques import take_cheque
from simharness.stories.vocabulary.owed import check_payer, owed
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

#: By convention, the metadata of a charge under which a group's gateway knows whose money it takes.
ENTITY = "entity"
BY_TRANSFER, BY_CHEQUE = "bank transfer", "cheque"
#: What `reference` takes: the payment says nothing about what it is for.
NO_REFERENCE = "none"


class Pay(Action, frozen=True, kw_only=True):
    """A customer pays: for an invoice of a deal, one by its number, or without saying what for (`reference: none`).

    By card or by a debit (ach) through the gateway; by bank transfer, whose advice names the invoice; by cheque, which
    a bookkeeper takes: `cheque` is its number.

    `entity`: which entity's shop took a payment without reference, in a story of several entities.
    """

    customer_pays: Money
    invoice_of: t.PaidDeal | None = None
    nth: int = 1
    invoice: t.PaidInvoice | None = None
    customer: t.CustomerName | None = None
    reference: str = ""
    by: t.Method = "card"
    cheque: t.NewCheque | None = None
    entity: t.EntityName | None = None
    name: t.NewPayment | None = msgspec.field(name="as", default=None)


class PaymentClaim(Claim, frozen=True, kw_only=True):
    """What became of a payment: which invoice it settles, by its deal or its number (`invoice`), how much is applied,
    how much is not.
    """

    payment: t.PaymentName
    settles: t.DealName | None = None
    nth: int = 1
    invoice: str | None = None
    applied: Money | None = None
    unapplied: Money | None = None


def _pay(stage: Stage, p: Pay) -> None:
    if p.reference == NO_REFERENCE:
        _take(stage, p, stage.cast.customers[p.customer or ""], "")
        return
    found = owed(stage, p.invoice_of, p.nth, p.invoice)
    if found is None:
        invoice = InvoiceRef(deal=p.invoice_of or "", ordinal=p.nth, number=p.invoice or "")
        who = p.customer or (stage.cast.deals[p.invoice_of].customer if p.invoice_of else "nobody")
        stage.impossible(f"{who} cannot pay {invoice}: the ledger has none", p.customer_pays)
        return
    check_payer(found, p.customer)
    if p.by == BY_CHEQUE:
        take_cheque(stage, found, p.customer_pays, p.cheque or f"{len(stage.cast.cheques) + 1:04}")
    elif p.by == BY_TRANSFER:
        transfer(stage, p.customer_pays, found.customer, ((found.number, p.customer_pays),), entity=found.entity)
    else:
        _take(stage, p, found.customer, found.number)


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


def _wrong_payment(p: Pay) -> str | None:
    if p.customer_pays.amount <= 0:
        return f"{p.customer_pays} is no payment: it must be more than zero"
    if p.nth < 1:
        return "nth counts from 1"
    if p.reference not in ("", NO_REFERENCE):
        return "reference takes only `none`; a payment that names its invoice says invoice_of"
    if p.invoice_of is None and p.invoice is None and p.reference != NO_REFERENCE:
        return "does not say what for: give invoice_of, invoice, or reference: none with the customer"
    if p.invoice_of is not None and (p.reference or p.customer or p.entity):
        return "says invoice_of, so customer, entity and reference are already known: leave them out"
    if p.invoice is not None and (p.reference or p.entity or p.invoice_of or p.nth > 1):
        return "says invoice, so invoice_of, nth, entity and reference are already known: leave them out"
    if p.invoice_of is None and p.invoice is None and p.customer is None:
        return "does not say who pays: give the customer"
    return _wrong_way(p)


def _wrong_way(p: Pay) -> str | None:
    if p.cheque is not None and p.by != BY_CHEQUE:
        return "gives the number of a cheque: say by: cheque"
    if p.by in (BY_TRANSFER, BY_CHEQUE) and p.reference:
        return f"by {p.by} says what for: give invoice_of; money that nothing explains is bank_receives"
    if p.by in (BY_TRANSFER, BY_CHEQUE) and p.name is not None:
        return "only a payment through the gateway takes a name; a cheque has its number"
    return None


def _payment_is(stage: Stage, p: PaymentClaim) -> None:
    settles = None
    if p.settles is not None or p.invoice is not None:
        settles = InvoiceRef(deal=p.settles or "", ordinal=p.nth, number=p.invoice or "")
    paid = stage.cast.payment(p.payment)
    name = paid.name if paid is not None else p.payment
    stage.expect(PaymentIs(**stage.claim, payment=name, settles=settles, applied=p.applied, unapplied=p.unapplied))


def _wrong_claim(p: PaymentClaim) -> str | None:
    if p.settles is not None and p.invoice is not None:
        return "settles one invoice: give settles, or invoice with its number"
    if p.settles is None and p.invoice is None and p.applied is None and p.unapplied is None:
        return "says nothing about the payment: give settles, invoice, applied or unapplied"
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
                pattern="customer {string} pays {money} against {invoice} by bank transfer",
                binds=("customer", "customer_pays", "invoice_of"),
                fixed=(("by", BY_TRANSFER),),
            ),
            Sentence(
                pattern="customer {string} pays {money} against {invoice} by cheque {string}",
                binds=("customer", "customer_pays", "invoice_of", "cheque"),
                fixed=(("by", BY_CHEQUE),),
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
