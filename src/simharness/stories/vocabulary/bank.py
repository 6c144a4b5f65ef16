"""What happens on the bank account: payouts arrive, wires and cheques come in, charges go off, lines are announced."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import MoveBankMoney, PostBankLine
from simharness.domain.expectation import ClearingEmpty
from simharness.domain.fact import BankLinePosted, BankMoved
from simharness.stories.cast import Customer
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.gateway import BANK, payout_of
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb
from simharness.world.settlement import PAYOUT_TEXT

#: What `reference` takes for the last payout of the gateway.
PAYOUT = "payout"


class Movement(Action, frozen=True, kw_only=True):
    """What every plain movement says. `reference: payout` is the last payout, `payout` one by its name.

    `entity`: on whose account, in a story of several entities; unless said on that of the first.
    """

    reference: str = ""
    payout: t.PayoutName | None = None
    description: str = ""
    pending: bool = False
    entity: t.EntityName | None = None
    name: t.NewBankLine | None = msgspec.field(name="as", default=None)


class Receive(Movement, frozen=True, kw_only=True):
    """Money comes in on the bank account; `from` is who the statement says sent it."""

    bank_receives: Money
    other: str = msgspec.field(name="from", default="")


class PayAway(Movement, frozen=True, kw_only=True):
    """Money goes out of the bank account; `to` is who the statement says got it."""

    bank_pays: Money
    other: str = msgspec.field(name="to", default="")


class BankCharge(Action, frozen=True, kw_only=True):
    """The bank takes a charge of its own off the account; `because` is what its statement says beside FEE."""

    bank_charges: Money
    because: str = ""
    entity: t.EntityName | None = None


class Wire(Action, frozen=True, kw_only=True):
    """One transfer of a customer for several invoices, with an advice that says how much is meant for each.

    The advice is net of a settlement discount (`discount`, as the customer reckons it); what arrives is the advice less
    the banks' `fee`. An advice in a foreign currency is changed by the bank at its own rate.
    """

    wire_arrives: Money
    customer: t.CustomerName = msgspec.field(name="from")
    for_invoices: tuple[tuple[t.DealName, Money], ...]
    fee: Money | None = None
    discount: Money | None = None
    name: t.NewBankLine | None = msgspec.field(name="as", default=None)


class DepositCheques(Action, frozen=True, kw_only=True):
    """The bank credits several cheques in one line that names their numbers."""

    cheques_deposited: Money
    numbers: tuple[t.ChequeNumber, ...]


class BounceCheque(Action, frozen=True, kw_only=True):
    """The bank takes back a cheque it had credited, in a line that names its number."""

    cheque_returned: t.ChequeNumber


class SettlePending(Action, frozen=True, kw_only=True):
    """The bank posts an announced line under another id (perhaps with another amount or text), or drops it."""

    pending_line_posted: t.BankLineName | None = None
    pending_line_dropped: t.BankLineName | None = None
    amount: Money | None = None
    description: str | None = None


class EmptyClaim(Claim, frozen=True, kw_only=True):
    """Nothing is in transit by the postings dated up to and including a day."""

    nothing_in_clearing_on: date


def _move(stage: Stage, act: MoveBankMoney, fact: BankMoved, name: str | None = None) -> None:
    """Move money on the account of the fact's entity, and record the fact with the line it became."""
    act = msgspec.structs.replace(act, account=stage.bank_account(fact.entity))
    moved = stage.only(stage.operate("banking", act, BANK), events.BankMoneyMoved)
    if name is not None:
        stage.cast.bank_lines[name] = moved.line_id
    stage.record(
        msgspec.structs.replace(
            fact,
            line_id=moved.line_id,
            amount=act.amount,
            name=name or "",
            reference=act.reference,
            counterparty=act.counterparty,
            pending=act.pending,
        )
    )


def _plain(stage: Stage, p: Receive | PayAway, amount: Money) -> None:
    reference, description, other, subject = p.reference, p.description, p.other, ""
    if p.payout is not None or p.reference == PAYOUT:
        payout = payout_of(stage, p.payout or t.LAST)
        if payout is None:
            return
        reference, subject = payout.reference, payout.payout_id
        description, other = description or PAYOUT_TEXT, other or "Stripe"
    act = MoveBankMoney(
        amount=amount, reference=reference, description=description, counterparty=other, pending=p.pending
    )
    fact = BankMoved(
        **stage.mark,
        line_id="",
        amount=amount,
        purpose=PAYOUT if subject else "",
        subject=subject,
        entity=p.entity or "",
    )
    _move(stage, act, fact, p.name)


def _receive(stage: Stage, p: Receive) -> None:
    _plain(stage, p, p.bank_receives)


def _pay_away(stage: Stage, p: PayAway) -> None:
    _plain(stage, p, -p.bank_pays)


def _charge(stage: Stage, p: BankCharge) -> None:
    act = MoveBankMoney(amount=-p.bank_charges, reference=f"FEE {p.because}".rstrip(), description="BANK CHARGE")
    _move(stage, act, BankMoved(**stage.mark, line_id="", amount=act.amount, purpose="fee", entity=p.entity or ""))


def _wire(stage: Stage, p: Wire) -> None:
    customer = stage.cast.customers[p.customer]
    advice = []
    for deal, amount in p.for_invoices:
        number = stage.invoice_number(deal, 1)
        if not number:
            stage.impossible(f"a wire cannot name the invoice of {deal!r}: the ledger has none", p.wire_arrives)
            return
        advice.append((number, amount))
    entity = stage.entity_of(p.for_invoices[0][0]) if stage.is_group else ""
    transfer(stage, p.wire_arrives, customer, tuple(advice), fee=p.fee, discount=p.discount, entity=entity, name=p.name)


def transfer(
    stage: Stage,
    amount: Money,
    customer: Customer,
    advice: tuple[tuple[str, Money], ...],
    *,
    fee: Money | None = None,
    discount: Money | None = None,
    entity: str = "",
    name: str | None = None,
) -> None:
    """A customer's money comes in on the bank account; the line says how much is meant for which invoice."""
    act = MoveBankMoney(
        amount=amount,
        reference=_advice_text(amount, fee, advice),
        description="WIRE TRANSFER",
        counterparty=customer.current_name,
    )
    fact = BankMoved(
        **stage.mark,
        line_id="",
        amount=act.amount,
        purpose="wire",
        customer=customer.name,
        company_id=customer.company_id,
        advice=advice,
        fee=fee,
        discount=discount,
        entity=entity,
    )
    _move(stage, act, fact, name)


def _advice_text(arrives: Money, fee: Money | None, advice: tuple[tuple[str, Money], ...]) -> str:
    """What the statement says of a wire. Of foreign money the bank says which, and what it kept of its own."""
    if all(amount.currency == arrives.currency for _, amount in advice):
        return "; ".join(f"{number} {amount.amount}" for number, amount in advice)
    told = [f"{number} {amount.currency} {amount.amount}" for number, amount in advice]
    if fee is not None:
        told.append(f"FEE {fee.currency} {fee.amount}")
    return "; ".join(told)


def deposit(stage: Stage, p: DepositCheques) -> None:
    """The bank credits cheques in one line that names them."""
    cheques = stage.cast.cheques
    absent = [number for number in p.numbers if number not in cheques]
    if absent:
        stage.impossible(f"the cheque {absent[0]} was never taken", p.cheques_deposited)
        return
    act = MoveBankMoney(
        amount=p.cheques_deposited, reference=f"CHEQUES {' '.join(p.numbers)}", description="CHEQUE DEPOSIT"
    )
    advice = tuple((number, cheques[number].amount) for number in p.numbers)
    entity = cheques[p.numbers[0]].entity
    fact = BankMoved(**stage.mark, line_id="", amount=act.amount, purpose="cheques", advice=advice, entity=entity)
    _move(stage, act, fact)


def _bounce(stage: Stage, p: BounceCheque) -> None:
    cheque = stage.cast.cheques.get(p.cheque_returned)
    if cheque is None:
        stage.impossible(f"the cheque {p.cheque_returned} was never taken")
        return
    act = MoveBankMoney(
        amount=-cheque.amount, reference=f"RETURNED CHEQUE {cheque.number}", description="RETURNED CHEQUE"
    )
    fact = BankMoved(
        **stage.mark,
        line_id="",
        amount=act.amount,
        purpose="returned_cheque",
        subject=cheque.number,
        customer=cheque.customer,
        company_id=stage.cast.customers[cheque.customer].company_id,
        entity=cheque.entity,
    )
    _move(stage, act, fact)


def _settle_pending(stage: Stage, p: SettlePending) -> None:
    name = p.pending_line_posted or p.pending_line_dropped or ""
    pending_id = stage.cast.bank_lines.get(name)
    bank = stage.world.snapshot().bank
    line = next((line for line in bank.lines if line.id == pending_id), None) if bank is not None else None
    if pending_id is None or line is None:
        stage.impossible(f"the bank has no line {name!r}")
        return
    act = PostBankLine(
        line_id=pending_id, amount=p.amount, description=p.description, drop=p.pending_line_dropped is not None
    )
    moved = stage.only(stage.operate("banking", act, BANK), events.BankMoneyMoved)
    stage.cast.bank_lines[name] = moved.line_id
    amount = p.amount if p.amount is not None else line.amount
    fact = BankLinePosted(**stage.mark, pending_id=pending_id, line_id=moved.line_id, amount=amount, name=name)
    stage.record(fact)


def _empty(stage: Stage, p: EmptyClaim) -> None:
    stage.expect(ClearingEmpty(**stage.claim, on=p.nothing_in_clearing_on))


def _wrong_movement(p: Receive | PayAway) -> str | None:
    amount = p.bank_receives if isinstance(p, Receive) else p.bank_pays
    if amount.amount <= 0:
        return f"{amount} moves nothing, or the other way: bank_receives and bank_pays take more than zero"
    if p.payout is not None and p.reference not in ("", PAYOUT):
        return "says payout, so the reference is already known: leave it out"
    return None


def _wrong_wire(p: Wire) -> str | None:
    currencies = {amount.currency for _, amount in p.for_invoices}
    if len(currencies) > 1:
        return f"the advice is in {' and '.join(sorted(currencies))}: one wire is meant in one currency"
    if p.fee is not None and p.fee.currency != p.wire_arrives.currency:
        return f"the banks keep their fee of what arrives, in {p.wire_arrives.currency}, not in {p.fee.currency}"
    if currencies != {p.wire_arrives.currency}:
        return _more_than_zero(p.wire_arrives, "wire")  # the bank has changed it, at whatever rate
    meant = sum(amount.amount for _, amount in p.for_invoices) - (p.fee.amount if p.fee is not None else 0)
    if meant != p.wire_arrives.amount:
        return f"the advice less the fee is {meant}, and {p.wire_arrives.amount} arrives: they must be equal"
    return _more_than_zero(p.wire_arrives, "wire")


def _more_than_zero(amount: Money, what: str) -> str | None:
    return f"{amount} is no {what}: it must be more than zero" if amount.amount <= 0 else None


def _wrong_settling(p: SettlePending) -> str | None:
    if p.pending_line_dropped is not None and (p.amount is not None or p.description is not None):
        return "a line that is dropped has neither amount nor description"
    return None


VERBS = (
    Verb(
        name="bank.receives",
        phases=("when",),
        heads=("bank_receives",),
        params=Receive,
        sentences=(
            Sentence(pattern="the bank receives {money} with reference {string}", binds=("bank_receives", "reference")),
            Sentence(
                pattern="the bank receives {money} from {string} with reference {string}",
                binds=("bank_receives", "other", "reference"),
            ),
        ),
        fact="BankMoved",
        does=_receive,
        wrong=_wrong_movement,
    ),
    Verb(
        name="bank.pays",
        phases=("when",),
        heads=("bank_pays",),
        params=PayAway,
        sentences=(
            Sentence(pattern="the bank pays {money} with reference {string}", binds=("bank_pays", "reference")),
            Sentence(
                pattern="the bank pays {money} to {string} with reference {string}",
                binds=("bank_pays", "other", "reference"),
            ),
        ),
        fact="BankMoved",
        does=_pay_away,
        wrong=_wrong_movement,
    ),
    Verb(
        name="bank.charges",
        phases=("when",),
        heads=("bank_charges",),
        params=BankCharge,
        sentences=(Sentence(pattern="the bank charges {money} because {string}", binds=("bank_charges", "because")),),
        fact="BankMoved",
        does=_charge,
        wrong=lambda p: _more_than_zero(p.bank_charges, "charge"),
    ),
    Verb(
        name="bank.wire_arrives",
        phases=("when",),
        heads=("wire_arrives",),
        params=Wire,
        sentences=(
            Sentence(
                pattern="a wire of {money} from {string} arrives for these invoices:",
                binds=("wire_arrives", "customer"),
                table="for_invoices",
                columns=("invoice of", "amount"),
            ),
            Sentence(
                pattern="a wire of {money} from {string} arrives on {date} for these invoices:",
                binds=("wire_arrives", "customer", "on"),
                table="for_invoices",
                columns=("invoice of", "amount"),
            ),
            Sentence(
                pattern="a wire of {money} from {string} arrives less a fee of {money} for these invoices:",
                binds=("wire_arrives", "customer", "fee"),
                table="for_invoices",
                columns=("invoice of", "amount"),
            ),
        ),
        fact="BankMoved",
        does=_wire,
        wrong=_wrong_wire,
    ),
    Verb(
        name="bank.cheques_deposited",
        phases=("when",),
        heads=("cheques_deposited",),
        params=DepositCheques,
        sentences=(
            Sentence(pattern="cheque {string} is deposited for {money}", binds=("numbers", "cheques_deposited")),
            Sentence(
                pattern="these cheques are deposited for {money} together:",
                binds=("cheques_deposited",),
                table="numbers",
                columns=("cheque",),
            ),
        ),
        fact="BankMoved",
        does=deposit,
        wrong=lambda p: _more_than_zero(p.cheques_deposited, "deposit"),
    ),
    Verb(
        name="bank.cheque_returned",
        phases=("when",),
        heads=("cheque_returned",),
        params=BounceCheque,
        sentences=(Sentence(pattern="cheque {string} is returned", binds=("cheque_returned",)),),
        fact="BankMoved",
        does=_bounce,
    ),
    Verb(
        name="bank.pending_line_settled",
        phases=("when",),
        heads=("pending_line_posted", "pending_line_dropped"),
        params=SettlePending,
        sentences=(
            Sentence(pattern="the pending bank line {string} is posted", binds=("pending_line_posted",)),
            Sentence(
                pattern="the pending bank line {string} is posted as {money}", binds=("pending_line_posted", "amount")
            ),
            Sentence(pattern="the pending bank line {string} is dropped", binds=("pending_line_dropped",)),
        ),
        fact="BankLinePosted",
        does=_settle_pending,
        wrong=_wrong_settling,
    ),
    Verb(
        name="bank.nothing_in_clearing",
        phases=("then",),
        heads=("nothing_in_clearing_on",),
        params=EmptyClaim,
        sentences=(
            Sentence(pattern="nothing is left in the clearing account on {date}", binds=("nothing_in_clearing_on",)),
        ),
        fact="ClearingEmpty",
        does=_empty,
    ),
)
