"""A state's income tax: none, by the table that was supplied, or refused by name.

A supplied table is annual, by filing status; wages are taken times the periods and the tax is divided by them.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from simharness.domain.payroll import Withholding
from simharness_fakes.payroll.authority import State, tax_on
from simharness_fakes.payroll.refusals import MissingTable
from simharness_fakes.payroll.rounding import ZERO


def income_tax_code(state: State) -> str:
    """The component code of a state's income tax, whether or not it has one."""
    return f"us_{state.state.lower()}_income_tax"


def withheld(wages: Decimal, periods: int, stated: Withholding, state: State, left_out: Collection[str]) -> Decimal:
    """The tax of one period's wages, not rounded. Refuses (`MissingTable`) where the state has an income tax and its
    table is not there, unless the company declares that it leaves this tax out.
    """
    code = income_tax_code(state)
    if not state.has_income_tax or code in left_out or stated.exempt:
        return ZERO
    name = f"{state.authority}_{state.year} income tax"
    if state.income_tax is None:
        raise MissingTable(name)
    if stated.filing_status not in state.income_tax:
        raise MissingTable(f"{name} of {stated.filing_status}", tuple(state.income_tax))
    return tax_on(state.income_tax[stated.filing_status], max(wages, ZERO) * periods) / periods
