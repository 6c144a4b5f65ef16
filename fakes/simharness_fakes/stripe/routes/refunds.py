"""Refunds of charges and of payment intents: create, describe, cancel, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.payments.charges import SUCCEEDED
from simharness_fakes.payments.refunds import Refund
from simharness_fakes.stripe import errors, paying, refunding
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.state import Charge
from simharness_fakes.stripe.wire import money
from simharness_fakes.stripe.wire.amounts import from_wire

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def create(fake: Stripe, call: Call) -> Response:
    """Give back an amount of a charge, or all that is left of it."""
    body = call.body or {}
    charge = _charge(fake, body)
    references = merged((), body.get("metadata"))
    record = refunding.refund(
        fake, charge, _amount(fake, charge, body), reason=body.get("reason", ""), references=references
    )
    return answer(fake, call, money.refund(record))


def retrieve(fake: Stripe, call: Call) -> Response:
    """One refund."""
    return answer(fake, call, money.refund(_refund(fake, call)))


def update(fake: Stripe, call: Call) -> Response:
    """Change the metadata: all else about a refund is settled."""
    before, body = _refund(fake, call), call.body or {}
    if "metadata" not in body:
        return answer(fake, call, money.refund(before))
    after = replace(before, references=merged(before.references, body["metadata"]))
    too_many_keys(fake, after.references)
    if after != before:
        refunding.saved(fake, before, after)
    return answer(fake, call, money.refund(after))


def cancel(fake: Stripe, call: Call) -> Response:
    """Refused: only a refund that waits for its customer can be canceled, and no modelled way to pay has such."""
    record = _refund(fake, call)
    message = f"Refund {record.id} cannot be canceled: only a refund with status requires_action can be."
    raise errors.refusal(fake, message)


def listed(fake: Stripe, call: Call) -> Response:
    """Refunds, newest first, filtered by `charge`, `payment_intent` and `created`."""
    names = {"charge": "charge", "payment_intent": "intent"}
    where = {field: call.query[name] for name, field in names.items() if name in call.query}
    return page(fake, call, "refund", fake.state.refunds, money.refund, where=where)


def _charge(fake: Stripe, body: Json) -> Charge:
    """The charge a request names, directly or by its payment intent."""
    if "charge" in body and "payment_intent" in body:
        message = "You may only specify one of these parameters: charge, payment_intent."
        raise errors.refusal(fake, message, code="parameters_exclusive", param="charge")
    if "payment_intent" in body:
        intent = fake.state.intents.get(body["payment_intent"])
        if intent is None:
            raise errors.missing(fake, "payment_intent", body["payment_intent"], param="payment_intent", status=404)
        charge = fake.state.charges.get(intent.latest_charge)
        if charge is None or intent.status != SUCCEEDED:
            message = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
            raise errors.refusal(fake, message, param="payment_intent")
        return charge
    if "charge" not in body:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise errors.refusal(fake, message, code="parameter_missing", param="charge")
    charge = fake.state.charges.get(body["charge"])
    if charge is None:
        raise errors.missing(fake, "charge", body["charge"], param="charge", status=404)
    return charge


def _amount(fake: Stripe, charge: Charge, body: Json) -> Money | None:
    if "amount" not in body:
        return None
    paying.check_step(fake, body["amount"], charge.amount.currency)
    return from_wire(body["amount"], charge.amount.currency)


def _refund(fake: Stripe, call: Call) -> Refund:
    record = fake.state.refunds.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "refund", call.path["id"])
    return record
