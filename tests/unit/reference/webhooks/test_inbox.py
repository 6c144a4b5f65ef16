"""The inbox keeps every event once, whatever the number of tellings, and hands it to one pass."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.webhooks.inbox import Inbox
from simharness.reference.webhooks.news import News
from tests.postgres import Server

DEAL, AGAIN, CHARGE = (
    News(key=key, noun=noun, id=id)
    for key, noun, id in (("h:1", "deal", "77"), ("h:2", "deal", "77"), ("s:1", "charge", "ch_1"))
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = f"sqlite:///{tmp_path / 'connector.db'}"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        url = server.database()
    return Store(url)


def test_two_events_about_one_deal_name_it_once_and_are_both_done(store: Store) -> None:
    inbox = Inbox(store, listens=True)
    inbox.put("hubspot", [DEAL, AGAIN])
    inbox.put("stripe", [CHARGE])
    letters = inbox.waiting("hubspot")
    assert letters.of("deal", "company") == ["77"]
    inbox.done(letters)
    assert inbox.waiting("hubspot").of("deal") == []
    assert inbox.busy()  # the gateway's
    inbox.done(inbox.waiting("stripe"))
    assert not inbox.busy()
    store.close()


def test_an_event_that_is_told_again_is_counted_and_is_no_news(store: Store) -> None:
    inbox = Inbox(store, listens=True)
    for _ in range(3):
        inbox.put("hubspot", [DEAL])
        inbox.done(inbox.waiting("hubspot"))
    assert not inbox.busy()
    assert [row["heard"] for row in store.rows(sa.select(tables.inbox))] == [3]
    store.close()


def test_many_threads_tell_at_once_and_each_event_is_there_once(store: Store) -> None:
    inbox = Inbox(store, listens=True)
    told = [News(key=f"h:{n}", noun="deal", id=str(n)) for n in range(5)]
    threads = [threading.Thread(target=inbox.put, args=("hubspot", told)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(inbox.waiting("hubspot").of("deal")) == ["0", "1", "2", "3", "4"]
    assert {row["heard"] for row in store.rows(sa.select(tables.inbox))} == {6}
    store.close()


def test_what_comes_during_a_pass_is_for_the_next_one(store: Store) -> None:
    inbox = Inbox(store, listens=True)
    inbox.put("hubspot", [DEAL])
    letters = inbox.waiting("hubspot")
    with store.transaction():
        store.set_setting("x", "y")
    inbox.put("hubspot", [AGAIN])
    inbox.done(letters)
    assert inbox.waiting("hubspot").of("deal") == ["77"]
    store.close()


def test_a_connector_that_polls_asks_its_inbox_nothing(store: Store) -> None:
    inbox = Inbox(store, listens=False)
    inbox.put("hubspot", [DEAL])
    assert not inbox.busy()
    assert inbox.waiting("hubspot").of("deal") == []
    store.close()


def test_what_was_refused_is_told_once_and_over_when_the_vendor_is_heard_again(store: Store, tmp_path: Path) -> None:
    inbox = Inbox(store, listens=True)
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    for _ in range(2):
        inbox.turned_away("stripe", "it is not signed")
    assert inbox.busy()
    inbox.tell(evidence)
    assert not inbox.busy()
    assert [row["name"] for row in store.rows(sa.select(tables.incident))] == ["webhook:stripe:it is not signed"]
    inbox.put("hubspot", [DEAL])
    inbox.tell(evidence)
    assert len(store.rows(sa.select(tables.incident))) == 1
    inbox.put("stripe", [CHARGE])
    inbox.tell(evidence)
    assert store.rows(sa.select(tables.incident)) == []
    store.close()


def test_a_refusal_is_over_by_news_that_is_known_and_a_further_one_opens_it_anew(store: Store, tmp_path: Path) -> None:
    inbox = Inbox(store, listens=True)
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    inbox.put("stripe", [CHARGE])
    inbox.done(inbox.waiting("stripe"))
    inbox.turned_away("stripe", "it is not signed")
    inbox.tell(evidence)
    inbox.put("stripe", [CHARGE])
    inbox.turned_away("stripe", "it is not signed")
    inbox.tell(evidence)
    assert [row["name"] for row in store.rows(sa.select(tables.incident))] == ["webhook:stripe:it is not signed"]
    inbox.put("stripe", [CHARGE])
    assert inbox.busy()
    inbox.tell(evidence)
    assert store.rows(sa.select(tables.incident)) == []
    assert not inbox.busy()
    store.close()


@pytest.mark.parametrize("how", ["heard", "polled"])
def test_a_person_hears_of_a_refusal_that_was_over_before_anybody_told_of_it(
    store: Store, tmp_path: Path, how: str
) -> None:
    inbox = Inbox(store, listens=True)
    told = tmp_path / "evidence.ndjson"
    evidence = Evidence(store, told, currency="USD", owner="finance")
    inbox.turned_away("stripe", "it is not signed")
    if how == "heard":
        inbox.put("stripe", [])
    else:
        inbox.polled()
    inbox.tell(evidence)
    evidence.flush()
    assert store.rows(sa.select(tables.incident)) == []
    alerts = [row for line in told.read_text().splitlines() if (row := json.loads(line)).get("type") == "alert"]
    assert [bool(row.get("cleared_at")) for row in alerts] == [False, True]
    store.close()


def test_events_are_forgotten_when_no_vendor_repeats_them_any_more(store: Store) -> None:
    inbox = Inbox(store, listens=True)
    with time_machine.travel(1_768_000_000, tick=False) as traveller:
        inbox.put("hubspot", [DEAL])
        inbox.done(inbox.waiting("hubspot"))
        inbox.put("hubspot", [AGAIN])
        traveller.move_to(1_768_000_000 + 31 * 86_400, tick=False)
        inbox.prune()
    assert [row["id"] for row in store.rows(sa.select(tables.inbox))] == ["h:2"]
    store.close()
