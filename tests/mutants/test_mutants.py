"""A sample of the mutants, small enough for every change; `make mutants` tries all of them and writes the table."""

from __future__ import annotations

import pytest

from tests.mutants.__main__ import TABLE
from tests.mutants.catalogue import CONNECTOR, ENGINES
from tests.mutants.mutant import Mutant, Try, instead
from tests.mutants.table import document, is_found
from tests.mutants.trying import sound, try_out

#: One of each way to break something: a key, a crash, a refusal, a day, a figure, an engine.
SAMPLE = (
    "a new key per attempt",
    "what was under way is forgotten at a restart",
    "a refusal is swallowed",
    "days of Greenwich",
    "a fee not posted",
    "an open balance that payments leave as it is",
    "an entry that does not balance",
)
ALL = {mutant.name: mutant for mutant in (*CONNECTOR, *ENGINES)}


def test_there_are_enough_of_them_and_no_two_have_a_name() -> None:
    assert (len(CONNECTOR) >= 40, len(ENGINES) >= 10) == (True, True)
    assert len(ALL) == len(CONNECTOR) + len(ENGINES)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_mutant_is_found_by_the_check_whose_statement_it_breaks(name: str) -> None:
    tried = try_out(ALL[name])
    assert is_found(ALL[name], tried), tried


@pytest.mark.parametrize("name", SAMPLE[:3])
def test_the_sound_connector_raises_nothing_on_the_same_case(name: str) -> None:
    (attempt,) = ALL[name].tries
    assert not [finding for result in sound(ALL[name], attempt) for finding in result.findings]


def test_a_mutant_that_is_never_reached_is_not_taken_for_found() -> None:
    idle = Mutant(
        name="an override that does what it replaces",
        checks=("V1",),
        tries=(Try(story="tests/mutants/stories/rounding.yaml"),),
        overrides=(
            instead("simharness.reference.arithmetic.tax:TaxPolicy.calculate", lambda _, original, *a: original(*a)),
        ),
    )
    tried = try_out(idle)
    assert (is_found(idle, tried), tried.reached, tried.found) == (False, 0, {})
    assert "| not V1 | 1 | rounding | never |" in document({"x": [(idle, tried)]}, 0, [])


def test_the_table_tells_of_every_mutant_that_it_was_found() -> None:
    told = TABLE.read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in told.splitlines() if line.startswith("| ")}
    assert rows.keys() - {"mutant"} == ALL.keys(), "make mutants writes it anew"
    for name, mutant in ALL.items():
        assert all(f"**{check}**" in rows[name] for check in mutant.checks), name
    assert "0 false alarms" in told
