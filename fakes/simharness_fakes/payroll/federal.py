"""Federal income tax by the percentage method for automated payroll systems (Publication 15-T, worksheet 1A).

Only statements of the form of 2020 and later are known. Nothing is rounded here: the component is, once.
"""

from __future__ import annotations

from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.payroll import Withholding
from simharness_fakes.payroll.authority import Federal, tax_on
from simharness_fakes.payroll.refusals import MissingTable
from simharness_fakes.payroll.rounding import ZERO

CODE = "us_federal_income_tax"


def withheld(wages: Decimal, periods: int, stated: Withholding, tables: Federal) -> Decimal:
    """The tax of one period's wages, not rounded; refuses (`MissingTable`) a filing status without a table."""
    if stated.exempt:
        return ZERO
    schedules = tables.income_tax.checkbox if stated.multiple_jobs else tables.income_tax.standard
    if stated.filing_status not in schedules:
        name = f"{tables.authority}_{tables.year} income tax of {stated.filing_status}"
        raise MissingTable(name, tuple(schedules))
    off = ZERO if stated.multiple_jobs else tables.income_tax.adjustment[stated.filing_status]
    annual = wages * periods + _of(stated.other_income) - _of(stated.deductions) - off
    tentative = tax_on(schedules[stated.filing_status], max(annual, ZERO))
    # One division, so that what terminates is exact: half a cent is then a half.
    return max((tentative - _of(stated.credits)) / periods, ZERO) + _of(stated.extra)


def _of(amount: Money | None) -> Decimal:
    return amount.amount if amount else ZERO
