"""Recurring lines of won deals, brought to a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.pricing import DealLine

#: How often a line bills: so many times in so many months. Source: the CRM's billing frequencies.
FREQUENCIES = MappingProxyType(
    {
        "weekly": (52, 12),
        "biweekly": (26, 12),
        "monthly": (1, 1),
        "quarterly": (1, 3),
        "per_six_months": (1, 6),
        "annually": (1, 12),
        "per_two_years": (1, 24),
        "per_three_years": (1, 36),
        "per_four_years": (1, 48),
        "per_five_years": (1, 60),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A line that bills again and again; `amount` is one billing after the line's own discount.

    `change_no` counts what it was and is between changes of its deal, from 0.
    """

    line_id: str
    deal_id: str
    product: str
    frequency: str
    starts_on: date | None
    ends_on: date | None
    currency: str
    amount: Decimal
    change_no: int = 0


def recurring_of(line: DealLine, deal_id: str, currency: str, cents: Cents) -> Recurring | None:
    """A line as one that recurs; None where it does not."""
    if line.frequency not in FREQUENCIES:
        return None
    whole = cents.round(line.quantity * line.unit_price)
    return Recurring(
        line_id=line.id,
        deal_id=deal_id,
        product=line.product,
        frequency=line.frequency,
        starts_on=line.service_from,
        ends_on=line.service_to,
        currency=currency,
        amount=whole - line.discount.of(whole, line.quantity, cents),
    )


def recurring_lines(found: Iterable[Recurring], cents: Cents) -> Iterator[tuple[object, ...]]:
    """fct_recurring_line."""
    for each in found:
        times, months = FREQUENCIES[each.frequency]
        monthly = cents.round(each.amount * times / months)
        yield (
            each.line_id, each.change_no, each.deal_id, each.product, each.frequency, each.starts_on, each.ends_on,
            each.currency, monthly,
        )  # fmt: skip
