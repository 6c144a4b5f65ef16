"""Faults over real connections: what programs that know nothing of the harness meet, and that a plan does there what it
does in process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import requests
import stripe

from simharness.domain.fault import Plan, parse_plan
from simharness.fakekit.faults import Injector
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World
from tests.fakes.conftest import TODAY

pytestmark = pytest.mark.socket

_FORM = {"content-type": "application/x-www-form-urlencoded"}
#: What each of ten requests meets; the others are answered as ever.
PLAN = parse_plan(
    "reply_lost@stripe#1 + reply_truncated@stripe#2 + timeout_after_commit@stripe#3 + reset_before@stripe#4"
    " + error_502@stripe#5 + error_500_after_commit@stripe#6 + throttled@stripe#7 + throttled_silent@stripe#8"
    " + forbidden@stripe#9 + token_expired@stripe#10 + timeout_before_commit@stripe#11 + outage:60@stripe#12"
)
_CALLS = 13
_PATIENCE_S = 0.2


def gateway(plan: Plan) -> World:
    return World(now=TODAY, stack={"payments": "stripe"}, port=Injector(plan))


@contextmanager
def served(text: str) -> Iterator[tuple[str, World]]:
    host = WorldHost(lambda: gateway(parse_plan(text)))
    with Served(host) as doors:
        yield doors.urls["stripe"], host.world


def met(client: httpx.Client, url: str, key: str) -> list[str]:
    """What a program meets that makes one customer after another: a status with its wait, or a broken connection."""
    found = []
    for number in range(_CALLS):
        body, headers = f"name=Customer {number}", {**_FORM, "authorization": f"Bearer {key}"}
        try:
            answer = client.post(f"{url}/v1/customers", content=body, headers=headers)
        except httpx.TransportError as error:
            found.append("timeout" if isinstance(error, httpx.TimeoutException) else "broken")
        else:
            found.append(f"{answer.status_code} {answer.headers.get('retry-after', '')}".strip())
    return found


def test_a_plan_does_over_a_real_connection_what_it_does_in_process() -> None:
    near = gateway(PLAN)
    with httpx.Client(transport=WorldTransport(near), timeout=_PATIENCE_S) as client:
        told = met(client, "https://api.stripe.com", near.connections()["stripe.api_key"])
    with served(str(PLAN)) as (url, far), httpx.Client(timeout=_PATIENCE_S) as client:
        also = met(client, url, far.connections()["stripe.api_key"])
        assert also == told
        assert far.struck == near.struck
        assert [write.record_id for write in far.writes] == [write.record_id for write in near.writes]
    assert told == [
        "broken", "broken", "timeout", "broken", "502", "500", "429 7", "429", "403", "200", "timeout", "503", "503",
    ]  # fmt: skip
    # Lost, cut, unanswered and failed after the work: four, and the one that nothing could meet.
    assert len(near.writes) == 5


@pytest.mark.parametrize(
    ("kind", "error", "kept"),
    [
        ("reply_lost", requests.exceptions.ConnectionError, 1),
        ("reply_truncated", requests.exceptions.ChunkedEncodingError, 1),
        ("reset_before", requests.exceptions.ConnectionError, 0),
        ("timeout_after_commit", requests.exceptions.ReadTimeout, 1),
        ("timeout_before_commit", requests.exceptions.ReadTimeout, 0),
    ],
)
def test_requests_meets_what_the_wire_does(kind: str, error: type[Exception], kept: int) -> None:
    with served(f"{kind}@stripe#1") as (url, world):
        key = world.connections()["stripe.api_key"]
        with pytest.raises(error):
            requests.post(f"{url}/v1/customers", data={"name": "Acme"}, auth=(key, ""), timeout=_PATIENCE_S)
        assert len(world.writes) == kept
        assert [each.fault.kind for each in world.struck] == [kind]


def test_a_slow_answer_is_held_back_for_real() -> None:
    with served("slow:1@stripe#1") as (url, world), httpx.Client(timeout=5) as client:
        begun, at = time.monotonic(), world.clock.now
        answer = client.get(
            f"{url}/v1/balance", headers={"authorization": f"Bearer {world.connections()['stripe.api_key']}"}
        )
        assert answer.status_code == 200
        assert time.monotonic() - begun >= 1
        assert (world.clock.now - at).total_seconds() == 1


@pytest.mark.parametrize("kind", ["reply_lost", "reset_before", "error_503", "error_502", "throttled"])
def test_the_vendors_own_library_gets_through_one_fault_and_makes_one_customer(kind: str) -> None:
    with served(f"{kind}@stripe#1") as (url, world):
        key = world.connections()["stripe.api_key"]
        client = stripe.StripeClient(key, base_addresses={"api": url}, max_network_retries=2)
        made = client.v1.customers.create({"name": "Acme"})
        assert [each.fault.kind for each in world.struck] == [kind]
        assert [write.record_id for write in world.writes] == [made.id]
