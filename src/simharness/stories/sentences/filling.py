"""What a sentence says, as the keys and values that the same step has in YAML.

Every value keeps the place of the sentence, so that whatever is wrong with it is told there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node
from simharness.stories.sentences.kinds import ORDINALS
from simharness.stories.sentences.phrasebook import Phrase, Said
from simharness.stories.shape import Field, Hint
from simharness.stories.vocabulary.terms import OneOf

Pair = tuple[Node, Node]

_DOCUMENT = re.compile(
    r'(?:the )?(?:(?P<nth>\w+) )?(?P<noun>invoice|credit note|credit memo)(?: of)? "(?P<name>[^"]*)"'
)
_NAMED_PAYMENT = re.compile(r'payment "([^"]*)"')
#: The field that takes a document in whatever words it is named: which key that is, the words say.
_ANY_INVOICE = "invoice"


def filled(
    said: Said, extras: Iterable[tuple[str, str]], place: Node, rows: Node | None = None, table: str = ""
) -> tuple[Pair, ...]:
    """The keys of a step with their values; `rows` is its table as a tree, which fills the field `table` (unless said
    that of the sentence). Raises `ContentError`.
    """
    pairs: list[Pair] = []
    for name, group in _by_bind(said):
        pairs += _bound(said.phrase, name, group, place)
    pairs += [_pair(place, key, word) for key, word in said.phrase.sentence.fixed]
    for key, word in extras:
        pairs.append(_pair(place, _detail(said.phrase, key, place), word))
    if rows is not None:
        pairs.append((place.leaf(_field(said.phrase, table or said.phrase.sentence.table).key), rows))
    return tuple(pairs)


def texts_in(field: Field, text: str) -> str:
    """A word of a closed list as the list has it: case, spaces and hyphens do not count. One that a team may have
    of its own is a name in its form, `gross receipts` the metric `gross_receipts`.
    """
    for closed in _closed(field.hint):
        known = {_plain(word): word for word in closed.words}
        if text not in closed.words and (closed.own or _plain(text) in known):
            return known.get(_plain(text), _plain(text))
    return text


def _closed(hint: Hint) -> Iterator[OneOf]:
    yield from (meta for meta in hint.metadata if isinstance(meta, OneOf))
    for part in hint.parts:
        yield from _closed(part)


def _plain(word: str) -> str:
    return word.lower().replace(" ", "_").replace("-", "_")


def _by_bind(said: Said) -> list[tuple[str, list[tuple[str, str]]]]:
    """The values by the field they fill: a field that two parameters fill takes a key and its value."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, kind, value in zip(said.phrase.sentence.binds, said.phrase.kinds, said.values, strict=True):
        groups.setdefault(name, []).append((kind, value))
    return list(groups.items())


def _bound(phrase: Phrase, name: str, values: list[tuple[str, str]], place: Node) -> list[Pair]:
    (kind, text), *more = values
    if kind == "invoice":
        return _document(phrase, name, text, place)
    field = _field(phrase, name)
    if more:
        ordered = sorted(values, key=lambda each: each[0] in ("money", "percent"))
        key, value = (place.leaf(texts_in(field, _said(*each))) for each in ordered)
        return [(place.leaf(field.key), replace(place, kind="map", text="", pairs=((key, value),)))]
    return [_pair(place, field.key, texts_in(field, _said(kind, text)))]


def _said(kind: str, text: str) -> str:
    """The value itself, without what only makes a sentence of it."""
    if kind == "system":
        return text.removeprefix("the ")
    if kind == "account":
        return text.strip('"')
    if kind == "payment":
        text = text.replace("the first payment", "the payment", 1)
    named = _NAMED_PAYMENT.fullmatch(text) if kind == "payment" else None
    return named[1] if named is not None else text


def _document(phrase: Phrase, name: str, text: str, place: Node) -> list[Pair]:
    found = _DOCUMENT.fullmatch(text)
    if found is None:
        raise place.problem(
            f"{text!r} names no document", 'write the invoice of "Deal", or invoice "1001"', rule="value"
        )
    by_number = not text.startswith("the ")
    wanted = "invoice" if by_number else "credit_memo_of" if found["noun"].startswith("credit") else "invoice_of"
    if name != _ANY_INVOICE and wanted == "invoice_of":
        key = _field(phrase, name).key
    elif wanted in phrase.shape.by_key:
        key = wanted
    else:
        raise place.problem(f"{text!r} cannot stand in this sentence", 'write the invoice of "Deal"', rule="value")
    nth = ORDINALS.get(found["nth"] or "first", 1)
    return [_pair(place, key, found["name"]), *([_pair(place, "nth", str(nth))] if nth > 1 else [])]


def _field(phrase: Phrase, name: str) -> Field:
    return phrase.shape.by_name[name]


def _detail(phrase: Phrase, key: str, place: Node) -> str:
    if key in phrase.shape.by_key:
        return key
    words = key.replace("_", " ")
    known = [each.replace("_", " ") for each in phrase.shape.keys if each not in phrase.sentence.binds]
    raise place.problem(f"this sentence takes no {words!r}", suggestion(words, known), rule="unknown-sentence")


def _pair(place: Node, key: str, text: str) -> Pair:
    return place.leaf(key), place.leaf(text)
