"""What a gateway keeps of a charge: a percentage and a fixed part per currency, rounded once, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class FeeSchedule(Record, frozen=True, kw_only=True):
    """The declared price of a successful charge. `fixed` has at most one amount a currency; without one it is none."""

    percent: Decimal
    fixed: tuple[Money, ...] = ()

    def fee(self, amount: Money, unit: Decimal) -> Money:
        """The fee on a charge in whole `unit`s of the charge's currency; never more than the charge itself."""
        fixed = next((m for m in self.fixed if m.currency == amount.currency), Money.zero(amount.currency))
        raw = amount.amount * self.percent / 100 + fixed.amount
        fee = (raw / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
        return Money(min(fee, amount.amount), amount.currency)
