"""Thirty requests with one key at once, over real connections, while the answer to the first is held back."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from simharness.domain.dictionary import Dictionary
from simharness.domain.fault import parse_plan
from simharness.fakekit.faults import Injector
from simharness.fakekit.idempotency import PROFILES
from simharness.fakekit.idempotency.store import UNANSWERED
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.fakes.conftest import TODAY

pytestmark = pytest.mark.socket

AT_ONCE = 30
#: How long each client waits for its answer, in real seconds; the one that is held waits in vain.
PATIENCE_S = 2.0
HELD = "timeout_after_commit@{vendor}.{operation}#1"


@contextmanager
def served(us_saas: Dictionary, plan: str, profiles: Mapping[str, str]) -> Iterator[tuple[Served, World]]:
    chosen = {vendor: PROFILES[name] for vendor, name in profiles.items()}
    world = World(now=TODAY, port=Injector(parse_plan(plan)), profiles=chosen)
    world.furnish(us_saas)
    with Served(WorldHost(lambda: world)) as doors:
        yield doors, world


def patient() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE_S, limits=httpx.Limits(max_connections=AT_ONCE))


def ask(client: httpx.Client, doors: Served, world: World, vendor: str) -> str:
    """A customer is created under one key: the status and the id, or that no answer came."""
    try:
        if vendor == "stripe":
            key = world.fake("payments").connection("")["api_key"]
            headers = {"authorization": f"Bearer {key}", "idempotency-key": "k-1"}
            url = f"{doors.urls['stripe']}/v1/customers"
            answer = client.post(url, headers=headers, data={"name": "Globex"})
            told = answer.json()
            return f"{answer.status_code} {told.get('id') or told['error'].get('code')}"
        connection = world.fake("accounting").connection("")
        headers = {"authorization": f"Bearer {connection['access_token']}"}
        url = f"{doors.urls['quickbooks']}/v3/company/{connection['realm_id']}/customer?requestid=k-1"
        answer = client.post(url, headers=headers, json={"DisplayName": "Globex"})
        told = answer.json()
        code = told["Customer"]["Id"] if "Customer" in told else told["Fault"]["Error"][0]["code"]
        return f"{answer.status_code} {code}"
    except httpx.ReadTimeout:
        return "no answer"


def all_at_once(client: httpx.Client, doors: Served, world: World, vendor: str) -> Counter[str]:
    start = threading.Barrier(AT_ONCE)

    def one(_: int) -> str:
        start.wait()
        return ask(client, doors, world, vendor)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def created(world: World) -> list[str]:
    return [write.record_id for write in world.writes if write.action == "create" and write.actor == "connector"]


@pytest.mark.parametrize(
    ("vendor", "operation", "profiles", "others"),
    [
        ("stripe", "CustomerCreate", {}, "409 idempotency_key_in_use"),
        ("quickbooks", "saveCustomer", {}, "200 {id}"),
        ("quickbooks", "saveCustomer", {"quickbooks": "zuora"}, "409 600"),
    ],
)
def test_one_object_is_made_and_everybody_else_is_answered_by_the_profile(
    us_saas: Dictionary, vendor: str, operation: str, profiles: Mapping[str, str], others: str
) -> None:
    plan = HELD.format(vendor=vendor, operation=operation)
    with served(us_saas, plan, profiles) as (doors, world), patient() as client:
        answers = all_at_once(client, doors, world, vendor)
        (id,) = created(world)
        assert answers == {"no answer": 1, others.format(id=id): AT_ONCE - 1}
        # Until the vendor is done with the first, a repetition meets it in flight; then it is told what came of it.
        world.advance(UNANSWERED - timedelta(seconds=1))
        assert ask(client, doors, world, vendor) == others.format(id=id)
        world.advance(timedelta(seconds=1))
        assert ask(client, doors, world, vendor) == f"200 {id}"
        assert created(world) == [id]


def test_without_keys_everybody_makes_an_object_of_his_own(us_saas: Dictionary) -> None:
    with served(us_saas, "", {"stripe": "none"}) as (doors, world), patient() as client:
        answers = all_at_once(client, doors, world, "stripe")
        assert set(answers.values()) == {1}
        assert len(set(created(world))) == AT_ONCE
