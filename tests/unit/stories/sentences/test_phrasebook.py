"""Every sentence is found by what people write, and by nothing else."""

from __future__ import annotations

import re

import pytest

from simharness.core.errors import ContentError, Where
from simharness.stories.positions import Node
from simharness.stories.sentences import saying
from simharness.stories.sentences.kinds import BY_NAME
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase, Phrasebook
from simharness.stories.vocabulary.verb import Sentence

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


@pytest.mark.parametrize("phrase", PHRASES, ids=[phrase.sentence.pattern for phrase in PHRASES])
def test_its_parameters_are_those_that_the_cucumber_expression_finds(phrase: Phrase) -> None:
    said = _as_said(phrase.sentence.pattern)
    arguments = phrase.expression.match(said)
    assert arguments is not None
    assert phrase.values(said) == tuple(str(argument.value) for argument in arguments)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('the invoice of "Rollout" sums up to USD 3,910.50', "{invoice} totals {money}"),
        ("the deal Rollout is won", "the deal {string} is won"),
        ('deal "Rollout" has exactly one invoice', "deal {string} has exactly {int} invoice(s)"),
        ("the connector has finished all its work", "the connector finishes its work"),
        ("today it is 2026-01-05", "today is {date}"),
        ('the books of "West" are in USD', "the books of {string} are kept in {currency}"),
    ],
)
def test_the_sentence_that_was_meant_is_the_first_that_is_offered(written: str, meant: str) -> None:
    assert PHRASEBOOK.nearest(written)[0] == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('deal "D" is one on 2026-01-12', "the deal {string} is won"),
        ('the invoice of "D" is deu on 2026-02-11', "{invoice} is due on {date}"),
        (
            'a deal "D" for "Globex" worth USD 5.00, cost centre "CC-10" as "X"',
            "a deal {string} with {string} worth {money}",
        ),
    ],
)
def test_what_a_step_ends_in_hides_not_what_was_meant(written: str, meant: str) -> None:
    place = Node(kind="text", where=Where("a.feature", 3), source=f"When {written}", text=written)
    with pytest.raises(ContentError, match="no sentence") as wrong:
        saying.told(written, place)
    assert meant in (wrong.value.mend or "")


def test_a_text_that_is_two_sentences_is_told_with_both(monkeypatch: pytest.MonkeyPatch) -> None:
    phrase = next(each for each in PHRASES if each.sentence.pattern == "today is {date}")
    other = Phrase(Sentence(pattern="today is {period}", binds=("today",)), None, phrase.shape, phrase.types)
    monkeypatch.setattr(saying, "PHRASEBOOK", Phrasebook((phrase, other)))
    place = Node(kind="text", where=Where("a.feature", 3), source="Given today is 2026-01-05")
    with pytest.raises(ContentError) as caught:
        saying.told("today is 2026-01-05", place)
    assert caught.value.rule == "ambiguous-sentence"
    assert "'today is {date}' and 'today is {period}'" in caught.value.what
    assert caught.value.mend == "say it in other words"
