"""Lines that were meant as steps or rows and would be read as free text, which Gherkin allows below every headline.

`Givn the customer …` below `Scenario:` is a description to Gherkin, and the step would be left out in silence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from simharness.core.errors import ContentError
from simharness.stories.gherkin.document import Document, walked
from simharness.stories.sentences.saying import is_sentence

_STEPS = ("given", "when", "then", "and", "but")
_PARTS = ("Background", "Scenario", "Scenario Outline", "Examples", "Rule", "Example", "Scenarios")
_HEADLINE = re.compile(rf"(?:{'|'.join(_PARTS)})\s*:")
_LIKENESS_RATIO = 0.7


def lost_lines(document: Document) -> Iterator[ContentError]:
    """The lines of descriptions that look like steps, rows of tables or headlines."""
    feature = document.feature
    if feature is None or feature["language"] != "en":
        return
    rules = [child["rule"] for child in feature["children"] if "rule" in child]
    for tree in (feature, *rules, *(tree for _, tree, _ in walked(feature))):
        for line, text in _described(document, tree):
            if _HEADLINE.match(text):
                what = "this headline would be read as a remark, for it cannot stand here"
                yield document.node(line).problem(what, "look at what stands above it", rule="gherkin")
            elif text.startswith("|"):
                what = "this row of a table would be read as a remark, for it stands below no step"
                yield document.node(line).problem(what, "put the table below its step", rule="gherkin")
            elif _is_step(text):
                what = "this step would be read as a remark"
                mend = "begin it with Given, When, Then or And, and put it below a Scenario: or the Background:"
                yield document.node(line).problem(what, mend, rule="gherkin")


def _described(document: Document, tree: Any) -> Iterator[tuple[int, str]]:
    """The lines of a description with their numbers; comments between them are not part of it."""
    left = [line.strip() for line in (tree.get("description") or "").split("\n") if line.strip()]
    for number in range(tree["location"]["line"] + 1, len(document.lines) + 1):
        if not left:
            return
        if document.lines[number - 1].strip() == left[0]:
            yield number, left.pop(0)


def _is_step(text: str) -> bool:
    """Whether a line is a sentence of the vocabulary behind a word that is, or nearly is, one that begins a step."""
    first, _, rest = text.partition(" ")
    if not difflib.get_close_matches(first.lower(), _STEPS, n=1, cutoff=_LIKENESS_RATIO):
        return False
    return is_sentence(rest)
