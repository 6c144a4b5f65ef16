"""Customers' cheques: a bookkeeper takes them for an invoice, and brings them to the bank."""

from __future__ import annotations

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import TakeCheque
from simharness.domain.fact import ChequeTaken
from simharness.stories.cast import Cheque
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.bank import DepositCheques, deposit
from simharness.stories.vocabulary.owed import Owed, oldest, owed, wrong_reference
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class GiveCheque(Action, frozen=True, kw_only=True):
    """A bookkeeper takes a customer's cheque for an invoice: it waits in undeposited funds for the bank."""

    cheque_taken: Money
    number: t.NewCheque
    invoice_of: t.DealName | None = None
    nth: int = 1
    invoice: t.InvoiceNumber | None = None


class BringCheque(Action, frozen=True, kw_only=True):
    """A bookkeeper takes a customer's cheque for the oldest open invoice and brings it to the bank on the same day."""

    cheque_deposited: t.NewCheque
    amount: Money
    customer: t.CustomerName = msgspec.field(name="from")


def _give(stage: Stage, p: GiveCheque) -> None:
    found = owed(stage, p.invoice_of, p.nth, p.invoice)
    if found is None:
        name = repr(p.invoice_of) if p.invoice_of is not None else f"number {p.invoice}"
        stage.impossible(f"a cheque cannot pay the invoice of {name}: the ledger has none", p.cheque_taken)
        return
    take_cheque(stage, found, p.cheque_taken, p.number)


def take_cheque(stage: Stage, invoice: Owed, amount: Money, number: str) -> None:
    """Enter a cheque in the ledger, applied to an invoice as far as that is open."""
    applied = min(amount, invoice.document.open)
    act = TakeCheque(
        party_id=invoice.document.party,
        amount=amount,
        number=number,
        applications=((invoice.document.id, applied),) if applied else (),
        entity=invoice.entity,
    )
    taken = stage.only(stage.operate("accounting", act, "bookkeeper"), events.ChequeTaken)
    customer, entity = invoice.customer, invoice.entity
    stage.cast.cheques[number] = Cheque(number=number, customer=customer.name, amount=amount, entity=entity)
    stage.record(
        ChequeTaken(
            **stage.mark,
            cheque=number,
            customer=customer.name,
            company_id=customer.company_id,
            payment_id=taken.payment_id,
            amount=amount,
            invoice_number=invoice.number,
            entity=entity,
        )
    )


def _bring(stage: Stage, p: BringCheque) -> None:
    found = oldest(stage, p.customer)
    if found is None:
        stage.impossible(f"{p.customer!r} owes nothing that a cheque could be for", p.amount)
        return
    take_cheque(stage, found, p.amount, p.cheque_deposited)
    deposit(stage, DepositCheques(cheques_deposited=p.amount, numbers=(p.cheque_deposited,)))


def _wrong_cheque(p: GiveCheque) -> str | None:
    if p.cheque_taken.amount <= 0:
        return f"{p.cheque_taken} is no payment: it must be more than zero"
    return wrong_reference(p.invoice_of, p.invoice, p.nth)


def _wrong_deposit(p: BringCheque) -> str | None:
    return f"{p.amount} is no payment: it must be more than zero" if p.amount.amount <= 0 else None


VERBS = (
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
        does=_give,
        wrong=_wrong_cheque,
    ),
    Verb(
        name="payment.cheque_deposited",
        phases=("when",),
        heads=("cheque_deposited",),
        params=BringCheque,
        sentences=(
            Sentence(
                pattern="cheque {string} of {money} from {string} is deposited",
                binds=("cheque_deposited", "amount", "customer"),
            ),
            Sentence(
                pattern="cheque {string} of {money} from {string} is deposited on {date}",
                binds=("cheque_deposited", "amount", "customer", "on"),
            ),
        ),
        fact="ChequeTaken",
        does=_bring,
        wrong=_wrong_deposit,
    ),
)
