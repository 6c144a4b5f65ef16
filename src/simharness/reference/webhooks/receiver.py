"""Takes webhooks: is it the vendor's, what does it say, remember it, answer. The work is a pass's, later.

Answers: 200 remembered; 400 cannot be read; 401 not the vendor's; 404 nobody listens there; 405 no POST; 503 not
remembered, so that the vendor sends it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import msgspec

from simharness.reference.errors import NotGenuine, StateError, Unavailable
from simharness.reference.settings import POLL, Settings
from simharness.reference.webhooks import news, signatures
from simharness.reference.webhooks.inbox import Inbox
from simharness.reference.webhooks.news import News
from simharness.reference.webhooks.tokens import PlaidTokens

Answer = tuple[int, Mapping[str, str], bytes]
#: Verifies a webhook and reads what it says.
_Ear = Callable[[Mapping[str, str], bytes, int], list[News]]


class Receiver:
    """The ears of one connector: `/hubspot`, `/stripe`, `/quickbooks`, `/plaid` and `/gusto`, each where its secret is
    set.
    """

    def __init__(self, settings: Settings, inbox: Inbox, tokens: PlaidTokens | None) -> None:
        self._settings, self._inbox, self._tokens = settings, inbox, tokens
        secrets = {
            "hubspot": (settings.hubspot_client_secret, self._hubspot),
            "stripe": (settings.stripe_webhook_secret, self._stripe),
            "quickbooks": (settings.quickbooks_verifier_token, self._quickbooks),
            "plaid": (settings.plaid_base_url if tokens is not None else "", self._plaid),
            "gusto": (settings.gusto_verification_token, self._gusto),
        }
        self._ears: Mapping[str, _Ear] = {name: ear for name, (secret, ear) in secrets.items() if secret}

    def receive(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request; names of headers are lower case. From any thread."""
        vendor = path.partition("?")[0].strip("/")
        ear = self._ears.get(vendor) if self._settings.listens != POLL else None
        if ear is None:
            return _answer(404, f"{method} {path}: nobody listens here")
        if method != "POST":
            return _answer(405, "webhooks are posted")
        try:
            return self._take(vendor, ear, headers, body)
        except (StateError, Unavailable) as error:
            return _answer(503, str(error))

    def _take(self, vendor: str, ear: _Ear, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            told = ear(headers, body, int(time.time()))
        except NotGenuine as error:
            self._inbox.turned_away(vendor, str(error))
            return _answer(401, str(error))
        except (msgspec.DecodeError, msgspec.ValidationError, LookupError, TypeError, ValueError) as error:
            self._inbox.turned_away(vendor, "it cannot be read")
            return _answer(400, f"this cannot be read: {type(error).__name__}")
        self._inbox.put(vendor, told)
        return _answer(200, "")

    def _hubspot(self, headers: Mapping[str, str], body: bytes, now_s: int) -> list[News]:
        s = self._settings
        signatures.hubspot(s.hubspot_client_secret, f"{s.webhook_url}/hubspot", headers, body, now_s)
        return news.hubspot(body)

    def _stripe(self, headers: Mapping[str, str], body: bytes, now_s: int) -> list[News]:
        signatures.stripe(self._settings.stripe_webhook_secret, headers, body, now_s)
        return news.stripe(body)

    def _quickbooks(self, headers: Mapping[str, str], body: bytes, now_s: int) -> list[News]:
        signatures.quickbooks(self._settings.quickbooks_verifier_token, headers, body)
        return news.quickbooks(body, self._settings.quickbooks_realm_id)

    def _gusto(self, headers: Mapping[str, str], body: bytes, now_s: int) -> list[News]:
        del now_s
        token = self._settings.gusto_verification_token
        if (offered := news.gusto_handshake(body)) is not None:
            signatures.same(offered, token)
            return []
        signatures.gusto(token, headers, body)
        return news.gusto(body, self._settings.gusto_company_id)

    def _plaid(self, headers: Mapping[str, str], body: bytes, now_s: int) -> list[News]:
        if self._tokens is None:
            raise NotGenuine("no bank is configured")
        token = headers.get("plaid-verification", "")
        self._tokens.verify(token, body, now_s)
        return news.plaid(body, token)


def _answer(status: int, text: str) -> Answer:
    return status, {"content-type": "text/plain; charset=utf-8"}, f"{text}\n".encode() if text else b""
