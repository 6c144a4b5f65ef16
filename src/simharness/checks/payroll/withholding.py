"""Federal income tax of a pay period, by the law behind the printed tables.

The percentage method takes the tax on a year's income: without the box of step 2 the wage is spared the rest of the
standard deduction; with it, two equal jobs share one return, so that the wage bears half the tax on twice itself.
"""

from __future__ import annotations

from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, exact, overlap
from simharness.checks.payroll.law import IncomeTax, Law
from simharness.domain.payroll import Withholding


def year_tax(law: IncomeTax, status: str, income: Fraction) -> Fraction:
    """The tax on a year's income after all deductions: each rate on what of the income falls into its bracket."""
    ends = [exact(end) for end in law.statuses[status].brackets]
    stretches = zip([NOTHING, *ends], [*ends, None], law.rates, strict=True)
    return sum((exact(rate) * overlap(NOTHING, income, low, high) for low, high, rate in stretches), NOTHING)


def tentative(law: Law, withholding: Withholding, yearly: Fraction) -> Fraction:
    """The year's tax on a year's adjusted wage, by STANDARD or checkbox schedule, before any credit."""
    status = law.status(withholding.filing_status)
    deduction, forgone = exact(status.deduction), exact(status.forgone)
    if withholding.multiple_jobs:
        return year_tax(law.income_tax, withholding.filing_status, 2 * yearly - deduction) / 2
    return year_tax(law.income_tax, withholding.filing_status, yearly - (deduction - forgone))


def withheld(law: Law, withholding: Withholding, wages: Fraction, periods: int) -> Fraction:
    """What is withheld from the wages of one of `periods` pay periods a year, not yet rounded.

    `wages` are those subject to income tax. Source: Publication 15-T, worksheet 1A.
    """
    if withholding.exempt:
        return NOTHING
    yearly = wages * periods + exact(withholding.other_income) - exact(withholding.deductions)
    if not withholding.multiple_jobs:
        yearly -= exact(law.status(withholding.filing_status).forgone)
    tax = tentative(law, withholding, max(NOTHING, yearly)) - exact(withholding.credits)
    return max(NOTHING, tax) / periods + exact(withholding.extra)
