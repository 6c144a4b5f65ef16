"""Test clocks: create, advance, delete, read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import clocks, errors
from simharness_fakes.stripe.routes.answers import answer, page
from simharness_fakes.stripe.state import TestClock
from simharness_fakes.stripe.wire import money, objects
from simharness_fakes.stripe.wire.amounts import moment

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: How far a clock without subscriptions may be moved at a time. Source: the documentation of the SDK.
_FARTHEST = timedelta(days=2 * 365)


def create(fake: Stripe, call: Call) -> Response:
    """A new clock at the instant that is given."""
    record = clocks.create(fake, moment(call.body["frozen_time"]), call.body.get("name", ""))
    return answer(fake, call, money.test_clock(record))


def retrieve(fake: Stripe, call: Call) -> Response:
    """One clock."""
    return answer(fake, call, money.test_clock(_clock(fake, call)))


def advance(fake: Stripe, call: Call) -> Response:
    """Begin to move a clock forward; it answers `advancing` and is `ready` a while later."""
    record, target = _clock(fake, call), moment(call.body["frozen_time"])
    if record.target is not None:
        message = "Cannot advance a test clock while it is advancing: wait until it is ready."
        raise errors.refusal(fake, message, status=429, code="lock_timeout")
    _check(fake, record.frozen_at, target)
    return answer(fake, call, money.test_clock(clocks.advance(fake, record, target)))


def delete(fake: Stripe, call: Call) -> Response:
    """Delete a clock with its customers."""
    record = _clock(fake, call)
    clocks.delete(fake, record)
    return answer(fake, call, objects.deleted("test_helpers.test_clock", record.id))


def listed(fake: Stripe, call: Call) -> Response:
    """Clocks, newest first."""
    return page(fake, call, "test clock", fake.state.clocks, money.test_clock)


def _check(fake: Stripe, frozen: datetime, target: datetime) -> None:
    if target <= frozen:
        message = "A test clock can only be advanced: frozen_time must be after the present frozen time."
        raise errors.refusal(fake, message, param="frozen_time")
    if target - frozen > _FARTHEST:
        message = f"A test clock can be advanced by at most {_FARTHEST.days} days at a time."
        raise errors.refusal(fake, message, param="frozen_time")


def _clock(fake: Stripe, call: Call) -> TestClock:
    record = fake.state.clocks.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "test clock", call.path["id"])
    return record
