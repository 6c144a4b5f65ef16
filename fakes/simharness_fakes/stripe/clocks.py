"""Test clocks: time of their own for some customers. An advance takes a while; until then the clock is advancing.

Of what this account has, only customers are in the time of their clock: payment intents, and so charges, say when they
really came about (source: Stripe's own answer in its Python SDK's tracker), and balance and payouts are the account's.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness_fakes.stripe import agenda
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import TestClock
from simharness_fakes.stripe.wire.money import CLOCK_LIFE

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: What is planned: a clock that is advancing has arrived.
READY = "test_clock_ready"

#: What is planned: a clock has come to the end of its life.
OVER = "test_clock_over"

#: How many customers one clock can have. Source: Stripe's page on test clocks.
MOST_CUSTOMERS = 3


def create(fake: Stripe, frozen_at: datetime, name: str) -> TestClock:
    """A new clock, ready."""
    now = fake.setup.clock.now
    record = fake.state.clocks.put(TestClock(id=fake.new_id("clock"), created_at=now, frozen_at=frozen_at, name=name))
    fake.wrote("test_clock", record.id, "create", ("vendor:frozen_at", *(("name",) if name else ())))
    tell(fake, "test_helpers.test_clock.created", record)
    agenda.plan(fake, now + CLOCK_LIFE, OVER, record.id)
    return record


def advance(fake: Stripe, before: TestClock, target: datetime) -> TestClock:
    """Begin to move a clock; it is ready some seconds of the account's own time later."""
    after = fake.state.clocks.put(replace(before, target=target))
    tell(fake, "test_helpers.test_clock.advancing", after, before)
    agenda.plan(fake, fake.setup.clock.now + fake.profile.test_clock, READY, after.id)
    return after


def ready(fake: Stripe, clock_id: str) -> None:
    """A clock has arrived where it was to go."""
    before = fake.state.clocks.get(clock_id)
    if before is not None and before.target is not None:
        after = fake.state.clocks.put(replace(before, frozen_at=before.target, target=None))
        fake.wrote("test_clock", after.id, "update", ("vendor:frozen_at",))
        tell(fake, "test_helpers.test_clock.ready", after, before)


def over(fake: Stripe, clock_id: str) -> None:
    """A clock that nobody deleted goes by itself."""
    record = fake.state.clocks.get(clock_id)
    if record is not None:
        delete(fake, record)


def delete(fake: Stripe, record: TestClock) -> None:
    """Delete a clock and, with it, its customers."""
    from simharness_fakes.stripe.routes.customers import removed

    found = fake.state.customers.page(MOST_CUSTOMERS, where={"test_clock": record.id})
    for customer in found.items:
        removed(fake, customer)
    for planned in (READY, OVER):
        agenda.drop(fake, planned, record.id)
    fake.state.clocks.remove(record.id)
    fake.wrote("test_clock", record.id, "delete", ())
    tell(fake, "test_helpers.test_clock.deleted", record)
