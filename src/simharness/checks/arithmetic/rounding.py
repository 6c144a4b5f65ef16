"""Rounding to the minor unit of a currency, as the books declare it (rules: section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from simharness.core.money import exponent
from simharness.domain.policy import Rounding

_MODES: Mapping[Rounding, str] = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, unit: Decimal, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """The amount in whole minor units; half up means away from zero, so a negative amount mirrors its positive."""
    return amount.quantize(unit, _MODES[rounding])
