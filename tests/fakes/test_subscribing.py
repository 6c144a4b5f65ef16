"""Where an app listens is entered in every system alike, and what is told once can be told again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness.domain.acts import (
    Act,
    ActRefused,
    CreateCompany,
    EnterParty,
    MoveBankMoney,
    Subscribe,
    TakePayment,
    TellAgain,
)
from simharness.domain.exchange import Request, Response
from simharness.world.world import World

URL = "https://connector.test/hook"


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


#: Something that happens in a system, and an event by which its vendor tells of that; Plaid tells everything.
HAPPENINGS: dict[str, tuple[Callable[[World], Act], tuple[str, ...]]] = {
    "crm": (lambda _: CreateCompany(name="Globex", region="US-CA-SF", terms="Net 30"), ("company.creation",)),
    "accounting": (lambda world: EnterParty(name=f"Globex {world.clock.now:%H:%M}"), ("Customer",)),
    "payments": (lambda _: TakePayment(amount=usd("10.00"), customer_name="Globex"), ("charge.succeeded",)),
    "banking": (lambda _: MoveBankMoney(amount=usd("10.00"), reference="r"), ()),
}
FAMILIES = pytest.mark.parametrize("family", list(HAPPENINGS))


@pytest.fixture
def told(world: World) -> list[Request]:
    """What a receiver that takes everything is told."""
    heard: list[Request] = []

    def take(request: Request) -> Response:
        heard.append(request)
        return Response(status=200)

    world.receiver = take
    return heard


def happen(world: World, family: str) -> None:
    world.operate(family, HAPPENINGS[family][0](world), "somebody")
    world.advance(timedelta(minutes=5))


def listen(world: World, family: str, url: str = URL, events: tuple[str, ...] | None = None) -> None:
    events = (HAPPENINGS[family][1] if url else ()) if events is None else events
    world.operate(family, Subscribe(url=url, events=events), "administrator")


@FAMILIES
def test_what_happens_after_the_subscription_is_told_and_awaited(
    world: World, told: list[Request], family: str
) -> None:
    happen(world, family)
    assert told == []
    listen(world, family)
    world.operate(family, HAPPENINGS[family][0](world), "somebody")
    due = world.clock.next_awaited()
    assert due is not None
    assert due <= world.clock.now + timedelta(minutes=2)
    world.advance(timedelta(minutes=5))
    assert {(request.host, request.path) for request in told} == {("connector.test", "/hook")}
    assert world.clock.next_awaited() is None


@FAMILIES
def test_what_happens_without_a_subscription_is_lost(world: World, told: list[Request], family: str) -> None:
    listen(world, family)
    listen(world, family, "")
    happen(world, family)
    assert told == []
    listen(world, family)
    world.advance(timedelta(days=4))
    assert told == []
    happen(world, family)
    assert told != []


@FAMILIES
def test_a_second_subscription_takes_the_place_of_the_first(world: World, told: list[Request], family: str) -> None:
    listen(world, family)
    listen(world, family, "https://connector.test/other")
    happen(world, family)
    paths = [request.path for request in told]
    assert set(paths) == {"/other"}
    listen(world, family)
    happen(world, family)
    assert paths == [path for path in (request.path for request in told) if path == "/other"]


@FAMILIES
def test_without_events_everything_is_told(world: World, told: list[Request], family: str) -> None:
    listen(world, family, events=())
    happen(world, family)
    assert told != []


@FAMILIES
def test_what_was_told_is_told_again_about_the_same(world: World, told: list[Request], family: str) -> None:
    listen(world, family)
    happen(world, family)
    first = [request.body.replace(b'"pending_webhooks":1', b'"pending_webhooks":0') for request in told]
    told.clear()
    world.operate(family, TellAgain(), "vendor")
    world.advance(timedelta(minutes=5))
    assert [request.body for request in told] == first


@pytest.mark.parametrize(
    ("family", "event"),
    [
        ("crm", "deal.woning"),
        ("crm", "deal.propertyChange"),
        ("crm", "deal.propertyChange nowhere"),
        ("crm", "line_item.merge"),
        ("accounting", "Invoices"),
        ("banking", "TRANSACTIONS"),
    ],
)
def test_an_event_that_a_vendor_does_not_have_is_refused(world: World, family: str, event: str) -> None:
    with pytest.raises(ActRefused):
        listen(world, family, events=(event,))
