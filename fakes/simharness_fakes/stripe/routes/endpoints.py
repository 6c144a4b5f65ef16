"""Webhook endpoints: who is told which events, at which API version, signed with which secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import errors, paying
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.state import Endpoint
from simharness_fakes.stripe.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def create(fake: Stripe, call: Call) -> Response:
    """A new endpoint; only this answer shows its secret."""
    body = call.body
    _check_url(fake, body["url"])
    references = merged((), body.get("metadata"))
    record = fake.state.endpoints.put(
        Endpoint(
            id=fake.new_id("we"),
            created_at=fake.setup.clock.now,
            url=body["url"],
            events=tuple(body["enabled_events"]),
            secret=f"whsec_{fake.setup.ids.token('stripe endpoint secret', 32)}",
            version=body.get("api_version", ""),
            description=body.get("description", ""),
            references=references,
        )
    )
    fake.wrote("webhook_endpoint", record.id, "create", ("vendor:events", "vendor:url"))
    return answer(fake, call, objects.webhook_endpoint(record, secret=True))


def retrieve(fake: Stripe, call: Call) -> Response:
    """One endpoint."""
    return answer(fake, call, objects.webhook_endpoint(_endpoint(fake, call)))


def update(fake: Stripe, call: Call) -> Response:
    """Change where and what an endpoint is told, or disable it."""
    before, body = _endpoint(fake, call), call.body
    changes: dict[str, Any] = {name: body[name] for name in ("url", "description") if name in body}
    if "url" in body:
        _check_url(fake, body["url"])
    if "enabled_events" in body:
        changes["events"] = tuple(body["enabled_events"])
    if "disabled" in body:
        changes["status"] = "disabled" if body["disabled"] else "enabled"
    if "metadata" in body:
        changes["references"] = merged(before.references, body["metadata"])
        too_many_keys(fake, changes["references"])
    after = replace(before, **changes)
    if after != before:
        fake.state.endpoints.put(after)
        fake.wrote("webhook_endpoint", after.id, "update", paying.changed(before, after))
    return answer(fake, call, objects.webhook_endpoint(after))


def delete(fake: Stripe, call: Call) -> Response:
    """Delete an endpoint; nothing more is sent to it."""
    record = _endpoint(fake, call)
    fake.state.endpoints.remove(record.id)
    fake.wrote("webhook_endpoint", record.id, "delete", ())
    return answer(fake, call, objects.deleted("webhook_endpoint", record.id))


def listed(fake: Stripe, call: Call) -> Response:
    """Endpoints, newest first."""
    return page(fake, call, "webhook_endpoint", fake.state.endpoints, objects.webhook_endpoint)


def _endpoint(fake: Stripe, call: Call) -> Endpoint:
    record = fake.state.endpoints.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "webhook endpoint", call.path["id"])
    return record


def _check_url(fake: Stripe, url: str) -> None:
    """Test mode takes http beside https, so that a receiver on one's own machine can be told."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or not url.isascii() or any(c.isspace() for c in url):
        message = "Invalid URL: it must begin with https:// (in test mode http:// will do) and name a host."
        raise errors.refusal(fake, message, code="url_invalid", param="url")
