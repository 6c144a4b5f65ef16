"""An event as it comes over the wire, read into what the desk keeps; and the answer to it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from simharness.core.money import Money

Object = dict[str, Any]
#: The names under which an event's details say what it is about; the details themselves are free.
OWNER, ITEM, AMOUNT = "owner", "item", "amount"
_ISO = 3


def details(body: Object) -> Object:
    """The free details of an event's payload, empty where there are none."""
    found = (body.get("payload") or {}).get("custom_details")
    return found if isinstance(found, dict) else {}


def text(found: Object, name: str) -> str:
    """A detail that is a text, without blanks around it; empty where it is missing or something else."""
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""


def amount(found: Object) -> Money | None:
    """The amount that an event names as `USD 12.00`; None where it names none, or in another form."""
    currency, _, number = text(found, AMOUNT).partition(" ")
    if len(currency) != _ISO or not (currency.isascii() and currency.isupper()):
        return None
    try:
        value = Decimal(number.replace(",", ""))
    except InvalidOperation:
        return None
    return Money(value, currency) if value.is_finite() else None


def accepted(dedup_key: str) -> Object:
    """The answer to an event that was taken in."""
    return {"status": "success", "message": "Event processed", "dedup_key": dedup_key}
