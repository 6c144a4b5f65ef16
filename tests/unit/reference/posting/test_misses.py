"""A name that the ledger's lists do not show is looked for once more when they can be relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from simharness.reference.ledger.catalogue import UNKNOWN
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.misses import Misses

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    with store.turn():
        return store


def test_what_lacked_a_name_is_decided_again_once_after_the_lists_settled(store: Store, tmp_path: Path) -> None:
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    again: list[str] = []
    misses = Misses(store, evidence, [again.append], settle_s=60)
    with time_machine.travel(MONDAY, tick=False) as clock:
        evidence.reject("hubspot:company:1", UNKNOWN, "no Term called 'Net 30'")
        evidence.reject("hubspot:company:2", "no_name", "it has no name")
        assert (misses.look_again(), again) == (0, [])
        clock.shift(timedelta(seconds=60))
        evidence.reject("hubspot:deal:3", UNKNOWN, "no Item called 'Badge'")
        assert (misses.look_again(), again) == (1, ["hubspot:company:1"])
        assert misses.look_again() == 0
        clock.shift(timedelta(seconds=59))
        assert misses.look_again() == 0
        clock.shift(timedelta(seconds=1))
        anew = Misses(store, evidence, [again.append], settle_s=60)
        assert (anew.look_again(), again) == (1, ["hubspot:company:1", "hubspot:deal:3"])
        evidence.recovered("hubspot:company:1")
        clock.shift(timedelta(days=1))
        assert anew.look_again() == 0
    store.close()


def test_a_decision_that_got_no_answer_is_taken_again(store: Store, tmp_path: Path) -> None:
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    tries: list[str] = []

    def retry(source: str) -> None:
        tries.append(source)
        if len(tries) == 1:
            raise ConnectionError

    misses = Misses(store, evidence, [retry], settle_s=0)
    with time_machine.travel(MONDAY, tick=False):
        evidence.reject("hubspot:company:1", UNKNOWN, "no Term called 'Net 30'")
        with pytest.raises(ConnectionError):
            misses.look_again()
        assert (misses.look_again(), misses.look_again()) == (1, 0)
    store.close()
