"""Every sentence is found by what people write, and by nothing else."""

from __future__ import annotations

import re

import pytest

from simharness.stories.sentences.kinds import BY_NAME
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase

_SAID = {**{name: kind.example for name, kind in BY_NAME.items()}, "string": '"Some name"', "int": "3", "word": "card"}
PHRASES = PHRASEBOOK.phrases


def _as_said(pattern: str) -> str:
    """A sentence with an example in each place, options taken and the first of alternatives."""
    said = re.sub(r"\{(\w+)\}", lambda found: _SAID[found[1]], pattern)
    return re.sub(r"(\w+)/\w+", r"\1", re.sub(r"\((\w+)\)", r"\1", said))


@pytest.mark.parametrize("phrase", PHRASES, ids=[phrase.sentence.pattern for phrase in PHRASES])
def test_what_is_written_is_one_sentence(phrase: Phrase) -> None:
    found = PHRASEBOOK.find(_as_said(phrase.sentence.pattern))
    assert [each.phrase.sentence.pattern for each in found] == [phrase.sentence.pattern]


def test_finding_a_sentence_does_not_try_the_whole_vocabulary() -> None:
    book = PHRASEBOOK
    assert max(len(phrases) for phrases in book._index.values()) <= len(book.phrases) / 20
