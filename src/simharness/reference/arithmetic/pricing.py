"""What a deal line costs: quantity, list price and discounts, before tax.

Line net = round(quantity x unit price) - line discount; a document discount is spread over every line by largest
remainder in proportion to the nets. Each part is rounded by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A reduction: a percentage of the list amount, an amount per unit, or an amount of the whole; at most one is
    set.
    """

    percent: Decimal | None = None
    per_unit: Decimal | None = None
    amount: Decimal | None = None

    @property
    def given(self) -> bool:
        """Whether it reduces anything."""
        return bool(self.percent or self.per_unit or self.amount)

    def of(self, base: Decimal, quantity: Decimal, cents: Cents) -> Decimal:
        """What it comes to, rounded."""
        if self.amount is not None:
            return cents.round(self.amount)
        if self.per_unit is not None:
            return cents.round(self.per_unit * quantity)
        return cents.percent(base, self.percent) if self.percent is not None else ZERO


#: Nothing off.
NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLine:
    """One line of a deal as the sales person entered it; `position` orders the lines of the document.

    `schedule` is once ("" as well), upfront, monthly or milestone; `frequency` is in the CRM's own words.
    """

    id: str
    product: str
    quantity: Decimal
    unit_price: Decimal
    discount: Discount = NO_DISCOUNT
    revenue_type: str = ""
    cost_centre: str = ""
    position: int = 0
    schedule: str = ""
    frequency: str = ""
    service_from: date | None = None
    service_to: date | None = None
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with its figures: `list_amount` less both discounts is `amount`."""

    line: DealLine
    list_amount: Decimal
    line_discount: Decimal
    document_discount: Decimal

    @property
    def discount(self) -> Decimal:
        return self.line_discount + self.document_discount

    @property
    def amount(self) -> Decimal:
        return self.list_amount - self.discount


def price(lines: Sequence[DealLine], document: Discount, cents: Cents) -> tuple[Priced, ...]:
    """Every line with its share of the document discount, in the lines' order.

    Raises `Rejected` when there is a discount and nothing to take it from.
    """
    listed = [cents.round(line.quantity * line.unit_price) for line in lines]
    reductions = [line.discount.of(base, line.quantity, cents) for line, base in zip(lines, listed, strict=True)]
    nets = [base - reduction for base, reduction in zip(listed, reductions, strict=True)]
    total = document.of(sum(nets, ZERO), Decimal(1), cents)
    try:
        shares = cents.spread(total, nets)
    except ValueError:
        raise Rejected("discount_without_base", f"a document discount of {total} and lines that sum to zero") from None
    return tuple(
        Priced(line, base, reduction, share)
        for line, base, reduction, share in zip(lines, listed, reductions, shares, strict=True)
    )
