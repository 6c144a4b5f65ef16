"""Taxes on a band of the year's wages: Social Security, Medicare and its addition, FUTA, and those of the states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, cents, exact, overlap
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.law import Band
from simharness.core.errors import UsageError


def taxed_part(band: Band, wages: Fraction, earlier: Fraction, taxed: Fraction) -> Fraction:
    """The part of a cheque's wages that a band takes its rate of.

    `earlier` are the wages of the year's cheques that stand, `taxed` what of them was taxed. What the whole year owes
    decides: after a cheque was voided, the next ones make up for what it moved, each at most with all of its wages.
    """
    due = overlap(NOTHING, earlier + wages, exact(band.above), None if band.upto is None else exact(band.upto))
    return min(max(due - taxed, min(wages, NOTHING)), max(wages, NOTHING))


def band_lines(
    bands: Iterable[Band], rates: Mapping[str, Decimal], wages: Mapping[str, Fraction], year: Iterable[Cheque]
) -> tuple[Line, ...]:
    """The tax of each band on one cheque, after the cheques of the year that stand; bands without tax are left out.

    `wages` are the wages subject to each tax by code, `rates` the employer's own by code.
    """
    before = tuple(year)
    lines = []
    for band in bands:
        rate = band.rate if band.rate is not None else rates.get(band.code)
        if rate is None:
            raise UsageError(
                f"the employer's own rate for {band.code} is not known",
                mend=f"state a rate for {band.code}: its authority gives each employer one",
            )
        earlier = sum((cheque.wages.get(band.code, NOTHING) for cheque in before), NOTHING)
        taxed = sum((exact(cheque.base(band.kind, band.code)) for cheque in before), NOTHING)
        part = taxed_part(band, wages[band.code], earlier, taxed)
        if part:
            lines.append(Line(kind=band.kind, code=band.code, amount=cents(exact(rate) * part), base=cents(part)))
    return tuple(lines)
