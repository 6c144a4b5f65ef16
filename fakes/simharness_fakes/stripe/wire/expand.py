"""Expansion: ids in an answer replaced by the objects they name, at most four levels deep.

What may be expanded is known before a handler runs, so that a request with an impossible path changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

Object = dict[str, Any]
#: Finds an object of a kind by id; None if it does not exist (any more).
Lookup = Callable[[str, str], Object | None]

MAX_LEVELS = 4

#: Kind of object → expandable field → kinds of object it may name. A dotted field lies in a plain part of the object.
_EXPANDABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "customer": MappingProxyType(
            {
                "default_source": (),
                "invoice_settings.default_payment_method": ("payment_method",),
                "test_clock": ("test_helpers.test_clock",),
            }
        ),
        "payment_method": MappingProxyType({"customer": ("customer",)}),
        "payment_intent": MappingProxyType(
            {
                "customer": ("customer",),
                "latest_charge": ("charge",),
                "payment_method": ("payment_method",),
                "review": (),
            }
        ),
        "charge": MappingProxyType(
            {
                "balance_transaction": ("balance_transaction",),
                "customer": ("customer",),
                "failure_balance_transaction": ("balance_transaction",),
                "payment_intent": ("payment_intent",),
                "review": (),
            }
        ),
        "refund": MappingProxyType(
            {
                "balance_transaction": ("balance_transaction",),
                "charge": ("charge",),
                "failure_balance_transaction": ("balance_transaction",),
                "payment_intent": ("payment_intent",),
            }
        ),
        "dispute": MappingProxyType({"charge": ("charge",), "payment_intent": ("payment_intent",)}),
        "payout": MappingProxyType(
            {
                "balance_transaction": ("balance_transaction",),
                "failure_balance_transaction": ("balance_transaction",),
            }
        ),
        "balance_transaction": MappingProxyType({"source": ("charge", "refund", "dispute", "payout")}),
    }
)
#: What an id begins with → kind of the object, where a field may name several.
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {"ch": "charge", "py": "charge", "re": "refund", "pyr": "refund", "dp": "dispute", "po": "payout"}
)


@lru_cache(maxsize=256)
def impossible(path: str, kind: str, *, listed: bool) -> str | None:
    """Why a path cannot be expanded in an answer of a kind (`listed`: in a list of them); None if it can."""
    names = path.split(".")
    if len(names) > MAX_LEVELS:
        return f"You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}"
    if listed:
        if names[0] != "data" or len(names) == 1:
            return f"This property cannot be expanded ({path}). In a list, say data.{path}."
        names = names[1:]
    kinds: tuple[str, ...] = (kind,)
    while names:
        steps = [found for there in kinds if (found := _step(there, names)) is not None]
        if not steps:
            return f"This property cannot be expanded ({path})."
        names = names[steps[0][0].count(".") + 1 :]
        kinds = tuple(there for _, leads_to in steps for there in leads_to)
    return None


def expand(value: Object, paths: Sequence[str], lookup: Lookup) -> Object:
    """The object with the named fields expanded; `paths` were found possible before. Lists expand in each item."""
    if value.get("object") in ("list", "search_result"):
        inner = [path.partition(".")[2] for path in paths]
        return {**value, "data": [expand(item, inner, lookup) for item in value["data"]]}
    for path in paths:
        value = _expanded(value, path.split("."), lookup)
    return value


def _expanded(value: Object, names: list[str], lookup: Lookup) -> Object:
    step = _step(str(value.get("object")), names)
    if step is None:
        return value
    field, kinds = step
    rest = names[field.count(".") + 1 :]
    outer, _, last = field.rpartition(".")
    holder = value[outer] if outer else value
    target = holder.get(last)
    found = lookup(_kind_of(target, kinds), target) if isinstance(target, str) else target
    if found is None:
        return value
    if rest:
        found = _expanded(found, rest, lookup)
    return {**value, outer: {**holder, last: found}} if outer else {**value, last: found}


def _kind_of(record_id: str, kinds: tuple[str, ...]) -> str:
    return kinds[0] if len(kinds) == 1 else _PREFIXES.get(record_id.partition("_")[0], "")


def _step(kind: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    fields = _EXPANDABLE.get(kind, {})
    for length in (1, 2):
        field = ".".join(names[:length])
        if len(names) >= length and field in fields:
            return field, fields[field]
    return None
