"""What a gateway keeps of a charge: a percentage and a fixed part per currency, rounded once, half up, up to a cap."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class FeeSchedule(Record, frozen=True, kw_only=True):
    """The declared price of a successful charge. `fixed` and `most` have at most one amount a currency; without one
    there is no fixed part, and no cap.
    """

    percent: Decimal
    fixed: tuple[Money, ...] = ()
    most: tuple[Money, ...] = ()

    def fee(self, amount: Money, unit: Decimal) -> Money:
        """The fee on a charge in whole `unit`s of the charge's currency; never more than the charge itself."""
        raw = amount.amount * self.percent / 100 + of_currency(self.fixed, amount.currency).amount
        fee = (raw / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
        cap = next((m.amount for m in self.most if m.currency == amount.currency), fee)
        return Money(min(fee, cap, amount.amount), amount.currency)


def of_currency(amounts: tuple[Money, ...], currency: str) -> Money:
    """The amount of a currency among several of different ones; nothing if there is none."""
    return next((m for m in amounts if m.currency == currency), Money.zero(currency))
