"""Events and what they are about: the object of any record, as it was when something happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simharness_fakes.payments.payouts import Payout
from simharness_fakes.payments.refunds import Refund
from simharness_fakes.stripe.state import (
    BalanceSettings,
    Charge,
    Customer,
    Dispute,
    Event,
    Intent,
    Method,
    Subject,
    TestClock,
)
from simharness_fakes.stripe.wire import money, objects
from simharness_fakes.stripe.wire.amounts import seconds
from simharness_fakes.stripe.wire.objects import Object


def event(record: Event, version: str, pending: int, shape: Callable[[Object], Object], bank: money.Bankside) -> Object:
    """The `event` object; `shape` makes its objects those of `version`, `pending` counts endpoints still to be told."""
    after = shape(of_subject(record.subject, record.created_at, bank))
    data: Object = {"object": after}
    if record.before is not None:
        before = shape(of_subject(record.before, record.created_at, bank))
        data["previous_attributes"] = {name: value for name, value in before.items() if value != after.get(name)}
    return {
        "id": record.id,
        "object": "event",
        "api_version": version,
        "created": seconds(record.created_at),
        "data": data,
        "livemode": False,
        "pending_webhooks": pending,
        "request": {"id": record.request_id or None, "idempotency_key": record.idempotency_key or None},
        "type": record.kind,
    }


def of_subject(record: Subject, at: datetime, bank: money.Bankside) -> Object:
    """The object of any record an event can be about, as at an instant."""
    if isinstance(record, Dispute):
        return money.dispute(record, at)
    if isinstance(record, Payout):
        return money.payout(record, bank)
    return _SUBJECTS[type(record)](record)


_SUBJECTS: Mapping[type, Callable[[Any], Object]] = MappingProxyType(
    {
        Customer: objects.customer,
        Method: objects.payment_method,
        Intent: objects.payment_intent,
        Charge: objects.charge,
        Refund: money.refund,
        TestClock: money.test_clock,
        BalanceSettings: money.balance_settings,
    }
)
