"""Tables find records by what they are filed under, and forks are independent."""

from __future__ import annotations

from simharness.domain.base import Record
from simharness.fakekit.tables import Several, Table


class Note(Record, frozen=True, kw_only=True):
    id: str
    colour: str = ""
    about: tuple[str, ...] = ()


def table() -> Table[Note]:
    return Table(lambda note: note.id, colour=lambda note: note.colour or None, about=lambda note: Several(note.about))


def ids(notes: list[Note]) -> list[str]:
    return [note.id for note in notes]


def test_a_record_is_found_under_its_value_and_nothing_else() -> None:
    notes = table()
    notes.put(Note(id="1", colour="red"))
    notes.put(Note(id="2"))
    notes.put(Note(id="1", colour="blue"))
    assert (ids(notes.find("colour", "red")), ids(notes.find("colour", "blue"))) == ([], ["1"])
    assert list(notes.values("colour")) == ["blue"]
    assert ids(list(notes)) == ["1", "2"]


def test_a_record_is_found_under_each_of_several_values() -> None:
    notes = table()
    notes.put(Note(id="1", about=("a", "b")))
    notes.put(Note(id="2", about=("b", "c")))
    assert [ids(notes.find("about", each)) for each in "abc"] == [["1"], ["1", "2"], ["2"]]
    notes.put(Note(id="1", about=("c",)))
    assert [ids(notes.find("about", each)) for each in "abc"] == [[], ["2"], ["2", "1"]]
    notes.remove("2")
    assert [ids(notes.find("about", each)) for each in "abc"] == [[], [], ["1"]]


def test_a_fork_and_its_origin_do_not_see_each_others_writes() -> None:
    origin = table()
    origin.put(Note(id="1", colour="red", about=("a",)))
    twin = origin.fork()
    origin.put(Note(id="2", colour="red"))
    twin.put(Note(id="3", colour="red", about=("a",)))
    grandchild = twin.fork()
    twin.remove("1")
    grandchild.put(Note(id="1", colour="blue"))
    assert [ids(each.find("colour", "red")) for each in (origin, twin, grandchild)] == [["1", "2"], ["3"], ["3"]]
    assert [ids(each.find("about", "a")) for each in (origin, twin, grandchild)] == [["1"], ["3"], ["3"]]
