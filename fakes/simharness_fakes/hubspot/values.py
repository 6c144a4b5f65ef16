"""Property values: every value is a text; its type decides which texts are taken, how they are kept and compared.

Kept forms: `number` as it was sent; `datetime` as ISO 8601 in UTC with milliseconds; `date` as YYYY-MM-DD; `bool` as
true or false; an empty text clears the value.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from simharness.domain.base import Record
from simharness_fakes.hubspot.definitions import Property

#: Longer texts are no instants.
_LONGEST_INSTANT = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The vendor refuses exponents (seen in the wild: `1.42e-14 was not a valid number.`).
_NUMBER = re.compile(r"-?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_MILLIS = re.compile(r"-?\d{1,14}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII)
#: One @ between a name and a host with a dot. Source: background knowledge of what the vendor calls INVALID_EMAIL.
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")


class Invalid(Record, frozen=True, kw_only=True):
    """Why a value was not taken: the vendor's message and code."""

    name: str
    message: str
    code: str
    value: str = ""


@lru_cache(maxsize=1024)
def instant_text(moment: datetime) -> str:
    """An instant as HubSpot writes it: UTC, milliseconds, Z."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"  # without the offset +00:00


#: What stories call yearly, the portal calls annually.
YEARLY, ANNUALLY = "yearly", "annually"


def millis(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_millis(count: int) -> datetime | None:
    """The instant so many milliseconds after 1970, or None beyond the calendar."""
    try:
        return _EPOCH + timedelta(milliseconds=count)
    except OverflowError:
        return None


def read_instant(text: str) -> datetime | None:
    """The instant of an ISO text (a bare day is its midnight UTC) or of milliseconds; None if it is neither."""
    return _read_instant(text) if len(text) <= _LONGEST_INSTANT else None


@lru_cache(maxsize=4096)
def _read_instant(text: str) -> datetime | None:
    # A search compares the same few kept values again and again.
    if not _MOMENT.fullmatch(text) and not _DAY.fullmatch(text):
        return from_millis(int(text)) if _MILLIS.fullmatch(text) else None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    """The day of YYYY-MM-DD or of an instant that is midnight UTC; None for anything else."""
    moment = read_instant(text)
    if moment is None or moment != moment.replace(hour=0, minute=0, second=0, microsecond=0):
        return None
    return moment.date()


def kept(rule: Property, text: str) -> str | Invalid:
    """The text as it is kept under its definition, or why it is not taken. An empty text is always taken."""
    if text == "":
        return ""
    if rule.type == "number":
        return text if _NUMBER.fullmatch(text) else _not(rule, text, "was not a valid number.", "INVALID_INTEGER")
    if rule.type == "datetime":
        moment = read_instant(text)
        return instant_text(moment) if moment else _not(rule, text, "was not a valid long.", "INVALID_LONG")
    if rule.type == "date":
        day = read_day(text)
        return day.isoformat() if day else _not(rule, text, "is not at midnight UTC or not a date.", "INVALID_DATE")
    if rule.type == "bool":
        return text if text in ("true", "false") else _not(rule, text, "was not a valid boolean.", "INVALID_BOOLEAN")
    if rule.type == "enumeration" and rule.options:
        return _kept_options(rule, text)
    if rule.key == "contacts:email" and not _ADDRESS.fullmatch(text):
        message = f"Email address {text} is invalid"
        return Invalid(name=rule.name, message=message, code="INVALID_EMAIL", value=text)
    return text


def sort_key(rule: Property | None, text: str) -> tuple[int, Decimal, str]:
    """A key that orders and compares kept values and filter values of one property.

    Numbers and instants compare by value, texts without regard to case; a text of the wrong type sorts first.
    """
    value_type = rule.type if rule is not None else "string"
    if value_type == "number":
        return (1, Decimal(text), "") if _NUMBER.fullmatch(text) else (0, Decimal(0), "")
    if value_type in ("date", "datetime"):
        return _instant_key(text) if len(text) <= _LONGEST_INSTANT else _NO_INSTANT
    return (1, Decimal(0), text.lower())


_NO_INSTANT = (0, Decimal(0), "")


@lru_cache(maxsize=4096)
def _instant_key(text: str) -> tuple[int, Decimal, str]:
    moment = read_instant(text)
    return (1, Decimal(millis(moment)), "") if moment is not None else _NO_INSTANT


def _kept_options(rule: Property, text: str) -> str | Invalid:
    allowed = {value for value, _ in rule.options}
    chosen = text.split(";") if rule.field_type == "checkbox" else [text]
    wrong = next((part for part in chosen if part not in allowed), None)
    if wrong is None:
        return text
    listed = ", ".join(value for value, _ in rule.options)
    return _not(rule, wrong, f"was not one of the allowed options: [{listed}]", "INVALID_OPTION")


def _not(rule: Property, text: str, why: str, code: str) -> Invalid:
    return Invalid(name=rule.name, message=f"{text} {why}", code=code, value=text)
