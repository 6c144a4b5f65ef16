"""Webhooks: thin events, signed with the subscription's verification token, repeated while nobody takes them."""

from __future__ import annotations

import calendar
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.structs import replace

from simharness.domain.acts import ActRefused, Subscribe
from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.webhooks import Hooks, addressed
from simharness_fakes.gusto.state import Event, Subscription
from simharness_fakes.gusto.wire.forms import Object

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: What can be subscribed to. Events of the company itself are told to everybody.
TYPES = (
    "BankAccount", "Company", "CompanyBenefit", "Contractor", "ContractorPayment", "Employee", "EmployeeBenefit",
    "EmployeeJobCompensation", "ExternalPayroll", "Form", "Location", "Notification", "PaySchedule", "Payroll",
    "Signatory",
)  # fmt: skip
#: The subscription type under which the events of an entity are told, where it is not the entity's own.
UNDER: Mapping[str, str] = {
    "EmployeeHomeAddress": "Employee",
    "EmployeeWorkAddress": "Employee",
    "Department": "Company",
}
#: The answer that ends the attempts towards somebody who is no longer there.
_NOBODY_ASKS = Response(status=200)


def tell(fake: Gusto, kind: str, entity_type: str, entity: str) -> Event:
    """Keep that something happened, and tell everybody who wants to hear of it. `kind` as in `payroll.processed`."""
    event = fake.state.events.put(
        Event(id=fake.new_id("event"), kind=kind, entity_type=entity_type, entity=entity, at=fake.setup.clock.now)
    )
    for subscription in fake.state.subscriptions:
        if subscription.status == "verified" and UNDER.get(entity_type, entity_type) in subscription.types:
            body = write_json(encode(fake, event))
            _deliver(fake, subscription.id, body, f"gusto {kind} of {entity}")
    return event


def encode(fake: Gusto, event: Event) -> Object:
    """The event on the wire: what happened to what; whoever wants to know more has to ask."""
    return {
        "uuid": event.id,
        "event_type": event.kind,
        "resource_type": "Company",
        "resource_uuid": fake.state.company.id,
        "entity_type": event.entity_type,
        "entity_uuid": event.entity,
        "timestamp": calendar.timegm(event.at.utctimetuple()),
    }


def signature(token: str, body: bytes) -> str:
    """The value of `X-Gusto-Signature`: hexadecimal HMAC-SHA256 of the body under the verification token."""
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


def verified(fake: Gusto, url: str, types: tuple[str, ...]) -> Subscription:
    """A subscription of whoever administers the app, which is verified at once; without types it is of all."""
    fake.own_subscription = fake.own_subscription or fake.new_id("subscription")
    return fake.state.subscriptions.put(
        Subscription(id=fake.own_subscription, url=url, types=types or TYPES, token=fake.own_token, status="verified")
    )


def subscribe(fake: Gusto, act: Subscribe) -> None:
    """Enter where the connected app is told of news; `events` are subscription types."""
    if unknown := [each for each in act.events if each not in TYPES]:
        raise ActRefused(f"Gusto has no subscription type {unknown[0]!r}", mend=f"there are {', '.join(TYPES)}")
    if act.url and not usable(act.url):
        raise ActRefused(f"nothing can be sent to {act.url!r}", mend="give a URL with http or https")
    subscription = verified(fake, act.url, act.events)
    if not act.url:
        fake.state.subscriptions.put(replace(subscription, status="removed"))


def verification(fake: Gusto, subscription: Subscription) -> None:
    """Send the token to the URL of a subscription: whoever gets it there may confirm the subscription."""
    body = write_json({"verification_token": subscription.token, "webhook_subscription_uuid": subscription.id})
    _deliver(fake, subscription.id, body, f"gusto verification of {subscription.id}", waiting=True)


def usable(url: str) -> bool:
    """Whether a webhook can be sent to a URL; http will do, so that one's own machine can be told."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and " " not in url
    except ValueError:
        return False


def _deliver(fake: Gusto, subscription: str, body: bytes, label: str, *, waiting: bool = False) -> None:
    last = len(fake.profile.webhook_retries)
    tried = 0

    def current() -> Subscription | None:
        found = fake.state.subscriptions.get(subscription)
        wanted = ("pending", "verified") if waiting else ("verified",)
        return found if found is not None and found.status in wanted and found.url else None

    def make(attempt: int, now: datetime) -> Request:
        nonlocal tried
        tried = attempt
        found = current()
        return _request(found, body) if found else Request(method="POST", host="", path="")

    def post(request: Request) -> Response | None:
        found = current()
        if found is None:
            return _NOBODY_ASKS
        answer = fake.setup.post(request)
        if tried == last and (answer is None or not 200 <= answer.status < 300):
            fake.state.subscriptions.put(replace(found, status="unreachable"))
        return answer

    profile = fake.profile
    sent = None if waiting else fake.sent
    Hooks(fake.setup.clock, post, latency=profile.webhook_latency, schedule=profile.webhook_retries, sent=sent).send(
        make, label
    )


def _request(subscription: Subscription, body: bytes) -> Request:
    headers = {"content-type": "application/json", "x-gusto-signature": signature(subscription.token, body)}
    return addressed(subscription.url, headers, body)
