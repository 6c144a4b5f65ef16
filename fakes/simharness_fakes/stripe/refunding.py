"""Refunds: what they do to their charge, the balance and whoever listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness_fakes.payments import refunds as engine
from simharness_fakes.payments.charges import PENDING, SUCCEEDED
from simharness_fakes.payments.refunds import Refund
from simharness_fakes.stripe import agenda
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import Charge, References

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: What is planned: the bank of a debit took the refund, or a bank refused one.
SUCCEEDS, FAILS = "refund_succeeds", "refund_fails"


def refund(
    fake: Stripe, charge: Charge, amount: Money | None = None, *, reason: str = "", references: References = ()
) -> Refund:
    """Give back `amount`, or all that is left. Raises `Refused` before anything changed."""
    given = engine.check(charge, amount)
    fake.till.changed(given)  # refused here, before anything is written
    now = fake.setup.clock.now
    is_card = charge.method_kind == "card"
    wish = Refund(
        id=fake.new_id("re" if is_card else "pyr"),
        charge=charge.id,
        intent=charge.intent,
        amount=given,
        created_at=now,
        status=SUCCEEDED if is_card and charge.refund_course != "pending" else PENDING,
        reason=reason,
        references=references,
    )
    record, after, _ = engine.give_back(fake.till, fake.profile.refunds, charge, wish, fake.new_id("txn"))
    fake.state.refunds.put(record)
    fake.state.charges.put(after)
    named = [name for name in ("reason", "references") if getattr(record, name)]
    fake.wrote("refund", record.id, "create", ("amount", "charge", "status", *named))
    fake.wrote("charge", charge.id, "update", ("vendor:refunded",))
    tell(fake, "refund.created", record)
    tell(fake, "charge.refunded", after, charge)
    if charge.refund_course == "fails":
        agenda.plan(fake, fake.profile.bank_answers(now), FAILS, record.id)
    elif record.status == PENDING:
        agenda.plan(fake, fake.profile.bank_answers(now), SUCCEEDS, record.id)
    return record


def succeed(fake: Stripe, refund_id: str) -> None:
    """A refund that was pending arrived at the customer's bank."""
    record = fake.state.refunds.get(refund_id)
    if record is not None and record.status == PENDING:
        saved(fake, record, replace(record, status=SUCCEEDED))


def fail(fake: Stripe, refund_id: str) -> None:
    """The customer's bank refused a refund: the money is back on the balance, and left of its charge again."""
    record = fake.state.refunds.get(refund_id)
    charge = None if record is None else fake.state.charges.get(record.charge)
    if record is None or charge is None or record.status not in (PENDING, SUCCEEDED):
        return
    after, restored = engine.fail(
        fake.till, charge, record, fake.new_id("txn"), fake.setup.clock.now, "expired_or_canceled_card"
    )
    fake.state.charges.put(restored)
    fake.wrote("charge", charge.id, "update", ("vendor:refunded",))
    saved(fake, record, after)
    tell(fake, "refund.failed", after)


def saved(fake: Stripe, before: Refund, after: Refund) -> None:
    """Keep a refund that changed and tell it."""
    from simharness_fakes.stripe.paying import changed

    fake.state.refunds.put(after)
    fake.wrote("refund", after.id, "update", changed(before, after))
    tell(fake, "charge.refund.updated", after, before)
    tell(fake, "refund.updated", after, before)
