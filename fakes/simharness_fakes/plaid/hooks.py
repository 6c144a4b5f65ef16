"""Webhooks of items: built when something happens, signed at each attempt, repeated while nobody takes them."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.webhooks import Hooks, addressed
from simharness_fakes.plaid.state import Item

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

#: The answer that ends the attempts for an item that was removed or has no webhook any more.
_NOBODY_ASKS = Response(status=200)


def tell(fake: Plaid, item: Item, kind: str, code: str, more: Mapping[str, Any]) -> None:
    """Put a webhook of an item on the agenda; without a webhook nobody is told."""
    if not item.webhook:
        return
    fields = {"environment": "sandbox", "item_id": item.id, "webhook_code": code, "webhook_type": kind, **more}
    # The hash in the signature is that of the very bytes; Plaid indents by two.
    body = msgspec.json.format(write_json(dict(sorted(fields.items()))), indent=2)

    def current() -> Item | None:
        found = fake.state.items.get(item.id)
        return found if found is not None and found.webhook else None

    def make(attempt: int, now: datetime) -> Request:
        found = current()
        if found is None:
            return Request(method="POST", host="", path="")
        fake.state.items.put(replace(found, last_webhook=code, last_webhook_at=now))
        return _request(fake, found.webhook, body, now)

    def post(request: Request) -> Response | None:
        return _NOBODY_ASKS if current() is None else fake.setup.post(request)

    def failed(answer: Response | None) -> bool:
        return answer is None or answer.status != 200

    profile = fake.profile
    hooks = Hooks(
        fake.setup.clock, post, latency=profile.webhook_latency, schedule=profile.webhook_retries, sent=fake.sent
    )
    hooks.send(make, f"plaid {code} of {item.id}", retry_on=failed)


def usable(url: str) -> bool:
    """Whether a webhook can be sent to a URL; http will do, so that one's own machine can be told."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and " " not in url
    except ValueError:
        return False


def _request(fake: Plaid, url: str, body: bytes, now: datetime) -> Request:
    # What the vendor signs: when it was issued, in unix seconds, and the digest of the body.
    claims = {"iat": calendar.timegm(now.utctimetuple()), "request_body_sha256": hashlib.sha256(body).hexdigest()}
    headers = {"content-type": "application/json", "plaid-verification": fake.key.token(claims)}
    return addressed(url, headers, body)
