"""The balance and its transactions: every movement with its fee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.payments.balance import Movement
from simharness_fakes.stripe import errors
from simharness_fakes.stripe.routes.answers import answer, page
from simharness_fakes.stripe.wire import money, objects

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def retrieve(fake: Stripe, call: Call) -> Response:
    """What is available and what is pending now."""
    now, balance = fake.setup.clock.now, fake.till.balance
    return answer(fake, call, money.balance(balance.available(now), balance.pending(now), fake.profile.currency))


def transaction(fake: Stripe, call: Call) -> Response:
    """One movement of the balance."""
    record = fake.till.balance.movements.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "balance transaction", call.path["id"])
    return answer(fake, call, money.balance_transaction(record, fake.setup.clock.now))


def transactions(fake: Stripe, call: Call) -> Response:
    """Movements, newest first, filtered by `type`, `source`, `currency`, `created` and the automatic `payout`."""
    query, now = call.query, fake.setup.clock.now
    where = {
        field: query[name]
        for name, field in (("type", "kind"), ("source", "source"), ("payout", "payout"))
        if name in query
    }
    if "currency" in query:
        where["currency"] = query["currency"].upper()

    own = fake.profile.payout_lists_itself

    def wanted(record: Movement) -> bool:
        return own or "payout" not in query or record.source != query["payout"]

    def encode(record: Movement) -> objects.Object:
        return money.balance_transaction(record, now)

    return page(fake, call, "balance transaction", fake.till.balance.movements, encode, where=where, keep=wanted)
