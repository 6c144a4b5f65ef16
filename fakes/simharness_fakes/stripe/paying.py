"""Paying: intents and what becomes of them when they are confirmed with a card or a bank account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.fakekit.problems import VendorError
from simharness_fakes.payments.charges import FAILED, PENDING, SUCCEEDED
from simharness_fakes.stripe import agenda, errors, reserve
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import (
    Bank,
    Billing,
    Card,
    Charge,
    Instrument,
    Intent,
    Method,
    PaymentError,
    References,
)
from simharness_fakes.stripe.wire.amounts import step
from simharness_fakes.stripe.wire.objects import error_of, payment_intent, payment_method

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

NEEDS_METHOD, NEEDS_CONFIRMATION, CANCELED = "requires_payment_method", "requires_confirmation", "canceled"
NEEDS_CAPTURE, PROCESSING, MANUAL = "requires_capture", "processing", "manual"

#: What is planned: a bank answers a debit, an authorisation ends, the customer of a test card disputes.
DEBITED, EXPIRES, DISPUTED = "charge_debited", "charge_expires", "charge_disputed"


def check_amount(fake: Stripe, amount: Money) -> None:
    """Refuse an amount below the currency's minimum."""
    minimum = fake.profile.minimums.get(amount.currency)
    if minimum is not None and amount < minimum:
        least = f"{minimum.amount} {minimum.currency.lower()}"
        raise errors.refusal(fake, f"Amount must be at least {least}", code="amount_too_small", param="amount")


def check_debit(fake: Stripe, currency: str) -> None:
    """Refuse to debit a US bank account in another currency than dollars."""
    if currency != "USD":
        message = f"The currency provided ({currency.lower()}) is invalid for us_bank_account: debits are in usd."
        raise errors.refusal(fake, message, param="currency")


def check_step(fake: Stripe, amount: int, currency: str, param: str = "amount") -> None:
    """Refuse an integer amount that the currency's last digits do not allow."""
    multiple = step(currency)
    if amount % multiple:
        message = f"Invalid integer: {amount}. Amounts in {currency.lower()} must be multiples of {multiple}."
        raise errors.refusal(fake, message, code="parameter_invalid_integer", param=param)


def new_method(
    fake: Stripe,
    instrument: Instrument,
    *,
    customer: str = "",
    billing: Billing | None = None,
    references: References = (),
) -> Method:
    """A payment method of a card or a bank account."""
    issuer = instrument.brand if isinstance(instrument, Card) else "bank"
    fingerprint = instrument.fingerprint or f"{issuer}{instrument.last4}".ljust(16, "0")
    method = fake.state.methods.put(
        Method(
            id=fake.new_id("pm"),
            created_at=fake.setup.clock.now,
            instrument=replace(instrument, fingerprint=fingerprint),
            customer=customer,
            billing=billing or Billing(),
            references=references,
        )
    )
    named = ("customer",) if customer else ()
    fake.wrote("payment_method", method.id, "create", (f"vendor:{method.kind}", *named))
    return method


def new_intent(fake: Stripe, intent: Intent) -> Intent:
    """Keep an intent that was put together without an id: it gets its id, its secret and its instant."""
    intent_id = fake.new_id("pi")
    intent = replace(
        intent,
        id=intent_id,
        created_at=fake.setup.clock.now,
        client_secret=f"{intent_id}_secret_{fake.setup.ids.token('stripe client secret', 25)}",
    )
    fake.state.intents.put(intent)
    named = [name for name in ("customer", "description", "references") if getattr(intent, name)]
    fake.wrote("payment_intent", intent.id, "create", ("amount", *named))
    tell(fake, "payment_intent.created", intent)
    return intent


def confirm(fake: Stripe, intent: Intent, method: Method) -> tuple[Intent, Charge]:
    """Charge the method: the intent succeeds, waits for its capture or its bank, or wants another method."""
    fake.till.changed(intent.amount)  # refused here, before anything is written
    charge = _charge(fake, intent, method)
    if not method.customer:
        method = fake.state.methods.put(replace(method, spent=True))
    after = replace(intent, method=method.id, latest_charge=charge.id, error=None)
    if charge.status == PENDING:
        after = replace(after, status=PROCESSING)
        told, happened = "charge.pending", "payment_intent.processing"
        if not (isinstance(charge.instrument, Bank) and charge.instrument.stuck):
            agenda.plan(fake, fake.profile.bank_answers(charge.created_at), DEBITED, charge.id)
    elif charge.decline is not None:
        refused = PaymentError(decline=charge.decline, charge=charge.id, method=method)
        after = replace(after, status=NEEDS_METHOD, method="", error=refused)
        told, happened = "charge.failed", "payment_intent.payment_failed"
    elif charge.captured is None:
        after = replace(after, status=NEEDS_CAPTURE)
        told, happened = "charge.succeeded", "payment_intent.amount_capturable_updated"
        agenda.plan(fake, charge.created_at + fake.profile.authorization, EXPIRES, charge.id)
    else:
        after = replace(after, status=SUCCEEDED, received=charge.captured)
        told, happened = "charge.succeeded", "payment_intent.succeeded"
    tell(fake, told, charge)
    fake.state.intents.put(after)
    fake.wrote("payment_intent", intent.id, "update", changed(intent, after))
    tell(fake, happened, after)
    return after, charge


def declined(fake: Stripe, intent: Intent) -> VendorError | None:
    """The 402 of an intent whose last confirmation was declined, or None."""
    if intent.error is None:
        return None
    told = error_of(intent.error.decline, intent.error.charge)
    del told["type"], told["doc_url"]
    return VendorError(
        errors.error(
            fake,
            402,
            told.pop("message"),
            kind="card_error",
            code=told.pop("code"),
            **told,
            payment_intent=payment_intent(intent),
            payment_method=payment_method(intent.error.method),
        )
    )


def wrong_state(fake: Stripe, intent: Intent, wish: str) -> VendorError:
    """An intent that is past what somebody wishes to do with it."""
    message = f"You cannot {wish} this PaymentIntent because it has a status of {intent.status}."
    return errors.refusal(fake, message, code="payment_intent_unexpected_state", payment_intent=payment_intent(intent))


def changed(before: object, after: object) -> tuple[str, ...]:
    """The canonical names of the fields in which two versions of a record differ; Stripe's own as `vendor:NAME`."""
    names = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]  # type: ignore[attr-defined]  # both are structs of one type
    return tuple(name if name in _CANONICAL else f"vendor:{name}" for name in names)


_CANONICAL = frozenset(
    {"amount", "status", "customer", "method", "description", "references", "name", "email", "phone"}
)


def taken(fake: Stripe, charge: Charge, amount: Money | None = None, *, available_at: datetime | None = None) -> Charge:
    """A charge whose money, or `amount` of it, is on the balance now; what is kept back as a security is too."""
    card, now = charge.instrument, fake.setup.clock.now
    if isinstance(card, Card) and card.bypass:
        available_at = now
    charge = fake.till.settle(charge, fake.new_id("txn"), now, amount, available_at=available_at)
    reserve.hold(fake, charge)
    if isinstance(card, Card) and card.dispute_reason:
        agenda.plan(fake, now, DISPUTED, charge.id)
    return charge


def _charge(fake: Stripe, intent: Intent, method: Method) -> Charge:
    is_card = isinstance(method.instrument, Card)
    decline = method.instrument.decline if is_card else None
    status = PENDING if not is_card else SUCCEEDED if decline is None else FAILED
    charge = Charge(
        id=fake.new_id("ch" if is_card else "py"),
        amount=intent.amount,
        created_at=fake.setup.clock.now,
        status=status,
        customer=intent.customer,
        method=method.id,
        method_kind="card" if is_card else "ach",
        intent=intent.id,
        description=intent.description,
        references=intent.references,
        failure_code="" if decline is None else decline.code,
        failure_reason="" if decline is None else decline.message,
        instrument=method.instrument,
        billing=method.billing,
        decline=decline,
        receipt_email=intent.receipt_email,
        descriptor=intent.descriptor,
        descriptor_suffix=intent.descriptor_suffix,
    )
    if status == SUCCEEDED and intent.capture_method != MANUAL:
        charge = taken(fake, charge)
    if fake.profile.booked_early and isinstance(method.instrument, Bank) and not method.instrument.stuck:
        charge = taken(fake, charge, available_at=fake.profile.bank_answers(charge.created_at))
    fake.state.charges.put(charge)
    named = [name for name in ("customer", "description", "references") if getattr(charge, name)]
    fake.wrote("charge", charge.id, "create", ("amount", "method", "status", *named))
    return charge
