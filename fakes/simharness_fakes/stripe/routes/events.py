"""Events, read over the API: in the shape of the account's version, as Stripe keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import errors
from simharness_fakes.stripe import events as telling
from simharness_fakes.stripe.routes.answers import answer, page
from simharness_fakes.stripe.state import Event
from simharness_fakes.stripe.wire.objects import Object

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def retrieve(fake: Stripe, call: Call) -> Response:
    """One event."""
    record = fake.state.events.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "event", call.path["id"])
    return answer(fake, call, telling.encode(fake, record, fake.profile.version))


def listed(fake: Stripe, call: Call) -> Response:
    """Events, newest first, filtered by `type` (`charge.*` is a group), `types` and `created`."""
    query = call.query
    if "type" in query and "types" in query:
        message = "You may only specify one of these parameters: type, types."
        raise errors.refusal(fake, message, code="parameters_exclusive", param="type")
    kind = query.get("type", "")
    where = {"kind": kind} if kind and "*" not in kind else None
    return page(fake, call, "event", fake.state.events, _encoder(fake), where=where, keep=_wanted(call, kind))


def _encoder(fake: Stripe) -> Callable[[Event], Object]:
    return lambda event: telling.encode(fake, event, fake.profile.version)


def _wanted(call: Call, kind: str) -> Callable[[Event], bool] | None:
    if kind.endswith("*"):
        return lambda event: event.kind.startswith(kind[:-1])
    if "types" in call.query:
        kinds = frozenset(call.query["types"])
        return lambda event: event.kind in kinds
    return None
