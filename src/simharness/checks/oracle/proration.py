"""What the days of service of a line cost as its price changes (rules: section 3, prorated by day)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from simharness.checks.arithmetic.months import by_day
from simharness.checks.arithmetic.rounding import rounded
from simharness.domain.policy import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """From when on all the days of a service would cost how much: (day, listed, after discount), in order."""

    last: date
    steps: tuple[tuple[date, Decimal, Decimal], ...]

    @property
    def amount(self) -> Decimal:
        """The price that is in force."""
        return self.steps[-1][2]

    def then(self, day: date, listed: Decimal, amount: Decimal) -> Prices:
        """At another price from a day on; one before the last change takes its place."""
        earlier = tuple(step for step in self.steps if step[0] < day)
        if len(earlier) < len(self.steps):
            earlier, day = self.steps[:-1], self.steps[-1][0]
        day = min(day, self.last + timedelta(days=1))
        return replace(self, steps=(*earlier, (day, listed, amount)))

    def worth(self, unit: Decimal, rounding: Rounding) -> tuple[Decimal, Decimal]:
        """What the days come to, listed and after discount, each day at its own price and the whole rounded once."""
        listed = by_day([(day, value) for day, value, _ in self.steps], self.last)
        amount = by_day([(day, value) for day, _, value in self.steps], self.last)
        return rounded(listed, unit, rounding), rounded(amount, unit, rounding)
