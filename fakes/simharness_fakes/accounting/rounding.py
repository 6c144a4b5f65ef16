"""Cents: rounding as declared, and splitting so that the parts sum to the whole (finance rules, section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from types import MappingProxyType

from simharness.core.money import exponent
from simharness.domain.policy import Rounding

ZERO = Decimal(0)
_MODES = MappingProxyType({Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN})


class Rounder:
    """Rounds amounts of one currency; half cents away from zero or to the even neighbour."""

    __slots__ = ("_mode", "rounding", "unit")

    def __init__(self, rounding: Rounding, currency: str) -> None:
        self.rounding = rounding
        self._mode = _MODES[rounding]
        self.unit = Decimal(1).scaleb(-exponent(currency))

    def round(self, amount: Decimal) -> Decimal:
        """The amount in whole minor units."""
        return amount.quantize(self.unit, self._mode)

    def is_exact(self, amount: Decimal) -> bool:
        """Whether the amount already is a whole number of minor units."""
        return amount == amount.quantize(self.unit, self._mode)


def allocate(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> tuple[Decimal, ...]:
    """Split a total in proportion to weights by largest remainder; ties go to the lowest position.

    Weights that sum to zero count by their size, weights that are all zero count the same. No weights: no parts.
    """
    whole = sum(weights, ZERO)
    if not whole:
        weights = [abs(w) for w in weights]
        whole = sum(weights, ZERO)
    if not whole:
        weights = [Decimal(1)] * len(weights)
        whole = Decimal(len(weights))
    return fit(total, [total * w / whole for w in weights], unit)


def fit(total: Decimal, raws: Sequence[Decimal], unit: Decimal) -> tuple[Decimal, ...]:
    """Round raw parts to whole units so that they sum to the total: each is cut, what is left goes by largest
    remainder.

    A negative total is split as its mirror image, so that the parts of −x are exactly the negatives of the parts of x.
    """
    if not raws:
        return ()
    if total < 0 or (not total and next((r for r in raws if r), ZERO) < 0):
        return tuple(-part for part in fit(-total, [-r for r in raws], unit))
    cut = [(r / unit).to_integral_value(ROUND_FLOOR) for r in raws]
    left = int((total / unit).to_integral_value() - sum(cut, ZERO))
    everyone, some = divmod(left, len(raws))
    by_remainder = sorted(range(len(raws)), key=lambda i: cut[i] - raws[i] / unit)
    extra = set(by_remainder[:some])
    return tuple((units + everyone + (i in extra)) * unit for i, units in enumerate(cut))
