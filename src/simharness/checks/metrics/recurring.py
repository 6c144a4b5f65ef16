"""A month's worth of a recurring line: of its price after its own discount, whatever the whole deal was reduced by."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from simharness.core.money import exponent
from simharness.domain.crm import DealLine
from simharness.domain.policy import Rounding

#: Months between two billings, by what a CRM calls them; a year has 52 weeks and 12 months.
MONTHS: Mapping[str, Fraction] = MappingProxyType(
    {
        "weekly": Fraction(12, 52),
        "biweekly": Fraction(12, 26),
        "monthly": Fraction(1),
        "quarterly": Fraction(3),
        "per_six_months": Fraction(6),
        "annually": Fraction(12),
        "yearly": Fraction(12),
        "per_two_years": Fraction(24),
        "per_three_years": Fraction(36),
        "per_four_years": Fraction(48),
        "per_five_years": Fraction(60),
    }
)


def monthly(line: DealLine, months: Fraction, rounding: Rounding) -> Decimal:
    """What a line is worth a month, to the smallest coin of its currency."""
    currency = line.unit_price.currency
    price = _coined(Fraction(line.quantity) * Fraction(line.unit_price.amount), currency, rounding)
    if line.discount_amount is not None:
        price -= Fraction(line.discount_amount.amount)
    elif line.discount_percent is not None:
        price -= _coined(price * Fraction(line.discount_percent) / 100, currency, rounding)
    worth = _coined(price / months, currency, rounding)
    return Decimal(worth.numerator) / Decimal(worth.denominator)


def _coined(value: Fraction, currency: str, rounding: Rounding) -> Fraction:
    """Rounded by comparing fractions, so that a third is never cut before it is rounded."""
    coins = value * 10 ** exponent(currency)
    whole = abs(coins.numerator) // coins.denominator
    rest = abs(coins) - whole
    half = Fraction(1, 2)
    up = rest > half or (rest == half and (rounding is not Rounding.HALF_EVEN or whole % 2 == 1))
    sign = -1 if coins < 0 else 1
    return Fraction(sign * (whole + up), 10 ** exponent(currency))
