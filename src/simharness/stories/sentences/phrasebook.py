"""Every sentence that can be said, found by what was written.

A sentence is tried only where a word of it that few others have is among the words written, so that finding one does
not grow with the vocabulary.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cucumber_expressions.expression import CucumberExpression
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry

from simharness.stories.sentences.kinds import BY_NAME, expression, registry
from simharness.stories.sentences.setting import SETTING, SETTING_SHAPE
from simharness.stories.shape import Shape
from simharness.stories.vocabulary import VERBS
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb

_PARAMETER = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[A-Za-z']+")
#: How values are known in a text that is no sentence, the longest first.
_KINDS_IN_TEXTS = (
    ("invoice", re.compile(BY_NAME["invoice"].form)),
    ("payment", re.compile(BY_NAME["payment"].form)),
    ("string", re.compile(r'"[^"]*"')),
    ("money", re.compile(r"\b[A-Z]{3} -?\d[\d.,]*")),
    ("date", re.compile(r"\b\d{4}-\d\d-\d\d\b")),
    ("period", re.compile(r"\b\d{4}-\d\d\b")),
    ("percent", re.compile(r"\b\d[\d.]* ?%")),
    ("int", re.compile(r"\b\d+\b")),
)
_SHOWN = 3
#: How many sentences are compared letter by letter with a text that is none.
_COMPARED = 60
#: How alike a text and a sentence must be before the sentence is offered.
_LIKENESS_RATIO = 0.5


@dataclass(slots=True, eq=False)
class Phrase:
    """A sentence ready to be found. `verb` is None for one that sets the scene; `shape` are the keys it can fill.

    It is compiled when a text is compared with it for the first time: hardly any file says all sentences.
    """

    sentence: Sentence
    verb: Verb | None
    shape: Shape
    types: ParameterTypeRegistry
    _expression: CucumberExpression | None = field(default=None, init=False)
    _form: Form | None = field(default=None, init=False)

    @property
    def expression(self) -> CucumberExpression:
        """The sentence as a Cucumber expression."""
        if self._expression is None:
            self._expression = expression(self.sentence.pattern, self.types)
        return self._expression

    @property
    def claims(self) -> bool:
        """Whether it says what must be true."""
        return self.verb is not None and issubclass(self.verb.params, Claim)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its parameters, in order."""
        return parameters_in(self.sentence.pattern)

    def values(self, text: str) -> tuple[str, ...] | None:
        """The texts of its parameters in what was written, or None if it was not this sentence."""
        if self._form is None:
            self._form = Form(self.expression.regexp, self.kinds, self.types)
        return self._form.values(text)


class Form:
    """The regular expression of a sentence, with the group that each of its parameters is."""

    __slots__ = ("_groups", "_regexp")

    def __init__(self, regexp: str, kinds: Iterable[str], types: ParameterTypeRegistry) -> None:
        self._regexp = re.compile(regexp)
        groups: list[tuple[int, str]] = []
        number = 1
        for kind in kinds:
            groups.append((number, kind))
            known = types.lookup_by_type_name(kind)
            number += 1 + sum(re.compile(form).groups for form in (known.regexps if known is not None else ()))
        self._groups = tuple(groups)

    def values(self, text: str) -> tuple[str, ...] | None:
        """The texts of the parameters, a quoted one without its quotes; None where the text has another form."""
        found = self._regexp.match(text)
        if found is None:
            return None
        return tuple(_value(found[number], kind) for number, kind in self._groups)


def _value(text: str, kind: str) -> str:
    if kind == "string":
        return text[1:-1].replace('\\"', '"').replace("\\'", "'")
    return str(int(text)) if kind == "int" else text


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was found, with the texts of its parameters in order."""

    phrase: Phrase
    values: tuple[str, ...]


class Phrasebook:
    """Sentences by a rare word of each."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._masked: dict[str, Phrase] = {}
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
        if not self._masked:
            self._masked = {_masked_pattern(each.sentence.pattern): each for each in self.phrases}
        masked = _masked(text)
        # Comparing letter by letter is slow: only the sentences that share most words are compared.
        likely = sorted(self._masked, key=lambda form: -_shared_ratio(masked, form))[:_COMPARED]
        close = difflib.get_close_matches(masked, likely, n=_SHOWN, cutoff=_LIKENESS_RATIO)
        return tuple(self._masked[each].sentence.pattern for each in close)


def parameters_in(pattern: str) -> tuple[str, ...]:
    """The kinds of parameters of a pattern, in order."""
    return tuple(_PARAMETER.findall(pattern))


def _vocabulary() -> Phrasebook:
    types = registry()
    verbs = ((verb, verb.shape, sentence) for verb in VERBS for sentence in verb.sentences)
    setting = ((None, SETTING_SHAPE, sentence) for sentence in SETTING)
    return Phrasebook(Phrase(sentence, verb, shape, types) for verb, shape, sentence in (*setting, *verbs))


def _literals(pattern: str) -> tuple[str, ...]:
    """The words that stand in whatever the sentence is said with: no parameters, options or alternatives."""
    words = _PARAMETER.sub(" ", pattern).replace("\\", " ").split()
    return tuple(found[0] for word in words if not set("/(") & set(word) and (found := _WORD.findall(word)))


def _shared_ratio(one: str, other: str) -> float:
    """Which part of the words of two texts they have in common."""
    first, second = one.split(), other.split()
    return 2 * (Counter(first) & Counter(second)).total() / (1 + len(first) + len(second))


def _masked(text: str) -> str:
    """A text with the kinds of its values in their places: `#invoice totals #money`."""
    for kind, form in _KINDS_IN_TEXTS:
        text = form.sub(f"#{kind}", text)
    return text.lower().rstrip(":. ")


def _masked_pattern(pattern: str) -> str:
    return _PARAMETER.sub(lambda found: f"#{found[1]}", pattern).lower().rstrip(":. ")


#: The sentences of the whole vocabulary. Whoever needs no sentences does not import this module: it indexes them all.
PHRASEBOOK = _vocabulary()
