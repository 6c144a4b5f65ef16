"""The one base of every record, and the one codec that writes and reads records.

Canonical JSON: keys in the order of declaration, money as `USD 12.00`, decimals as text, days and instants in ISO form,
unions told apart by `type`. Equal records give equal bytes under any PYTHONHASHSEED.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from simharness.core.money import Money


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Frozen, keyword-only data. Subclasses that belong to a union pass `tag=...`.

    Frozen records cannot form cycles, so the garbage collector need not visit them: large books hold very many.
    """


class Tagged(Record, frozen=True, kw_only=True, tag_field="type", tag=True):
    """A record that is one case of a union; `type` on the wire is the class name unless the class says otherwise."""


_T = TypeVar("_T")


def _encode_other(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.currency} {value.amount}"
    raise NotImplementedError(f"{type(value).__name__} cannot be written to a record")


def _decode_other(kind: type, value: Any) -> Any:
    if kind is Money:
        currency, _, amount = str(value).partition(" ")
        return Money(Decimal(amount), currency)
    raise NotImplementedError(f"{kind.__name__} cannot be read from a record")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_other, decimal_format="string", order="deterministic")


def encode(record: object) -> bytes:
    """Canonical JSON bytes of a record, without a line end."""
    return _ENCODER.encode(record)


def decode(data: bytes | str, kind: type[_T]) -> _T:
    """Read what `encode` wrote; raises `msgspec.ValidationError` naming the path of the first value
    that does not fit.
    """
    return msgspec.json.decode(data, type=kind, dec_hook=_decode_other)


def to_builtins(record: object) -> Any:
    """The record as dicts, lists and texts, for tables and templates."""
    return msgspec.to_builtins(record, enc_hook=_encode_other)


def from_builtins(value: object, kind: type[_T]) -> _T:
    """A record from dicts and lists as YAML gives them; money as text such as `USD 12.00`."""
    return msgspec.convert(value, type=kind, dec_hook=_decode_other)
