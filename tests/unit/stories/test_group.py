"""Dictionaries share a world where one owns the gateway and accounts say what is owed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from msgspec import structs

from simharness.core.content import content_folder
from simharness.domain.dictionary import Dictionary
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.group import group_problems
from tests.unit.stories.company import STORY, one, problems

SHIPPED = content_folder("scenarios") / "dictionaries"
WEST, EAST = (load_dictionary(SHIPPED / f"{name}.yaml") for name in ("us-group", "us-group-east"))


def without(dictionary: Dictionary, role: str) -> Dictionary:
    return structs.replace(dictionary, accounts=tuple(each for each in dictionary.accounts if each.role != role))


def test_the_shipped_group_is_sound_and_one_alone_is_asked_nothing() -> None:
    assert list(group_problems((WEST, EAST))) == []
    assert list(group_problems((without(WEST, "gateway_clearing"),))) == []


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ((WEST, structs.replace(EAST, entity="west")), "two dictionaries are of the entity 'west'"),
        ((EAST, structs.replace(EAST, entity="south")), "two entities call their bank account"),
        ((without(WEST, "gateway_clearing"), EAST), "nobody keeps an account for gateway clearing"),
        (
            (WEST, structs.replace(EAST, accounts=WEST.accounts)),
            "'west' and 'east' each keep an account for gateway clearing",
        ),
        ((without(WEST, "due_to"), EAST), "'west' has no account with the role 'due_to' and the counterpart 'east'"),
        ((WEST, without(EAST, "due_from")), "'east' has no account with the role 'due_from'"),
        ((WEST, structs.replace(EAST, currency="EUR")), "'east' keeps books in EUR"),
    ],
)
def test_what_cannot_share_a_world_is_named(pair: tuple[Dictionary, Dictionary], says: str) -> None:
    found = list(group_problems(pair))
    assert any(says in what for what, _ in found), found
    assert all(mend for _, mend in found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the dictionaries of the shipped group."""
    (tmp_path / "dictionaries").mkdir()
    for name in ("us-saas", "us-group", "us-group-east"):
        shutil.copy(SHIPPED / f"{name}.yaml", tmp_path / "dictionaries")
    return tmp_path


GROUP = STORY.replace("dictionary: tiny", "dictionary: us-group\nentities: [us-group-east]")


def test_a_story_names_further_entities_and_a_claim_whose_books_it_means(root: Path) -> None:
    claim = "{account: 1310 Due from Acme West, holds: USD 0.00, entity: east}"
    story = one(root, GROUP.replace("{invoices_of: Rollout, count: 1}", claim))
    assert [each.entity for each in (story.dictionary, *story.further)] == ["west", "east"]
    assert story.fingerprint != one(root, GROUP.replace("\nentities: [us-group-east]", "")).fingerprint


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("entities: [us-group-east]", "entities: [us-group-eats]", "there is no dictionary 'us-group-eats'"),
        ("entities: [us-group-east]", "entities: [us-saas]", "call their bank account|each keep an account for"),
        ("count: 1}", "count: 1, entity: north}", "unknown entity 'north'"),
        ("count: 1}", "count: 1}\n  - {metric: net_revenue, period: 2026-01, is: 3 days, consolidated: true}",
         "a sum of money over all entities"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_group_is_told_where_it_stands(root: Path, old: str, new: str, says: str) -> None:
    found = problems(root, GROUP.replace(old, new))
    assert any(re.search(says, problem.what) for problem in found), [problem.what for problem in found]
    assert all(problem.where is not None and problem.where.line for problem in found)
