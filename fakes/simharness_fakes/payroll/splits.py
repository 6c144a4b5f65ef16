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

#: Shares are cut to this place and the first takes the rest, so that equal ones stay equal and all sum to 1.
_FINE = Decimal("1E-20")

#: What a place costs: (cost centre, share) that sum to 1.
Centres = Callable[[Place], tuple[tuple[str, Decimal], ...]]


def of_stays(stays: Sequence[Stay], otherwise: Place, centres: Centres) -> tuple[CostSplit, ...]:
    """The splits of a cheque whose days were spent in some places."""
    if not any(stay.weight for stay in stays):
        # Hours that were entered for the whole period do not say on which day they were worked.
        stays = [replace(stay, weight=Decimal(workdays(stay.first, stay.last))) for stay in stays]
    whole = sum((stay.weight for stay in stays), ZERO)
    if not whole or len(stays) == 1:
        place = stays[-1].place if stays else otherwise
        return tuple(CostSplit(cost_centre=centre, share=share) for centre, share in centres(place))
    parts = [
        CostSplit(
            cost_centre=centre,
            share=(stay.weight * share / whole).quantize(_FINE, ROUND_DOWN),
            service_from=stay.first,
            service_to=stay.last,
        )
        for stay in stays
        if stay.weight
        for centre, share in centres(stay.place)
    ]
    rest = 1 - sum((part.share for part in parts[1:]), ZERO)
    first = parts[0]
    return (
        CostSplit(
            cost_centre=first.cost_centre, share=rest, service_from=first.service_from, service_to=first.service_to
        ),
        *parts[1:],
    )


def by_centre(cheque: PayCheque, component: PayComponent) -> tuple[tuple[str, Money], ...]:
    """A component's amount by cost centre, in the order of the cheque's splits; the parts sum to the amount.

    A cost centre that bears several parts of the period is allocated to once: it has one cent of the rest at most.
    """
    if component.cost_centre or not cheque.splits:
        return ((component.cost_centre, component.amount),)
    shares: dict[str, Decimal] = {}
    for split in cheque.splits:
        shares[split.cost_centre] = shares.get(split.cost_centre, ZERO) + split.share
    amounts = allocate(component.amount.amount, list(shares.values()))
    return tuple(
        (centre, Money(amount, component.amount.currency)) for centre, amount in zip(shares, amounts, strict=True)
    )
