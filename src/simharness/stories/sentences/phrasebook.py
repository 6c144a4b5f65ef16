"""Every sentence that can be said, found by what was written.

A sentence is tried only where a word of it that few others have is among the words written, so that finding one does
not grow with the vocabulary.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cucumber_expressions.expression import CucumberExpression

from simharness.stories.sentences.kinds import expression, registry
from simharness.stories.sentences.setting import SETTING, SETTING_SHAPE
from simharness.stories.shape import Shape
from simharness.stories.vocabulary import VERBS
from simharness.stories.vocabulary.verb import Sentence, Verb

_PARAMETER = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[A-Za-z']+")
_QUOTED = re.compile(r'"[^"]*"')
_FIGURE = re.compile(r"-?(?:[A-Z]{3} )?-?\d[\d.,/-]*%?")
_SHOWN = 3
#: How alike a text and a sentence must be before the sentence is offered.
_LIKENESS_RATIO = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A sentence ready to be found. `verb` is None for one that sets the scene; `shape` are the keys it can fill."""

    sentence: Sentence
    verb: Verb | None
    shape: Shape
    expression: CucumberExpression

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its parameters, in order."""
        return tuple(_PARAMETER.findall(self.sentence.pattern))

    def values(self, text: str) -> tuple[str, ...] | None:
        """The texts of its parameters in what was written, or None if it was not this sentence."""
        arguments = self.expression.match(text)
        return None if arguments is None else tuple(str(argument.value) for argument in arguments)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was found, with the texts of its parameters in order."""

    phrase: Phrase
    values: tuple[str, ...]


class Phrasebook:
    """Sentences by a rare word of each."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        counts = Counter(word for phrase in self.phrases for word in _literals(phrase.sentence.pattern))
        index: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            rarest = min(_literals(phrase.sentence.pattern), key=lambda word: (counts[word], word))
            index.setdefault(rarest, []).append(phrase)
        self._index: Mapping[str, tuple[Phrase, ...]] = MappingProxyType({w: tuple(p) for w, p in index.items()})

    def find(self, text: str) -> tuple[Said, ...]:
        """Every sentence that a text is; more than one means that the vocabulary is ambiguous."""
        candidates = [phrase for word in dict.fromkeys(_WORD.findall(text)) for phrase in self._index.get(word, ())]
        tried = ((phrase, phrase.values(text)) for phrase in candidates)
        return tuple(Said(phrase, values) for phrase, values in tried if values is not None)

    def nearest(self, text: str) -> tuple[str, ...]:
        """The sentences most like a text, the likest first; what stands in quotes and figures do not count."""
        plain = {_masked(_PARAMETER.sub("#", phrase.sentence.pattern)): phrase for phrase in self.phrases}
        close = difflib.get_close_matches(_masked(text), list(plain), n=_SHOWN, cutoff=_LIKENESS_RATIO)
        return tuple(plain[each].sentence.pattern for each in close)


def _vocabulary() -> Phrasebook:
    types = registry()
    verbs = ((verb, verb.shape, sentence) for verb in VERBS for sentence in verb.sentences)
    setting = ((None, SETTING_SHAPE, sentence) for sentence in SETTING)
    return Phrasebook(
        Phrase(sentence, verb, shape, expression(sentence.pattern, types))
        for verb, shape, sentence in (*setting, *verbs)
    )


def _literals(pattern: str) -> tuple[str, ...]:
    """The words that stand in whatever the sentence is said with: no parameters, options or alternatives."""
    words = _PARAMETER.sub(" ", pattern).replace("\\", " ").split()
    return tuple(found[0] for word in words if not set("/(") & set(word) and (found := _WORD.findall(word)))


def _masked(text: str) -> str:
    return _FIGURE.sub("#", _QUOTED.sub("#", text)).lower().rstrip(":. ")


#: The sentences of the whole vocabulary. Whoever needs no sentences does not import this module: it compiles them all.
PHRASEBOOK = _vocabulary()
