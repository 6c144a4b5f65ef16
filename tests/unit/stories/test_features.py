"""The features that ship: an analyst can copy each of them, and together they say every sentence there is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from simharness.core.content import content_folder
from simharness.stories import discovery
from simharness.stories.discovery import Inspection
from simharness.stories.gherkin.document import parsed, read_text
from simharness.stories.gherkin.expanding import scenarios_of
from simharness.stories.sentences.phrasebook import PHRASEBOOK
from simharness.stories.sentences.trimming import trimmed
from simharness.stories.story import Step, Story
from simharness.stories.tags import TAGS, problem_of

#: Sentences that no feature can show, with the reason of each.
EXCEPTIONS: tuple[tuple[str, str], ...] = ()


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return discovery.load([content_folder("features")])


def _said() -> Iterator[str]:
    """The patterns of all sentences that the shipped features say."""
    for file in sorted(content_folder("features").rglob("*.feature")):
        document, _ = parsed(read_text(file, file.name), file.name)
        for scenario in scenarios_of(document):
            for step in scenario.steps:
                found = next(filter(None, (PHRASEBOOK.find(part.text) for part in trimmed(step.text))), ())
                yield from (each.phrase.sentence.pattern for each in found)


def _acts(story: Story, *verbs: str) -> list[Step]:
    return [step for step in story.steps if step.verb.name in verbs]


def test_the_features_have_neither_mistakes_nor_hints() -> None:
    assert [str(each) for each in discovery.lint([content_folder("features")], Inspection(hints=True))] == []


def test_the_tags_that_there_are_stand_in_the_readme_of_the_features() -> None:
    text = (content_folder("features") / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"`@([a-z:A-Z0-9-]+)`", text.partition("## Tags")[2])
    assert sorted(tag for tag in told if ":" not in tag) == sorted(TAGS)
    assert [tag for tag in told if problem_of(tag) is not None] == []


def test_the_features_are_as_many_as_promised(stories: list[Story]) -> None:
    assert len(stories) >= 60


def test_every_sentence_is_said_by_a_feature() -> None:
    said = set(_said())
    excused = {pattern for pattern, _ in EXCEPTIONS}
    assert {phrase.sentence.pattern for phrase in PHRASEBOOK.phrases} - said == excused


def test_an_invoice_is_paid_in_several_parts(stories: list[Story]) -> None:
    assert any(len(_acts(story, "payment.customer_pays")) >= 2 for story in stories)


def test_an_invoice_of_several_lines_is_discounted(stories: list[Story]) -> None:
    deals = [step.params for story in stories for step in _acts(story, "crm.deal")]
    assert any(len(deal.lines) >= 3 and any(line.discount for line in deal.lines) for deal in deals)
    assert any(len(deal.lines) >= 2 and deal.discount for deal in deals)


def test_customers_and_products_are_exempt_from_tax(stories: list[Story]) -> None:
    assert any(_acts(story, "tax.exempt") for story in stories)
    assert "the product {string} is exempt from tax in {string}" in set(_said())


def test_pay_changes_for_days_that_are_over(stories: list[Story]) -> None:
    runs = ("payroll.run", "payroll.run_for")
    assert any(_acts(story, "people.pay_changed") and _acts(story, *runs) for story in stories)


def test_somebody_is_paid_beside_the_schedule(stories: list[Story]) -> None:
    beside = [_acts(story, "payroll.off_cycle", "payroll.off_cycle_pays") for story in stories]
    because = {step.params.because for steps in beside for step in steps}
    assert len([steps for steps in beside if steps]) >= 4
    assert {"bonus", "correction"} <= because


def test_wires_and_cheques_arrive(stories: list[Story]) -> None:
    assert any(_acts(story, "bank.wire_arrives") for story in stories)
    assert any(_acts(story, "payment.cheque_deposited", "bank.cheques_deposited") for story in stories)
