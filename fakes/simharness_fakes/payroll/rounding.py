"""Cents: a component of a cheque is rounded once, half up, and split so that the parts sum to the whole.

Source: finance rules, sections 1 and 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
#: Remainders that differ by less are alike: shares such as a third have an end, the third has none.
_ALIKE = Decimal("1E-9")


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent away from zero, so that a negative mirrors the positive."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """So many percent of an amount, not rounded."""
    return amount * percent / HUNDRED


def allocate(amount: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split an amount of whole cents by shares that sum to 1: largest remainder, ties to the lowest position.

    A negative amount is split as the mirror image of the positive one.
    """
    if amount < 0:
        return tuple(-part for part in allocate(-amount, shares))
    raw = [amount * share / CENT for share in shares]
    cut = [part.to_integral_value(ROUND_FLOOR) for part in raw]
    left = int(amount / CENT - sum(cut, ZERO))
    first = sorted(range(len(raw)), key=lambda position: (cut[position] - raw[position]).quantize(_ALIKE))[:left]
    lucky = frozenset(first)
    return tuple((units + (position in lucky)) * CENT for position, units in enumerate(cut))
