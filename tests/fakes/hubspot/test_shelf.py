"""The shelf of a kind tells what changed since an instant, however often things were changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from simharness_fakes.hubspot.kinds import DEALS
from simharness_fakes.hubspot.state.things import Shelf, Thing

START = datetime(2026, 1, 5, 17, tzinfo=UTC)


def changed_at(number: int, minute: int) -> Thing:
    moment = START + timedelta(minutes=minute)
    return Thing(kind="deals", id=str(number), properties={}, created_at=START, updated_at=moment)


def test_each_object_is_found_at_its_last_change_only() -> None:
    shelf = Shelf(DEALS)
    for minute in range(1000):
        shelf.put(changed_at(1 + minute % 3, minute))
    shelf.put(changed_at(3, 998))  # once more in the same instant
    assert [int(thing.id) for thing in shelf.changed(None, None)] == [2, 3, 1]
    assert [int(thing.id) for thing in shelf.changed(START + timedelta(minutes=998), None)] == [3, 1]
    assert [int(thing.id) for thing in shelf.changed(None, START + timedelta(minutes=997))] == [2]


def test_a_copy_of_the_shelf_goes_its_own_way() -> None:
    shelf = Shelf(DEALS)
    shelf.put(changed_at(1, 1))
    twin = shelf.fork()
    twin.put(changed_at(1, 5))
    assert [thing.updated_at for thing in shelf.changed(None, None)] == [START + timedelta(minutes=1)]
    assert [thing.updated_at for thing in twin.changed(None, None)] == [START + timedelta(minutes=5)]
