"""Whose cost a cheque is: cost centres with shares that sum to 1, and the parts of each component.

A part of the period in another place has splits of its own and weighs what it earned, or its workdays where nobody
knows; a cheque without days of service is a cost of the place of its day. Components are split by largest remainder,
each on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.payroll import CostSplit, PayCheque, PayComponent
from simharness_fakes.payroll.calendar import workdays
from simharness_fakes.payroll.earnings import Stay
from simharness_fakes.payroll.employees import Place
from simharness_fakes.payroll.rounding import ZERO, allocate

#: Shares are cut to this place and the first takes the rest, so that all sum to 1.
_FINE = Decimal("1E-20")
_SEVERAL = 2

#: What a place costs: (cost centre, share) that sum to 1.
Centres = Callable[[Place], tuple[tuple[str, Decimal], ...]]


def of_stays(stays: Sequence[Stay], otherwise: Place, centres: Centres) -> tuple[CostSplit, ...]:
    """The splits of a cheque whose days were spent in some places; days that earned nothing have a share of nothing."""
    if not any(stay.weight for stay in stays):
        # Hours that were entered for the whole period do not say on which day they were worked.
        counted = [replace(stay, weight=Decimal(workdays(stay.first, stay.last))) for stay in stays]
        stays = [stay for stay in counted if stay.weight] or stays[-1:]
    if len(stays) < _SEVERAL:
        place = stays[-1].place if stays else otherwise
        return tuple(CostSplit(cost_centre=centre, share=share) for centre, share in centres(place))
    whole = sum((stay.weight for stay in stays), ZERO)
    parts = [
        CostSplit(
            cost_centre=centre,
            share=(stay.weight * share / whole).quantize(_FINE, ROUND_DOWN),
            service_from=stay.first,
            service_to=stay.last,
        )
        for stay in stays
        for centre, share in centres(stay.place)
    ]
    first = next(position for position, part in enumerate(parts) if part.share)
    rest = 1 - sum((part.share for part in parts), ZERO)
    parts[first] = replace(parts[first], share=parts[first].share + rest)
    return tuple(parts)


def by_centre(cheque: PayCheque, component: PayComponent) -> tuple[tuple[str, Money], ...]:
    """A component's amount by cost centre, in the order in which the cheque's splits first name them.

    What a centre has of several parts of the period is one share; the parts sum to the amount.
    """
    if component.cost_centre or not cheque.splits:
        return ((component.cost_centre, component.amount),)
    shares: dict[str, Decimal] = {}
    for split in cheque.splits:
        shares[split.cost_centre] = shares.get(split.cost_centre, ZERO) + split.share
    amounts = allocate(component.amount.amount, list(shares.values()))
    currency = component.amount.currency
    return tuple((centre, Money(amount, currency)) for centre, amount in zip(shares, amounts, strict=True))
