"""Canaries are found however they are written, and nothing is taken for one by chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.checks.privacy.canaries import Canary, canaries, contains
from simharness.checks.privacy.looking import Item, look
from simharness.domain.personal import Personal, Sighting

PERSON = "7f3c0a52-1d1e-4b9b-8a53-3f0d0e8b1c11"
TEXTS = {
    "name": "Siobhán O'Brien",
    "ssn": "512-33-9876",
    "bank_account": "000123456789",
    "address": "77 Larkspur Lane, Austin, TX 78701",
    "birth_date": "1988-04-30",
    "pay": "78000.00",
    "email": "siobhan.obrien@home.example",
}


def watched(said: str = "") -> tuple[Canary, ...]:
    held = [("payroll", Personal(subject=PERSON, field=field, text=text)) for field, text in TEXTS.items()]
    return canaries(held, said.lower())


def seen(text: str, sink: str = "ledger", said: str = "") -> set[str]:
    found = look(watched(said), [Item(sink, "entry 1", text.encode())])
    assert all((one.subject, one.sink, one.place) == (PERSON, sink, "entry 1") for one in found.sightings)
    return {one.field for one in found.sightings}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("salary Siobhán O'Brien", "name"),
        ("SALARY O'BRIEN, SIOBHÁN", "name"),
        ("salary Siobhan O'Brien", "name"),
        ('{"memo": "Siobh\\u00e1n O\'Brien"}', "name"),
        ("memo=Siobh%C3%A1n+O%27Brien", "name"),
        ("ssn 512339876", "ssn"),
        ("512-33-9876", "ssn"),
        ("to 000123456789", "bank_account"),
        ("send to 77 Larkspur Lane", "address"),
        ("born 04/30/1988", "birth_date"),
        ("SIOBHAN.OBRIEN@home.example", "email"),
        (f"employee {PERSON}", "id"),
    ],
)
def test_a_canary_is_found_in_whatever_way_it_is_written(text: str, field: str) -> None:
    assert seen(text) == {field}


@pytest.mark.parametrize("text", ["invoice 15123398761", "1988-04-301", "Siobhán O'Brienne", "177 Larkspur Lanes", ""])
def test_a_part_of_a_longer_word_or_number_is_none(text: str) -> None:
    assert seen(text) == set()


def test_an_amount_tells_of_a_person_only_beside_the_name_or_the_id() -> None:
    assert seen("salaries of January 78000.00") == set()
    assert seen("78,000.00 to Siobhán O'Brien") == {"name", "pay"}
    assert seen(f'"{PERSON}","78000"') == {"id", "pay"}
    apart = [Item("ledger", "entry 1", b"78000.00"), Item("ledger", "entry 2", PERSON.encode())]
    assert {one.field for one in look(watched(), apart).sightings} == {"id"}


def test_what_the_story_says_itself_is_no_canary() -> None:
    assert seen("invoice for Siobhán O'Brien", said='"customer":"Siobhán O\'Brien"') == set()


def test_the_id_may_stand_in_what_the_connector_keeps_and_logs() -> None:
    for sink in ("log", "files", "alert", "payroll"):
        assert seen(PERSON, sink) == set()
    assert seen("512-33-9876", "payroll") == set()
    assert seen("512-33-9876", "log") == {"ssn"}


def test_a_field_that_another_system_rightly_knows_is_passed_over_there() -> None:
    email = Personal(subject="c1", field="email", text="x@customer.example", known_to=("accounting",))
    items = [Item(sink, "somewhere", b"to x@customer.example") for sink in ("ledger", "crm", "bi")]
    found = look(canaries([("crm", email)], ""), items)
    assert found.sightings == (Sighting(subject="c1", field="email", sink="bi", place="somewhere"),)


def test_files_are_read_whole_and_what_was_searched_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.write_bytes(b"\x00\xff 512-33-9876 \x00")
    found = look(watched(), [Item("files", "state.db", file), Item("ledger", "entry 1", b"")])
    assert found.sightings == (Sighting(subject=PERSON, field="ssn", sink="files", place="state.db"),)
    assert found.sinks == (("files", 1), ("ledger", 1))
    assert dict(found.canaries) == {**dict.fromkeys(TEXTS, 1), "id": 1}


def test_the_text_of_a_canary_is_shown_by_no_repr() -> None:
    assert "512" not in repr(Personal(subject=PERSON, field="ssn", text="512-33-9876"))


def test_a_short_text_is_a_whole_word() -> None:
    assert contains("x ng", "x ng")
    assert not contains("max ngo", "x ng")
