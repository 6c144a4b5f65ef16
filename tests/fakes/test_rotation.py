"""Laws of rotated keys: the new one opens what the old one opened, and the old one dies as the vendor has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from simharness.domain.acts import ActRefused, Subscribe
from simharness.domain.exchange import Request
from simharness.fakekit.fake import Fake
from simharness.world.world import World
from tests.fakes.driving import auth_headers
from tests.fakes.test_every_pack import fresh

#: A read that needs nothing but a key.
READS: Mapping[str, tuple[str, str]] = {
    "gusto": ("GET", "/v1/companies/{company_uuid}"),
    "hubspot": ("GET", "/crm/v3/objects/companies"),
    "plaid": ("POST", "/accounts/get"),
    "quickbooks": ("GET", "/v3/company/{realm_id}/companyinfo/{realm_id}"),
    "stripe": ("GET", "/v1/balance"),
}
#: For how long the old key works beside the new one; None is for ever.
OVERLAPS = {
    "gusto": timedelta(0),
    "hubspot": timedelta(minutes=30),  # access tokens of the old installation live on
    "plaid": None,
    "quickbooks": timedelta(0),
    "stripe": timedelta(hours=24),
}


def opens(fake: Fake, headers: Mapping[str, str]) -> bool:
    method, path = READS[fake.vendor]
    known = fake.connection("")
    body = f'{{"access_token": "{known.get("access_token")}"}}'.encode() if method == "POST" else b""
    full = {**headers, "content-type": "application/json"}
    response = fake.handle(
        Request(method=method, host=fake.pack.hosts[0], path=path.format(**known), headers=full, body=body)
    )
    return response.status == 200


@pytest.mark.parametrize("vendor", READS)
def test_an_old_key_lives_on_for_as_long_as_the_vendor_lets_it(vendor: str) -> None:
    fake = fresh(vendor)
    old = auth_headers(fake)
    assert opens(fake, old)
    fake.rotate("keys", at_once=False)
    assert auth_headers(fake) != old
    assert opens(fake, auth_headers(fake))
    overlap = OVERLAPS[vendor]
    if overlap:
        fake.setup.clock.advance(overlap - timedelta(seconds=1))
        assert opens(fake, old)
        fake.setup.clock.advance(timedelta(seconds=1))
    assert opens(fake, old) == (overlap is None)


@pytest.mark.parametrize("vendor", READS)
def test_an_old_key_that_leaked_dies_at_once(vendor: str) -> None:
    fake = fresh(vendor)
    old = auth_headers(fake)
    fake.rotate("keys", at_once=True)
    assert not opens(fake, old)
    assert opens(fake, auth_headers(fake))


@pytest.mark.parametrize(
    ("vendor", "name"),
    [("hubspot", "client_secret"), ("quickbooks", "verifier_token"), ("stripe", "webhook_secret")],
)
def test_a_webhook_secret_is_told_as_it_is_now(vendor: str, name: str) -> None:
    fake = fresh(vendor)
    old = fake.connection("")
    fake.rotate("webhook_secret", at_once=False)
    now = fake.connection("")
    assert {key for key in now if now[key] != old[key]} == {name}


def test_plaid_has_no_secret_to_hand_over() -> None:
    with pytest.raises(ActRefused, match="keys that it shows by their id"):
        fresh("plaid").rotate("webhook_secret", at_once=False)


def test_a_vendor_that_rotates_nothing_says_so() -> None:
    with pytest.raises(ActRefused, match="does not issue its keys anew"):
        fresh("alerts").rotate("keys", at_once=False)


def test_stripe_signs_under_both_secrets_while_they_overlap() -> None:
    fake = fresh("stripe")
    signatures: list[str] = []

    def told(request: Request) -> None:
        signatures.append(request.headers["stripe-signature"])

    world = World(now=fake.setup.clock.now, stack={"payments": "stripe"})
    world.receiver = told
    world.operate("payments", Subscribe(url="https://connector.example/stripe"), "admin")
    stripe = world.fake("payments")
    for wait in (timedelta(0), timedelta(hours=23), timedelta(hours=2)):
        world.advance(wait)
        key = stripe.connection("")["api_key"]
        stripe.handle(
            Request(
                method="POST", host="api.stripe.com", path="/v1/customers",
                headers={"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"},
            )
        )  # fmt: skip
        world.advance(timedelta(seconds=2))
        if not wait:
            stripe.rotate("webhook_secret", at_once=False)
    first = [value.count("v1=") for value in signatures if value]
    assert (first[0], first[-1]) == (1, 1)
    assert 2 in first
