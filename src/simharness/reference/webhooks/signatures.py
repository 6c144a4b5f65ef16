"""Whether a webhook is its vendor's: each signs the raw body in its own way, with a secret that both sides know.

Times are unix seconds. What does not hold raises `NotGenuine`. Sources: the vendors' pages on verifying webhooks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from simharness.reference.errors import NotGenuine

#: A signed timestamp may be so far from now, either way; what was recorded on the wire cannot be sent again later.
TOLERANCE_S = 300


def hubspot(secret: str, url: str, headers: Mapping[str, str], body: bytes, now_s: int) -> None:
    """Version 3: base64 of HMAC-SHA256 over method, address, body and a timestamp in milliseconds."""
    given, sent_ms = headers.get("x-hubspot-signature-v3", ""), headers.get("x-hubspot-request-timestamp", "")
    _fresh(sent_ms[:-3], now_s)
    source = f"POST{url}".encode() + body + sent_ms.encode()
    same(given, base64.b64encode(_digest(secret, source)).decode())


def stripe(secret: str, headers: Mapping[str, str], body: bytes, now_s: int) -> None:
    """`t=…,v1=…`: hex of HMAC-SHA256 over time, a dot and the body; one of several `v1` has to hold, so that a secret
    can be changed.
    """
    parts = [each.partition("=") for each in headers.get("stripe-signature", "").split(",")]
    sent = next((value for name, _, value in parts if name.strip() == "t"), "")
    _fresh(sent, now_s)
    wanted = _digest(secret, f"{sent}.".encode() + body).hex()
    given = [value for name, _, value in parts if name.strip() == "v1"]
    if not any(hmac.compare_digest(each.encode(), wanted.encode()) for each in given):
        raise NotGenuine("the signature does not match")


def quickbooks(token: str, headers: Mapping[str, str], body: bytes) -> None:
    """`intuit-signature`: base64 of HMAC-SHA256 over the body. It bears no time, so a repeated one is known by its
    content only.
    """
    same(headers.get("intuit-signature", ""), base64.b64encode(_digest(token, body)).decode())


def gusto(token: str, headers: Mapping[str, str], body: bytes) -> None:
    """`x-gusto-signature`: hex of HMAC-SHA256 over the body, under the subscription's verification token. It bears no
    time, so a repeated one is known by its event's id only.
    """
    same(headers.get("x-gusto-signature", ""), _digest(token, body).hex())


def fresh(sent_s: int, now_s: int) -> None:
    """Raise `NotGenuine` for a time of sending that is too far from now."""
    if abs(now_s - sent_s) > TOLERANCE_S:
        raise NotGenuine(f"it was signed {now_s - sent_s} seconds ago; {TOLERANCE_S} are allowed")


def same(given: str, wanted: str) -> None:
    """Raise `NotGenuine` unless a signature, or a token, is the wanted one."""
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NotGenuine("the signature does not match" if given else "it is not signed")


def _fresh(sent: str, now_s: int) -> None:
    if not sent.isdecimal():
        raise NotGenuine("it does not say when it was signed")
    fresh(int(sent), now_s)


def _digest(secret: str, source: bytes) -> bytes:
    return hmac.digest(secret.encode(), source, hashlib.sha256)
