"""A node of YAML made into a typed record, by the shape of its type; every error names its line.

Used for dictionaries, heads of stories and the parameters of verbs. A record is a map of the keys of its shape.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from simharness.core.errors import ContentError, UsageError
from simharness.core.money import Money
from simharness.stories import words
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node
from simharness.stories.shape import Hint, Shape, shape_of

_S = TypeVar("_S", bound=msgspec.Struct)

#: What is left of an amount behind a comma that YAML took for the end of a value.
_REST_OF_AMOUNT = re.compile(r"^\d{2,3}(\.\d+)?%?$")

_READERS: Mapping[object, Callable[[str], object]] = MappingProxyType(
    {
        str: lambda text: text,
        int: words.whole,
        bool: words.truth,
        Decimal: words.decimal,
        date: words.day,
        time: words.wall_time,
        Money: words.money,
        words.Percent: words.percent,
        words.Figure: words.figure,
        words.Pay: words.pay,
        frozenset((words.Percent, Money)): words.discount,
        frozenset((str, words.Cell)): words.text_or_cell,
        frozenset((Money, words.Cell)): words.money_or_cell,
        frozenset((words.Figure, words.Cell)): words.figure_or_cell,
        frozenset((date, words.Cell)): words.day_or_cell,
        frozenset((Money, date, words.Cell)): words.side_or_cell,
    }
)
#: Records that are written as one text.
_TEXTUAL: frozenset[type] = frozenset((words.Percent, words.Figure, words.Pay))


class Reader:
    """Metadata of an annotated text: how the text is read and refused, beyond being text."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[str], object]) -> None:
        self.read = read


def shape_for(kind: type[msgspec.Struct]) -> Shape:
    """The shape of a record as it is written on paper."""
    return shape_of(kind, leaves=_TEXTUAL)


def takes_cell(hint: Hint) -> bool:
    """Whether a value may be left to say that there must be none, or any: only claims have such values."""
    return isinstance(hint.kind, frozenset) and words.Cell in hint.kind


def decode_struct(node: Node, kind: type[_S]) -> _S:
    """Read a map as a record of a type; unknown and missing keys are refused with the nearest valid word."""
    record = decode_shape(node, shape_for(kind))
    assert isinstance(record, kind)  # noqa: S101 - says to the type checker what the shape guarantees
    return record


def decode_shape(node: Node, shape: Shape) -> msgspec.Struct:
    """Read a map as the record of a shape; unknown and missing keys are refused with the nearest valid word."""
    if node.kind != "map":
        raise node.problem("needs keys and values", f"the keys are {', '.join(shape.keys)}")
    values: dict[str, object] = {}
    for key, value in node.pairs:
        field = shape.by_key.get(key.text)
        if field is None:
            raise _unknown_key(key, value, shape)
        values[field.name] = _decode(value, field.hint, key.text)
    for field in shape.by_key.values():
        if field.required and field.name not in values:
            raise node.problem(f"{field.key!r} is missing", f"write {field.key}: …", rule="missing", about=field.key)
    return shape.kind(**values)


def _unknown_key(key: Node, value: Node, shape: Shape) -> ContentError:
    if value.kind == "nothing" and _REST_OF_AMOUNT.match(key.text):
        return key.problem(
            f"an amount breaks off at its comma, before {key.text!r}: between braces a comma ends a value",
            'write a dot before the decimals, and quotes around thousands: "USD 1,200.00"',
        )
    return key.problem(f"unknown key {key.text!r}", suggestion(key.text, shape.keys))


def place_of(node: Node, shape: Shape, path: tuple[str | int, ...]) -> Node:
    """The node a path of field names and indexes leads to; the nearest one above it when the path goes past a leaf."""
    hint = Hint(shape.kind, shape=shape)
    for part in path:
        step: Node | None = None
        if isinstance(part, int):
            if part < len(node.items):
                step = node.items[part]
            elif part < len(node.pairs):
                step = node.pairs[part][0]
            hint = hint.parts[0] if hint.parts else hint
        elif hint.shape is not None:
            field = hint.shape.by_name[part]
            step, hint = node.get(field.key), field.hint
        if step is None:
            return node
        node = step
    return node


def _decode(node: Node, hint: Hint, key: str) -> Any:
    if node.kind == "nothing" and takes_cell(hint):
        return None  # It is not checked.
    if node.kind == "nothing":
        raise node.problem(f"{key!r} has no value", "write one, or leave the key out")
    if hint.parts and node.kind == "text" and any(isinstance(meta, Reader) for meta in hint.metadata):
        return _decode_text(node, hint, key)
    if hint.parts:
        return _decode_tuple(node, hint, key)
    if hint.shape is not None:
        return decode_shape(node, hint.shape)
    if node.kind != "text":
        raise node.problem(f"{key!r} takes one value, not a {node.kind}")
    return _decode_text(node, hint, key)


def _decode_text(node: Node, hint: Hint, key: str) -> object:
    kind = hint.kind
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        values = [str(member.value) for member in kind]
        if node.text not in values:
            raise node.problem(f"{node.text!r} is no valid {key!r}", suggestion(node.text, values), rule="value")
        return kind(node.text)
    own = next((meta.read for meta in hint.metadata if isinstance(meta, Reader)), None)
    read = own or _READERS[kind]
    try:
        value = read(node.text)
    except UsageError as error:
        raise node.problem(f"{key}: {error.what}", error.mend, rule=_rule(hint, own), about=key) from error
    if value == "":
        raise node.problem(f"{key!r} is empty text", "write a value, or leave the key out")
    return value


def _rule(hint: Hint, own: Callable[[str], object] | None) -> str:
    """The rule that a text breaks which cannot be read."""
    kinds = hint.kind if isinstance(hint.kind, frozenset) else frozenset((hint.kind,))
    if own in (words.period, words.month):
        return "period"
    return "money" if Money in kinds else "date" if date in kinds else "value"


def _decode_tuple(node: Node, hint: Hint, key: str) -> tuple[object, ...]:
    if not hint.repeats:
        if node.kind != "list" or len(node.items) != len(hint.parts):
            raise node.problem(f"{key!r} takes a list of exactly {len(hint.parts)}")
        return tuple(_decode(item, part, key) for item, part in zip(node.items, hint.parts, strict=True))
    (inner,) = hint.parts
    if node.kind == "map" and len(inner.parts) == len(("key", "value")):
        name, value = inner.parts
        return tuple((_decode(k, name, key), _decode(v, value, k.text)) for k, v in node.pairs)
    if node.kind == "text" and inner.kind is str:
        return (_decode(node, inner, key),)
    if node.kind != "list":
        raise node.problem(f"{key!r} takes a list", "start each item on its own line with a dash")
    if not node.items:
        raise node.problem(f"{key!r} is an empty list", "list something, or leave the key out")
    return tuple(_decode(item, inner, key) for item in node.items)
