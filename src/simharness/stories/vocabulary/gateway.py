"""What happens to money inside the gateway: it is refunded, disputed, sent back by a bank, and paid out."""

from __future__ import annotations

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import (
    CloseDispute,
    DisputePayment,
    FailPayment,
    FailPayout,
    PayOut,
    RefundPayment,
    ReturnPayment,
)
from simharness.domain.expectation import ClearingEqualsGateway
from simharness.domain.fact import (
    DisputeClosed,
    GatewayPaidOut,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PayoutReturned,
)
from simharness.stories import cast
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

#: The name under which people of the company act in the gateway, and under which banks and customers do.
CASHIER, CUSTOMER, BANK = "cashier", "customer", "bank"


class Refund(Action, frozen=True, kw_only=True):
    """Somebody refunds money of a payment.

    `because` says what it was: the sale (then `lines` are the net amounts by line of the invoice, from 1; without them
    all lines share in proportion), an overpayment, a deposit or a duplicate.
    """

    gateway_refunds: Money
    payment: t.PaymentName
    because: t.RefundReason
    lines: tuple[tuple[int, Money], ...] = ()


class Dispute(Action, frozen=True, kw_only=True):
    """The customer contests a payment at the bank: all of it, or an amount."""

    payment_disputed: t.PaymentName
    amount: Money | None = None


class DecideDispute(Action, frozen=True, kw_only=True):
    """The bank decides the dispute over a payment."""

    dispute_won: t.PaymentName | None = None
    dispute_lost: t.PaymentName | None = None


class Return(Action, frozen=True, kw_only=True):
    """The bank sends back a debit (ACH) that had succeeded; `because` is the bank's code."""

    payment_returned: t.PaymentName
    because: str = "insufficient_funds"


class Fail(Action, frozen=True, kw_only=True):
    """The bank answers that a debit (ACH) which is still on its way does not come; `because` is the bank's code."""

    payment_fails: t.PaymentName
    because: str


class SendPayout(Action, frozen=True, kw_only=True):
    """Somebody sends money from the gateway to the bank by hand."""

    gateway_pays_out: Money
    name: t.NewPayout | None = msgspec.field(name="as", default=None)


class FailAPayout(Action, frozen=True, kw_only=True):
    """The bank sends a payout back; `last` is the last one the gateway sent. `because` is the bank's code."""

    payout_fails: t.PayoutName
    because: str = "account_closed"


def _paid(stage: Stage, name: str) -> cast.Payment | None:
    """The payment of that name; None, with the fact that the step is impossible, where it never came about."""
    payment = stage.cast.payment(name)
    if payment is None:
        stage.impossible(f"the payment {name!r} was never made")
    return payment


def _refund(stage: Stage, p: Refund) -> None:
    payment = _paid(stage, p.payment)
    if payment is None:
        return
    references = [("reason", p.because)]
    if p.lines:
        references.append(("lines", ",".join(f"{position}={net.amount}" for position, net in p.lines)))
    act = RefundPayment(charge_id=payment.charge_id, amount=p.gateway_refunds, references=tuple(references))
    saved = stage.only(stage.operate("payments", act, CASHIER), events.PaymentRefunded)
    stage.record(
        PaymentRefunded(
            **stage.mark,
            refund=saved.refund_id,
            payment=payment.name,
            customer=payment.customer,
            company_id=stage.cast.customers[payment.customer].company_id,
            charge_id=payment.charge_id,
            refund_id=saved.refund_id,
            amount=saved.amount,
            fee=saved.fee,
            reason=p.because,
            lines=p.lines,
            deal=payment.deal,
            invoice_number=payment.invoice_number,
        )
    )


def _wrong_refund(p: Refund) -> str | None:
    if p.gateway_refunds.amount <= 0:
        return f"{p.gateway_refunds} is no refund: it must be more than zero"
    if p.lines and p.because != "sale":
        return f"a refund of {p.because} has no lines: only one of the sale goes back to lines of the invoice"
    return None


def _dispute(stage: Stage, p: Dispute) -> None:
    payment = _paid(stage, p.payment_disputed)
    if payment is not None:
        act = DisputePayment(charge_id=payment.charge_id, amount=p.amount)
        _taken_out(stage, payment, stage.operate("payments", act, CUSTOMER), is_return=False)


def _return(stage: Stage, p: Return) -> None:
    payment = _paid(stage, p.payment_returned)
    if payment is not None:
        act = ReturnPayment(charge_id=payment.charge_id, code=p.because)
        _taken_out(stage, payment, stage.operate("payments", act, BANK), is_return=True)


def _fail(stage: Stage, p: Fail) -> None:
    payment = _paid(stage, p.payment_fails)
    if payment is None:
        return
    act = FailPayment(charge_id=payment.charge_id, code=p.because)
    saved = stage.only(stage.operate("payments", act, BANK), events.PaymentFailed)
    stage.record(
        PaymentFailed(
            **stage.mark,
            payment=payment.name,
            customer=payment.customer,
            company_id=stage.cast.customers[payment.customer].company_id,
            charge_id=payment.charge_id,
            amount=saved.amount,
            because=p.because,
            invoice_number=payment.invoice_number,
        )
    )


def _taken_out(stage: Stage, payment: cast.Payment, told: tuple[events.DomainEvent, ...], *, is_return: bool) -> None:
    saved = stage.only(told, events.PaymentDisputed)
    stage.cast.disputes[payment.name] = saved.dispute_id
    stage.record(
        PaymentDisputed(
            **stage.mark,
            payment=payment.name,
            customer=payment.customer,
            company_id=stage.cast.customers[payment.customer].company_id,
            charge_id=payment.charge_id,
            dispute_id=saved.dispute_id,
            amount=saved.amount,
            fee=saved.fee,
            invoice_number=payment.invoice_number,
            is_return=is_return,
        )
    )


def _decide(stage: Stage, p: DecideDispute) -> None:
    name = p.dispute_won or p.dispute_lost or ""
    payment = stage.cast.payment(name)
    dispute_id = stage.cast.disputes.get(payment.name) if payment is not None else None
    if dispute_id is None or payment is None:
        stage.impossible(f"the payment {name!r} was never disputed")
        return
    act = CloseDispute(dispute_id=dispute_id, won=p.dispute_won is not None)
    saved = stage.only(stage.operate("payments", act, BANK), events.DisputeClosed)
    stage.record(
        DisputeClosed(
            **stage.mark,
            payment=payment.name,
            charge_id=payment.charge_id,
            dispute_id=dispute_id,
            won=saved.won,
            amount=saved.amount,
            fee=saved.fee,
        )
    )


def _pay_out(stage: Stage, p: SendPayout) -> None:
    saved = stage.only(stage.operate("payments", PayOut(amount=p.gateway_pays_out), CASHIER), events.PayoutSent)
    name = p.name or f"payout {len(stage.cast.payouts) + 1}"
    stage.cast.payouts[name] = cast.Payout(payout_id=saved.payout_id, amount=saved.amount, reference=saved.reference)
    stage.record(
        GatewayPaidOut(
            **stage.mark,
            payout=name,
            payout_id=saved.payout_id,
            amount=saved.amount,
            reference=saved.reference,
            arrival=saved.arrival,
        )
    )


def payout_of(stage: Stage, name: str) -> cast.Payout | None:
    """A payout by its name in the story, `last` for the last one the gateway sent; None if there is none.

    That the step is impossible is then recorded.
    """
    found = stage.cast.payouts.get(name)
    if found is None and name == t.LAST:
        gateway = stage.world.snapshot().gateway
        if gateway is not None and gateway.payouts:
            last = gateway.payouts[-1]
            return cast.Payout(payout_id=last.id, amount=last.amount, reference=last.reference)
    if found is None:
        stage.impossible("the gateway has sent no payout" if name == t.LAST else f"the payout {name!r} was never sent")
    return found


def _fail_payout(stage: Stage, p: FailAPayout) -> None:
    payout = payout_of(stage, p.payout_fails)
    if payout is None:
        return
    act = FailPayout(payout_id=payout.payout_id, code=p.because)
    saved = stage.only(stage.operate("payments", act, BANK), events.PayoutFailed)
    stage.record(PayoutReturned(**stage.mark, payout=p.payout_fails, payout_id=saved.payout_id, amount=saved.amount))


def _clearing(stage: Stage, _: Claim) -> None:
    stage.expect(ClearingEqualsGateway(**stage.claim))


def _more_than_zero(amount: Money, what: str) -> str | None:
    return f"{amount} is no {what}: it must be more than zero" if amount.amount <= 0 else None


VERBS = (
    Verb(
        name="gateway.refunds",
        phases=("when",),
        heads=("gateway_refunds",),
        params=Refund,
        sentences=(
            Sentence(
                pattern="the gateway refunds {money} of {payment} because {string}",
                binds=("gateway_refunds", "payment", "because"),
            ),
            Sentence(
                pattern="the gateway refunds {money} of {payment} because {string} for these lines:",
                binds=("gateway_refunds", "payment", "because"),
                table="lines",
                columns=("line", "amount"),
            ),
        ),
        fact="PaymentRefunded",
        does=_refund,
        wrong=_wrong_refund,
    ),
    Verb(
        name="gateway.payment_disputed",
        phases=("when",),
        heads=("payment_disputed",),
        params=Dispute,
        sentences=(
            Sentence(pattern="{payment} is disputed", binds=("payment_disputed",)),
            Sentence(pattern="{money} of {payment} is disputed", binds=("amount", "payment_disputed")),
        ),
        fact="PaymentDisputed",
        does=_dispute,
    ),
    Verb(
        name="gateway.dispute_decided",
        phases=("when",),
        heads=("dispute_won", "dispute_lost"),
        params=DecideDispute,
        sentences=(
            Sentence(pattern="the dispute over {payment} is won", binds=("dispute_won",)),
            Sentence(pattern="the dispute over {payment} is lost", binds=("dispute_lost",)),
        ),
        fact="DisputeClosed",
        does=_decide,
    ),
    Verb(
        name="gateway.payment_returned",
        phases=("when",),
        heads=("payment_returned",),
        params=Return,
        sentences=(
            Sentence(pattern="{payment} is returned", binds=("payment_returned",)),
            Sentence(pattern="{payment} is returned on {date}", binds=("payment_returned", "on")),
            Sentence(pattern="{payment} is returned because {string}", binds=("payment_returned", "because")),
        ),
        fact="PaymentDisputed",
        does=_return,
    ),
    Verb(
        name="gateway.payment_fails",
        phases=("when",),
        heads=("payment_fails",),
        params=Fail,
        sentences=(Sentence(pattern="{payment} fails with {string}", binds=("payment_fails", "because")),),
        fact="PaymentFailed",
        does=_fail,
    ),
    Verb(
        name="gateway.pays_out",
        phases=("when",),
        heads=("gateway_pays_out",),
        params=SendPayout,
        sentences=(Sentence(pattern="the gateway pays out {money}", binds=("gateway_pays_out",)),),
        fact="GatewayPaidOut",
        does=_pay_out,
        wrong=lambda p: _more_than_zero(p.gateway_pays_out, "payout"),
    ),
    Verb(
        name="gateway.payout_fails",
        phases=("when",),
        heads=("payout_fails",),
        params=FailAPayout,
        sentences=(Sentence(pattern="payout {string} fails because {string}", binds=("payout_fails", "because")),),
        fact="PayoutReturned",
        does=_fail_payout,
    ),
    Verb(
        name="gateway.clearing_equals_balance",
        phases=("then",),
        heads=("gateway_clearing_equals_balance",),
        params=Claim,
        sentences=(Sentence(pattern="gateway clearing equals the gateway's balance"),),
        fact="ClearingEqualsGateway",
        does=_clearing,
    ),
)
