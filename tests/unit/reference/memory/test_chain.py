"""The integration log is a chain: whatever is done to a row, verifying names the first that does not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
import time_machine

from simharness.reference.memory import store as tables
from simharness.reference.memory.chain import Chain, digest_of
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from tests.postgres import Server

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
ROWS = 5


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        return Store(f"sqlite:///{tmp_path / 'state.db'}")
    server: Server = request.getfixturevalue("postgres")
    return Store(server.database())


def filled(store: Store, folder: Path, *, days_apart: int = 0) -> Evidence:
    """A log of five rows of every kind, each some days after the last."""
    evidence = Evidence(store, folder / "evidence.ndjson", currency="USD", owner="finance")
    acts: list[Callable[[], None]] = [
        lambda: evidence.log("deal:1", "invoice:1", "create", "posted"),
        lambda: evidence.log("deal:2", "invoice:2", "create", "posted"),
        lambda: evidence.dead_letter("deal:3", "refused", 1, None),
        lambda: evidence.alert("posting:3", "deal:3", "refused"),
        lambda: evidence.recovered("deal:3"),
    ]
    for number, act in enumerate(acts):
        with time_machine.travel(MONDAY + timedelta(days=number * days_apart), tick=False):
            act()
    assert len(acts) == ROWS
    return evidence


def lines(folder: Path) -> list[dict[str, str]]:
    return [msgspec.json.decode(line) for line in (folder / "evidence.ndjson").read_bytes().splitlines()]


def run(store: Store, statement: sa.Update | sa.Delete | sa.Insert) -> None:
    with store.transaction():
        store.connection.execute(statement)


def test_an_untouched_log_holds_and_its_file_shows_the_links(store: Store, tmp_path: Path) -> None:
    assert Chain(store).verify().rows == 0
    filled(store, tmp_path).flush()
    verdict = Chain(store).verify()
    assert (verdict.rows, verdict.pruned, verdict.broken) == (ROWS, 0, None)
    shown = lines(tmp_path)
    assert shown[0]["previous"] == ""
    assert [row["previous"] for row in shown[1:]] == [row["digest"] for row in shown[:-1]]
    # The recipe of a digest as the documentation has it, from the file alone.
    for row in shown:
        assert digest_of({name: value for name, value in row.items() if name != "digest"}) == row["digest"]
    store.close()


@pytest.mark.parametrize("place", range(1, ROWS + 1))
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"at":"2026-01-05', b'"at":"2026-01-04', "its content was changed"),
        (b'"at":"2026', b'"at": "2026', "it was written anew"),
        (b'"digest":"', b'"digest":"0', "its content was changed"),
        (b"{", b"", "it is no row of the log any more"),
    ],
)
def test_a_changed_row_is_named(store: Store, tmp_path: Path, place: int, old: bytes, new: bytes, why: str) -> None:
    filled(store, tmp_path)
    table = tables.log
    row = store.row(sa.select(table.c.row).where(table.c.sequence == place))
    assert row is not None
    changed = bytes(row["row"]).replace(old, new, 1)
    run(store, sa.update(table).where(table.c.sequence == place).values(row=changed))
    verdict = Chain(store).verify()
    assert (verdict.broken, verdict.why, verdict.rows) == (place, why, place - 1)
    store.close()


@pytest.mark.parametrize("place", range(1, ROWS + 1))
def test_a_row_that_was_taken_out_is_missed_at_the_next_one(store: Store, tmp_path: Path, place: int) -> None:
    filled(store, tmp_path)
    run(store, sa.delete(tables.log).where(tables.log.c.sequence == place))
    verdict = Chain(store).verify()
    assert verdict.broken == (place + 1 if place < ROWS else ROWS)
    said = "rows are missing at the end" if place == ROWS else "the row before it was taken out"
    assert verdict.why.startswith(said)
    store.close()


def test_a_row_that_was_put_in_is_named_although_its_own_digest_is_right(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path)
    table = tables.log
    second = store.row(sa.select(table).where(table.c.sequence == 2))
    assert second is not None
    forged = msgspec.json.decode(bytes(second["row"]))
    forged["target"] = "invoice:99"
    del forged["digest"]
    forged["digest"] = digest_of(forged)
    raw = msgspec.json.Encoder(order="sorted").encode(forged)
    run(store, sa.update(table).where(table.c.sequence == 2).values(row=raw))
    verdict = Chain(store).verify()
    assert (verdict.broken, verdict.why.startswith("the row before it")) == (3, True)
    store.close()


def test_an_emptied_log_does_not_pass(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path)
    run(store, sa.delete(tables.log))
    assert Chain(store).verify().why == f"rows are missing at the end: 0 of {ROWS} are there"
    store.close()


def test_old_rows_are_given_up_in_whole_and_what_remains_holds(store: Store, tmp_path: Path) -> None:
    evidence = filled(store, tmp_path, days_apart=10)
    evidence.flush()
    with time_machine.travel(MONDAY + timedelta(days=40), tick=False):
        evidence.retain(0)
        assert Chain(store).verify().rows == ROWS
        evidence.retain(25)  # from day 15 on: the rows of the days 20, 30 and 40 stay
        evidence.retain(1)  # once a day is often enough
        evidence.flush()
    verdict = Chain(store).verify()
    assert (verdict.rows, verdict.pruned, verdict.broken) == (4, 2, None)
    shown = lines(tmp_path)
    assert [row["type"] for row in shown] == ["dead_letter", "alert", "alert", "log"]
    assert shown[-1]["action"] == "prune"
    assert shown[-1]["detail"] == f"2 rows older than 25 days; anchor {shown[0]['previous']}"
    run(store, sa.delete(tables.log).where(tables.log.c.sequence == 3))
    assert Chain(store).verify().broken == 4
    store.close()


def test_a_log_that_was_given_up_to_the_end_goes_on(store: Store, tmp_path: Path) -> None:
    evidence = filled(store, tmp_path)
    with time_machine.travel(MONDAY + timedelta(days=400), tick=False):
        evidence.retain(30)
        evidence.log("deal:9", "invoice:9", "create", "posted")
    evidence.flush()
    verdict = Chain(store).verify()
    assert (verdict.rows, verdict.pruned, verdict.broken) == (2, ROWS, None)
    assert [row["action"] for row in lines(tmp_path)] == ["prune", "create"]
    store.close()


def test_what_is_rolled_back_was_never_in_the_chain(store: Store, tmp_path: Path) -> None:
    evidence = filled(store, tmp_path)

    def log_and_fail() -> None:
        with store.transaction():
            evidence.log("deal:7", "invoice:7", "create", "posted")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        log_and_fail()
    evidence.log("deal:8", "invoice:8", "create", "posted")
    verdict = Chain(store).verify()
    assert (verdict.rows, verdict.broken) == (ROWS + 1, None)
    store.close()
