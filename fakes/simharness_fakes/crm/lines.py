"""What a deal line comes to: list amount, discount and net, as a CRM shows them.

The rule (finance rules, section 2): the list amount is rounded first, a percentage is taken of the rounded amount and
rounded itself, and half a cent goes away from zero.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from simharness.core.money import exponent

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """What was agreed for one line. One discount counts: percentage, else `discount_each` a unit, else whole."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal | None = None
    discount_each: Decimal | None = None
    discount_whole: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAmounts:
    """List amount before discount, the discount, and what is left; all in whole minor units of the currency."""

    before: Decimal
    discount: Decimal
    net: Decimal


def amounts(terms: LineTerms, currency: str) -> LineAmounts:
    """The amounts of a line in a currency."""
    before = to_minor_unit(terms.quantity * terms.unit_price, currency)
    discount = _discount(terms, before, currency)
    return LineAmounts(before=before, discount=discount, net=before - discount)


def per_unit(discount: Decimal, quantity: Decimal, places: int) -> Decimal | None:
    """A discount on the whole line as a discount a unit, or None if it cannot be said exactly in so many decimals."""
    if not quantity:
        return None
    each = (discount / quantity).quantize(Decimal(1).scaleb(-places))
    return each if each * quantity == discount else None


def to_minor_unit(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's own number of decimals, half a unit away from zero."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def _discount(terms: LineTerms, before: Decimal, currency: str) -> Decimal:
    if terms.discount_percent is not None:
        return to_minor_unit(before * terms.discount_percent / _HUNDRED, currency)
    if terms.discount_each is not None:
        return to_minor_unit(terms.discount_each * terms.quantity, currency)
    return to_minor_unit(terms.discount_whole or Decimal(0), currency)


def whole_months(first: date, last: date) -> int:
    """How many months lie from one day to another, both included; 0 where they are not whole.

    A month from the 31st ends the day before the last day of a shorter one.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    for count in (months, months + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
        end = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        if count > 0 and end == last + timedelta(days=1):
            return count
    return 0
