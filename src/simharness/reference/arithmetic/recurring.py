"""Recurring lines of won deals, brought to a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import Cents

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
    """A line that bills again and again; `amount` is one billing after the line's own discount."""

    line_id: str
    deal_id: str
    product: str
    frequency: str
    starts_on: date | None
    ends_on: date | None
    currency: str
    amount: Decimal


def recurring_lines(found: Iterable[Recurring], cents: Cents) -> Iterator[tuple[object, ...]]:
    """fct_recurring_line."""
    for each in found:
        times, months = FREQUENCIES[each.frequency]
        monthly = cents.round(each.amount * times / months)
        yield (
            each.line_id, each.deal_id, each.product, each.frequency, each.starts_on, each.ends_on, each.currency,
            monthly,
        )  # fmt: skip
