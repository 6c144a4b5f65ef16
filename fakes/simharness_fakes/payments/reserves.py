"""A rolling reserve: a percentage of every charge, kept back for so many days, moved in pairs that sum to zero."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.charges import Charge
from simharness_fakes.payments.till import Till


class ReserveTerms(Record, frozen=True, kw_only=True):
    """What percentage of every charge is kept back, and for how many days; nothing by default."""

    percent: Decimal = Decimal(0)
    days: int = 90

    def released_at(self, now: datetime) -> datetime:
        """The instant at which what is held now is released."""
        return now + timedelta(days=self.days)


def share(till: Till, terms: ReserveTerms, charge: Charge) -> Money:
    """What the balance keeps back of a captured charge, in whole units of its currency, rounded down."""
    taken = till.balance.movements.get(charge.movement)
    if charge.captured is None or taken is None:
        return charge.nothing
    unit = till.unit(taken.amount.currency)
    raw = taken.amount.amount * terms.percent / 100 / unit
    return Money(raw.quantize(Decimal(1), ROUND_DOWN) * unit, taken.amount.currency)


def hold(till: Till, held: Money, ids: tuple[str, str], charge: Charge, now: datetime) -> None:
    """Move money from what a charge brought to the reserve; it leaves at the instant at which the charge arrives."""
    _pair(till, "reserve_hold", held, ids, charge, now, till.reversible_at(charge, now))


def release(till: Till, held: Money, ids: tuple[str, str], charge: Charge, now: datetime) -> None:
    """Move money from the reserve to what is available."""
    _pair(till, "reserve_release", -held, ids, charge, now, now)


def _pair(
    till: Till, kind: str, held: Money, ids: tuple[str, str], charge: Charge, now: datetime, available_at: datetime
) -> None:
    for movement_id, amount, reserved in ((ids[0], -held, False), (ids[1], held, True)):
        till.balance.post(
            Movement(
                id=movement_id,
                kind=kind,
                amount=amount,
                fee=Money.zero(held.currency),
                source="",
                created_at=now,
                available_at=available_at,
                description=f"Reserve for {charge.id}",
                reserved=reserved,
            )
        )
