"""What remains open of a document and of a payment (rules: section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def open_balance(total: Decimal, settled: Iterable[Decimal]) -> Decimal:
    """A document's total less everything applied to it."""
    return total - sum(settled, Decimal(0))


def applicable(amount: Decimal, open_amount: Decimal) -> Decimal:
    """How much of a payment an invoice can take: up to what is open, never less than nothing."""
    return max(min(amount, open_amount), Decimal(0))
