"""Unemployment and training taxes of the employer: federal (FUTA), and those that states print."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from simharness_fakes.payroll.authority import Federal, StateTax
from simharness_fakes.payroll.rounding import ZERO, cents, percent_of

FUTA = "us_futa"


def rate(tax: StateTax, own: Mapping[str, Decimal]) -> Decimal:
    """The percentage of a state's tax: the employer's own where each has one and it was stated."""
    return own.get(tax.code, tax.percent) if tax.own_rate else tax.percent


def credit_reduction(taxed: Decimal, state: str, tables: Federal) -> Decimal:
    """What is due on top at the end of the year on FUTA wages of a state that owes the federal fund, in cents."""
    return cents(percent_of(taxed, tables.futa.credit_reduction.get(state, ZERO)))
