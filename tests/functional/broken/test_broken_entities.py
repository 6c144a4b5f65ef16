"""A connector that mixes entities up in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.money import Money
from simharness.domain.played import Played
from tests.functional.broken.attached import found, setting, told

#: Two entities that share a gateway, and two that each pay their people.
STORY = Path(__file__).with_name("group.yaml")
PAYING = Path(__file__).with_name("group_payroll.yaml")


def played(folder: Path, fault: str, story: Path = STORY) -> Played:
    """The story against the reference connector with a fault."""
    return told(story, setting(folder, "mixed_up:build", fault))


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("none", set()),
        ("books everything into the first entity", {"V19", "R1", "V20"}),
        ("owes the other entity nothing", {"V19", "V10", "R3"}),
        ("lets the other entity bear the fee", {"V19", "V10", "R3"}),
        ("takes what is due for received", {"V19", "V10", "R3"}),
    ],
)
def test_a_connector_that_mixes_entities_up_is_found(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
    assert bool(checks) == bool(found(run))


def test_what_lands_in_foreign_books_names_both_entities(tmp_path: Path) -> None:
    run = played(tmp_path, "books everything into the first entity")
    messages = [f.message for r in run.results for f in r.findings if f.check == "V19"]
    wanted = "of deal 'Umbrella desks', which entity 'east' sold, is in the books of 'west'"
    assert any(wanted in message for message in messages), messages


def test_what_one_side_posts_alone_names_both_entities_and_the_amount(tmp_path: Path) -> None:
    run = played(tmp_path, "takes what is due for received")
    findings = [f for r in run.results for f in r.findings if f.check == "V19"]
    assert {f.at_risk for f in findings} == {Money("1088.75", "USD")}
    assert all("'west'" in f.message and "'east'" in f.message for f in findings)


@pytest.mark.parametrize(
    ("fault", "checks", "foreign"),
    [
        ("none", set(), set()),
        (
            "books the second company's payroll into the first entity",
            {"V19", "V14", "R5", "R6", "V9"},
            {("East in January", "east", "west")},
        ),
        (
            "books each company's payroll into the other entity",
            {"V19", "V14", "R5", "R6", "V9"},
            {("East in January", "east", "west"), ("West in January", "west", "east")},
        ),
    ],
)
def test_a_payroll_in_foreign_books_is_found_although_the_amounts_are_the_same(
    tmp_path: Path, fault: str, checks: set[str], foreign: set[tuple[str, str, str]]
) -> None:
    run = played(tmp_path, fault, PAYING)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
    assert bool(checks) == bool(found(run))
    messages = [f.message for r in run.results for f in r.findings if f.check == "V19"]
    for name, entity, books in foreign:
        wanted = f"of payroll {name!r}, which pays the people of entity {entity!r}, is in the books of {books!r}"
        assert any(wanted in message for message in messages), messages
    assert bool(messages) == bool(foreign)
