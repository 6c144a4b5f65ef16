"""Disputes and returned debits: what a customer's bank takes back, and what it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import gateway
from simharness_fakes.payments import disputes as engine
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.fees import of_currency
from simharness_fakes.stripe.banks import returned
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.paying import NEEDS_METHOD, changed
from simharness_fakes.stripe.state import Card, Charge, Dispute, PaymentError

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


#: Why a customer contests a charge. Source: the documentation of the SDK.
REASONS = frozenset(
    {
        "bank_cannot_process",
        "check_returned",
        "credit_not_processed",
        "customer_initiated",
        "debit_not_authorized",
        "duplicate",
        "fraudulent",
        "general",
        "incorrect_account_details",
        "insufficient_funds",
        "noncompliant",
        "product_not_received",
        "product_unacceptable",
        "subscription_canceled",
        "unrecognized",
    }
)


def dispute(fake: Stripe, charge: Charge, amount: Money | None = None, *, reason: str) -> Dispute:
    """The customer contests `amount`, or all that is left. Raises `Refused` before anything changed."""
    contested = engine.check(charge, amount)
    fake.till.changed(contested)  # refused here, before anything is written
    now, terms = fake.setup.clock.now, fake.profile.disputes
    wish = Dispute(
        id=fake.new_id("dp"),
        charge=charge.id,
        intent=charge.intent,
        amount=contested,
        fee=of_currency(terms.fee, fake.till.exchange.currency_of(contested.currency)),
        created_at=now,
        due_at=terms.due_at(now),
        reason=reason,
        card=charge.instrument if isinstance(charge.instrument, Card) else None,
    )
    record, after = engine.withdraw(fake.till, charge, wish, fake.new_id("txn"))
    after = replace(after, disputed=True)
    fake.state.disputes.put(record)
    fake.state.charges.put(after)
    fake.wrote("dispute", record.id, "create", ("amount", "charge", "fee", "reason", "status"))
    fake.wrote("charge", charge.id, "update", ("vendor:withdrawn",))
    tell(fake, "charge.dispute.created", record)
    tell(fake, "charge.dispute.funds_withdrawn", record)
    if charge.method_kind != "card":
        # A debit's bank does not argue: Stripe's page on ACH disputes calls them final.
        record, _ = close(fake, record, won=False)
    return record


def answer(fake: Stripe, before: Dispute, after: Dispute) -> None:
    """Keep what somebody changed about a dispute and tell it."""
    if after != before:
        fake.state.disputes.put(after)
        fake.wrote("dispute", after.id, "update", changed(before, after))
        tell(fake, "charge.dispute.updated", after, before)


def close(fake: Stripe, record: Dispute, *, won: bool) -> tuple[Dispute, Movement | None]:
    """The bank decides. Raises `Refused` for a dispute that was decided before."""
    charge = fake.state.charges.get(record.charge)
    if charge is None:
        raise LookupError(f"dispute {record.id} has no charge {record.charge}")
    after, restored, movement = engine.close(
        fake.till,
        fake.profile.disputes,
        charge,
        record,
        won=won,
        movement_id=fake.new_id("txn") if won else "",
        now=fake.setup.clock.now,
    )
    fake.state.disputes.put(after)
    fake.wrote("dispute", after.id, "update", changed(record, after))
    if restored != charge:
        fake.state.charges.put(restored)
        fake.wrote("charge", charge.id, "update", ("vendor:withdrawn",))
    tell(fake, "charge.dispute.closed", after, record)
    if movement is not None:
        tell(fake, "charge.dispute.funds_reinstated", after)
    return after, movement


def bounce(fake: Stripe, charge: Charge, code: str) -> tuple[Charge, Movement]:
    """A debit that had succeeded comes back. Raises `Refused` for what cannot come back."""
    decline = returned(code)
    after, movement = engine.bounce(
        fake.till,
        fake.profile.disputes,
        charge,
        code=code,
        message=decline.message,
        movement_id=fake.new_id("txn"),
        now=fake.setup.clock.now,
    )
    after = replace(after, decline=decline)
    fake.state.charges.put(after)
    fake.wrote("charge", charge.id, "update", changed(charge, after))
    tell(fake, "charge.failed", after, charge)
    unpaid(fake, after)
    return after, movement


def canonical_return(fake: Stripe, charge: Charge) -> gateway.Dispute:
    """A debit that came back in neutral words."""
    movement = fake.till.balance.movements.get(charge.failure_movement)
    if movement is None:
        raise LookupError(f"charge {charge.id} names no movement {charge.failure_movement}")
    return engine.of_return(charge, movement)


def unpaid(fake: Stripe, charge: Charge) -> None:
    """The intent of a charge that failed after all waits for another way to pay."""
    intent, method = fake.state.intents.get(charge.intent), fake.state.methods.get(charge.method)
    if intent is None or method is None or charge.decline is None:
        return
    refused = PaymentError(decline=charge.decline, charge=charge.id, method=method)
    after = replace(intent, status=NEEDS_METHOD, method="", error=refused)
    fake.state.intents.put(after)
    fake.wrote("payment_intent", intent.id, "update", changed(intent, after))
    tell(fake, "payment_intent.payment_failed", after)
