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
    """Wages that bore tax by the tables, and what was withheld from them."""

    wages: Fraction = NOTHING
    tax: Fraction = NOTHING


def method_of(asked: str, *, taxed_before: bool) -> str:
    """How it is done: flat only where income tax was withheld from regular wages of this year or the last."""
    return "flat" if asked == "flat" and taxed_before else "aggregate"


def mandatory_part(law: Law, wages: Fraction, earlier: Fraction, taxed: Fraction) -> Fraction:
    """The part of supplemental wages that bears the highest rate: what the year exceeds its sum by, not yet taxed so.

    `earlier` are the supplemental wages of the year's standing cheques, `taxed` what of them bore the highest rate.
    """
    due = overlap(NOTHING, earlier + wages, exact(law.supplemental.mandatory_above), None)
    return min(max(NOTHING, due - taxed), wages)


def flat_tax(law: Law, wages: Fraction) -> Fraction:
    """The optional flat rate on supplemental wages, not rounded."""
    return exact(law.supplemental.flat) * wages


def aggregate_tax(law: Law, stated: Withholding, wages: Fraction, below: Ordinary, periods: int) -> Fraction:
    """What wages bear on top of those below them in the same pay period: the tax on all, less what was withheld."""
    if not wages:
        return NOTHING
    return max(NOTHING, withheld(law, stated, below.wages + wages, periods) - below.tax)
