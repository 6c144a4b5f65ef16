"""Deposits: what of a deal is invoiced before it is delivered, and how the final invoice takes it off. Pure decisions.

A deposit invoice has one line a tax code, on a liability. Where tax is due on receipt each bears the code of what it is
for; the final invoice takes it off under that code, and bills the same part of the sale under it. What was given back
before is not taken off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import HUNDRED, ZERO, Cents
from simharness.reference.arithmetic.tax import Rate, Treatment
from simharness.reference.errors import Rejected
from simharness.reference.mapping.model import Certificate

Rates = tuple[tuple[str, Decimal], ...]

#: The ledger's item of deposits; it posts to the account with the role `deposits`.
ITEM, ROLE = "Customer deposit", "deposits"


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a deposit invoice, in the terms of the price; on a final invoice it is negative."""

    amount: Decimal
    code: str = ""
    rates: Rates = ()
    reason: str = ""

    @property
    def treatment(self) -> Treatment:
        return Treatment(self.code, tuple(Rate(name, percent) for name, percent in self.rates), self.reason)


class Early(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a billed line that was taxed with the deposit; `discount` is its part of the line's discount."""

    amount: Decimal
    discount: Decimal
    code: str
    rates: Rates = ()
    reason: str = ""


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """What was invoiced of a deal in advance, and under which conditions; `lines` as on the invoice.

    `netted`: what the final invoice took off, without tax, by tax code.
    """

    invoice_id: str
    day: date
    lines: tuple[Advance, ...]
    region: str = ""
    certificate: Certificate | None = None
    netted: dict[str, Decimal] = {}

    def taken_off(self) -> list[Decimal]:
        """Of each line what the final invoice took off, without tax."""
        return [self.netted.get(line.code, ZERO) for line in self.lines]

    def held(self, given: Sequence[Given], cents: Cents, *, included: bool) -> tuple[Advance, ...]:
        """What is left of each line after what was given back of the invoice. `included`: amounts have tax in them."""
        left = []
        for position, line in enumerate(self.lines):
            back = sum((each.nets[position] for each in given), ZERO)
            if included:
                back = cents.round(back * (HUNDRED + line.treatment.percent) / HUNDRED)
            amount = line.amount - back
            if included and back and amount <= cents.quantum:
                amount = ZERO  # taking tax out of each part and adding it again may leave a cent
            left.append(msgspec.structs.replace(line, amount=amount))
        return tuple(left)


def advances(amount: Decimal, lines: Sequence[tuple[Decimal, Treatment]], cents: Cents) -> tuple[Advance, ...]:
    """The lines of a deposit invoice: the amount shared by the tax codes of what is sold, by largest remainder.

    Raises `Rejected` where it is nothing, or more than everything.
    """
    total = sum((each for each, _ in lines), ZERO)
    if not 0 < amount <= total:
        raise Rejected("deposit_out_of_range", f"a deposit of {amount} on a sale of {total}")
    groups: dict[str, tuple[Decimal, Treatment]] = {}
    for each, treatment in lines:
        before, first = groups.get(treatment.code, (ZERO, treatment))
        groups[treatment.code] = before + each, first
    shares = cents.spread(amount, [weight for weight, _ in groups.values()])
    return tuple(
        Advance(
            amount=share,
            code=treatment.code,
            rates=tuple((rate.name, rate.percent) for rate in treatment.rates),
            reason=treatment.reason,
        )
        for share, (_, treatment) in zip(shares, groups.values(), strict=True)
        if share
    )


def netting(
    held: Sequence[Advance], amounts: Mapping[str, Decimal], codes: Mapping[str, str] | None, cents: Cents
) -> tuple[tuple[Advance, ...], dict[str, tuple[Decimal, Advance]]]:
    """What a final invoice takes off (negative), and how much of which line that was taxed before, under which advance.

    `amounts` are those of the lines; `codes` the tax code each bore on the day of the deposit, None where a deposit
    bears no tax and so belongs to all lines. Never more is taken off than the lines of the code come to.
    """
    off: list[Advance] = []
    early: dict[str, tuple[Decimal, Advance]] = {}
    for advance in held:
        mine = [each for each in amounts if codes is None or codes[each] == advance.code]
        base = sum((amounts[each] for each in mine), ZERO)
        total = min(advance.amount, base)
        if total <= 0:
            continue
        off.append(msgspec.structs.replace(advance, amount=-total))
        if codes is not None:
            shares = cents.spread(total, [amounts[each] for each in mine])
            early |= {each: (share, advance) for each, share in zip(mine, shares, strict=True) if share}
    return tuple(off), early
