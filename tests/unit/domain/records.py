"""Any record of any type, for laws that hold for all of them: strategies worked out from the declared fields."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Union

import msgspec
from hypothesis import strategies as st

from simharness.core.money import Money

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    type(None): st.none(),
    Decimal: DECIMALS,
    date: st.dates(),
    datetime: st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),
    timedelta: st.timedeltas(timedelta(0), timedelta(days=400)),
    Money: st.builds(Money, DECIMALS, st.sampled_from(["USD", "JPY", "KWD"])),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a declared type."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin in (Union, types.UnionType):
        return st.one_of([values(part) for part in parts])
    if origin is tuple:
        if parts[-1] is Ellipsis:
            return st.lists(values(parts[0]), max_size=2).map(tuple)
        return st.tuples(*(values(part) for part in parts))
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return st.deferred(lambda: records(kind))
    raise NotImplementedError(f"no strategy for {kind!r}")


def records(kind: type) -> st.SearchStrategy[Any]:
    """Any record of a type."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in msgspec.structs.fields(kind)})
