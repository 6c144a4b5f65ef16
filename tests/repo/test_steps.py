"""The page of sentences that ships is what the vocabulary says now."""

from __future__ import annotations

from simharness.report.steps.markdown import markdown
from simharness.stories.guide.entries import entries
from tests.repo import tree

_PAGE = "docs/steps.md"
_COMMAND = f"simharness steps --format markdown --out {_PAGE}"


def test_the_page_of_sentences_is_that_of_the_vocabulary() -> None:
    shipped = (tree.ROOT / _PAGE).read_text(encoding="utf-8").splitlines()
    said = markdown(entries()).splitlines()
    differ = next(
        (i for i, (a, b) in enumerate(zip(shipped, said, strict=False)) if a != b), min(len(shipped), len(said))
    )
    near = said[differ] if differ < len(said) else "the end of the page"
    assert shipped == said, f"{_PAGE} is not that of the vocabulary from line {differ + 1} ({near!r}): run {_COMMAND}"
