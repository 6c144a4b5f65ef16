"""Settings and subscriptions of an app's webhooks. Callers identify themselves with the developer's key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.hubspot import subscribing, wire
from simharness_fakes.hubspot.hooks import Settings, Subscription
from simharness_fakes.hubspot.routes.batch import multi_status
from simharness_fakes.hubspot.state.refusals import NoSuchDefinition
from simharness_fakes.hubspot.values import instant_text

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot


def get_settings(fake: Hubspot, call: Call) -> Response:
    """Where the app listens."""
    _own_app(fake, call)
    if fake.hooks.settings is None:
        raise NoSuchDefinition("No webhook settings exist for this app")
    return wire.answer(_settings(fake.hooks.settings))


def put_settings(fake: Hubspot, call: Call) -> Response:
    """Where the app listens from now on."""
    _own_app(fake, call)
    concurrent = wire.whole(call.body["throttling"]["maxConcurrentRequests"])
    return wire.answer(_settings(subscribing.settle(fake, call.body["targetUrl"], concurrent)))


def delete_settings(fake: Hubspot, call: Call) -> Response:
    """The app listens nowhere any more; its subscriptions stay."""
    _own_app(fake, call)
    fake.hooks.settings = None
    return wire.nothing()


def list_subscriptions(fake: Hubspot, call: Call) -> Response:
    """What the app wants to hear of."""
    _own_app(fake, call)
    return wire.answer({"results": [_subscription(one) for one in fake.hooks.subscriptions]})


def create_subscription(fake: Hubspot, call: Call) -> Response:
    """A further event the app wants to hear of."""
    _own_app(fake, call)
    body = call.body
    name = body.get("propertyName") or ""
    one = subscribing.add(fake, body["eventType"], name, active=body.get("active", False))
    return wire.answer(_subscription(one), 201)


def get_subscription(fake: Hubspot, call: Call) -> Response:
    """One subscription."""
    return wire.answer(_subscription(_needed(fake, call, call.path["subscriptionId"])))


def update_subscription(fake: Hubspot, call: Call) -> Response:
    """A subscription switched on or off."""
    one = _needed(fake, call, call.path["subscriptionId"])
    return wire.answer(_subscription(_switched(fake, one, call.body.get("active", one.active))))


def delete_subscription(fake: Hubspot, call: Call) -> Response:
    """A subscription is gone."""
    one = _needed(fake, call, call.path["subscriptionId"])
    fake.hooks.subscriptions.remove(one.id)
    return wire.nothing()


def batch_update_subscriptions(fake: Hubspot, call: Call) -> Response:
    """Many subscriptions switched on or off."""
    _own_app(fake, call)
    results: list[Json] = []
    errors: list[Json] = []
    for body in call.body["inputs"]:
        one = fake.hooks.subscriptions.get(wire.reference(body["id"]))
        if one is None:
            message, context = f"Subscription {body['id']} does not exist", {"id": [wire.reference(body["id"])]}
            errors.append({"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": context})
        else:
            results.append(_subscription(_switched(fake, one, body["active"])))
    return multi_status(fake, results, errors)


def _own_app(fake: Hubspot, call: Call) -> None:
    if call.path["appId"] != str(fake.app.app_id):
        raise NoSuchDefinition(f"No app with ID: {call.path['appId']}")


def _needed(fake: Hubspot, call: Call, subscription_id: str) -> Subscription:
    _own_app(fake, call)
    found = fake.hooks.subscriptions.get(subscription_id)
    if found is None:
        raise NoSuchDefinition(f"No subscription with ID: {subscription_id}")
    return found


def _switched(fake: Hubspot, one: Subscription, active: bool) -> Subscription:
    return fake.hooks.subscriptions.put(
        Subscription(
            id=one.id,
            event_type=one.event_type,
            property_name=one.property_name,
            active=active,
            created_at=one.created_at,
            updated_at=fake.setup.clock.now,
        )
    )


def _settings(one: Settings) -> dict[str, Json]:
    return {
        "targetUrl": one.target_url,
        "throttling": {"maxConcurrentRequests": one.concurrent},
        "createdAt": instant_text(one.created_at),
        "updatedAt": instant_text(one.updated_at),
    }


def _subscription(one: Subscription) -> dict[str, Json]:
    named = {"propertyName": one.property_name} if one.property_name else {}
    return {
        "id": one.id,
        "eventType": one.event_type,
        **named,
        "active": one.active,
        "createdAt": instant_text(one.created_at),
        "updatedAt": instant_text(one.updated_at),
    }


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "getWebhookSettings": get_settings,
        "putWebhookSettings": put_settings,
        "deleteWebhookSettings": delete_settings,
        "listSubscriptions": list_subscriptions,
        "createSubscription": create_subscription,
        "getSubscription": get_subscription,
        "updateSubscription": update_subscription,
        "deleteSubscription": delete_subscription,
        "batchUpdateSubscriptions": batch_update_subscriptions,
    }
)
