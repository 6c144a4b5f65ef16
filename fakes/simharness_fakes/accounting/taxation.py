"""Tax of one document: groups, rounding policy, inclusive prices, the caller's own figure (finance rules, section 2).

Pure arithmetic on pieces; it knows codes and percentages, no documents and no accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from simharness.domain.base import Record
from simharness.domain.policy import InclusivePolicy, TaxPolicy
from simharness_fakes.accounting.documents import TaxLine
from simharness_fakes.accounting.refusals import TaxWithoutCode
from simharness_fakes.accounting.rounding import Rounder, allocate, fit

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it stands on the tax date; `factor` is the percentage over 100."""

    id: str
    percent: Decimal
    account: str

    @property
    def factor(self) -> Decimal:
        """7.25 % as 0.0725."""
        return self.percent.scaleb(-2)


@dataclass(frozen=True, slots=True)
class Code:
    """A tax code as it stands on the tax date. Codes with the same rates form one group; `listed` ones show a group."""

    id: str
    rates: tuple[Rate, ...] = ()
    listed: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What tells groups apart: the rates, or the code itself where it has none."""
        return tuple(rate.id for rate in self.rates) or (f"code {self.id}",)

    @property
    def factor(self) -> Decimal:
        """The sum of the rates over 100."""
        return sum((rate.factor for rate in self.rates), ZERO)


class Piece(Record, frozen=True):
    """An amount of one item line, or (negative) the share of a discount on it. `line` is the item line's position.

    `code` None is not taxed. `off_net`: the amount is without tax even where prices include it.
    """

    line: int
    amount: Decimal
    code: Code | None
    discount: bool = False
    off_net: bool = False


class TaxRule(Record, frozen=True):
    """How tax is calculated: from the company's settings and the document."""

    rounder: Rounder
    policy: TaxPolicy
    inclusive_policy: InclusivePolicy
    inclusive: bool = False
    after_discount: bool = True
    override: Decimal | None = None


class Taxed(Record, frozen=True):
    """`nets`: the amount of each piece without tax, in their order. `taxes`: by group and rate. `tax`: their sum."""

    nets: tuple[Decimal, ...]
    taxes: tuple[TaxLine, ...]
    tax: Decimal


@dataclass(slots=True)
class _Unit:
    """What is rounded together: a group, or under the line policy one line of it."""

    code: Code
    pieces: list[int] = field(default_factory=list)
    gross: Decimal = ZERO
    off_net: Decimal = ZERO
    tax: Decimal = ZERO
    parts: list[Decimal] = field(default_factory=list)

    def base(self, rule: TaxRule) -> Decimal:
        """The taxable sum without tax, once `tax` is known."""
        return self.gross + self.off_net - (self.tax if rule.inclusive else ZERO)


def calculate(pieces: Sequence[Piece], rule: TaxRule) -> Taxed:
    """Tax of pieces under a rule. Refuses `TaxWithoutCode` if the caller's tax has no group to belong to."""
    nets = [piece.amount for piece in pieces]
    units = _units(pieces, rule)
    taxable = [unit for unit in units if unit.code.rates]
    for unit in taxable:
        _tax(unit, rule)
    if rule.override is not None:
        _override(taxable, rule.override, rule)
    if rule.inclusive:
        for unit in taxable:
            _take_tax_out(unit, pieces, nets, rule)
    taxes = _lines(units, rule)
    return Taxed(tuple(nets), taxes, sum((line.tax for line in taxes), ZERO))


def _units(pieces: Sequence[Piece], rule: TaxRule) -> list[_Unit]:
    units: dict[tuple[object, ...], _Unit] = {}
    for position, piece in enumerate(pieces):
        code = piece.code
        if code is None or (piece.discount and not rule.after_discount):
            continue
        by_line = (piece.line,) if rule.policy is TaxPolicy.PER_LINE else ()
        unit = units.setdefault((*by_line, code.key), _Unit(code))
        unit.pieces.append(position)
        if piece.off_net and rule.inclusive:
            unit.off_net += piece.amount
        else:
            unit.gross += piece.amount
    return list(units.values())


def _tax(unit: _Unit, rule: TaxRule) -> None:
    """The tax of a unit, whole and by rate."""
    round_ = rule.rounder.round
    rates, factor = unit.code.rates, unit.code.factor
    if rule.inclusive and not unit.off_net:
        if rule.inclusive_policy is InclusivePolicy.ROUND_NET:
            unit.tax = unit.gross - round_(unit.gross / (1 + factor))
        else:
            unit.tax = round_(unit.gross * factor / (1 + factor))
        unit.parts = list(allocate(unit.tax, [rate.factor for rate in rates], rule.rounder.unit))
        return
    base = unit.gross
    if rule.inclusive:
        base = _net_of(unit.gross, factor, rule) + unit.off_net
        # From here on the unit is worth its net: the reduction came off the net, so the total is net plus tax anew.
    if rule.policy is TaxPolicy.PER_COMPONENT:
        unit.parts = [round_(base * rate.factor) for rate in rates]
        unit.tax = sum(unit.parts, ZERO)
    else:
        unit.tax = round_(base * factor)
        unit.parts = list(allocate(unit.tax, [rate.factor for rate in rates], rule.rounder.unit))
    if rule.inclusive:
        unit.gross = base + unit.tax - unit.off_net


def _net_of(gross: Decimal, factor: Decimal, rule: TaxRule) -> Decimal:
    round_ = rule.rounder.round
    if rule.inclusive_policy is InclusivePolicy.ROUND_NET:
        return round_(gross / (1 + factor))
    return gross - round_(gross * factor / (1 + factor))


def _override(units: list[_Unit], given: Decimal, rule: TaxRule) -> None:
    """Replace the calculated tax by the caller's, spread as the calculated was, or by weight of the bases if that
    was zero.
    """
    if given and not units:
        raise TaxWithoutCode(given)
    weights = [unit.tax for unit in units]
    if not any(weights):
        weights = [unit.gross * unit.code.factor for unit in units]
    for unit, tax in zip(units, allocate(given, weights, rule.rounder.unit), strict=True):
        if tax != unit.tax:
            unit.tax = tax
            unit.parts = list(allocate(tax, [rate.factor for rate in unit.code.rates], rule.rounder.unit))


def _take_tax_out(unit: _Unit, pieces: Sequence[Piece], nets: list[Decimal], rule: TaxRule) -> None:
    """Give each piece of an inclusive unit its net, so that the nets sum to the unit's base."""
    priced = [position for position in unit.pieces if not pieces[position].off_net]
    raws = [pieces[position].amount / (1 + unit.code.factor) for position in priced]
    for position, net in zip(priced, fit(unit.gross - unit.tax, raws, rule.rounder.unit), strict=True):
        nets[position] = net


def _lines(units: list[_Unit], rule: TaxRule) -> tuple[TaxLine, ...]:
    """Tax by group and rate; the units of a group (its lines, under the line policy) are summed first."""
    groups: dict[tuple[str, ...], list[_Unit]] = {}
    for unit in units:
        groups.setdefault(unit.code.key, []).append(unit)
    lines: list[TaxLine] = []
    for members in groups.values():
        code = members[0].code
        base = sum((unit.base(rule) for unit in members), ZERO)
        if not code.rates:
            if code.listed:
                lines.append(TaxLine(code=code.id, rate="", percent=ZERO, base=base, tax=ZERO, account=""))
            continue
        if len(members) == 1:
            parts: Sequence[Decimal] = members[0].parts
        else:
            whole = sum((unit.tax for unit in members), ZERO)
            parts = allocate(whole, [rate.factor for rate in code.rates], rule.rounder.unit)
        lines.extend(
            TaxLine(code=code.id, rate=rate.id, percent=rate.percent, base=base, tax=tax, account=rate.account)
            for rate, tax in zip(code.rates, parts, strict=True)
        )
    return tuple(lines)
