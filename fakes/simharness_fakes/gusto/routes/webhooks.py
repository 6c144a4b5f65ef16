"""Subscriptions to news with their handshake, and the list of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, hooks
from simharness_fakes.gusto.routes.answers import PER, answer, listed, nothing
from simharness_fakes.gusto.state import Subscription
from simharness_fakes.gusto.wire.forms import Object

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def subscriptions(fake: Gusto, call: Call) -> Response:
    """All subscriptions of the app."""
    return listed(call, [each for each in fake.state.subscriptions if each.url], _shown)


def subscription(fake: Gusto, call: Call) -> Response:
    """One subscription."""
    return answer(_shown(_found(fake, call)))


def create(fake: Gusto, call: Call) -> Response:
    """A new subscription: it is pending until the token that is sent to its URL came back."""
    url = call.body["url"]
    if not hooks.usable(url):
        raise errors.invalid("url", "is a URL with http or https")
    new = fake.state.subscriptions.put(
        Subscription(
            id=fake.new_id("subscription"),
            url=url,
            types=tuple(call.body["subscription_types"]),
            token=fake.setup.ids.token("gusto verification token", 43),
        )
    )
    fake.wrote("webhook_subscription", new.id, "create", ("vendor:url",), call.actor)
    hooks.verification(fake, new)
    return answer(_shown(new), 201)


def update(fake: Gusto, call: Call) -> Response:
    """Other types."""
    old = _found(fake, call)
    new = fake.state.subscriptions.put(replace(old, types=tuple(call.body["subscription_types"])))
    fake.wrote("webhook_subscription", new.id, "update", ("vendor:subscription_types",), call.actor)
    return answer(_shown(new))


def delete(fake: Gusto, call: Call) -> Response:
    """Nobody is told any more."""
    old = _found(fake, call)
    fake.state.subscriptions.remove(old.id)
    fake.wrote("webhook_subscription", old.id, "delete", (), call.actor)
    return nothing()


def verify(fake: Gusto, call: Call) -> Response:
    """The token that was sent to the URL comes back: the subscription holds."""
    old = _found(fake, call)
    if call.body["verification_token"] != old.token:
        raise errors.invalid("verification_token", "is not the one that was sent to the subscription's URL")
    return answer(_shown(fake.state.subscriptions.put(replace(old, status="verified"))))


def request_token(fake: Gusto, call: Call) -> Response:
    """Send the token once more."""
    hooks.verification(fake, _found(fake, call))
    return answer({})


def events(fake: Gusto, call: Call) -> Response:
    """What happened, oldest first unless asked for otherwise."""
    query = call.query
    found = list(fake.state.events)
    if query.get("sort_order") == "desc":
        found.reverse()
    if after := query.get("starting_after_uuid"):
        places = [place for place, each in enumerate(found) if each.id == after]
        if not places:
            raise errors.invalid("starting_after_uuid", "there is no such event")
        found = found[places[0] + 1 :]
    company = query.get("resource_uuid", fake.state.company.id)
    kind = str(query.get("event_type", ""))
    chosen = [each for each in found if company == fake.state.company.id and each.kind.startswith(kind)]
    return answer([hooks.encode(fake, each) for each in chosen[: int(query.get("limit", PER))]])


def _found(fake: Gusto, call: Call) -> Subscription:
    found = fake.state.subscriptions.get(call.path["webhook_subscription_uuid"])
    if found is None:
        raise errors.missing()
    return found


def _shown(subscription: Subscription) -> Object:
    return {
        "uuid": subscription.id,
        "url": subscription.url,
        "status": subscription.status,
        "subscription_types": list(subscription.types),
    }
