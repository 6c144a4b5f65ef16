"""Flat withholding looks at regular wages of the same cheque too."""

from __future__ import annotations

from simharness_fakes.payroll.earnings import PayItem
from tests.fakes.payroll.company import company, only, tax, usd


def test_a_bonus_in_the_very_first_cheque_is_flat_where_its_regular_wages_bear_tax() -> None:
    # 5,000 a month bear 430.125, and 22 % of 1,000 are 220: 650.125 in one component.
    c = company()
    employee = c.hire("60000")
    first = only(c.regular(items=(PayItem(employee=employee, code="bonus", amount=usd(1000)),)))
    assert (first.pay.supplemental, tax(first)) == ("flat", usd("650.13").amount)


def test_a_bonus_in_the_very_first_cheque_is_aggregated_where_they_bear_none() -> None:
    # 1,000 a month bear nothing; with 3,000 on top 48,000 − 15,000 = 33,000 a year bear 3,721.50.
    c = company()
    employee = c.hire("12000")
    first = only(c.regular(items=(PayItem(employee=employee, code="bonus", amount=usd(3000)),)))
    assert (first.pay.supplemental, tax(first)) == ("aggregate", usd("310.13").amount)
