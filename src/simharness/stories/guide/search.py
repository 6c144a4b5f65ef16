"""Sentences found by words: those of the sentence, of its area, of its verb and keys, and of its table's headers."""

from __future__ import annotations

import difflib
import re

from simharness.stories.guide.areas import area_of
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase
from simharness.stories.sentences.trimming import trimmed

_SHOWN = 5
#: How alike two words are that are the same, in hundredths.
_SAME = 100
_WORD = re.compile(r"[a-z0-9]+")
#: How alike two words must be before one is taken for the other.
_LIKENESS_RATIO = 0.7


def matching(query: str, phrases: tuple[Phrase, ...] = PHRASEBOOK.phrases) -> tuple[Phrase, ...]:
    """The sentences that a query is or asks for: a whole step as written, or words that all begin words of theirs."""
    said = next((found for shorter in trimmed(query.strip()) if (found := PHRASEBOOK.find(shorter.text))), ())
    if said:
        return tuple(each.phrase for each in said)
    wanted = _words(query)
    return tuple(phrase for phrase in phrases if all(_begins(word, words_of(phrase)) for word in wanted))


def nearest(query: str) -> tuple[Phrase, ...]:
    """The sentences that have most words like those of a query, or that read most like it; the likest first."""
    wanted = _words(query)

    def likeness(phrase: Phrase) -> int:
        words = words_of(phrase)
        return sum(_SAME if _begins(word, words) else _like(word, words) for word in wanted)

    ranked = sorted(PHRASEBOOK.phrases, key=likeness, reverse=True)
    found = tuple(phrase for phrase in ranked[:_SHOWN] if likeness(phrase))
    by_pattern = {phrase.sentence.pattern: phrase for phrase in PHRASEBOOK.phrases}
    return found or tuple(by_pattern[pattern] for pattern in PHRASEBOOK.nearest(query))


def words_of(phrase: Phrase) -> frozenset[str]:
    """The words by which a sentence is found."""
    verb = phrase.verb.name if phrase.verb is not None else ""
    tables = [phrase.shape.by_name[name].hint for name in (phrase.sentence.table, phrase.sentence.or_table) if name]
    headers = [key for hint in tables for part in hint.parts[:1] if part.shape is not None for key in part.shape.keys]
    texts = (phrase.sentence.pattern, area_of(phrase), verb, *phrase.sentence.columns, *phrase.sentence.binds, *headers)
    return frozenset(_words(" ".join(texts)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("'s", ""))


def _begins(word: str, words: frozenset[str]) -> bool:
    """Whether a word is the beginning of another one, or the other way round but for an ending (`invoices`)."""
    return any(each.startswith(word) or (len(each) > 2 and word in (f"{each}s", f"{each}es")) for each in words)


def _like(word: str, words: frozenset[str]) -> int:
    """How alike the likest of the words is, in hundredths, or 0 where none is alike enough."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=_LIKENESS_RATIO)
    return int(_SAME * difflib.SequenceMatcher(None, close[0], word).ratio()) if close else 0
