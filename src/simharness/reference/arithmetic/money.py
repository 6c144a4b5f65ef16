"""Decimal arithmetic of money: exponents, rounding and allocation. No float anywhere.

Half cents go away from zero (`half_up`) or to the even neighbour (`half_even`), as the mapping declares; negative
amounts mirror positive ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from types import MappingProxyType

ZERO = Decimal(0)
HUNDRED = Decimal(100)

#: Minor-unit exponents other than 2. Source: ISO 4217, list one.
_EXPONENTS = MappingProxyType(
    dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    )
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)
_MODES = MappingProxyType({"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN})


def exponent(currency: str) -> int:
    """The decimals of a currency: 2 unless ISO 4217 says otherwise."""
    return _EXPONENTS.get(currency, 2)


def from_minor(amount_minor: int, currency: str) -> Decimal:
    """Integer minor units as an amount: 1050 USD is 10.50, 1050 JPY is 1050."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def money_text(amount: Decimal, currency: str) -> str:
    """`USD 12.00`: the form amounts have in evidence."""
    return (
        f"{currency} {amount:.{exponent(currency)}f}"
        if amount == Cents(currency).round(amount)
        else f"{currency} {amount}"
    )


class Cents:
    """The smallest unit of one currency, how to round to it and how to share an amount out in it."""

    __slots__ = ("_mode", "quantum")

    def __init__(self, currency: str, rounding: str = "half_up") -> None:
        self.quantum = Decimal(1).scaleb(-exponent(currency))
        self._mode = _MODES[rounding]

    def round(self, amount: Decimal) -> Decimal:
        """To the currency's decimals; never a negative zero."""
        return amount.quantize(self.quantum, rounding=self._mode) + ZERO

    def percent(self, base: Decimal, percent: Decimal) -> Decimal:
        """round(base x %)."""
        return self.round(base * percent / HUNDRED)

    def spread(self, total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
        """Share `total` (already in cents) out in proportion to the weights, by largest remainder.

        Ties go to the lowest position; the parts always sum to the total. Raises ValueError if there is something
        to share and the weights sum to zero.
        """
        if total < 0:
            return [-part + ZERO for part in self.spread(-total, weights)]
        if total == 0:
            return [ZERO for _ in weights]
        whole = sum(weights, ZERO)
        if whole == 0:
            raise ValueError("an amount cannot be spread over lines that sum to zero")
        # Remainders are compared over the common denominator `whole`: exact, so that a tie is a tie.
        sign = 1 if whole > 0 else -1
        units, whole = total / self.quantum, abs(whole)
        floors = [(units * weight * sign / whole).to_integral_value(ROUND_FLOOR) for weight in weights]
        rests = [units * weight * sign - floor * whole for weight, floor in zip(weights, floors, strict=True)]
        order = sorted(range(len(rests)), key=lambda i: (-rests[i], i))
        for position in order[: int(units - sum(floors, ZERO))]:
            floors[position] += 1
        return [count * self.quantum for count in floors]
