"""However a feature was saved and in whichever language its keywords are, it tells the same stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.content import content_folder
from simharness.stories.dictionaries import Shelf
from simharness.stories.feature_story import read_feature
from simharness.stories.story import Story
from simharness.stories.telling import Reading
from tests.unit.stories.gherkin.features import GOOD, changed

_GERMAN = (
    ("Feature:", "Funktionalität:"),
    ("Background:", "Grundlage:"),
    ("Scenario:", "Szenario:"),
    ("Given ", "Angenommen "),
    ("When ", "Wenn "),
    ("Then ", "Dann "),
    ("And ", "Und "),
)
_OUTLINE = changed("Scenario: A deal is billed", "Scenario Outline: A deal is billed").replace("on terms", "on <words>")


def _read(folder: Path, text: str | bytes) -> Reading:
    file = folder / "a.feature"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_feature(file, Shelf(content_folder("scenarios") / "dictionaries"))


def _stories(folder: Path, text: str | bytes) -> list[Story]:
    reading = _read(folder, text)
    assert [str(problem) for problem in reading.problems] == []
    return reading.stories


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.replace("| 1        |", "|\t1\t|").encode(),
        GOOD.replace("USD 4,000.00", "USD\u00a04,000.00").encode(),
        GOOD.replace("    When", "\tWhen").encode(),
        GOOD.replace("product       |", "product\u202f|").encode(),
    ],
    ids=["byte order mark", "Windows", "old Mac", "tabs in a table", "no-break space", "tab in front", "narrow space"],
)
def test_how_a_file_was_saved_makes_no_difference(content: bytes, tmp_path: Path) -> None:
    (story,), (good,) = _stories(tmp_path, content), _stories(tmp_path, GOOD)
    assert (story.name, story.fingerprint, story.where) == (good.name, good.fingerprint, good.where)


def test_keywords_may_be_of_another_language(tmp_path: Path) -> None:
    text = GOOD
    for english, german in _GERMAN:
        text = text.replace(english, german)
    (story,), (good,) = _stories(tmp_path, f"# language: de\n{text}"), _stories(tmp_path, GOOD)
    assert story.fingerprint == good.fingerprint


def test_a_star_is_of_the_kind_that_its_sentence_is(tmp_path: Path) -> None:
    text = GOOD
    for keyword in ("Given", "When", "Then", "And"):
        text = text.replace(f"    {keyword} ", "    * ")
    (story,), (good,) = _stories(tmp_path, text), _stories(tmp_path, GOOD)
    assert [(step.phase, step.verb.name) for step in story.steps] == [
        (step.phase, step.verb.name) for step in good.steps
    ]


def test_whole_steps_tables_and_odd_headers_can_be_put_in(tmp_path: Path) -> None:
    text = _OUTLINE.replace("<words>", 'terms "<terms (usual)>"').replace(' "Net 30"', "", 1)
    text = text.replace("10%      |", "<discount?> |").replace("And the connector finishes its work", "And <what next>")
    rows = (
        "      | case | terms (usual) | discount? | what next                           |\n"
        "      | a    | Net 30        | 10%       | the connector finishes its work     |\n"
        "      | b    | Net 30        | 10%       | the connector finishes its work     |\n"
    )
    found = _stories(tmp_path, f"{text}\n    Examples:\n{rows}")
    (good,) = _stories(tmp_path, GOOD)
    assert [story.name for story in found] == ["A deal is billed (a)", "A deal is billed (b)"]
    assert {tuple((step.verb.name, step.params) for step in story.steps) for story in found} == {
        tuple((step.verb.name, step.params) for step in good.steps)
    }


def test_rules_and_their_backgrounds_reach_their_own_scenarios_only(tmp_path: Path) -> None:
    feature, _, rest = GOOD.partition("  Background:")
    background, _, scenario = rest.partition("\n\n")
    day = "    And today is 2026-01-05\n"
    text = (
        f"{feature}  Background:{background.replace('    And today is 2026-01-05', '')}\n"
        f"  @close\n  Rule: First\n  Background:\n{day.replace('And', 'Given')}\n{scenario}"
        f"  Rule: Second\n{scenario.replace('A deal is billed', 'Another')}"
    )
    reading = _read(tmp_path, text)
    assert [story.name for story in reading.stories] == ["A deal is billed"]
    assert reading.stories[0].tags == ("money", "control:REC-01", "close")
    (problem,) = reading.problems
    assert problem.what.startswith("the scenario does not say which day it is")


def test_a_scenario_with_a_mistake_leaves_the_others_of_its_file_alone(tmp_path: Path) -> None:
    scenario = GOOD.partition("\n\n")[2].partition("\n\n")[2]
    reading = _read(tmp_path, GOOD + "\n" + scenario.replace("A deal is billed", "Another").replace("totals", "is"))
    assert [story.name for story in reading.stories] == ["A deal is billed"]
    assert [problem.rule for problem in reading.problems] == ["unknown-sentence"]


def test_five_thousand_rows_are_five_thousand_stories(tmp_path: Path) -> None:
    text = "Feature: F\n" + GOOD.partition("\n\n")[2].replace("Scenario:", "Scenario Outline:")
    text = text.replace("USD 3,910.50", "USD <total>")
    rows = "".join(f"      | case {n} | {n}.00 |\n" for n in range(5000))
    found = _stories(tmp_path, f"{text}    Examples:\n      | case | total |\n{rows}")
    assert (len(found), found[-1].name) == (5000, "A deal is billed (case 4999)")
    assert len({story.fingerprint for story in found}) == 5000
    assert found[0].dictionary is found[-1].dictionary


def test_a_mistake_in_a_step_that_all_rows_share_is_told_once(tmp_path: Path) -> None:
    text = GOOD.replace("Scenario:", "Scenario Outline:").replace("USD 3,910.50", "USD <total>")
    text = text.replace("finishes its work", "finishes the work")
    rows = "".join(f"      | case {n} | {n}.00 |\n" for n in range(2000))
    (problem,) = _read(tmp_path, f"{text}    Examples:\n      | case | total |\n{rows}").problems
    assert problem.where is not None
    assert (problem.rule, problem.where.line) == ("unknown-sentence", 14)
