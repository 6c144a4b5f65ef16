"""Exact numbers and their cents: nothing is rounded before the end, and then once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from simharness.core.money import Money

NOTHING = Fraction(0)


def exact(amount: Decimal | Money | None) -> Fraction:
    """The amount as a fraction; None is nothing."""
    if amount is None:
        return NOTHING
    return Fraction(amount.amount if isinstance(amount, Money) else amount)


def cents(amount: Fraction) -> Decimal:
    """The nearest cent; half a cent goes away from zero, so that a negative amount mirrors its positive."""
    size = abs(amount)
    minor = (200 * size.numerator + size.denominator) // (2 * size.denominator)
    return Decimal(minor if amount >= 0 else -minor).scaleb(-2)


def overlap(low: Fraction, high: Fraction, above: Fraction, upto: Fraction | None) -> Fraction:
    """How much of the stretch from `low` to `high` lies between `above` and `upto` (None: without end)."""
    top = high if upto is None else min(high, upto)
    return max(NOTHING, top - max(low, above))
