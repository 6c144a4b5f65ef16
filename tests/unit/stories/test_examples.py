"""A table of examples tells one story several times, and a table that does not fit is refused at its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from simharness.core.money import Money
from simharness.stories import discovery
from simharness.stories.story import Story
from tests.unit.stories.company import STORY, folder, problems

TABLE = """\
examples:
  - {case: cheap, price: 10.00, deal: One}
  - {case: dear, price: 2000.00, deal: Two}
"""
OUTLINE = STORY.replace("USD 4000.00", "USD <price>").replace("Rollout", "<deal>") + TABLE


def stories(root: Path, text: str) -> list[Story]:
    return discovery.load([folder(root, text)])


def test_each_row_is_a_story_named_after_its_first_column(tmp_path: Path) -> None:
    assert [story.name for story in stories(tmp_path, OUTLINE)] == ["A deal (cheap)", "A deal (dear)"]


def test_a_name_with_a_placeholder_names_itself(tmp_path: Path) -> None:
    text = OUTLINE.replace("story: A deal", "story: A <case> deal")
    assert [story.name for story in stories(tmp_path, text)] == ["A cheap deal", "A dear deal"]


def test_cells_reach_the_parameters(tmp_path: Path) -> None:
    cheap, dear = stories(tmp_path, OUTLINE)
    assert cheap.steps[1].params.lines[0].unit_price == Money("10.00", "USD")
    assert (dear.steps[1].params.deal, dear.steps[2].params.deal_won) == ("Two", "Two")
    assert cheap.fingerprint != dear.fingerprint


def test_a_placeholder_that_is_everything_takes_lists_and_whole_steps(tmp_path: Path) -> None:
    text = STORY.replace("[{product: Badge printer, quantity: 1, unit_price: USD 4000.00}]", "<lines>")
    text = (
        text.replace("- connector_finishes", "- <event>\n  - connector_finishes")
        + """\
examples:
  - case: twice
    lines: [{product: Badge printer, unit_price: USD 5.00}, {product: Badge printer, quantity: 2, unit_price: USD 6.00}]
    event: {deal_won: Rollout}
  - case: restart
    lines: [{product: Badge printer, unit_price: USD 5.00}]
    event: connector_restarts
"""
    )
    twice, restart = stories(tmp_path, text)
    assert [line.quantity for line in twice.steps[1].params.lines] == [Decimal(1), Decimal(2)]
    assert [story.steps[3].verb.name for story in (twice, restart)] == ["crm.deal_won", "middleware.connector_restarts"]


@pytest.mark.parametrize(
    ("good", "bad", "line", "what"),
    [
        ("<price>", "<pirce>", 6, "<pirce> is no column"),
        (", price: 2000.00", "", 14, "the column 'price' is missing"),
        ("deal: Two", "deal: Two, colour: red", 14, "the first row has no column 'colour'"),
        ("USD <price>", "USD 1.00", 13, "the column 'price' is used nowhere"),
        (TABLE, "examples: []\n", 12, "examples takes a list of rows"),
        ("  - {case: cheap, price: 10.00, deal: One}", "  - cheap", 13, "a row of examples needs columns"),
        ("price: 10.00", "price: [10.00]", 6, "its value must be text"),
        ("price: 10.00", "price: ten", 6, "is not an amount of money"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_at_its_line(
    tmp_path: Path, good: str, bad: str, line: int, what: str
) -> None:
    assert good in OUTLINE
    problem = problems(tmp_path, OUTLINE.replace(good, bad, 1))[0]
    assert problem.where is not None
    assert problem.where.line == line
    assert what in problem.what


def test_a_wrong_cell_that_stands_alone_is_shown_in_its_row(tmp_path: Path) -> None:
    text = STORY.replace("product: Badge printer", "product: <product>")
    text += "examples:\n  - {product: Badge printer}\n  - {product: Bage printer}\n"
    (problem,) = problems(tmp_path, text)
    assert problem.where is not None
    assert problem.where.line == 14


def test_a_problem_of_the_story_is_told_once_for_all_rows(tmp_path: Path) -> None:
    assert len(problems(tmp_path, OUTLINE.replace("region: US-CA-SF", "region: US-XX"))) == 1
