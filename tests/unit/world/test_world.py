"""A world carries, records and settles, and shares nothing with another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.acts import ClosePeriod, TakePayment
from simharness.domain.events import PaymentTaken, PayoutFailed, PayoutSent
from simharness.domain.exchange import Request, Response
from simharness.world.settlement import SettlementRule
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Kiosk, kiosk_pack

PACKS = {"kiosk": kiosk_pack(), "shed": kiosk_pack("shed", "accounting")}


def a_world(**more: object) -> World:
    stack = {"payments": "kiosk", "accounting": "shed"}
    return World(now=NOW, stack=stack, packs=PACKS, **more)  # type: ignore[arg-type]  # keyword arguments of a test


def note(text: str, host: str = "kiosk.example") -> Request:
    headers = {"content-type": "application/json"}
    return Request(method="POST", host=host, path="/notes", headers=headers, body=f'"{text}"'.encode())


def test_the_host_names_the_fake_and_every_exchange_is_recorded_in_sequence() -> None:
    world = a_world()
    for text, host in (("a", "kiosk.example"), ("b", "shed.example:443"), ("c", "Kiosk.EXAMPLE.")):
        assert world.exchange(note(text, host)) is not None
    assert [(e.sequence, e.vendor) for e in world.exchange_log] == [(1, "kiosk"), (2, "shed"), (3, "kiosk")]
    kiosk = world.fake("payments")
    assert isinstance(kiosk, Kiosk)
    assert kiosk.notes == ["a", "c"]


def test_a_foreign_host_is_recorded_as_outside_and_not_answered() -> None:
    world = a_world()
    assert world.exchange(note("x", "evil.example")) is None
    (exchange,) = world.exchange_log
    assert exchange.outside
    assert exchange.response is None
    assert exchange.vendor == ""


def test_a_hundred_worlds_do_not_see_each_other() -> None:
    worlds = [a_world() for _ in range(100)]
    for number, world in enumerate(worlds):
        for _ in range(number % 3):
            world.exchange(note(str(number)))
        world.advance(timedelta(minutes=number))
    for number, world in enumerate(worlds):
        kiosk = world.fake("payments")
        assert isinstance(kiosk, Kiosk)
        assert kiosk.notes == [str(number)] * (number % 3)
        assert len(world.exchange_log) == number % 3
        assert world.clock.now == NOW + timedelta(minutes=number)


def test_settlement_carries_an_event_into_the_other_family_after_its_delay() -> None:
    rule = SettlementRule(
        event=PaymentTaken,
        family="accounting",
        due=lambda event, now, zone: now + timedelta(hours=2),
        act=lambda event: ClosePeriod(until=date(2026, 1, 4)),
    )
    world = a_world(settlement=[rule])
    world.operate("payments", TakePayment(amount=Money("10.00", "USD"), customer_name="Globex"), "customer")
    shed = world.fake("accounting")
    assert isinstance(shed, Kiosk)
    world.advance(timedelta(minutes=119))
    assert shed.closed == []
    world.advance(timedelta(minutes=1))
    assert shed.closed == ["2026-01-04 by settlement at 14:00"]


def sent(amount: str, *, automatic: bool = True) -> PayoutSent:
    return PayoutSent(
        payout_id="po1",
        amount=Money(amount, "USD"),
        reference="T-1",
        arrival=date(2026, 1, 7),
        automatic=automatic,
    )


def failed(amount: str) -> PayoutFailed:
    return PayoutFailed(payout_id="po1", amount=Money(amount, "USD"), reference="T-1")


def with_bank() -> tuple[World, Kiosk]:
    packs = {"kiosk": kiosk_pack(), "vault": kiosk_pack("vault", "banking")}
    world = World(now=NOW, stack={"payments": "kiosk", "banking": "vault"}, packs=packs)
    vault = world.fake("banking")
    assert isinstance(vault, Kiosk)
    return world, vault


@pytest.mark.parametrize("amount", ["55.00", "-7.00"])
def test_an_automatic_payout_is_in_the_bank_on_the_morning_of_its_arrival_day(amount: str) -> None:
    world, vault = with_bank()
    world.fake("payments").setup.announce((sent(amount),))
    world.advance_to(NOW.replace(day=7, hour=5, minute=59))
    assert vault.moved == []
    world.advance(timedelta(days=9))
    assert vault.moved == [f"USD {amount} T-1 at 2026-01-07 06:00"]


def test_a_payout_by_hand_is_left_to_the_story() -> None:
    world, vault = with_bank()
    world.fake("payments").setup.announce((sent("55.00", automatic=False),))
    world.advance(timedelta(days=9))
    world.fake("payments").setup.announce((failed("55.00"),))
    world.advance(timedelta(days=9))
    assert vault.moved == []


def test_a_payout_that_fails_on_its_way_never_reaches_the_bank() -> None:
    world, vault = with_bank()
    world.fake("payments").setup.announce((sent("55.00"),))
    world.advance(timedelta(hours=1))
    world.fake("payments").setup.announce((failed("55.00"),))
    world.advance(timedelta(days=9))
    assert vault.moved == []


def test_a_payout_that_fails_after_its_arrival_is_booked_back_once() -> None:
    world, vault = with_bank()
    world.fake("payments").setup.announce((sent("55.00"),))
    world.advance_to(NOW.replace(day=8))
    world.fake("payments").setup.announce((failed("55.00"),))
    world.fake("payments").setup.announce((failed("55.00"),))
    world.advance(timedelta(days=1))
    assert vault.moved == ["USD 55.00 T-1 at 2026-01-07 06:00", "USD -55.00 T-1 at 2026-01-08 12:00"]


def test_a_webhook_attempt_is_recorded_with_the_receivers_answer() -> None:
    world = a_world()
    world.operate("accounting", ClosePeriod(until=date(2026, 1, 4)), "controller")
    world.receiver = lambda request: Response(status=204)
    world.operate("accounting", ClosePeriod(until=date(2026, 1, 4)), "controller")
    answers = [attempt.response and attempt.response.status for attempt in world.deliveries]
    assert answers == [None, 204]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"stack": {"payments": "kiosc"}}, "did you mean 'kiosk'"),
        ({"stack": {"crm": "kiosk"}}, "plays payments, not crm"),
        ({"stack": {"payments": "kiosk"}, "options": {"kiosk": {"color": "blue"}}}, "it has colour"),
        ({"stack": {"payments": "kiosk"}, "options": {"shed": {}}}, "not part of this world"),
    ],
)
def test_a_world_that_cannot_be_says_why(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        World(now=NOW, packs=PACKS, **arguments)  # type: ignore[arg-type]  # keyword arguments of a test
