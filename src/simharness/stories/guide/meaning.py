"""What may stand in a place, in words: said by the kind of the parameter and by the field that it fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType

from simharness.core.money import Money
from simharness.stories import words
from simharness.stories.decode import Reader
from simharness.stories.sentences.kinds import BUILT_IN, BY_NAME
from simharness.stories.shape import Field, Hint
from simharness.stories.vocabulary import terms as t
from simharness.stories.words import Cell, Figure, Percent

#: Kinds of things that a story names itself; everything else is looked up in its dictionary.
OF_STORIES = (
    "customer", "deal", "invoice", "payment", "payout", "cheque", "bank line", "employee", "payroll", "earning type",
)  # fmt: skip
_TYPES: Mapping[object, str] = MappingProxyType(
    {
        Money: "an amount, its currency first",
        Percent: "a percentage",
        Figure: "money, days, a ratio or a percentage",
        Decimal: "a number",
        date: "a day",
        time: "a time of day",
        int: "a whole number",
        bool: "true or false",
        str: "a text",
    }
)
#: What a text is that is read in a way of its own.
_READ: Mapping[object, str] = MappingProxyType(
    {words.period: "a month or a day", words.month: "a month", words.duration: "a length of time"}
)


def closed(hint: Hint) -> tuple[str, ...]:
    """The words of the first closed list among what a value is made of, or none."""
    for meta in every_annotation(hint):
        if isinstance(meta, t.OneOf):
            return meta.words
    return ()


def every_annotation(hint: Hint) -> Iterator[object]:
    """Every annotation of a value and of its parts."""
    yield from hint.metadata
    for part in hint.parts:
        yield from every_annotation(part)


def of_parameter(kind: str, field: Field | None) -> str:
    """What may stand in the place of a parameter."""
    listed = closed(field.hint) if field is not None and kind in ("string", "word", "system") else ()
    if kind == "system":
        return f"one of {', '.join(systems(listed))}"
    if listed:
        return f"one of {', '.join(listed)}" + (", in quotes" if kind == "string" else "")
    if kind == "string" and field is not None and (thing := _thing(field.hint)):
        return f"{thing}, in quotes"
    return BUILT_IN[kind] if kind in BUILT_IN else BY_NAME[kind].says


def of_value(hint: Hint) -> str:
    """What a cell of a table, or the value of a detail, holds."""
    listed, thing = closed(hint), _thing(hint)
    if listed:
        return f"one of {', '.join(listed)}"
    if thing:
        return thing
    for meta in hint.metadata:
        if isinstance(meta, Reader):
            return _read(meta)
    if hint.parts:
        return f"{of_value(hint.parts[0])}, or several" if hint.repeats else "a text"
    if isinstance(hint.kind, frozenset):
        kinds = [known for kind, known in _TYPES.items() if kind in hint.kind and kind is not Cell]
        return " or ".join(reversed(kinds)) if kinds else "a text"
    return _TYPES.get(hint.kind, "a text")


def systems(listed: tuple[str, ...]) -> tuple[str, ...]:
    """The systems in words of sentences, or those of a closed list only."""
    said = tuple(BY_NAME["system"].form.split("|"))
    plain = {_plain(word) for word in listed}
    return tuple(each for each in said if not plain or _plain(each.removeprefix("the ")) in plain) or said


def _plain(word: str) -> str:
    return word.lower().replace(" ", "_")


def _read(reader: Reader) -> str:
    return _READ.get(reader.read, "a text")


def _thing(hint: Hint) -> str:
    for meta in every_annotation(hint):
        if isinstance(meta, t.New):
            return f"a name for the new {meta.kind}"
        if isinstance(meta, t.Either):
            return f"the name of a {meta.kind}, who is entered if there is none of that name"
        if isinstance(meta, t.Existing) and meta.kind in OF_STORIES:
            return f"{_article(meta.kind)} {meta.kind} of the story, by its name"
        if isinstance(meta, t.Existing):
            return f"{_article(meta.kind)} {meta.kind} of the dictionary"
    return ""


def _article(word: str) -> str:
    if word == "terms":
        return "the"
    return "an" if word[0] in "aeiou" else "a"
