"""The shape of a record, worked out once from its type hints: which keys it takes and what each value is.

Doors decode by it and the lexicon walks by it, so that neither looks at annotations story by story.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Hint:
    """What a value is: a type (or the set of types of a union) without `| None`, with its annotations.

    A tuple has its parts in `parts`: one part that repeats (`repeats`), or one for each place. A record has a `shape`.
    """

    kind: Any
    metadata: tuple[object, ...] = ()
    parts: tuple[Hint, ...] = ()
    repeats: bool = False
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record; `key` is its name on paper."""

    name: str
    key: str
    required: bool
    hint: Hint


@dataclass(frozen=True, slots=True)
class Shape:
    """A record type with its fields by key and by name, in order of declaration."""

    kind: type[msgspec.Struct]
    by_key: Mapping[str, Field]
    by_name: Mapping[str, Field]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys the record takes."""
        return tuple(self.by_key)


def shape_of(kind: type[msgspec.Struct], *, leaves: frozenset[type] = frozenset()) -> Shape:
    """The shape of a record type. Record types among `leaves` are values with a text form of their own."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = [
        Field(field.name, field.encode_name, field.required, _hint(hints[field.name], leaves))
        for field in msgspec.structs.fields(kind)
    ]
    return Shape(
        kind,
        MappingProxyType({field.key: field for field in fields}),
        MappingProxyType({field.name: field for field in fields}),
    )


def _hint(raw: Any, leaves: frozenset[type]) -> Hint:
    kind, metadata = _bare(raw)
    if typing.get_origin(kind) is tuple:
        arguments = typing.get_args(kind)
        repeats = arguments[-1] is Ellipsis
        parts = tuple(_hint(argument, leaves) for argument in (arguments[:-1] if repeats else arguments))
        return Hint(tuple, metadata, parts, repeats)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in leaves:
        return Hint(kind, metadata, shape=shape_of(kind, leaves=leaves))
    return Hint(kind, metadata)


def _bare(hint: Any) -> tuple[Any, tuple[object, ...]]:
    metadata: tuple[object, ...] = ()
    while True:
        if typing.get_origin(hint) is typing.Annotated:
            metadata += hint.__metadata__
            hint = hint.__origin__
        elif typing.get_origin(hint) in (typing.Union, types.UnionType):
            rest = [part for part in typing.get_args(hint) if part is not type(None)]
            if len(rest) > 1:
                return frozenset(rest), metadata
            hint = rest[0]
        else:
            return hint, metadata
