"""A wanted net is paid by what was found, and nothing less would pay it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll.refusals import BadValue
from tests.fakes.payroll.company import Company, D, company, only, usd

DAY = date(2025, 2, 14)


def paid_before() -> tuple[Company, str]:
    c = company()
    employee = c.hire("60000")
    c.regular(date(2025, 1, 31))
    return c, employee


def test_a_bonus_that_pays_seven_hundred_and_three_fifty_is_a_thousand() -> None:
    # 22 % + 6.2 % + 1.45 % are withheld: 703.50 are left of 1,000.
    c, employee = paid_before()
    assert c.office.gross_up(employee, usd("703.50"), DAY) == usd(1000)


@given(st.integers(1, 50_000_000), st.sampled_from(["flat", "aggregate"]))
@settings(max_examples=60, deadline=None)
def test_the_wanted_net_is_paid_and_hardly_more(minor: int, method: str) -> None:
    c, employee = paid_before()
    net = usd(D(minor).scaleb(-2))
    gross = c.office.gross_up(employee, net, DAY, supplemental=method)
    paid = only(c.beside(employee, str(gross.amount), cheque_on=DAY, supplemental=method)).pay.net
    assert net <= paid <= net + usd("0.05")


def test_a_net_that_cannot_be_is_refused_and_nothing_is_written() -> None:
    c, employee = paid_before()
    before = c.office.snapshot("x", DAY)
    with pytest.raises(BadValue, match="more than nothing"):
        c.office.gross_up(employee, usd(0), DAY)
    c.office.gross_up(employee, usd(100), DAY)
    assert c.office.snapshot("x", DAY) == before


def test_what_a_creditor_takes_is_earned_too() -> None:
    c, employee = paid_before()
    c.office.set_deductions(employee, [DeductionSpec(code="garnishment", name="Court")])
    gross = c.office.gross_up(employee, usd(3000), DAY)
    # 3,000 is three quarters of 4,000, which is 70.35 % of 5,685.856...
    assert abs(gross.amount - D("5685.86")) <= D("0.03")
