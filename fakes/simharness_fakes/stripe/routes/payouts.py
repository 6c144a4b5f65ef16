"""Payouts: sent by hand, described, canceled and read; the schedule sends others by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.payments import payouts as engine
from simharness_fakes.payments.payouts import Payout
from simharness_fakes.stripe import errors, paying, paying_out
from simharness_fakes.stripe.routes.answers import answer, merged, page, span, too_many_keys
from simharness_fakes.stripe.wire import money
from simharness_fakes.stripe.wire.amounts import from_wire
from simharness_fakes.stripe.wire.objects import Object

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def create(fake: Stripe, call: Call) -> Response:
    """Send an amount of what is available to the bank account."""
    body = call.body
    if body.get("destination", fake.bank_account) != fake.bank_account:
        raise errors.missing(fake, "external account", body["destination"], param="destination", status=400)
    paying.check_step(fake, body["amount"], body["currency"].upper())
    record = paying_out.send(
        fake,
        from_wire(body["amount"], body["currency"]),
        description=body.get("description", ""),
        descriptor=body.get("statement_descriptor", ""),
        references=merged((), body.get("metadata")),
    )
    fake.setup.announce((paying_out.told(record),))
    return _answer(fake, call, record)


def retrieve(fake: Stripe, call: Call) -> Response:
    """One payout."""
    return _answer(fake, call, _payout(fake, call))


def update(fake: Stripe, call: Call) -> Response:
    """Change the metadata."""
    before, body = _payout(fake, call), call.body or {}
    after = replace(before, references=merged(before.references, body.get("metadata")))
    too_many_keys(fake, after.references)
    if after != before:
        paying_out.saved(fake, before, after)
    return _answer(fake, call, after)


def cancel(fake: Stripe, call: Call) -> Response:
    """Take a payout back that somebody sent by hand and that did not go to the bank yet."""
    record = _payout(fake, call)
    if record.automatic or record.status != engine.PENDING:
        message = f"Payouts can only be canceled while they are pending: {record.id} is {record.status}."
        if record.automatic:
            message = f"Payout {record.id} is automatic and cannot be canceled."
        raise errors.refusal(fake, message)
    return _answer(fake, call, paying_out.cancel(fake, record))


def listed(fake: Stripe, call: Call) -> Response:
    """Payouts, newest first, filtered by `status`, `arrival_date`, `destination` and `created`."""
    query, arrival = call.query, span(call.query.get("arrival_date"))
    elsewhere = query.get("destination", fake.bank_account) != fake.bank_account

    def wanted(record: Payout) -> bool:
        arrives = money.arrival(record)
        return (
            not elsewhere
            and (arrival.since is None or arrives >= arrival.since)
            and (arrival.until is None or arrives < arrival.until)
        )

    def encode(record: Payout) -> Object:
        return money.payout(record, fake.bankside)

    where = {"status": query["status"]} if "status" in query else None
    return page(fake, call, "payout", fake.state.payouts, encode, where=where, keep=wanted)


def _answer(fake: Stripe, call: Call, record: Payout) -> Response:
    return answer(fake, call, money.payout(record, fake.bankside))


def _payout(fake: Stripe, call: Call) -> Payout:
    record = fake.state.payouts.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "payout", call.path["id"])
    return record
