"""Sentences found by words: those of the sentence, of its area, of its verb and keys, and of its table's headers; and
those that speak of it otherwise: in what is explained, in a detail, or in a word of a closed list.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from simharness.stories.guide.areas import area_of
from simharness.stories.guide.entries import about_of
from simharness.stories.guide.meaning import closed
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase
from simharness.stories.sentences.trimming import trimmed
from simharness.stories.shape import Hint

_SHOWN = 5
#: How alike two words are that are the same, in hundredths.
_SAME = 100
_WORD = re.compile(r"[a-z0-9]+")
#: How alike two words must be before one is taken for the other.
_LIKENESS_RATIO = 0.7
#: What finance calls by another word than the sentences do.
_ALSO_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "bounced": "returned", "chargeback": "disputed", "check": "cheque", "checks": "cheques", "client": "customer",
        "fx": "rate", "gl": "ledger", "memo": "note", "memos": "note", "opportunity": "deal", "prepayment": "deposit",
        "sold": "won", "vat": "tax", "wage": "salary", "wages": "salary", "writeoff": "written",
    }
)  # fmt: skip


def matching(query: str, phrases: tuple[Phrase, ...] = PHRASEBOOK.phrases) -> tuple[Phrase, ...]:
    """The sentences that a query is or asks for: a whole step as written, or words that all begin words of theirs."""
    said = next((found for shorter in trimmed(query.strip()) if (found := PHRASEBOOK.find(shorter.text))), ())
    if said:
        return tuple(each.phrase for each in said)
    return _having(query, phrases, words_of)


def mentioning(query: str, phrases: tuple[Phrase, ...] = PHRASEBOOK.phrases) -> tuple[Phrase, ...]:
    """The sentences that have all words of a query, those of their explanation, details and closed lists included."""
    return _having(query, phrases, lambda phrase: words_of(phrase) | _told_words(phrase))


def _having(query: str, phrases: tuple[Phrase, ...], of: Callable[[Phrase], frozenset[str]]) -> tuple[Phrase, ...]:
    wanted = _words(query)
    return tuple(phrase for phrase in phrases if all(_is_there(word, of(phrase)) for word in wanted))


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
    headers = [key for part in _rows(phrase) if part.shape is not None for key in part.shape.keys]
    texts = (phrase.sentence.pattern, area_of(phrase), verb, *phrase.sentence.columns, *phrase.sentence.binds, *headers)
    return frozenset(_words(" ".join(texts)))


def _told_words(phrase: Phrase) -> frozenset[str]:
    """The words of a sentence's explanation, of what may be added to it, and of the closed lists that it takes from."""
    fields = [*phrase.shape.by_name.values()]
    fields += [field for part in _rows(phrase) if part.shape is not None for field in part.shape.by_key.values()]
    texts = [about_of(phrase)]
    for field in fields:
        texts += (field.key, *closed(field.hint))
    return frozenset(_words(" ".join(texts)))


def _rows(phrase: Phrase) -> Iterator[Hint]:
    """What a row of each table of a sentence is."""
    for name in filter(None, (phrase.sentence.table, phrase.sentence.or_table)):
        yield from phrase.shape.by_name[name].hint.parts[:1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("'s", ""))


def _is_there(word: str, words: frozenset[str]) -> bool:
    """Whether a word of a query is among words, or what these call it."""
    return _begins(word, words) or (word in _ALSO_CALLED and _begins(_ALSO_CALLED[word], words))


def _begins(word: str, words: frozenset[str]) -> bool:
    """Whether a word is the beginning of another one, or the other way round but for an ending (`invoices`)."""
    return any(each.startswith(word) or (len(each) > 2 and word in (f"{each}s", f"{each}es")) for each in words)


def _like(word: str, words: frozenset[str]) -> int:
    """How alike the likest of the words is, in hundredths, or 0 where none is alike enough."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=_LIKENESS_RATIO)
    return int(_SAME * difflib.SequenceMatcher(None, close[0], word).ratio()) if close else 0
