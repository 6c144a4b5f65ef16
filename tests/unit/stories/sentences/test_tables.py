"""A cell of a claim says that there must be nothing, or something, or is not checked; one of an act says a value."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.core.errors import ContentError, Where
from simharness.core.money import Money
from simharness.stories.positions import Node
from simharness.stories.sentences.saying import told
from simharness.stories.telling import read_step
from simharness.stories.words import Cell


def node(text: str) -> Node:
    return Node(kind="text", where=Where("a.feature", 7), source=text, text=text)


def step(sentence: str, *rows: str, phase: Any = "then") -> Any:
    """The parameters of a sentence with a table of rows whose cells stand between strokes."""
    cells = tuple(tuple(node(cell.strip()) for cell in row.split("|")) for row in rows)
    pairs = told(sentence, node(sentence), cells, phase=phase).pairs
    return read_step(Node(kind="map", where=Where("a.feature", 7), pairs=pairs), phase)[1]


def posting(*rows: str) -> Any:
    return step("the ledger posts:", "account | debit | credit | cost centre", *rows).ledger_posts[0]


def test_a_blank_cell_of_a_claim_must_be_empty() -> None:
    line = posting("2200 Sales tax payable | | USD 5.00 | ")
    assert (line.debit, line.credit, line.cost_centre) == (Cell.EMPTY, Money("5.00", "USD"), Cell.EMPTY)


def test_a_star_wants_a_value_and_a_tilde_is_not_checked() -> None:
    line = posting("4010 | ~ | * | ~")
    assert (line.debit, line.credit, line.cost_centre) == (None, Cell.ANY, None)


def test_a_star_in_a_column_that_has_to_say_more_is_told() -> None:
    with pytest.raises(ContentError, match="this column takes no") as told_wrong:
        posting("* | USD 5.00 | | ")
    assert told_wrong.value.where == Where("a.feature", 7)


def test_pairs_of_a_claim_take_the_same_cells() -> None:
    claim = step("the balances are:", "account | balance", "1000 | *", "1100 | ~", "2200 | ", "4010 | USD 5.00")
    assert [value for _, value in claim.balances] == [Cell.ANY, None, Cell.EMPTY, Money("5.00", "USD")]


def test_a_blank_cell_of_an_act_says_nothing() -> None:
    take = step("these deductions of \"Ada\":", "code | payee | amount | percent", "post_tax | | USD 5.00 | ~",
                phase="when").take[0]  # fmt: skip
    assert (take.payee, take.percent) == ("", None)


def test_a_star_says_nothing_of_an_act() -> None:
    with pytest.raises(ContentError, match="says nothing of what is done"):
        step('these deductions of "Ada":', "code | amount", "post_tax | *", phase="when")
