"""Evidence is what the database holds, line by line, whatever happened to the file."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from simharness.reference.errors import StateError
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store


def opened(folder: Path) -> tuple[Store, Evidence]:
    store = Store(f"sqlite:///{folder / 'state.db'}")
    return store, Evidence(store, folder / "evidence.ndjson", currency="USD", owner="finance")


def rows(folder: Path) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in (folder / "evidence.ndjson").read_bytes().splitlines()]


def test_an_incident_is_told_once_while_it_is_open_and_again_after_it_was_cleared(tmp_path: Path) -> None:
    store, evidence = opened(tmp_path)
    for _ in range(3):
        evidence.alert("posting:1", "deal:1", "no answer", Decimal("12.5"))
    evidence.recovered("deal:2")
    evidence.recovered("deal:1")
    evidence.recovered("deal:1")
    evidence.alert("posting:1", "deal:1", "no answer", Decimal("12.5"))
    evidence.flush()
    told = rows(tmp_path)
    assert [(row["incident"], row["amount"], "cleared_at" in row) for row in told] == [
        ("posting:1", "USD 12.50", False),
        ("posting:1", "USD 12.50", True),
        ("posting:1", "USD 12.50", False),
    ]
    store.close()


def test_the_file_is_what_the_database_holds_after_a_crash(tmp_path: Path) -> None:
    store, evidence = opened(tmp_path)
    evidence.log("deal:1", "invoice:1", "create", "posted", amount=Decimal(5))
    store.close()  # before it was rendered
    store, evidence = opened(tmp_path)
    assert [row["target"] for row in rows(tmp_path)] == ["invoice:1"]
    (tmp_path / "evidence.ndjson").write_text("half a li")
    store.close()
    store, evidence = opened(tmp_path)
    evidence.log("deal:2", "invoice:2", "create", "posted")
    evidence.flush()
    assert [row["target"] for row in rows(tmp_path)] == ["invoice:1", "invoice:2"]
    store.close()


def test_an_incident_whose_clearing_was_rolled_back_is_still_open(tmp_path: Path) -> None:
    store, evidence = opened(tmp_path)
    evidence.alert("posting:1", "deal:1", "no answer")

    def clear_and_fail() -> None:
        with store.transaction():
            evidence.recovered("deal:1")
            evidence.recovered("deal:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        clear_and_fail()
    evidence.recovered("deal:1")
    evidence.flush()
    assert ["cleared_at" in row for row in rows(tmp_path)] == [False, True]
    store.close()


@pytest.mark.parametrize(
    "content", [b"this is no database, but it is long enough to be read as one" * 20, b"SQLite format 3\0x"]
)
def test_a_damaged_database_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.db").write_bytes(content)
    with pytest.raises(StateError, match=r"state\.db cannot be used"):
        Store(f"sqlite:///{tmp_path / 'state.db'}")


def test_a_database_of_another_release_is_refused(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    store.set_setting("layout", "99")
    store.close()
    with pytest.raises(StateError, match="layout 99"):
        opened(tmp_path)
