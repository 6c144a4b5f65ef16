"""The in-process doors: what the fake meant is what httpx code sees, for sync, async and hard-coded hosts."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from simharness.domain.exchange import COMPLETE, Delivery, DeliveryKind
from simharness.world.doors.routed import routed
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Interfering, kiosk_pack

URL = "https://kiosk.example/notes"


def a_world(delivery: Delivery = COMPLETE) -> World:
    return World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()}, port=Interfering(delivery))


def ask_sync(world: World, url: str = URL) -> httpx.Response:
    with httpx.Client(transport=WorldTransport(world), timeout=7) as client:
        return client.post(url, json="hello")


def ask_async(world: World, url: str = URL) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=WorldTransport(world), timeout=7) as client:
            return await client.post(url, json="hello")

    return asyncio.run(ask())


def ask_routed(world: World, url: str = URL) -> httpx.Response:
    with routed(world), httpx.Client(timeout=7) as client:
        return client.post(url, json="hello")


ASKING = pytest.mark.parametrize("ask", [ask_sync, ask_async, ask_routed])


@ASKING
def test_an_answer_arrives_whole(ask: object) -> None:
    response = ask(a_world())  # type: ignore[operator]  # one of the three above
    assert (response.status_code, response.json()) == (200, ["hello"])


@ASKING
@pytest.mark.parametrize(
    ("delivery", "error", "moved_s"),
    [
        (Delivery(kind=DeliveryKind.LOST), httpx.RemoteProtocolError, 0),
        (Delivery(kind=DeliveryKind.RESET_BEFORE), httpx.ConnectError, 0),
        (Delivery(kind=DeliveryKind.CUT_AT, cut_bytes=3), httpx.RemoteProtocolError, 0),
        (Delivery(kind=DeliveryKind.NO_ANSWER), httpx.ReadTimeout, 7),
        (Delivery(kind=DeliveryKind.AFTER, delay=timedelta(seconds=8)), httpx.ReadTimeout, 7),
    ],
)
def test_a_delivery_is_enacted_and_takes_its_time(
    ask: object, delivery: Delivery, error: type[Exception], moved_s: int
) -> None:
    world = a_world(delivery)
    with pytest.raises(error):
        ask(world)  # type: ignore[operator]  # one of the three above
    assert world.clock.now == NOW + timedelta(seconds=moved_s)
    assert world.exchange_log[0].delivery == delivery


@ASKING
def test_a_slow_answer_within_the_clients_patience_arrives_and_moves_the_clock(ask: object) -> None:
    world = a_world(Delivery(kind=DeliveryKind.AFTER, delay=timedelta(seconds=6)))
    assert ask(world).status_code == 200  # type: ignore[operator]  # one of the three above
    assert world.clock.now == NOW + timedelta(seconds=6)


@ASKING
def test_a_call_to_a_foreign_host_is_recorded_even_if_the_caller_swallows_the_error(ask: object) -> None:
    world = a_world()
    with pytest.raises(httpx.ConnectError):
        ask(world, "https://collector.example/track")  # type: ignore[operator]  # one of the three above
    assert [(e.outside, e.request.host) for e in world.exchange_log] == [(True, "collector.example")]


def test_a_fenced_transport_reaches_the_world_no_more() -> None:
    world = a_world()
    transport = WorldTransport(world)
    transport.fence()
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.TransportError, match="killed"):
        client.get(URL)
    assert len(world.exchange_log) == 0
