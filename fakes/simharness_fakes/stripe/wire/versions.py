"""API versions: which the pack knows, and how an object of the newest looks in an older one.

Source: Stripe's public changelog of API versions. Charges and payment intents lost `invoice` in 2025-03-31.basil; the
balance transaction's `balance_type` came with 2025-12-15.clover.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Object = dict[str, Any]

#: Oldest first. The dated prefix orders them.
KNOWN = (
    "2023-10-16",
    "2024-04-10",
    "2024-06-20",
    "2024-09-30.acacia",
    "2025-02-24.acacia",
    "2025-03-31.basil",
    "2025-08-27.basil",
    "2025-12-15.clover",
    "2026-10-28.endive",
)
NEWEST = KNOWN[-1]

_BASIL = "2025-03-31"
_BALANCE_TYPE = "2025-12-15"


def shaper(version: str) -> Callable[[Object], Object]:
    """What turns an object of the newest version into one of `version`, without its nested objects."""

    def shape(value: Object) -> Object:
        kind = value.get("object")
        if kind in ("charge", "payment_intent") and version < _BASIL:
            return {**value, "invoice": None}
        if kind == "balance_transaction" and version < _BALANCE_TYPE:
            return {name: part for name, part in value.items() if name != "balance_type"}
        return value

    return shape
