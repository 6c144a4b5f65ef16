"""Income tax on supplemental wages: bonus, commission and retro pay (Publication 15, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, exact, overlap
from simharness.checks.payroll.law import Law
from simharness.checks.payroll.withholding import withheld
from simharness.domain.payroll import Withholding

#: Earnings that are wages beside the regular ones.
SUPPLEMENTAL = frozenset({"bonus", "commission", "retro"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """Wages that bore tax by the tables, and what was withheld from them: in cents, less what was flat, in cents."""

    wages: Fraction = NOTHING
    tax: Fraction = NOTHING


def method_of(asked: str, wages: Fraction, *, taxed_before: bool) -> str:
    """How it is done: flat only where income tax was withheld from regular wages of this year or the last.

    Regular wages of the same cheque count. `wages` are those that do not bear the highest rate; where all do, nothing
    is put on top of regular wages, and where they are taken back, there is nothing to be flat on.
    """
    return "flat" if not wages or (asked == "flat" and taxed_before and wages > 0) else "aggregate"


def mandatory_part(law: Law, wages: Fraction, earlier: Fraction, taxed: Fraction) -> Fraction:
    """The part of supplemental wages that bears the highest rate: what the year exceeds its sum by, not yet taxed so.

    `earlier` are the supplemental wages of the year's standing cheques, `taxed` what of them bore the highest rate.
    Wages that are taken back give nothing of it back: a cheque cannot withhold less than nothing.
    """
    due = overlap(NOTHING, earlier + wages, exact(law.supplemental.mandatory_above), None)
    return max(NOTHING, min(due - taxed, wages))


def flat_tax(law: Law, stated: Withholding, wages: Fraction) -> Fraction:
    """The optional flat rate on supplemental wages, not rounded; nothing from somebody who is exempt."""
    return NOTHING if stated.exempt else exact(law.supplemental.flat) * wages


def aggregate_tax(law: Law, stated: Withholding, wages: Fraction, below: Ordinary, periods: int) -> Fraction:
    """What wages bear on top of those below them in the same pay period: the tax on all, less what was withheld."""
    return max(NOTHING, withheld(law, stated, below.wages + wages, periods) - below.tax)
