"""A body as it was given: typed access to its fields.

SDKs send empty texts for what they do not mean; an empty text or null is "not given", except that in an update it
clears the field. In a sparse update a field that is absent keeps its old value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from simharness.fakekit.bodies import Json
from simharness_fakes.quickbooks.errors import bad_value, missing
from simharness_fakes.quickbooks.wire.times import read_day

T = TypeVar("T")

_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


def number(value: Json, element: str) -> Decimal | None:
    """A decimal from a JSON number or a numeric text; None for an empty one."""
    if isinstance(value, Decimal):
        found = value
    elif value is None or value == "":
        return None
    else:
        try:
            found = Decimal(str(value))
        except InvalidOperation as error:
            raise bad_value(element, value, "number") from error
    if not found.is_finite():
        raise bad_value(element, value, "number")
    return found


def flag(value: Json) -> bool | None:
    """A boolean from a JSON boolean or its name; None for an empty text."""
    if isinstance(value, str):
        return _FLAGS.get(value.lower())
    return value if isinstance(value, bool) else None


def reference(value: Json) -> str:
    """The id in `{"value": …}`; "" where there is none."""
    if not isinstance(value, dict):
        return ""
    return str(value.get("value") or "")


class Given:
    """The fields of one JSON object. `keep`: what is absent keeps the old value (a sparse update)."""

    __slots__ = ("body", "keep", "path")

    def __init__(self, body: Mapping[str, Json], *, keep: bool = False, path: str = "") -> None:
        self.body, self.keep, self.path = body, keep, path

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def has(self, name: str) -> bool:
        """Whether the field carries a value."""
        return self.body.get(name) not in (None, "", [], {})

    def text(self, name: str, old: str = "") -> str:
        """A text; "" where none is given."""
        if name in self.body:
            value = self.body[name]
            return "" if value is None else str(value)
        return old if self.keep else ""

    def needed(self, name: str, old: str = "") -> str:
        """A text that must be there."""
        value = self.text(name, old)
        if not value.strip():
            raise missing(self.path + name)
        return value

    def ref(self, name: str, old: str = "") -> str:
        """The id a reference names; "" where none is given."""
        if name in self.body:
            return reference(self.body[name])
        return old if self.keep else ""

    def inner(self, name: str, field: str, old: str = "") -> str:
        """A text inside an object of one field, such as `{"Address": …}`."""
        if name in self.body:
            value = self.body[name]
            return str(value.get(field) or "") if isinstance(value, dict) else ""
        return old if self.keep else ""

    def number(self, name: str, old: Decimal | None = None) -> Decimal | None:
        """A decimal."""
        if name in self.body:
            return number(self.body[name], self.path + name)
        return old if self.keep else None

    def flag(self, name: str, old: bool, default: bool) -> bool:
        """A boolean; `default` where none is given."""
        value = flag(self.body[name]) if name in self.body else None
        if value is not None:
            return value
        return old if self.keep and name not in self.body else default

    def day(self, name: str, old: date | None = None) -> date | None:
        """A calendar day."""
        if name in self.body:
            text = self.text(name)
            if not text:
                return None
            day = read_day(text)
            if day is None:
                raise bad_value(self.path + name, text, "date")
            return day
        return old if self.keep else None

    def choose(self, name: str, decoded: T, old: T, default: T) -> T:
        """`decoded` where the field is given, else the old value of a sparse update, else the default."""
        if name in self.body:
            return decoded
        return old if self.keep else default


def kept(given: Given, names: frozenset[str], old: object) -> Mapping[str, Json] | None:
    """What the books only keep for the dialect: the fields of `names` with a value, over the old ones if sparse."""
    found: dict[str, Json] = dict(old) if given.keep and isinstance(old, Mapping) else {}
    for name in given.body:
        if name not in names:
            continue
        if given.has(name):
            found[name] = given.body[name]
        else:
            found.pop(name, None)
    return found or None
