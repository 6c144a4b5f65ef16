"""Payouts: by hand and on the account's schedule, from the balance to the bank, and back when the bank refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.events import PayoutSent
from simharness_fakes.payments import payouts as engine
from simharness_fakes.payments.payouts import Payout, Schedule
from simharness_fakes.stripe import agenda
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import References

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: What is planned: the next automatic payout, a payout goes to the bank, the bank has booked one.
RUNS, SUBMITTED, ARRIVES = "payouts_run", "payout_submitted", "payout_arrives"

#: Why a bank sends a payout back: Stripe's code and its message. Source: Stripe's reference of payout failure codes.
FAILURES: Mapping[str, str] = MappingProxyType(
    {
        "account_closed": "The bank account has been closed.",
        "account_frozen": "The bank account has been frozen.",
        "bank_account_restricted": "The bank account has restrictions on either the type or number of payouts allowed.",
        "could_not_process": "The bank could not process this payout.",
        "declined": "The bank has declined this transfer.",
        "debit_not_authorized": "Debit transactions are not approved on the bank account.",
        "incorrect_account_holder_name": "The bank notified us that the bank account holder name on file is incorrect.",
        "insufficient_funds": "The bank account has insufficient funds to cover the negative balance.",
        "invalid_account_number": "The routing number seems correct, but the account number is invalid.",
        "no_account": "The bank account details on file are probably incorrect.",
    }
)


def send(
    fake: Stripe, amount: Money, *, description: str = "", descriptor: str = "", references: References = ()
) -> Payout:
    """Somebody pays out an amount. Raises `Refused` before anything changed."""
    engine.check(fake.till, amount, fake.setup.clock.now)
    wish = _wish(fake, amount, description=description, descriptor=descriptor, references=references)
    return _sent(fake, engine.send(fake.till, wish, fake.new_id("txn")))


def schedule(fake: Stripe, wanted: Schedule) -> None:
    """From now on the account pays out on this schedule."""
    fake.state.schedule = wanted
    agenda.drop(fake, RUNS)
    due = wanted.next_after(fake.setup.clock.now)
    if due is not None:
        agenda.plan(fake, due, RUNS)


def run(fake: Stripe, subject: str = "") -> None:
    """The schedule pays out all that is available, one payout a currency."""
    del subject  # There is one schedule an account.
    now = fake.setup.clock.now
    for currency in fake.till.balance.currencies():
        movements = engine.collect(fake.till, currency, now, collects=fake.state.collects)
        if movements:
            amount = sum((m.net for m in movements), Money.zero(currency))
            wish = replace(_wish(fake, amount), automatic=True)
            record = _sent(fake, engine.carry(fake.till, wish, movements, fake.new_id("txn")))
            fake.setup.announce((told(record),))
    schedule(fake, fake.state.schedule)


def submit(fake: Stripe, payout_id: str) -> None:
    """A payout goes to the bank; from now on it cannot be canceled."""
    record = fake.state.payouts.get(payout_id)
    if record is not None and record.status == engine.PENDING:
        saved(fake, record, replace(record, status=engine.IN_TRANSIT))


def arrive(fake: Stripe, payout_id: str) -> None:
    """The bank has booked a payout."""
    record = fake.state.payouts.get(payout_id)
    if record is not None and record.status in (engine.PENDING, engine.IN_TRANSIT):
        after = replace(record, status=engine.PAID)
        saved(fake, record, after, told_as="")
        tell(fake, "payout.paid", after)
        if after.automatic:
            tell(fake, "payout.reconciliation_completed", after)


def fail(fake: Stripe, record: Payout, code: str) -> Payout:
    """The bank sends a payout back. Raises `Refused` for one that came back before."""
    after = engine.fail(
        fake.till,
        record,
        code=code,
        message=FAILURES[code],
        movement_id=fake.new_id("txn"),
        now=fake.setup.clock.now,
    )
    _stopped(fake, record.id)
    saved(fake, record, after, told_as="")
    tell(fake, "payout.failed", after, record)
    return after


def cancel(fake: Stripe, record: Payout) -> Payout:
    """Somebody takes a payout back. Raises `Refused` for one that is on its way."""
    after = engine.cancel(fake.till, record, fake.new_id("txn"), fake.setup.clock.now)
    _stopped(fake, record.id)
    saved(fake, record, after, told_as="")
    tell(fake, "payout.canceled", after, record)
    return after


def saved(fake: Stripe, before: Payout, after: Payout, told_as: str = "payout.updated") -> None:
    """Keep a payout that changed."""
    from simharness_fakes.stripe.paying import changed

    fake.state.payouts.put(after)
    fake.wrote("payout", after.id, "update", changed(before, after))
    if told_as:
        tell(fake, told_as, after, before)


def told(record: Payout) -> PayoutSent:
    """A payout in neutral words."""
    return PayoutSent(
        payout_id=record.id,
        amount=record.amount,
        reference=record.reference,
        arrival=record.arrival,
        automatic=record.automatic,
    )


def _wish(
    fake: Stripe, amount: Money, *, description: str = "", descriptor: str = "", references: References = ()
) -> Payout:
    now = fake.setup.clock.now
    return Payout(
        id=fake.new_id("po"),
        amount=amount,
        created_at=now,
        arrival=fake.profile.payouts.arrival(now),
        # As ACH has it: the gateway's bank, then the number of the entry.
        reference=f"09100001{fake.setup.ids.next('stripe trace', start=1000001):07d}",
        description=description,
        descriptor=descriptor,
        references=references,
    )


def _sent(fake: Stripe, record: Payout) -> Payout:
    fake.state.payouts.put(record)
    named = [name for name in ("description", "references") if getattr(record, name)]
    fake.wrote("payout", record.id, "create", ("amount", "arrival", "reference", "status", *named))
    tell(fake, "payout.created", record)
    agenda.plan(fake, record.created_at + fake.profile.payout_submit, SUBMITTED, record.id)
    agenda.plan(fake, datetime.combine(record.arrival, time(0), tzinfo=UTC), ARRIVES, record.id)
    return record


def _stopped(fake: Stripe, payout_id: str) -> None:
    agenda.drop(fake, SUBMITTED, payout_id)
    agenda.drop(fake, ARRIVES, payout_id)
