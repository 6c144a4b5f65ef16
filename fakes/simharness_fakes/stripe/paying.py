"""Paying: intents and what becomes of them when they are confirmed with a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.fakekit.problems import VendorError
from simharness_fakes.payments.charges import FAILED, SUCCEEDED
from simharness_fakes.stripe import errors
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import Billing, Card, Charge, Intent, Method, PaymentError, References
from simharness_fakes.stripe.wire.amounts import step
from simharness_fakes.stripe.wire.objects import error_of, payment_intent, payment_method

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

NEEDS_METHOD, NEEDS_CONFIRMATION, CANCELED = "requires_payment_method", "requires_confirmation", "canceled"


def check_amount(fake: Stripe, amount: Money) -> None:
    """Refuse an amount below the currency's minimum."""
    minimum = fake.profile.minimums.get(amount.currency)
    if minimum is not None and amount < minimum:
        least = f"{minimum.amount} {minimum.currency.lower()}"
        raise errors.refusal(fake, f"Amount must be at least {least}", code="amount_too_small", param="amount")


def check_step(fake: Stripe, amount: int, currency: str) -> None:
    """Refuse an integer amount that the currency's last digits do not allow."""
    multiple = step(currency)
    if amount % multiple:
        message = f"Invalid integer: {amount}. Amounts in {currency.lower()} must be multiples of {multiple}."
        raise errors.refusal(fake, message, code="parameter_invalid_integer", param="amount")


def new_method(
    fake: Stripe, card: Card, *, customer: str = "", billing: Billing | None = None, references: References = ()
) -> Method:
    """A payment method of a card."""
    fingerprint = card.fingerprint or f"{card.brand}{card.last4}".ljust(16, "0")
    method = fake.state.methods.put(
        Method(
            id=fake.new_id("pm"),
            created_at=fake.setup.clock.now,
            card=replace(card, fingerprint=fingerprint),
            customer=customer,
            billing=billing or Billing(),
            references=references,
        )
    )
    fake.wrote("payment_method", method.id, "create", ("vendor:card", *(("customer",) if customer else ())))
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
    """Charge the card: the intent succeeds, or waits for another method with the reason in it."""
    charge = _charge(fake, intent, method)
    if not method.customer:
        method = fake.state.methods.put(replace(method, spent=True))
    if charge.decline is None:
        after = replace(intent, status="succeeded", method=method.id, latest_charge=charge.id, error=None)
        tell(fake, "charge.succeeded", charge)
        happened = "payment_intent.succeeded"
    else:
        refused = PaymentError(decline=charge.decline, charge=charge.id, method=method)
        after = replace(intent, status=NEEDS_METHOD, method="", latest_charge=charge.id, error=refused)
        tell(fake, "charge.failed", charge)
        happened = "payment_intent.payment_failed"
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


def _charge(fake: Stripe, intent: Intent, method: Method) -> Charge:
    decline = method.card.decline
    charge = Charge(
        id=fake.new_id("ch"),
        amount=intent.amount,
        created_at=fake.setup.clock.now,
        status=SUCCEEDED if decline is None else FAILED,
        customer=intent.customer,
        method=method.id,
        intent=intent.id,
        description=intent.description,
        references=intent.references,
        failure_code="" if decline is None else decline.code,
        failure_reason="" if decline is None else decline.message,
        card=method.card,
        billing=method.billing,
        decline=decline,
        receipt_email=intent.receipt_email,
        descriptor=intent.descriptor,
        descriptor_suffix=intent.descriptor_suffix,
    )
    if decline is None:
        charge = fake.till.settle(charge, fake.new_id("txn"), charge.created_at)
    fake.state.charges.put(charge)
    named = [name for name in ("customer", "description", "references") if getattr(charge, name)]
    fake.wrote("charge", charge.id, "create", ("amount", "method", "status", *named))
    return charge
