"""Events: what happened, and the signed webhooks that tell it to the endpoints."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import read_json, write_json
from simharness.fakekit.webhooks import Hooks, addressed
from simharness_fakes.stripe.state import Endpoint, Event, Subject
from simharness_fakes.stripe.wire import subjects
from simharness_fakes.stripe.wire.amounts import seconds
from simharness_fakes.stripe.wire.objects import Object
from simharness_fakes.stripe.wire.versions import shaper

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: The answer that ends the attempts towards an endpoint that was deleted or disabled in the meantime.
_NOBODY_ASKS = Response(status=204)


def tell(fake: Stripe, kind: str, subject: Subject, before: Subject | None = None) -> Event:
    """Record that something happened and put a delivery to every endpoint that wants it on the agenda."""
    event = fake.state.events.put(
        Event(
            id=fake.new_id("evt"),
            created_at=fake.setup.clock.now,
            kind=kind,
            subject=subject,
            before=before,
            request_id=fake.origin.request_id,
            idempotency_key=fake.origin.idempotency_key,
        )
    )
    for endpoint in fake.state.endpoints:
        if endpoint.wants(kind):
            fake.state.undelivered[event.id] = fake.state.undelivered.get(event.id, 0) + 1
            _deliver(fake, event, endpoint.id)
    return event


def encode(fake: Stripe, event: Event, version: str) -> Object:
    """The event as it looks at an API version."""
    pending = fake.state.undelivered.get(event.id, 0)
    return subjects.event(event, version, pending, shaper(version), fake.bankside)


def older(fake: Stripe, request: Request) -> Request | None:
    """A delivery of the same event with its object as the event before told it, signed as at this instant; None for
    the first event of an object.
    """
    body: Any = read_json(request.body)
    told = fake.state.events.get(body["id"])
    endpoint = next((each for each in fake.state.endpoints if addressed(each.url, {}, b"").path == request.path), None)
    before = told and _before(fake, told)
    if told is None or before is None or endpoint is None:
        return None
    event = encode(fake, replace(told, subject=before, before=None), endpoint.version or fake.profile.version)
    return _request(endpoint, write_json(event), fake.setup.clock.now)


def _before(fake: Stripe, told: Event) -> Subject | None:
    if told.before is not None:
        return told.before
    found: Subject | None = None
    for each in fake.state.events:
        if each.id == told.id:
            break
        if each.subject_id == told.subject_id and each.subject != told.subject:
            found = each.subject
    return found


def signature(secret: str, sent: datetime, payload: bytes) -> str:
    """The value of the header `Stripe-Signature`: the time of sending and the HMAC of time and payload."""
    t = seconds(sent)
    digest = hmac.new(secret.encode(), f"{t}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={t},v1={digest}"


def _signatures(endpoint: Endpoint, sent: datetime, payload: bytes) -> str:
    """One signature, and one more under the secret before while that one overlaps."""
    own = signature(endpoint.secret, sent, payload)
    if endpoint.old_until is None or sent >= endpoint.old_until:
        return own
    return f"{own},{signature(endpoint.old_secret, sent, payload).partition(',')[2]}"


def _deliver(fake: Stripe, event: Event, endpoint_id: str) -> None:
    def current() -> Endpoint | None:
        endpoint = fake.state.endpoints.get(endpoint_id)
        return endpoint if endpoint is not None and endpoint.status == "enabled" else None

    def make(attempt: int, now: datetime) -> Request:
        endpoint = current()
        if endpoint is None:
            return Request(method="POST", host="", path="")
        return _request(endpoint, write_json(encode(fake, event, endpoint.version or fake.profile.version)), now)

    def post(request: Request) -> Response | None:
        return _NOBODY_ASKS if current() is None else fake.setup.post(request)

    def failed(answer: Response | None) -> bool:
        if answer is not None and 200 <= answer.status < 300:
            left = fake.state.undelivered.pop(event.id, 1) - 1
            if left > 0:
                fake.state.undelivered[event.id] = left
            return False
        return True

    profile = fake.profile
    hooks = Hooks(
        fake.setup.clock, post, latency=profile.webhook_latency, schedule=profile.webhook_retries, sent=fake.sent
    )
    hooks.send(make, f"stripe {event.kind} {event.id} to {endpoint_id}", retry_on=failed)


def _request(endpoint: Endpoint, payload: bytes, now: datetime) -> Request:
    return addressed(
        endpoint.url,
        headers={
            "accept": "*/*; q=0.5, application/xml",
            "cache-control": "no-cache",
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": _signatures(endpoint, now, payload),
            "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body=payload,
    )
