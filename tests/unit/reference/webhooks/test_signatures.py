"""A webhook counts if it bears its vendor's signature over these very bytes, made just now; the vectors are made here
or by others than the program.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

import pytest
import stripe
from hubspot.utils.signature import Signature

from simharness.reference.errors import NotGenuine
from simharness.reference.webhooks import signatures

SECRET, URL, BODY, NOW = "whsec_17", "https://connector.test/hubspot", b'[{"eventId": 1}]', 1_768_000_000
Sign = Callable[[str, bytes, int], Mapping[str, str]]


def by_hubspot(secret: str, body: bytes, at: int) -> Mapping[str, str]:
    stamp = str(at * 1000)
    signature = Signature.get_signature(
        signature_version="v3",
        http_method="POST",
        http_uri=URL,
        request_body=body.decode(),
        client_secret=secret,
        timestamp=stamp,
    )
    return {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": stamp}


def by_stripe(secret: str, body: bytes, at: int) -> Mapping[str, str]:
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body.decode()}", secret)
    return {"stripe-signature": f"t={at},v1={signature},v0=ignored"}


def by_intuit(secret: str, body: bytes, at: int) -> Mapping[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"intuit-signature": base64.b64encode(digest).decode()}


def by_gusto(secret: str, body: bytes, at: int) -> Mapping[str, str]:
    return {"x-gusto-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def verify(sign: Sign, headers: Mapping[str, str], body: bytes) -> None:
    if sign is by_hubspot:
        signatures.hubspot(SECRET, URL, headers, body, NOW)
    elif sign is by_stripe:
        signatures.stripe(SECRET, headers, body, NOW)
    elif sign is by_gusto:
        signatures.gusto(SECRET, headers, body)
    else:
        signatures.quickbooks(SECRET, headers, body)


ALL = pytest.mark.parametrize("sign", [by_hubspot, by_stripe, by_intuit, by_gusto])
DATED = pytest.mark.parametrize("sign", [by_hubspot, by_stripe])


@ALL
def test_what_the_vendor_signed_is_genuine(sign: Sign) -> None:
    verify(sign, sign(SECRET, BODY, NOW), BODY)


@ALL
def test_another_body_another_secret_and_no_signature_are_not(sign: Sign) -> None:
    for headers, body in (
        (sign(SECRET, BODY, NOW), BODY + b" "),
        (sign("whsec_18", BODY, NOW), BODY),
        (dict.fromkeys(sign(SECRET, BODY, NOW), ""), BODY),
        (dict.fromkeys(sign(SECRET, BODY, NOW), "ünsinn"), BODY),
        ({}, BODY),
    ):
        with pytest.raises(NotGenuine):
            verify(sign, headers, body)


@DATED
@pytest.mark.parametrize(("age", "holds"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_holds_for_five_minutes(sign: Sign, age: int, holds: bool) -> None:
    headers = sign(SECRET, BODY, NOW - age)
    if holds:
        verify(sign, headers, BODY)
        return
    with pytest.raises(NotGenuine, match="300 are allowed"):
        verify(sign, headers, BODY)


def test_an_older_signature_cannot_be_given_a_newer_time() -> None:
    old = by_stripe(SECRET, BODY, NOW - 900)["stripe-signature"]
    with pytest.raises(NotGenuine, match="does not match"):
        signatures.stripe(SECRET, {"stripe-signature": old.replace(str(NOW - 900), str(NOW))}, BODY, NOW)


def test_one_of_several_signatures_is_enough_while_a_secret_is_changed() -> None:
    new, old = (by_stripe(secret, BODY, NOW)["stripe-signature"].split(",")[1] for secret in (SECRET, "whsec_16"))
    signatures.stripe(SECRET, {"stripe-signature": f"t={NOW},{old},{new}"}, BODY, NOW)
    with pytest.raises(NotGenuine):
        signatures.stripe(SECRET, {"stripe-signature": f"t={NOW},{old}"}, BODY, NOW)


def test_the_address_is_part_of_what_is_signed() -> None:
    with pytest.raises(NotGenuine):
        signatures.hubspot(SECRET, f"{URL}2", by_hubspot(SECRET, BODY, NOW), BODY, NOW)
