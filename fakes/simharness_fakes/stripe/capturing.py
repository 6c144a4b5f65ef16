"""What becomes of a charge later: a debit is answered by its bank, an authorised card is captured or released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness_fakes.payments import disputes as engine
from simharness_fakes.payments.charges import FAILED, PENDING, SUCCEEDED
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.stripe import agenda, disputing, paying
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import Charge, Decline, Intent

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def debited(fake: Stripe, charge_id: str) -> None:
    """The bank of a debit answers: the money is there, or it does not come."""
    charge = fake.state.charges.get(charge_id)
    if charge is None or charge.status != PENDING:
        return
    decline = charge.instrument.decline
    if decline is not None:
        fail(fake, charge, decline)
        return
    after = replace(charge, status=SUCCEEDED)
    if not charge.movement:
        after = paying.taken(fake, after)
    _saved(fake, charge, after)
    tell(fake, "charge.succeeded", after, charge)
    _succeeded(fake, after)


def fail(fake: Stripe, charge: Charge, decline: Decline) -> Charge:
    """A debit that is on its way does not succeed: nothing of it is on the balance."""
    agenda.drop(fake, paying.DEBITED, charge.id)
    after = replace(charge, status=FAILED, failure_code=decline.code, failure_reason=decline.message, decline=decline)
    if charge.movement:
        after = engine.undo(fake.till, after, fake.new_id("txn"), fake.setup.clock.now)
    _saved(fake, charge, after)
    tell(fake, "charge.failed", after, charge)
    disputing.unpaid(fake, after)
    return after


def capture(fake: Stripe, intent: Intent, charge: Charge, amount: Money) -> Intent:
    """Take `amount` of what was authorised; the rest of the authorisation ends."""
    after = paying.taken(fake, charge, amount)
    agenda.drop(fake, paying.EXPIRES, charge.id)
    _saved(fake, charge, after)
    tell(fake, "charge.captured", after, charge)
    return _succeeded(fake, after) or intent


def release(fake: Stripe, charge: Charge, *, told_as: str) -> Charge:
    """Let what was authorised go: nothing of it can be captured any more."""
    after = replace(charge, released=True)
    agenda.drop(fake, paying.EXPIRES, charge.id)
    _saved(fake, charge, after)
    tell(fake, told_as, after, charge)
    return after


def expire(fake: Stripe, charge_id: str) -> None:
    """An authorisation that nobody captured ends, and its intent with it."""
    charge = fake.state.charges.get(charge_id)
    intent = None if charge is None else fake.state.intents.get(charge.intent)
    if charge is None or intent is None or charge.captured is not None or charge.released:
        return
    release(fake, charge, told_as="charge.expired")
    canceled(fake, intent, "automatic")


def canceled(fake: Stripe, intent: Intent, reason: str) -> Intent:
    """An intent that will never be paid."""
    after = replace(intent, status=paying.CANCELED, canceled_at=fake.setup.clock.now, cancellation_reason=reason)
    fake.state.intents.put(after)
    fake.wrote("payment_intent", intent.id, "update", paying.changed(intent, after))
    tell(fake, "payment_intent.canceled", after)
    return after


def disputed(fake: Stripe, charge_id: str) -> None:
    """The customer of a test card contests what is left of a charge, if anything is."""
    charge = fake.state.charges.get(charge_id)
    reason = getattr(charge.instrument, "dispute_reason", "") if charge is not None else ""
    if charge is None or not reason:
        return
    try:
        disputing.dispute(fake, charge, reason=reason)
    except Refused:
        # It was refunded or disputed before; then there is nothing to contest.
        return


def _succeeded(fake: Stripe, charge: Charge) -> Intent | None:
    before = fake.state.intents.get(charge.intent)
    if before is None:
        return None
    after = replace(before, status=SUCCEEDED, received=charge.captured, error=None)
    fake.state.intents.put(after)
    fake.wrote("payment_intent", after.id, "update", paying.changed(before, after))
    tell(fake, "payment_intent.succeeded", after)
    return after


def _saved(fake: Stripe, before: Charge, after: Charge) -> None:
    fake.state.charges.put(after)
    fake.wrote("charge", after.id, "update", paying.changed(before, after))
