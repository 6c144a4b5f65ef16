"""The narrowest row says where a component belongs, and its parts by cost centre sum to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.payroll.accounts import PayrollAccounts, borne_by
from simharness.domain.payroll import CostSplit
from simharness.domain.payroll_terms import PayrollAccount
from tests.unit.checks import payday as p

D = Decimal


@pytest.mark.parametrize(
    ("kind", "code", "payee", "expense", "liability"),
    [
        ("earning", "bonus", "", "6000", ""),
        ("deduction", "post_tax", "Parking", "", "2190"),
        ("deduction", "retirement_401k", "Fidelity", "", "2160"),
        ("deduction", "retirement_401k", "Vanguard", "", "2165"),
        ("deduction", "hsa", "Vanguard", "", "2166"),
        ("employer_tax", "us_futa", "IRS", "6010", "2130"),
        ("employer_tax", "us_futa", "California EDD", "", ""),
        ("reimbursement", "reimbursement", "", "6030", ""),
    ],
)
def test_the_narrowest_row_decides(kind: str, code: str, payee: str, expense: str, liability: str) -> None:
    rows = (
        PayrollAccount(kind="deduction", payee="Vanguard", liability="2166"),
        PayrollAccount(kind="deduction", code="retirement_401k", payee="Vanguard", liability="2165"),
        *p.policy().accounts,
    )
    accounts = PayrollAccounts(p.policy(accounts=rows))
    line = p.line(kind, code, "1.00", payee)
    assert (accounts.expense(line), accounts.liability(line)) == (expense, liability)


def test_net_pay_is_collected_or_waits_for_who_cashes_it() -> None:
    accounts = PayrollAccounts(p.policy())
    assert (accounts.net(p.ada()), accounts.net(p.bob())) == ("2100", "2110")


def thirds() -> tuple[CostSplit, ...]:
    """Three equal shares as a payroll keeps them: cut, with the rest on the first."""
    cut = D("0.33333333333333333333")
    return (
        CostSplit(cost_centre="A", share=1 - 2 * cut), CostSplit(cost_centre="B", share=cut),
        CostSplit(cost_centre="C", share=cut),
    )  # fmt: skip


def test_shares_that_were_cut_tie_like_the_thirds_they_were() -> None:
    cheque = p.ada(splits=thirds())
    parts = dict(borne_by(cheque, p.line("earning", "salary", "100.01")))
    assert parts == {"A": D("33.34"), "B": D("33.34"), "C": D("33.33")}
    back = dict(borne_by(cheque, p.line("earning", "salary", "-100.01")))
    assert back == {centre: -part for centre, part in parts.items()}


def test_parts_of_the_period_in_one_centre_are_one_share_and_a_line_may_have_its_own() -> None:
    parts = (CostSplit(cost_centre="A", share=D("0.4")), CostSplit(cost_centre="A", share=D("0.6")))
    assert borne_by(p.ada(splits=parts), p.line("earning", "salary", "10.01")) == (("A", D("10.01")),)
    own = p.line("reimbursement", "reimbursement", "5.00", cost_centre="B")
    assert borne_by(p.ada(), own) == (("B", D("5.00")),)
    assert borne_by(p.ada(splits=()), p.line("earning", "salary", "1.00")) == (("", D("1.00")),)
