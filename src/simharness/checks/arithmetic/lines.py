"""Line amounts and the document discount (rules: section 2, points 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.arithmetic.rounding import rounded
from simharness.domain.crm import DealLine
from simharness.domain.policy import Rounding

_HUNDRED = Decimal(100)


def extended(
    quantity: Decimal, price: Decimal, unit: Decimal, rounding: Rounding, base_quantity: Decimal = Decimal(1)
) -> Decimal:
    """Quantity × price ÷ base quantity, rounded: the line at list price."""
    return rounded(quantity * price / base_quantity, unit, rounding)


def line_net(
    listed: Decimal,
    unit: Decimal,
    rounding: Rounding,
    *,
    charges: Sequence[Decimal] = (),
    allowances: Sequence[Decimal] = (),
) -> Decimal:
    """A line's extended amount plus its charges less its allowances, each rounded by itself."""
    added = sum((rounded(charge, unit, rounding) for charge in charges), Decimal(0))
    taken = sum((rounded(allowance, unit, rounding) for allowance in allowances), Decimal(0))
    return listed + added - taken


def percentage(base: Decimal, percent: Decimal, unit: Decimal, rounding: Rounding) -> Decimal:
    """A percentage of a base, rounded by itself."""
    return rounded(base * percent / _HUNDRED, unit, rounding)


def line_amounts(line: DealLine, unit: Decimal, rounding: Rounding) -> tuple[Decimal, Decimal]:
    """(list, net of the line's own discount) of a deal line, before any document discount."""
    allowances: tuple[Decimal, ...]
    gross = extended(line.quantity, line.unit_price.amount, unit, rounding)
    if line.discount_percent is not None:
        allowances = (percentage(gross, line.discount_percent, unit, rounding),)
    elif line.discount_amount is not None:
        allowances = (line.discount_amount.amount,)
    else:
        allowances = ()
    return gross, line_net(gross, unit, rounding, allowances=allowances)


def document_discount(
    nets: Sequence[Decimal], percent: Decimal | None, amount: Decimal | None, unit: Decimal, rounding: Rounding
) -> Decimal:
    """The discount of the whole document: the amount as given, or the percentage of the sum of the line nets."""
    if amount is not None:
        return rounded(amount, unit, rounding)
    if percent is not None:
        return percentage(sum(nets, Decimal(0)), percent, unit, rounding)
    return Decimal(0)


def after_discount(
    nets: Sequence[Decimal], discount: Decimal, unit: Decimal, covered: Sequence[bool] | None = None
) -> tuple[Decimal, ...]:
    """Line nets after the discount was spread by largest remainder over the lines it covers (all by default).

    A negative discount is a document charge.
    """
    if not discount:
        return tuple(nets)
    positions = [i for i in range(len(nets)) if covered is None or covered[i]]
    shares = largest_remainder(discount, [nets[i] for i in positions], unit)
    result = list(nets)
    for position, share in zip(positions, shares, strict=True):
        result[position] -= share
    return tuple(result)
