"""Tax of a document by declared policy, on prices without and with tax (rules: section 2, points 3 and 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.arithmetic.rounding import rounded
from simharness.domain.policy import InclusivePolicy, Rounding, TaxPolicy

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One authority's part of a tax code on a day: percent, and the tax once it is computed."""

    authority: str
    percent: Decimal
    tax: Decimal = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one tax code comes to on one document."""

    code: str
    base: Decimal
    tax: Decimal
    shares: tuple[Share, ...]

    @property
    def percent(self) -> Decimal:
        return sum((share.percent for share in self.shares), _ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How this document's tax is rounded."""

    unit: Decimal
    rounding: Rounding = Rounding.HALF_UP
    tax: TaxPolicy = TaxPolicy.PER_GROUP
    inclusive: InclusivePolicy = InclusivePolicy.ROUND_NET


def on_top(nets: Sequence[Decimal], code: str, shares: Sequence[Share], policy: Policy) -> Group:
    """The tax of one code on its line nets, prices without tax."""
    base = sum(nets, _ZERO)
    percent = sum((share.percent for share in shares), _ZERO)
    if policy.tax is TaxPolicy.PER_COMPONENT:
        taxes = tuple(rounded(base * share.percent / _HUNDRED, policy.unit, policy.rounding) for share in shares)
        return _group(code, base, shares, taxes)
    if policy.tax is TaxPolicy.PER_LINE:
        tax = sum((rounded(net * percent / _HUNDRED, policy.unit, policy.rounding) for net in nets), _ZERO)
    else:
        tax = rounded(base * percent / _HUNDRED, policy.unit, policy.rounding)
    return _group(code, base, shares, largest_remainder(tax, [share.percent for share in shares], policy.unit))


def taken_out(
    grosses: Sequence[Decimal], code: str, shares: Sequence[Share], policy: Policy
) -> tuple[Group, tuple[Decimal, ...]]:
    """The tax that is inside prices with tax, and the line nets that remain, in the order of the lines.

    Where the group is rounded as one, its net is spread over the lines by largest remainder.
    """
    percent = sum((share.percent for share in shares), _ZERO)
    if policy.tax is TaxPolicy.PER_LINE:
        nets = tuple(gross - _inside(gross, percent, policy) for gross in grosses)
        tax = sum(grosses, _ZERO) - sum(nets, _ZERO)
        taxes = largest_remainder(tax, [share.percent for share in shares], policy.unit)
        return _group(code, sum(nets, _ZERO), shares, taxes), nets
    whole = sum(grosses, _ZERO)
    if policy.tax is TaxPolicy.PER_COMPONENT and policy.inclusive is InclusivePolicy.ROUND_TAX:
        divisor = _HUNDRED + percent
        taxes = tuple(rounded(whole * share.percent / divisor, policy.unit, policy.rounding) for share in shares)
    else:
        tax = _inside(whole, percent, policy)
        taxes = largest_remainder(tax, [share.percent for share in shares], policy.unit)
    net = whole - sum(taxes, _ZERO)
    return _group(code, net, shares, taxes), largest_remainder(net, list(grosses), policy.unit)


def _inside(gross: Decimal, percent: Decimal, policy: Policy) -> Decimal:
    if policy.inclusive is InclusivePolicy.ROUND_TAX:
        return rounded(gross * percent / (_HUNDRED + percent), policy.unit, policy.rounding)
    return gross - rounded(gross * _HUNDRED / (_HUNDRED + percent), policy.unit, policy.rounding)


def _group(code: str, base: Decimal, shares: Sequence[Share], taxes: Sequence[Decimal]) -> Group:
    kept = tuple(
        Share(authority=share.authority, percent=share.percent, tax=tax)
        for share, tax in zip(shares, taxes, strict=True)
    )
    return Group(code=code, base=base, tax=sum(taxes, _ZERO), shares=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """The figures of a document: line nets in line order, tax groups in order of first appearance, totals."""

    nets: tuple[Decimal, ...]
    groups: tuple[Group, ...]

    @property
    def net(self) -> Decimal:
        return sum(self.nets, _ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((group.tax for group in self.groups), _ZERO)

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    def due(self, *, prepaid: Decimal = _ZERO, rounding_amount: Decimal = _ZERO) -> Decimal:
        """Total with tax less what was paid before, plus a declared rounding amount (rules: section 2, point 5)."""
        return self.total - prepaid + rounding_amount


def sale(
    amounts: Sequence[Decimal],
    codes: Sequence[str],
    rates: Mapping[str, Sequence[Share]],
    policy: Policy,
    *,
    included: bool = False,
) -> Sale:
    """The figures of a document from its discounted line amounts and the tax code of each ("" is not taxed).

    `rates` gives each code its shares on the day of supply; a code without shares has zero tax but shows as a group.
    """
    positions: dict[str, list[int]] = {}
    for position, code in enumerate(codes):
        positions.setdefault(code, []).append(position)
    nets = list(amounts)
    groups: list[Group] = []
    for code, where in positions.items():
        if not code:
            continue
        mine = [amounts[position] for position in where]
        if included:
            group, inner = taken_out(mine, code, rates[code], policy)
            for position, net in zip(where, inner, strict=True):
                nets[position] = net
        else:
            group = on_top(mine, code, rates[code], policy)
        groups.append(group)
    return Sale(nets=tuple(nets), groups=tuple(groups))
