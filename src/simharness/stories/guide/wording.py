"""The words that examples are made of: what a person would write in each place of a sentence or of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from simharness.core.money import Money
from simharness.stories.guide.meaning import closed, every_annotation, systems
from simharness.stories.positions import parse_documents
from simharness.stories.sentences.kinds import BY_NAME
from simharness.stories.sentences.phrasebook import Phrase
from simharness.stories.shape import Field, Hint
from simharness.stories.vocabulary import terms as t
from simharness.stories.words import Percent

_FILE = "examples.yaml"
#: Kinds of parameters that take any word: what stands there is said by the key.
_OPEN = ("string", "word", "int", "date", "entity")
_NAMES: Mapping[type, str] = MappingProxyType(
    {
        Money: "money", date: "date", time: "time", int: "whole", bool: "truth", Percent: "percent", Decimal: "number",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """The words of examples, read from their file once for each dictionary that is made."""

    @cached_property
    def _words(self) -> dict[str, Any]:
        text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
        said = parse_documents(text, _FILE)[0].plain
        assert isinstance(said, dict)  # noqa: S101 - the file that ships is a map
        return said

    def of_parameter(self, phrase: Phrase, kind: str, name: str, nth: int) -> str:
        """What is said in the place of the parameter that fills a field for the `nth` time, without quotes."""
        field = phrase.shape.by_name.get(name)
        key = field.key if field is not None else name
        own = self._own(phrase, key, nth)
        if own is not None:
            return own
        if kind in ("invoice", "payment", "invoice_status", "reconciliation"):
            return BY_NAME[kind].example
        if kind == "system":
            return systems(closed(field.hint) if field is not None else ())[0]
        if kind not in _OPEN:
            return self._kind(kind)
        of_field = self._of_thing(field.hint) if field is not None else None
        return of_field or self._of_key(key, nth) or self._kind(kind)

    def of_value(self, phrase: Phrase, field: Field) -> str:
        """What is said of a field as a detail."""
        return self._own(phrase, field.key, 0) or self._of_thing(field.hint) or self._of_hint(field)

    def of_table(self, phrase: Phrase, kind: str) -> tuple[tuple[str, ...], ...]:
        """The rows of a table: those of its verb, else of its kind of records or columns; none if nobody wrote any."""
        tables = self._words["tables"]
        verb = phrase.verb.name if phrase.verb is not None else ""
        return tuple(tuple(row) for row in tables.get(f"{verb} {kind}", tables.get(kind, ())))

    def things(self) -> dict[str, Any]:
        """What the things of examples are called, by their kind."""
        things = self._words["things"]
        assert isinstance(things, dict)  # noqa: S101 - the file that ships has a map there
        return things

    def is_said(self, phrase: Phrase, kind: str, name: str, nth: int) -> bool:
        """Whether somebody wrote what stands in a place, or it follows from what the place takes."""
        return self.of_parameter(phrase, kind, name, nth) not in (self._kind("string"), self._kind("word"))

    def _own(self, phrase: Phrase, key: str, nth: int) -> str | None:
        """What the file says of a key in just this sentence, or for its verb."""
        verb = phrase.verb.name if phrase.verb is not None else ""
        words = self._words
        for said in (words["sentences"].get(phrase.sentence.pattern, {}), words["verbs"].get(verb, {})):
            if key in said:
                return _nth(said[key], nth)
        return None

    def _of_key(self, key: str, nth: int) -> str | None:
        said = self._words["keys"].get(key)
        return None if said is None else _nth(said, nth)

    def _kind(self, kind: str) -> str:
        return str(self._words["kinds"][kind])

    def _of_thing(self, hint: Hint) -> str | None:
        for meta in every_annotation(hint):
            if isinstance(meta, t.Existing | t.New | t.Either):
                return str(self._words["things"][meta.kind])
        listed = closed(hint)
        return listed[0] if listed else None

    def _of_hint(self, field: Field) -> str:
        types = self._words["types"]
        kinds = field.hint.kind if isinstance(field.hint.kind, frozenset) else {field.hint.kind}
        if {Money, Percent} <= kinds:
            return str(types["money or percent"])
        name = next((name for kind, name in _NAMES.items() if kind in kinds), "text")
        return self._of_key(field.key, 0) or str(types[name])


def _nth(said: Any, nth: int) -> str:
    return str(said[nth] if isinstance(said, list) else said)
