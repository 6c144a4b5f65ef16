"""The forms in which Gusto writes amounts, hours, days and instants."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from simharness.core.money import Money

Object = dict[str, Any]

CENT, HOUR = Decimal("0.01"), Decimal("0.001")
DIRECT, CHECK = "Direct Deposit", "Check"
METHODS: Mapping[str, str] = MappingProxyType({"direct_deposit": DIRECT, "check": CHECK})
#: Gusto's words for how often people are paid, by the engine's.
FREQUENCIES: Mapping[str, str] = MappingProxyType(
    {"weekly": "Every week", "biweekly": "Every other week", "semimonthly": "Twice per month", "monthly": "Monthly"}
)
_REFERENCE = 8


def dollars(amount: Money | Decimal) -> str:
    """An amount as a text with two decimals."""
    return str(number(amount))


def number(amount: Money | Decimal) -> Decimal:
    """An amount as a number with two decimals."""
    plain = amount.amount if isinstance(amount, Money) else amount
    return plain.quantize(CENT)


def hours(count: Decimal | None) -> str:
    """Hours as a text with three decimals."""
    return str((count or Decimal(0)).quantize(HOUR))


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC to the second."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(value: date | None) -> str | None:
    """A day."""
    return None if value is None else value.isoformat()


def decimal(text: object) -> Decimal | None:
    """The decimal of a text of a request, None if it is none."""
    try:
        read = Decimal(str(text))
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def reference(payroll: str) -> str:
    """What the statement of the bank shows of a payroll: the first eight characters of its id, in capitals."""
    try:
        plain = uuid.UUID(payroll).hex
    except ValueError:
        plain = payroll.replace("-", "")
    return plain[:_REFERENCE].upper()
