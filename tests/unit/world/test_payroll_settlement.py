"""What a payroll provider collects reaches the bank on the day of its debits, net pay and taxes each by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec import structs

from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain.events import PayrollCancelled, PayrollProcessed
from simharness.stories.dictionaries import load_dictionary
from simharness.world.registry import stack_for
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Kiosk, kiosk_pack


@pytest.fixture
def world() -> World:
    packs = {"kiosk": kiosk_pack("kiosk", "payroll"), "vault": kiosk_pack("vault", "banking")}
    return World(now=NOW, stack={"payroll": "kiosk", "banking": "vault"}, packs=packs)


def moved(world: World) -> list[str]:
    vault = world.fake("banking")
    assert isinstance(vault, Kiosk)
    return vault.moved


def processed(net: str, taxes: str, debit_on: date = date(2026, 1, 13)) -> PayrollProcessed:
    return PayrollProcessed(
        payroll_id="p1",
        net_debit=Money(net, "USD"),
        tax_debit=Money(taxes, "USD"),
        debit_on=debit_on,
        reference="1A2B3C4D",
    )


def test_both_debits_are_booked_in_the_morning_of_their_day(world: World) -> None:
    world.fake("payroll").setup.announce((processed("2411.30", "817.25"),))
    world.advance_to(NOW.replace(day=13, hour=5, minute=59))
    assert moved(world) == []
    world.advance(timedelta(minutes=1))
    assert moved(world) == [
        "USD -2,411.30 GUSTO NET 1A2B3C4D at 2026-01-13 06:00",
        "USD -817.25 GUSTO TAX 1A2B3C4D at 2026-01-13 06:00",
    ]
    world.advance(timedelta(days=30))
    assert len(moved(world)) == 2


def test_a_reversal_gives_the_money_back(world: World) -> None:
    world.fake("payroll").setup.announce((processed("-2411.30", "-817.25"),))
    world.advance_to(NOW.replace(day=14))
    assert [line.split(" GUSTO")[0] for line in moved(world)] == ["USD 2,411.30", "USD 817.25"]


def test_a_day_that_is_over_is_made_up_for_at_once(world: World) -> None:
    world.fake("payroll").setup.announce((processed("5.00", "1.00", NOW.date()),))
    world.advance(timedelta(seconds=1))
    assert [line[-5:] for line in moved(world)] == ["12:00", "12:00"]


@pytest.mark.parametrize(("net", "taxes", "text"), [("0.00", "3.00", "GUSTO TAX"), ("3.00", "0.00", "GUSTO NET")])
def test_a_debit_of_nothing_is_no_line(world: World, net: str, taxes: str, text: str) -> None:
    world.fake("payroll").setup.announce((processed(net, taxes),))
    world.advance(timedelta(days=30))
    assert len(moved(world)) == 1
    assert text in moved(world)[0]


def test_a_run_that_is_cancelled_in_time_moves_no_money(world: World) -> None:
    world.fake("payroll").setup.announce((processed("2411.30", "817.25"),))
    world.advance(timedelta(days=2))
    world.fake("payroll").setup.announce((PayrollCancelled(payroll_id="p1"),))
    world.advance(timedelta(days=30))
    assert moved(world) == []


def test_the_debits_of_each_entity_of_a_group_leave_its_own_account_in_its_own_morning() -> None:
    shelf = content_folder("scenarios") / "dictionaries"
    west, east = (load_dictionary(shelf / f"us-group-people{name}.yaml") for name in ("", "-east"))
    world = World(now=NOW, stack=stack_for(west, east))
    world.furnish(west, east)
    for entity, net in (("east", "1.00"), ("west", "2.00")):
        world.fake("payroll").setup.announce((structs.replace(processed(net, "0.00"), entity=entity),))
    seen = []
    for hour in (10, 11, 13, 14):  # six o'clock is 11:00 in New York, 14:00 in Los Angeles
        world.advance_to(NOW.replace(day=13, hour=hour, minute=0))
        bank = world.snapshot().bank
        assert bank is not None
        names = {each.id: each.name for each in bank.accounts}
        seen.append({names[line.account]: line.amount for line in bank.lines})
    east_only = {"East operating account": Money("-1.00", "USD")}
    assert seen == [{}, east_only, east_only, {**east_only, "West operating account": Money("-2.00", "USD")}]


def test_an_entity_without_payroll_is_no_company_of_the_provider() -> None:
    shelf = content_folder("scenarios") / "dictionaries"
    west, east = (load_dictionary(shelf / name) for name in ("us-group.yaml", "us-group-people-east.yaml"))
    world = World(now=NOW, stack=stack_for(west, east))
    world.furnish(west, east)
    assert [payroll.entity for payroll in world.snapshot().payrolls] == ["east"]
