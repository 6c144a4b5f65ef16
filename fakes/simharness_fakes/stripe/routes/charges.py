"""Charges: read, and described; they are made by confirming payment intents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import errors, paying
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.state import Charge
from simharness_fakes.stripe.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def retrieve(fake: Stripe, call: Call) -> Response:
    """One charge."""
    return answer(fake, call, objects.charge(_charge(fake, call)))


def update(fake: Stripe, call: Call) -> Response:
    """Change description, metadata or the address of the receipt."""
    before, body = _charge(fake, call), call.body
    changes: dict[str, Any] = {name: body[name] for name in ("description", "receipt_email") if name in body}
    if "metadata" in body:
        changes["references"] = merged(before.references, body["metadata"])
        too_many_keys(fake, changes["references"])
    after = replace(before, **changes)
    if after != before:
        fake.state.charges.put(after)
        fake.wrote("charge", after.id, "update", paying.changed(before, after))
        tell(fake, "charge.updated", after, before)
    return answer(fake, call, objects.charge(after))


def listed(fake: Stripe, call: Call) -> Response:
    """Charges, newest first, filtered by `customer`, `payment_intent` and `created`."""
    names = {"customer": "customer", "payment_intent": "intent"}
    where = {field: call.query[name] for name, field in names.items() if name in call.query}
    return page(fake, call, "charge", fake.state.charges, objects.charge, where=where)


def _charge(fake: Stripe, call: Call) -> Charge:
    record = fake.state.charges.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "charge", call.path["id"])
    return record
