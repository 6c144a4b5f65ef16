"""The edge: what comes from a vendor is looked at record by record before anything of it is taken in.

A record that cannot be read goes into quarantine by itself, with one reject and one alert; the others of its batch go
on. It leaves quarantine by itself, as soon as its source shows it mended.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from simharness.reference.arithmetic.currencies import CODES
from simharness.reference.errors import Rejected
from simharness.reference.memory.evidence import Evidence
from simharness.reference.vendors.http import Json

_T = TypeVar("_T")
_DIGITS = 12
#: No amount of money has more digits; a number beyond that is a mistake, not a fact.
_LARGEST = Decimal(10) ** 15


class Kind(enum.Enum):
    """What a field must hold; the value says it to a person."""

    TEXT = "a text"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TRUTH = "true or false"
    DAY = "a day"
    CURRENCY = "a currency code"


@dataclass(frozen=True, slots=True)
class Rule:
    """One field: its path in dots, what it holds, whether it must be there, which values alone are allowed."""

    path: str
    kind: Kind
    required: bool = True
    allowed: frozenset[str] = frozenset()
    least: int | None = None


#: What is read of each kind of record. Sources: the vendors' references of the objects.
CHARGE = (
    Rule("id", Kind.TEXT),
    Rule("amount", Kind.WHOLE, least=1),
    Rule("amount_captured", Kind.WHOLE, required=False, least=0),
    Rule("currency", Kind.CURRENCY),
    Rule("created", Kind.WHOLE, least=0),
    Rule("status", Kind.TEXT, allowed=frozenset({"succeeded", "pending", "failed"})),
)
MOVEMENT = (
    Rule("id", Kind.TEXT),
    Rule("type", Kind.TEXT),
    Rule("amount", Kind.WHOLE),
    Rule("fee", Kind.WHOLE),
    Rule("currency", Kind.CURRENCY),
    Rule("created", Kind.WHOLE, least=0),
)
BANK_LINE = (
    Rule("transaction_id", Kind.TEXT),
    Rule("amount", Kind.NUMBER),
    Rule("date", Kind.DAY),
    Rule("pending", Kind.TRUTH),
    Rule("iso_currency_code", Kind.CURRENCY, required=False),
)
#: HubSpot's fields have the names that the mapping gives them, so their readers (crm.py) look at the values.
CRM_RECORD = (Rule("id", Kind.TEXT),)

_CODES: Mapping[str, str] = MappingProxyType(
    {"missing": "missing_field", "kind": "unreadable_value", "allowed": "value_not_allowed", "currency":
    "unknown_currency"}
)  # fmt: skip


def check(record: Json, rules: Iterable[Rule]) -> None:
    """Raise `Rejected` for a record that does not follow its rules: the code is that of the first misfit, the reason
    names them all.
    """
    misfits = [found for rule in rules if (found := _misfit(record, rule)) is not None]
    if misfits:
        raise Rejected(_CODES[misfits[0][0]], "; ".join(words for _, words in misfits))


@contextmanager
def reading() -> Iterator[None]:
    """Whatever a reader stumbles over in what a vendor sent is a `Rejected` of that record."""
    try:
        yield
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Rejected("unreadable_value", f"it cannot be read: {type(error).__name__} {error}") from error


class Edge:
    """Lets records in one by one. `source` of a record is its prefix and its id, or a digest where it has none."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def admit(
        self,
        prefix: str,
        records: Iterable[Json],
        rules: Iterable[Rule],
        read: Callable[[Json], _T],
        *,
        id_field: str = "id",
    ) -> Iterator[_T]:
        """What could be read, in order. The rest is in quarantine; what was there and can be read now leaves it."""
        held = {each.source for each in self._evidence.held(prefix, unreadable=True)}
        for record in records:
            source = f"{prefix}{_id(record, id_field)}"
            try:
                check(record, rules)
                with reading():
                    found = read(record)
            except Rejected as rejected:
                self._evidence.reject(source, rejected.code, rejected.reason, unreadable=True)
                continue
            if source in held:
                self._evidence.recovered(source)
            yield found

    def waiting(self, prefix: str) -> list[str]:
        """The ids of the records with this prefix that could not be read, to be asked for again."""
        held = self._evidence.held(prefix, unreadable=True)
        return [each.source.removeprefix(prefix) for each in held if not each.source.startswith(f"{prefix}{_NAMELESS}")]


_NAMELESS = "nameless-"


def _id(record: Json, field: str) -> str:
    """The record's own id; a digest of its content where it has none, so that it stays the same over passes."""
    found = record.get(field)
    if isinstance(found, str) and found:
        return found
    return _NAMELESS + hashlib.sha256(msgspec.json.encode(record, order="sorted")).hexdigest()[:_DIGITS]


def _misfit(record: Json, rule: Rule) -> tuple[str, str] | None:
    """What is wrong with one field, by sort and in words; None if nothing is."""
    value = _value(record, rule.path)
    if value is None or value == "":
        return ("missing", f"{rule.path} is missing") if rule.required else None
    if not _is(value, rule.kind):
        return "kind", f"{rule.path} is {_shown(value)}, which is not {rule.kind.value}"
    if rule.kind is Kind.CURRENCY and value.upper() not in CODES:
        return "currency", f"{rule.path} is {_shown(value)}, which is no currency"
    if rule.allowed and value not in rule.allowed:
        return "allowed", f"{rule.path} is {_shown(value)}; allowed are {', '.join(sorted(rule.allowed))}"
    if rule.least is not None and value < rule.least:
        return "allowed", f"{rule.path} is {_shown(value)}, which is less than {rule.least}"
    return None


def _value(record: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record


def _is(value: Any, kind: Kind) -> bool:
    if kind is Kind.TRUTH:
        return isinstance(value, bool)
    if kind in (Kind.WHOLE, Kind.NUMBER):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
            return False
        return -_LARGEST < value < _LARGEST and (kind is Kind.NUMBER or isinstance(value, int))
    if kind is Kind.DAY:
        return isinstance(value, str) and _is_day(value)
    return isinstance(value, str)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
