"""A state folder is put back in place: same inodes, same contents, same offsets of open files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from simharness.explore.shelter import Shelter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    (made / "000").mkdir(parents=True)
    (made / "000" / "notes").write_text("one\n")
    return made


def test_what_was_changed_added_or_taken_away_is_as_before(folder: Path) -> None:
    (folder / "000" / "second").write_bytes(b"\0" * 5000)
    shelter = Shelter(folder)
    shelter.renew()
    (folder / "000" / "notes").write_text("another, and longer\n")
    (folder / "000" / "second").unlink()
    shutil.copytree(folder / "000", folder / "001")

    assert shelter.changed()
    shelter.restore()

    assert not shelter.changed()
    assert (folder / "000" / "notes").read_text() == "one\n"
    assert (folder / "000" / "second").read_bytes() == b"\0" * 5000
    assert [path.name for path in folder.iterdir()] == ["000"]


def test_a_file_that_was_replaced_gets_its_inode_back(folder: Path) -> None:
    notes = folder / "000" / "notes"
    shelter = Shelter(folder)
    shelter.renew()
    inode = notes.stat().st_ino
    with notes.open("a") as held:
        (folder / "000" / "other").write_text("two\n")
        (folder / "000" / "other").rename(notes)
        shelter.restore()
        held.write("through the old handle\n")

    assert notes.stat().st_ino == inode
    assert notes.read_text() == "one\nthrough the old handle\n"


def test_the_offset_that_a_child_moved_is_moved_back(folder: Path) -> None:
    shelter = Shelter(folder)
    with (folder / "000" / "notes").open("rb", buffering=0) as held:
        held.read(2)
        shelter.renew()
        child = os.fork()
        if not child:
            held.read(2)
            os._exit(0)
        os.waitpid(child, 0)
        assert held.tell() == 4
        shelter.restore()
        assert held.tell() == 2


def test_an_open_database_goes_on_after_a_child_wrote_into_it(folder: Path) -> None:
    database = sqlite3.connect(folder / "000" / "memory.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE fact (name TEXT)")
    database.execute("INSERT INTO fact VALUES ('before')")
    database.commit()
    shelter = Shelter(folder)
    shelter.renew()
    child = os.fork()
    if not child:
        database.execute("INSERT INTO fact VALUES ('of the child')")
        database.commit()
        database.close()
        os._exit(0)
    os.waitpid(child, 0)
    shelter.restore()

    database.execute("INSERT INTO fact VALUES ('after')")
    database.commit()
    assert [name for (name,) in database.execute("SELECT name FROM fact")] == ["before", "after"]
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    with sqlite3.connect(folder / "000" / "memory.db") as again:
        assert again.execute("SELECT count(*) FROM fact").fetchone() == (2,)


def test_an_image_has_another_number_only_when_something_changed(folder: Path) -> None:
    shelter = Shelter(folder)
    first = shelter.renew()
    assert shelter.renew() == first
    (folder / "000" / "notes").write_text("two\n")
    assert shelter.renew() == first + 1


def test_what_a_shelter_within_keeps_takes_nothing_from_the_one_around_it(folder: Path) -> None:
    outer = Shelter(folder)
    image = outer.renew()
    inner = outer.within()
    images = {inner.renew()}
    (folder / "000" / "notes").unlink()  # as a connector that is restarted does
    (folder / "000" / "notes").write_text("of another life\n")
    images.add(inner.renew())
    inner.restore()
    assert image not in images

    outer.restore()

    assert (folder / "000" / "notes").read_text() == "one\n"
    outer.within().renew()  # the next child
    outer.close()
    assert [path.name for path in folder.parent.iterdir()] == ["state"]
