"""How features read best: the house style, as hints that keep nothing from being played."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from simharness.core.errors import ContentError
from simharness.stories.gherkin.document import Document, walked
from simharness.stories.style.jargon import technical_word

_FEWEST_STEPS, _MOST_STEPS = 3, 7
_MOST_BACKGROUND = 4
_MOST_ROWS = 20
_FIGURE = re.compile(r"^(?:[A-Z]{3} )?-?\d[\d.,:/-]*\s?%?$")


def hints(document: Document) -> Iterator[ContentError]:
    """What could read better in a feature, in the order of the file."""
    if document.feature is None:
        return
    yield from _technical_names(document)
    for kind, tree, _ in walked(document.feature):
        place = document.node(tree["location"]["line"])
        steps = len(tree["steps"])
        if kind == "background":
            if steps > _MOST_BACKGROUND:
                what = f"the background has {steps} steps, more than {_MOST_BACKGROUND}"
                yield place.problem(what, "keep what never varies, and say the rest where it counts", rule="background")
            continue
        if steps and not _FEWEST_STEPS <= steps <= _MOST_STEPS:
            what = f"the scenario has {steps} step{'s' if steps > 1 else ''}"
            mend = f"{_FEWEST_STEPS} to {_MOST_STEPS} read best: move what never varies up, or make two scenarios of it"
            yield place.problem(what, mend, rule="length")
        yield from _when_blocks(document, tree)
        for examples in tree["examples"]:
            yield from _of_examples(document, examples)


def _technical_names(document: Document) -> Iterator[ContentError]:
    """Headlines that speak of screens or of the wire."""
    feature = document.feature
    rules = [child["rule"] for child in feature["children"] if "rule" in child]
    for tree in (feature, *rules, *(tree for _, tree, _ in walked(feature))):
        found = technical_word(tree["name"])
        if found is not None:
            what = f"{found[0]!r} is a word of screens and programs"
            mend = "call it by what happens in the business: this is what people read in a report"
            yield document.node(tree["location"]["line"]).problem(what, mend, rule="technical-name")


def _when_blocks(document: Document, tree: Any) -> Iterator[ContentError]:
    kinds = [step for step in tree["steps"] if step["keywordType"] != "Conjunction"]
    blocks = [next(group) for kind, group in groupby(kinds, lambda step: step["keywordType"]) if kind == "Action"]
    for second in blocks[1:]:
        place = document.node(second["location"]["line"])
        what = "a further block of When begins here"
        yield place.problem(
            what, "make a scenario of its own of it, or say all that is done in one block", rule="when-blocks"
        )


def _of_examples(document: Document, examples: Any) -> Iterator[ContentError]:
    header, body = examples.get("tableHeader"), examples.get("tableBody") or []
    if header is None:
        return
    place = document.node(header["location"]["line"])
    if len(body) > _MOST_ROWS:
        what = f"the examples have {len(body):,} rows, more than {_MOST_ROWS}"
        mend = "keep a row for each different reason; write sweeps over boundaries as a story in YAML"
        yield place.problem(what, mend, rule="many-rows")
    first = header["cells"][0]["value"]
    if not _name_reasons([row["cells"][0]["value"] for row in body]):
        what = f"the first column, {first!r}, does not name the reason for each row"
        mend = "put a column first that says in words what is special about the row: it becomes the name"
        yield place.problem(what, mend, rule="first-column")


def _name_reasons(values: Sequence[str]) -> bool:
    """Whether the values of the first column are words, and no two rows have the same."""
    return len(set(values)) == len(values) and not any(_FIGURE.match(value) for value in values)
