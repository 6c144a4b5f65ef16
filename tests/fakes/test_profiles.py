"""Any profile of idempotency keys can be put under a vendor: it answers so, in the vendor's own envelope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.fakekit.fake import Fake, record_id
from simharness.fakekit.idempotency import PROFILES
from simharness.fakekit.port import FaultPort
from simharness.world.registry import DEFAULT_STACK, installed_packs
from simharness.world.world import World
from tests.fakes.conftest import TODAY

#: Per profile: what a repeat, a repeat with another name, and a repeat before the first is answered come to, and how
#: many objects there are then. A number is a refusal; `first` and `new` say which object was answered.
TABLE = (
    ("ietf_lax", "first", "422", "409", 1),
    ("stripe_v1", "first", "400", "409", 1),
    ("quickbooks", "first", "first", "first", 1),
    ("xero", "first", "400", "first", 1),
    ("netsuite_async", "400", "400", "400", 1),
    ("qonto", "first", "first", "first", 1),
    ("checkbook", "first", "new", "first", 2),
    ("moov", "409", "409", "409", 1),
    ("increase", "first", "409", "first", 1),
    ("zuora", "first", "422", "409", 1),
    ("sage", "first", "first", "first", 1),
    ("external_id", "first", "first", "first", 1),
    ("none", "new", "new", "new", 4),
)
Ask = Callable[[World, str], tuple[Response, Any]]


class Slowly(FaultPort):
    """Every answer takes ten seconds once it is told to."""

    slow = False

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        delay = Delivery(kind=DeliveryKind.AFTER, delay=timedelta(seconds=10)) if self.slow else Delivery()
        return Outcome(response=fake.handle(request), delivery=delay)


def quickbooks(world: World, name: str) -> tuple[Response, Any]:
    """A journal is entered under the key k-1."""
    fake = world.fake("accounting")
    request = fake.posting({"authorization": f"Bearer {fake.connection('')['access_token']}"})
    assert request is not None
    body = msgspec.json.encode({**msgspec.json.decode(request.body), "PrivateNote": name})
    outcome = world.exchange(msgspec.structs.replace(request, query="requestid=k-1", body=body))
    assert outcome is not None
    told = msgspec.json.decode(outcome.response.body)
    return outcome.response, told.get("JournalEntry", told)


def stripe(world: World, name: str) -> tuple[Response, Any]:
    """A customer is created under the key k-1."""
    connection = world.fake("payments").connection("")
    outcome = world.exchange(
        Request(
            method="POST",
            host="api.stripe.com",
            path="/v1/customers",
            headers={
                "authorization": f"Bearer {connection['api_key']}",
                "content-type": "application/x-www-form-urlencoded",
                "idempotency-key": "k-1",
            },
            body=urlencode({"name": name}).encode(),
        )
    )
    assert outcome is not None
    return outcome.response, msgspec.json.decode(outcome.response.body)


def word(response: Response, told: Any, first: str, vendor: str) -> str:
    """An answer in the words of the table; every refusal is in the vendor's own envelope."""
    if response.status >= 400:
        if vendor == "quickbooks":
            assert told["Fault"]["Error"][0]["code"] == "600"
        else:
            assert told["error"]["type"] == "idempotency_error"
        return str(response.status)
    return "first" if record_id(response) == first else "new"


def made(world: World) -> int:
    """How many objects the connector has created."""
    return sum(write.action == "create" for write in world.writes if write.actor == "connector")


@pytest.mark.parametrize(("vendor", "ask"), [("quickbooks", quickbooks), ("stripe", stripe)])
@pytest.mark.parametrize(("profile", "same", "other", "in_flight", "objects"), TABLE)
def test_a_vendor_answers_by_the_profile_that_was_chosen_for_it(
    us_saas: Dictionary, vendor: str, ask: Ask, profile: str, same: str, other: str, in_flight: str, objects: int
) -> None:
    slowly = Slowly()
    world = World(now=TODAY, profiles={vendor: PROFILES[profile]}, port=slowly)
    world.furnish(us_saas)
    slowly.slow = True
    response, _ = ask(world, "Globex")
    assert response.status == 200
    first = record_id(response)
    assert word(*ask(world, "Globex"), first, vendor) == in_flight
    world.advance(timedelta(seconds=10))
    again, told = ask(world, "Globex")
    assert word(again, told, first, vendor) == same
    assert again.headers.get("idempotent-replayed", "") == ("true" if profile in ("stripe_v1", "increase") else "")
    another, told = ask(world, "Globex Ltd")
    assert word(another, told, first, vendor) == other
    assert made(world) == objects
    if profile == "netsuite_async":
        assert another.headers["location"].endswith(f"/{first}")
    if profile == "increase":
        assert first.encode() in another.body
    if profile == "external_id":
        assert b"Globex Ltd" in another.body


def test_the_strict_draft_wants_quotes_in_the_header_and_says_so_in_the_vendors_envelope(us_saas: Dictionary) -> None:
    world = World(now=TODAY, profiles={"stripe": PROFILES["ietf"]})
    world.furnish(us_saas)
    response, told = stripe(world, "Globex")
    assert (response.status, told["error"]["type"]) == (400, "idempotency_error")
    assert "double quotes" in told["error"]["message"]


def test_every_pack_declares_a_profile_that_there_is() -> None:
    declared = {pack.vendor: pack.keys.profile for pack in installed_packs().values()}
    assert set(declared.values()) <= set(PROFILES)
    assert declared["quickbooks"] == "quickbooks"
    assert declared["stripe"] == "stripe_v1"
    assert declared["hubspot"] == "external_id"
    assert declared["gusto"] == "none"


def test_a_pack_that_remembers_keys_is_one_for_which_another_profile_can_be_chosen() -> None:
    stack = {pack.family: pack.vendor for pack in installed_packs().values()}
    for fake in World(now=TODAY, stack=stack).fakes.values():
        assert (fake.keys is not None) == fake.pack.keys.requests, fake.vendor
        if fake.keys is not None:
            assert fake.keys.profile.name == fake.pack.keys.profile


def test_a_chosen_profile_survives_a_fork(us_saas: Dictionary) -> None:
    world = World(now=TODAY, stack=DEFAULT_STACK, profiles={"stripe": PROFILES["none"]})
    fake = world.fake("payments")
    assert fake.fork(fake.setup).keys.profile.name == "none"  # type: ignore[attr-defined]  # the pack's own method
