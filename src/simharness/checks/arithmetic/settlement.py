"""What remains open of a document and of a payment (rules: section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def open_balance(total: Decimal, settled: Iterable[Decimal]) -> Decimal:
    """A document's total less everything applied to it."""
    return total - sum(settled, Decimal(0))
