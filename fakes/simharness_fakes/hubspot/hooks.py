"""Webhooks, version 3: settings and subscriptions of one app, events in batches, signed attempts and their retries."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.domain.base import Record
from simharness.domain.exchange import Request
from simharness.fakekit.bodies import Json, read_json, write_json
from simharness.fakekit.tables import Table
from simharness.fakekit.webhooks import Hooks, Post, Sent
from simharness_fakes.hubspot.kinds import BY_NAME
from simharness_fakes.hubspot.state.portal import Event
from simharness_fakes.hubspot.values import millis

#: At most so many events travel in one request. Source: the vendor's documentation.
MAX_BATCH = 100


class Subscription(Record, frozen=True, kw_only=True):
    """What the app wants to hear of: `event_type` is `deal.propertyChange`, `company.creation` and the like."""

    id: str
    event_type: str
    property_name: str
    active: bool
    created_at: datetime
    updated_at: datetime


class Settings(Record, frozen=True, kw_only=True):
    """Where the app listens. `concurrent` is kept and shown; deliveries follow one another here anyway."""

    target_url: str
    concurrent: int
    created_at: datetime
    updated_at: datetime


class Delivery(Record, frozen=True, kw_only=True):
    """How deliveries behave: `latency` until events are sent, the delays between attempts, how long an answer may take,
    statuses never retried.
    """

    latency: timedelta
    schedule: tuple[timedelta, ...]
    patience: timedelta
    final: frozenset[int] = frozenset()


class App(Record, frozen=True, kw_only=True):
    """The app that is connected to the portal, with its secrets."""

    app_id: int
    client_id: str
    client_secret: str
    developer_key: str


class WebhookDesk:
    """Turns events into signed requests. Events of one instant travel together; the order of batches is kept."""

    def __init__(self, clock: Clock, ids: Ids, post: Post, app: App, portal_id: int, delivery: Delivery) -> None:
        self._clock = clock
        self._ids = ids
        self._app = app
        self._portal_id = portal_id
        self._delivery = delivery
        self.sent = Sent()
        self._hooks = Hooks(
            clock, post, latency=timedelta(0), schedule=delivery.schedule, patience=delivery.patience, sent=self.sent
        )
        self._waiting: list[dict[str, Json]] = []
        self._values: dict[tuple[str, str, str], str] = {}
        self._before: dict[Json, str] = {}
        self.settings: Settings | None = None
        self.subscriptions: Table[Subscription] = Table(lambda s: s.id, event=lambda s: s.event_type)

    def connect(self, app: App) -> None:
        """Sign as this app from now on, what is repeated included."""
        self._app = app

    def tell(self, events: Iterable[Event]) -> None:
        """Send what somebody subscribed to, once the latency is over."""
        waited = len(self._waiting)
        for event in events:
            before = self._succeed(event)
            singular = BY_NAME[event.kind].singular
            for one in self.subscriptions.find("event", f"{singular}.{event.name}"):
                if one.active and one.property_name in ("", event.property_name):
                    notice = self._notice(event, one)
                    self._waiting.append(notice)
                    if event.name == "propertyChange":
                        self._before[notice["eventId"]] = before
        if len(self._waiting) > waited == 0:
            self._clock.after(self._delivery.latency, self._flush, "hubspot webhook", awaited=True)

    def older(self, request: Request) -> Request | None:
        """A delivery that tells of each changed property the value before, signed as of its sending; None where it
        tells of none, or nobody listens any more.
        """
        told: Any = read_json(request.body)
        if self.settings is None or not any(each["eventId"] in self._before for each in told):
            return None
        older = [
            {**each, "propertyValue": self._before[each["eventId"]]} if each["eventId"] in self._before else each
            for each in told
        ]
        sent_ms = int(request.headers["x-hubspot-request-timestamp"])
        return self._signed(self.settings.target_url, write_json(older), sent_ms)

    def signature(self, method: str, uri: str, body: bytes, sent_ms: int) -> str:
        """The v3 signature: base64 of HMAC-SHA256 under the client secret over method, address, body and timestamp."""
        source = f"{method}{uri}".encode() + body + str(sent_ms).encode()
        return base64.b64encode(hmac.digest(self._app.client_secret.encode(), source, hashlib.sha256)).decode()

    def _succeed(self, event: Event) -> str:
        """The value of a property before an event, which is followed by the event's."""
        key = (event.kind, event.object_id, event.property_name)
        before = self._values.get(key, "")
        if event.name == "propertyChange":
            self._values[key] = event.property_value
        return before

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self.settings is None:
            return
        for start in range(0, len(waiting), MAX_BATCH):
            self._send(self.settings.target_url, waiting[start : start + MAX_BATCH])

    def _send(self, url: str, batch: list[dict[str, Json]]) -> None:
        def make(attempt: int, now: datetime) -> Request:
            body = write_json([{**one, "attemptNumber": attempt} for one in batch])
            return self._signed(url, body, millis(now))

        self._hooks.send(
            make,
            "hubspot webhook",
            retry_on=lambda answer: (
                answer is None or (not 200 <= answer.status < 300 and answer.status not in self._delivery.final)
            ),
        )

    def _signed(self, url: str, body: bytes, sent_ms: int) -> Request:
        parts = urlsplit(url)
        older = hashlib.sha256(self._app.client_secret.encode() + body).hexdigest()
        headers = {
            "content-type": "application/json",
            "user-agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebHooks",
            "x-hubspot-signature": older,
            "x-hubspot-signature-version": "v1",
            "x-hubspot-signature-v3": self.signature("POST", url, body, sent_ms),
            "x-hubspot-request-timestamp": str(sent_ms),
        }
        return Request(
            method="POST", host=parts.netloc, path=parts.path or "/", query=parts.query, headers=headers, body=body
        )

    def _notice(self, event: Event, one: Subscription) -> dict[str, Json]:
        notice: dict[str, Json] = {
            "eventId": self._ids.next("hubspot:event", start=100000001),
            "subscriptionId": int(one.id),
            "portalId": self._portal_id,
            "appId": self._app.app_id,
            "occurredAt": millis(event.at),
            "subscriptionType": one.event_type,
            "objectId": int(event.object_id),
            "changeSource": "INTEGRATION" if event.source == "connector" else "CRM_UI",
            "sourceId": event.source,
        }
        if event.name == "propertyChange":
            notice |= {"propertyName": event.property_name, "propertyValue": event.property_value}
        elif event.name == "associationChange":
            notice |= {"fromObjectId": int(event.object_id), "toObjectId": int(event.other_id)}
        elif event.name == "merge":
            notice |= {"primaryObjectId": int(event.object_id), "mergedObjectIds": [int(event.other_id)]}
        return notice

    def fork(self, clock: Clock, ids: Ids, post: Post) -> WebhookDesk:
        """An independent copy on another clock; what is under way stays with the original."""
        twin = WebhookDesk(clock, ids, post, self._app, self._portal_id, self._delivery)
        twin.settings = self.settings
        twin.subscriptions = self.subscriptions.fork()
        return twin
