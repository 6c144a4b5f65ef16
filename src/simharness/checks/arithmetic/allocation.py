"""Splitting an amount so that the parts sum to the whole (rules: section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def largest_remainder(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> tuple[Decimal, ...]:
    """Parts in proportion to the weights; leftover units go to the largest remainders, ties to the lowest position.

    A negative total mirrors the positive one. Weights that sum to zero count as equal ones.
    """
    if not weights:
        return ()
    if total < 0:
        return tuple(-part for part in largest_remainder(-total, weights, unit))
    units = int(total / unit)
    shares = _integers(weights)
    whole = sum(shares)
    if whole == 0:
        shares, whole = [1] * len(weights), len(weights)
    elif whole < 0:
        shares, whole = [-share for share in shares], -whole
    quotas = [divmod(units * share, whole) for share in shares]
    parts = [floor for floor, _ in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (-quotas[i][1], i))
    for position in by_remainder[: units - sum(parts)]:
        parts[position] += 1
    return tuple(part * unit for part in parts)


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """The weights as whole numbers in the same proportion."""
    decimals = max(0, *(-int(weight.as_tuple().exponent) for weight in weights))
    return [int(weight.scaleb(decimals)) for weight in weights]
