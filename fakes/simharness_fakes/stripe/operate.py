"""What people do at the gateway: pay, give back, contest, pay out. A refusal carries Stripe's reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.acts import (
    Act,
    ActRefused,
    CloseDispute,
    DisputePayment,
    FailPayment,
    FailPayout,
    Furnish,
    PayOut,
    RefundPayment,
    ReturnPayment,
    SchedulePayouts,
    SetExchangeRate,
    TakePayment,
)
from simharness.domain.events import (
    DisputeClosed,
    DomainEvent,
    ExchangeRateSet,
    Furnished,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentTaken,
    PayoutFailed,
    PayoutsScheduled,
)
from simharness.fakekit.problems import VendorError
from simharness_fakes.payments import payouts as engine
from simharness_fakes.payments.charges import PENDING
from simharness_fakes.payments.payouts import INTERVALS
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.stripe import banks, capturing, cards, disputing, paying, paying_out, refunding
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import CRM_REFERENCE, Charge, Customer, Intent
from simharness_fakes.stripe.wire.amounts import to_wire

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: Reasons of a refund that Stripe knows; any other stands in the metadata only.
_STRIPES_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})


def perform(fake: Stripe, act: Act) -> tuple[DomainEvent, ...]:
    """Do what the act says; raises `ActRefused`, with nothing changed, for what Stripe or this account would not do."""
    performed = _ACTS.get(type(act))
    if performed is None:
        raise ActRefused(
            f"Stripe does not know how to {type(act).__name__}", mend="give the act to the family it names"
        )
    try:
        return (performed(fake, act),)
    except Refused as refused:
        raise ActRefused(f"Stripe refuses: {refused}") from refused
    except VendorError as error:
        message = msgspec.json.decode(error.response.body)["error"]["message"]
        raise ActRefused(f"Stripe refuses: {message}") from error


def _furnish(fake: Stripe, act: Furnish) -> DomainEvent:
    """Money of the books' currency is kept as it is; what nobody's books keep is changed into the account's own."""
    if not fake.profile.settlement:
        fake.till.exchange = fake.till.exchange.keeping(act.dictionary.currency)
    return Furnished(dictionary=act.dictionary.name)


def _take(fake: Stripe, act: TakePayment) -> DomainEvent:
    """A customer pays: an intent and its charge; a card moves the balance at once, a debit when it succeeds."""
    instrument = {"card": cards.by_token("tok_visa"), "ach": banks.by_token("pm_usBankAccount_success")}.get(act.method)
    if instrument is None:
        raise ActRefused(f"Stripe's fake takes no payment by {act.method}", mend="pay by card or ach")
    _whole_units(act.amount)
    paying.check_amount(fake, act.amount)
    if act.method == "ach":
        paying.check_debit(fake, act.amount.currency)
    fake.till.changed(act.amount)  # refused here, before anything is written
    customer = _customer(fake, act)
    method = paying.new_method(fake, instrument)
    wish = Intent(
        id="",
        created_at=fake.setup.clock.now,
        amount=act.amount,
        customer=customer.id,
        description=act.description,
        references=tuple(sorted(act.references)),
        method_types=(method.kind,),
    )
    intent = paying.new_intent(fake, wish)
    _, charge = paying.confirm(fake, intent, method)
    if charge.decline is not None:
        raise ActRefused(f"Stripe declined the payment: {charge.failure_reason}")
    fee = fake.till.fee(fake.till.changed(charge.amount)[0], act.method)
    return PaymentTaken(charge_id=charge.id, amount=charge.amount, fee=fee)


def _refund(fake: Stripe, act: RefundPayment) -> DomainEvent:
    charge = _charge(fake, act.charge_id)
    if act.amount is not None:
        _whole_units(act.amount)
    references = tuple(sorted(act.references))
    given = dict(references).get("reason", "")
    reason = given if given in _STRIPES_REASONS else ""
    record = refunding.refund(fake, charge, act.amount, reason=reason, references=references)
    movement = fake.till.balance.movements.get(record.movement)
    fee = Money.zero(record.amount.currency) if movement is None else movement.fee
    return PaymentRefunded(refund_id=record.id, charge_id=charge.id, amount=record.amount, fee=fee)


def _dispute(fake: Stripe, act: DisputePayment) -> DomainEvent:
    charge = _charge(fake, act.charge_id)
    if act.amount is not None:
        _whole_units(act.amount)
    if act.reason not in disputing.REASONS:
        known = ", ".join(sorted(disputing.REASONS))
        raise ActRefused(f"nobody disputes at Stripe for {act.reason!r}", mend=f"use one of {known}")
    record = disputing.dispute(fake, charge, act.amount, reason=act.reason)
    return PaymentDisputed(dispute_id=record.id, charge_id=charge.id, amount=record.amount, fee=record.fee)


def _close(fake: Stripe, act: CloseDispute) -> DomainEvent:
    record = fake.state.disputes.get(act.dispute_id)
    if record is None:
        raise ActRefused(f"Stripe has no dispute {act.dispute_id!r}", mend="give a dispute's id")
    _, movement = disputing.close(fake, record, won=act.won)
    nothing = Money.zero(record.amount.currency)
    amount, fee = (nothing, nothing) if movement is None else (record.amount, -movement.fee)
    return DisputeClosed(dispute_id=record.id, won=act.won, amount=amount, fee=fee)


def _return(fake: Stripe, act: ReturnPayment) -> DomainEvent:
    charge = _charge(fake, act.charge_id)
    if act.code not in banks.RETURNS:
        raise ActRefused(f"no bank returns a debit for {act.code!r}", mend=f"use {', '.join(banks.RETURNS)}")
    after, movement = disputing.bounce(fake, charge, act.code)
    return PaymentDisputed(dispute_id=movement.source, charge_id=after.id, amount=-movement.amount, fee=movement.fee)


def _fail_payment(fake: Stripe, act: FailPayment) -> DomainEvent:
    charge = _charge(fake, act.charge_id)
    if act.code not in banks.RETURNS:
        raise ActRefused(f"no debit fails for {act.code!r}", mend=f"use {', '.join(banks.RETURNS)}")
    if charge.status != PENDING:
        raise ActRefused(
            f"the charge {charge.id} is {charge.status}: only a bank debit that is on its way fails",
            mend="pay by ach, and let it fail before it succeeded; afterwards it is returned",
        )
    after = capturing.fail(fake, charge, banks.returned(act.code))
    return PaymentFailed(charge_id=after.id, amount=after.amount)


def _pay_out(fake: Stripe, act: PayOut) -> DomainEvent:
    _whole_units(act.amount)
    return paying_out.told(paying_out.send(fake, act.amount))


def _fail_payout(fake: Stripe, act: FailPayout) -> DomainEvent:
    record = fake.state.payouts.get(act.payout_id)
    if record is None:
        raise ActRefused(f"Stripe has no payout {act.payout_id!r}", mend="give a payout's id")
    if act.code not in paying_out.FAILURES:
        raise ActRefused(f"no payout fails for {act.code!r}", mend=f"use {', '.join(paying_out.FAILURES)}")
    after = paying_out.fail(fake, record, act.code)
    return PayoutFailed(
        payout_id=after.id,
        amount=after.amount,
        reference=after.reference,
        arrived=record.status == engine.PAID,
    )


def _change_at(fake: Stripe, act: SetExchangeRate) -> DomainEvent:
    """The gateway says at which rate it changes a currency from now on."""
    today, own = fake.setup.clock.now.date(), fake.till.exchange.kept[:1]
    if act.rate <= 0:
        raise ActRefused(f"{act.rate} is no rate", mend="give a rate above zero")
    if act.day not in (None, today):
        raise ActRefused("a gateway's rate holds from the moment on at which it is stated", mend="leave the day out")
    if not own or act.currency in fake.till.exchange.kept:
        raise ActRefused(f"the gateway keeps {act.currency} as it is", mend="state rates of other currencies only")
    fake.till.exchange = fake.till.exchange.at(act.currency, act.rate)
    return ExchangeRateSet(currency=act.currency, day=today)


def _schedule(fake: Stripe, act: SchedulePayouts) -> DomainEvent:
    if act.interval not in INTERVALS:
        raise ActRefused(f"Stripe cannot pay out {act.interval!r}", mend=f"use {', '.join(INTERVALS)}")
    paying_out.schedule(fake, replace(fake.state.schedule, interval=act.interval))
    return PayoutsScheduled(interval=act.interval)


def _whole_units(amount: Money) -> None:
    try:
        to_wire(amount)
    except ValueError as error:
        raise ActRefused(f"Stripe refuses: {error}", mend="give whole minor units") from error


def _charge(fake: Stripe, charge_id: str) -> Charge:
    found = fake.state.charges.get(charge_id)
    if found is None:
        raise ActRefused(f"Stripe has no charge {charge_id!r}", mend="give a charge's id")
    return found


def _customer(fake: Stripe, act: TakePayment) -> Customer:
    """The customer with the CRM's id; without an id the first of that name; a new one if there is none."""
    customers = fake.state.customers
    if act.customer_reference:
        found = customers.first("crm", act.customer_reference)
    else:
        found = customers.first("name", act.customer_name)
    if found is not None:
        return found
    references = ((CRM_REFERENCE, act.customer_reference),) if act.customer_reference else ()
    customer = customers.put(
        Customer(
            id=fake.new_id("cus"),
            created_at=fake.setup.clock.now,
            name=act.customer_name,
            references=references,
            invoice_prefix=fake.setup.ids.token("stripe invoice prefix", 8).upper(),
        )
    )
    fake.wrote("customer", customer.id, "create", ("name", "references") if references else ("name",))
    tell(fake, "customer.created", customer)
    return customer


_ACTS: Mapping[type, Callable[[Stripe, Any], DomainEvent]] = MappingProxyType(
    {
        Furnish: _furnish,
        TakePayment: _take,
        RefundPayment: _refund,
        DisputePayment: _dispute,
        CloseDispute: _close,
        ReturnPayment: _return,
        FailPayment: _fail_payment,
        PayOut: _pay_out,
        FailPayout: _fail_payout,
        SchedulePayouts: _schedule,
        SetExchangeRate: _change_at,
    }
)
