"""Two moments are alike when they differ in nothing that the connector knows, however it came to know it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from simharness.domain.exchange import Response
from simharness.explore.likeness import Likeness

_DIGEST = "6848bfb2da3de73c3f5448e320f01fa1be9d9da1788654321f722d76ada43141"


def _database(folder: Path, rows: list[tuple[str, str]]) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "memory.db")) as database, database:
        database.execute("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT)")
        database.executemany("INSERT INTO setting VALUES (?, ?)", rows)
    return folder


def test_the_order_in_which_rows_were_inserted_makes_no_other_moment(tmp_path: Path) -> None:
    one = _database(tmp_path / "one", [("deals", "2"), ("companies", "1")])
    other = _database(tmp_path / "other", [("companies", "1"), ("deals", "2")])
    assert Likeness().folder(one) == Likeness().folder(other)


def test_a_row_with_another_value_makes_another_moment(tmp_path: Path) -> None:
    one = _database(tmp_path / "one", [("deals", "2")])
    other = _database(tmp_path / "other", [("deals", "3")])
    assert Likeness().folder(one) != Likeness().folder(other)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("at 2026-01-12T17:00:00Z", "at 2026-01-12T17:00:09.5+01:00", True),
        ("at 2026-01-12", "at 2026-01-13", False),
        ("at 1768237200", "at 1768237209", True),
        ("at 1768237200000,", "at 1768237209000,", True),
        ("amount 1768237200.50", "amount 1768237209.50", False),
        ("number 51768237200", "number 51768237209", False),
        (f"linked to {_DIGEST}", f"linked to {_DIGEST[::-1]}", True),
        (f"linked to {_DIGEST}0", f"linked to {_DIGEST}1", False),
    ],
)
def test_instants_and_digests_make_no_other_moment_and_days_and_amounts_do(
    one: str, other: str, alike: bool, tmp_path: Path
) -> None:
    for name, text in (("one", one), ("other", other)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "state.txt").write_text(text, encoding="utf-8")
    assert (Likeness().folder(tmp_path / "one") == Likeness().folder(tmp_path / "other")) is alike


def test_what_the_manifest_calls_incidental_makes_no_other_moment(tmp_path: Path) -> None:
    one = _database(tmp_path / "one", [("turn.last", "1"), ("deals", "2")])
    other = _database(tmp_path / "other", [("turn.last", "7"), ("deals", "2")])
    assert Likeness().folder(one) != Likeness().folder(other)
    patterns = (r"(?m)^setting\('turn\..*\n?",)
    assert Likeness(patterns).folder(one) == Likeness(patterns).folder(other)


def test_a_token_that_is_learned_later_is_no_difference_in_rows_that_were_looked_at_before(tmp_path: Path) -> None:
    likeness = Likeness()
    one = _database(tmp_path / "one", [("token", "abc-1")])
    other = _database(tmp_path / "other", [("token", "abc-2")])
    assert likeness.folder(one) != likeness.folder(other)
    for token in ("abc-1", "abc-2"):
        likeness.learn(Response(status=200, headers={}, body=f'{{"access_token": "{token}"}}'.encode()))
    assert likeness.folder(one) == likeness.folder(other)


def test_a_row_that_changes_is_seen_though_the_others_stand(tmp_path: Path) -> None:
    likeness = Likeness()
    folder = _database(tmp_path / "one", [("deals", "2"), ("companies", "1")])
    before = likeness.folder(folder)
    with closing(sqlite3.connect(folder / "memory.db")) as database, database:
        database.execute("UPDATE setting SET value = '3' WHERE name = 'deals'")
    assert likeness.folder(folder) != before
