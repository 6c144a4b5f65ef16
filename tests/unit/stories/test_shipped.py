"""The stories that ship: all of them can be played, and they cover what they promise."""

from __future__ import annotations

from collections import Counter

import pytest

from simharness.core.content import content_folder
from simharness.stories import discovery
from simharness.stories.dictionaries import names_in
from simharness.stories.story import Story
from simharness.stories.vocabulary import VERBS


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return discovery.load()


def test_every_shipped_story_can_be_played() -> None:
    assert discovery.lint() == []


def test_names_of_shipped_stories_are_unique(stories: list[Story]) -> None:
    names = Counter(story.name for story in stories)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_shipped_story_names_balances_exactly(stories: list[Story]) -> None:
    for story in stories:
        exact = [step for step in story.steps if step.verb.name == "ledger.balances" and step.params.exact]
        assert exact, story.name


def test_the_pack_is_at_least_as_large_as_promised_and_uses_every_dictionary(stories: list[Story]) -> None:
    assert len({(story.where.file, story.where.line) for story in stories}) >= 90
    used = {each.name for story in stories for each in (story.dictionary, *story.further)}
    assert used == set(names_in(content_folder("scenarios") / "dictionaries"))


def test_every_verb_is_used_by_a_shipped_story(stories: list[Story]) -> None:
    shipped = [*stories, *discovery.load([content_folder("features")])]
    used = {step.verb.name for story in shipped for step in story.steps}
    assert {verb.name for verb in VERBS} - used == set()


def test_the_promised_reconciliations_are_asserted(stories: list[Story]) -> None:
    named = Counter(
        name
        for story in stories
        for step in story.steps
        if step.verb.name == "reconcile.reconciles"
        for name in step.params.reconciles
    )
    promised = ("crm_to_invoices", "invoices_to_ledger", "gateway_to_ledger", "payouts_to_bank", "ledger_to_bi")
    assert min(named[name] for name in promised) >= 10
    assert named["tax_to_liability"]


def test_the_guide_to_stories_names_every_verb_with_its_values() -> None:
    guide = (content_folder("scenarios") / "README.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:4] for row in guide.splitlines() if row.startswith(("| given", "| when", "| then"))]
    told = {
        (phases.strip(), head): values for phases, verbs, values in rows for head in verbs.replace("`", "").split(", ")
    }
    told = {(phases, head.strip()): values for (phases, head), values in told.items()}
    assert set(told) == {(", ".join(verb.phases), head) for verb in VERBS for head in verb.heads}
    for verb in VERBS:
        values = told[(", ".join(verb.phases), verb.heads[0])]
        common = {"entity"} if verb.phases == ("then",) else {"on", "at", "refused"}  # the guide tells of them once
        missing = [key for key in verb.shape.keys if key not in {*common, *verb.heads} and key not in values]
        assert not missing, verb.name
