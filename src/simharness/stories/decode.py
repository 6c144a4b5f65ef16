"""A node of YAML made into a typed record, by the type hints of its fields; every error names its line.

Used for dictionaries and for the parameters of verbs. A struct is a map whose keys are the fields' (encoded) names.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.stories import words
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node

_S = TypeVar("_S", bound=msgspec.Struct)

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
        frozenset((words.Percent, Money)): words.discount,
    }
)


class Reader:
    """Metadata of an annotated text: how the text is read and refused, beyond being text."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[str], object]) -> None:
        self.read = read


def hints_of(kind: type) -> dict[str, Any]:
    """The type hints of a record's fields, with their annotations."""
    return typing.get_type_hints(kind, include_extras=True)


def bare(hint: Any) -> tuple[Any, tuple[object, ...]]:
    """A hint without `| None` and without annotation, and the annotation's metadata."""
    metadata: tuple[object, ...] = ()
    while True:
        if typing.get_origin(hint) is typing.Annotated:
            metadata += hint.__metadata__
            hint = hint.__origin__
            continue
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            rest = [part for part in typing.get_args(hint) if part is not type(None)]
            if len(rest) == 1:
                hint = rest[0]
                continue
            return frozenset(rest), metadata
        return hint, metadata


def decode_struct(node: Node, kind: type[_S]) -> _S:
    """Read a map as a record; unknown and missing keys are refused with the nearest valid word."""
    if node.kind != "map":
        raise node.problem("needs keys and values", f"the keys are {', '.join(_keys(kind))}")
    hints = hints_of(kind)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, object] = {}
    for key, value in node.pairs:
        if key.text not in fields:
            raise key.problem(f"unknown key {key.text!r}", suggestion(key.text, fields))
        values[fields[key.text].name] = decode(value, hints[fields[key.text].name], key.text)
    for name, field in fields.items():
        if field.required and field.name not in values:
            raise node.problem(f"{name!r} is missing", f"write {name}: …")
    return kind(**values)


def decode(node: Node, hint: Any, key: str = "value") -> Any:
    """Read a node as the type a hint asks for; `key` names the field in errors."""
    kind, metadata = bare(hint)
    if node.kind == "nothing":
        raise node.problem(f"{key!r} has no value", "write one, or leave the key out")
    if typing.get_origin(kind) is tuple:
        return _decode_tuple(node, typing.get_args(kind), key)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in _READERS:
        return decode_struct(node, kind)
    if node.kind != "text":
        raise node.problem(f"{key!r} takes one value, not a {node.kind}")
    return _decode_text(node, kind, metadata, key)


def place_of(node: Node, kind: type, path: tuple[str | int, ...]) -> Node:
    """The node a path of field names and indexes leads to; the nearest one above it when the path goes past a leaf."""
    for part in path:
        step: Node | None
        if isinstance(part, int):
            step = node.items[part] if part < len(node.items) else None
            if step is None and part < len(node.pairs):
                step = node.pairs[part][0]
        else:
            step = node.get(_encoded(kind, part)) or node.get(part)
            kind = _inner(kind, part)
        if step is None:
            return node
        node = step
    return node


def _decode_text(node: Node, kind: Any, metadata: tuple[object, ...], key: str) -> object:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        values = [str(member.value) for member in kind]
        if node.text not in values:
            raise node.problem(f"{node.text!r} is no valid {key!r}", suggestion(node.text, values))
        return kind(node.text)
    own = next((meta.read for meta in metadata if isinstance(meta, Reader)), None)
    read = own or _READERS[kind]
    try:
        value = read(node.text)
    except UsageError as error:
        raise node.problem(f"{key}: {error.what}", error.mend) from error
    if value == "":
        raise node.problem(f"{key!r} is empty text", "write a value, or leave the key out")
    return value


def _decode_tuple(node: Node, arguments: tuple[Any, ...], key: str) -> tuple[object, ...]:
    if arguments[-1] is not Ellipsis:
        if node.kind != "list" or len(node.items) != len(arguments):
            raise node.problem(f"{key!r} takes a list of exactly {len(arguments)}")
        return tuple(decode(item, hint, key) for item, hint in zip(node.items, arguments, strict=True))
    inner = arguments[0]
    if node.kind == "map" and typing.get_origin(bare(inner)[0]) is tuple:
        name_hint, value_hint = typing.get_args(bare(inner)[0])
        return tuple((decode(name, name_hint, key), decode(value, value_hint, name.text)) for name, value in node.pairs)
    if node.kind == "text" and bare(inner)[0] is str:
        return (decode(node, inner, key),)
    if node.kind != "list":
        raise node.problem(f"{key!r} takes a list", "start each item on its own line with a dash")
    if not node.items:
        raise node.problem(f"{key!r} is an empty list", "list something, or leave the key out")
    return tuple(decode(item, inner, key) for item in node.items)


def _keys(kind: type) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def _encoded(kind: type, name: str) -> str:
    if not issubclass(kind, msgspec.Struct):
        return name
    return next((field.encode_name for field in msgspec.structs.fields(kind) if field.name == name), name)


def _inner(kind: type, name: str) -> type:
    """The record type inside a field, through tuples."""
    if not issubclass(kind, msgspec.Struct):
        return kind
    inner, _ = bare(hints_of(kind).get(name, str))
    while typing.get_origin(inner) is tuple:
        inner, _ = bare(typing.get_args(inner)[0])
    return inner if isinstance(inner, type) else kind
