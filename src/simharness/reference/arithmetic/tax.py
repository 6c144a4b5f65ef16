"""Tax of one document: which rates a line bears, and what they come to.

Policies: `per_group` rounds once a tax code over the document's taxable sum, `per_line` on every line,
`per_component` once an authority of a combined rate. Tax-inclusive amounts are split by `round_net` (net is rounded,
tax is the rest) or `round_tax` (the reverse).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simharness.reference.arithmetic.money import HUNDRED, ZERO, Cents


@dataclass(frozen=True, slots=True)
class Rate:
    """One authority's share: the ledger's name of the rate and its percentage on the tax date."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a line is taxed.

    `code` is the ledger's tax code ("" not taxable), `reason` why it is exempt ("" if it is not).
    """

    code: str = ""
    rates: tuple[Rate, ...] = ()
    reason: str = ""

    @property
    def percent(self) -> Decimal:
        """All rates together."""
        return sum((rate.percent for rate in self.rates), ZERO)


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Tax of one rate of one code on the document: what it is taken of, and what it comes to."""

    code: str
    rate: Rate
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Taxes:
    """The document's figures. `nets` are the lines without tax, in their order; net + tax = total."""

    nets: tuple[Decimal, ...]
    lines: tuple[TaxLine, ...]
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """The declared policy of the books."""

    cents: Cents
    tax: str = "per_group"
    included: bool = False
    inclusive: str = "round_net"

    def calculate(self, lines: Sequence[tuple[Decimal, Treatment]]) -> Taxes:
        """Tax of a document from its lines' amounts (after every discount; gross where prices include tax)."""
        nets = [amount for amount, _ in lines]
        found: list[TaxLine] = []
        for code in dict.fromkeys(treatment.code for _, treatment in lines if treatment.rates):
            members = [i for i, (_, treatment) in enumerate(lines) if treatment.code == code and treatment.rates]
            rates = lines[members[0]][1].rates
            amounts = [lines[i][0] for i in members]
            split = self._inclusive(amounts, rates) if self.included else self._exclusive(amounts, rates)
            group_nets, taxes = split
            for position, net in zip(members, group_nets, strict=True):
                nets[position] = net
            base = sum(group_nets, ZERO)
            found += [TaxLine(code, rate, base, tax) for rate, tax in zip(rates, taxes, strict=True)]
        tax = sum((line.tax for line in found), ZERO)
        return Taxes(tuple(nets), tuple(found), sum(nets, ZERO), tax)

    def _exclusive(self, amounts: list[Decimal], rates: tuple[Rate, ...]) -> tuple[list[Decimal], list[Decimal]]:
        base, combined = sum(amounts, ZERO), _combined(rates)
        if self.tax == "per_component":
            return amounts, [self.cents.percent(base, rate.percent) for rate in rates]
        if self.tax == "per_line":
            total = sum((self.cents.percent(amount, combined) for amount in amounts), ZERO)
        else:
            total = self.cents.percent(base, combined)
        return amounts, self._share(total, rates)

    def _inclusive(self, amounts: list[Decimal], rates: tuple[Rate, ...]) -> tuple[list[Decimal], list[Decimal]]:
        combined = _combined(rates)
        if self.tax == "per_line":
            taxes = [self._tax_within(amount, combined) for amount in amounts]
            return [a - t for a, t in zip(amounts, taxes, strict=True)], self._share(sum(taxes, ZERO), rates)
        gross = sum(amounts, ZERO)
        if self.tax == "per_component" and self.inclusive == "round_tax":
            parts = [self.cents.round(gross * rate.percent / (HUNDRED + combined)) for rate in rates]
        else:
            parts = self._share(self._tax_within(gross, combined), rates)
        # The group's net is exact; the lines share it so that their nets sum to it.
        return self.cents.spread(gross - sum(parts, ZERO), amounts) if gross else amounts, parts

    def _tax_within(self, gross: Decimal, percent: Decimal) -> Decimal:
        if self.inclusive == "round_tax":
            return self.cents.round(gross * percent / (HUNDRED + percent))
        return gross - self.cents.round(gross * HUNDRED / (HUNDRED + percent))

    def _share(self, total: Decimal, rates: tuple[Rate, ...]) -> list[Decimal]:
        weights = [rate.percent for rate in rates]
        return self.cents.spread(total, weights) if sum(weights, ZERO) else [ZERO for _ in rates]


def _combined(rates: tuple[Rate, ...]) -> Decimal:
    return sum((rate.percent for rate in rates), ZERO)
