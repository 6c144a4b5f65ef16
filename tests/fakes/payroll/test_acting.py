"""What a people team does reaches the office, and the answers say what the bank has to know."""

from __future__ import annotations

from datetime import date

import pytest

from simharness.domain import people
from simharness.domain.acts import ActRefused, Furnish, WinDeal
from simharness.domain.dictionary import Dictionary, Dimension
from simharness.domain.events import (
    EarningTypeAdded,
    EmployeeSaved,
    PayrollCalculated,
    PayrollCancelled,
    PayrollProcessed,
)
from simharness.domain.payroll import Withholding
from simharness.domain.policy import BooksPolicy
from simharness_fakes.payroll.acting import operate
from tests.fakes.payroll.company import Company, D, company, on, only, tax, usd

JAN, FEB = date(2025, 1, 31), date(2025, 2, 28)


def do(c: Company, act: object) -> object:
    (event,) = operate(c.office, act, on(c.today))
    return event


def hired(c: Company, **more: object) -> str:
    act = {"name": "Ann", "department": "Sales", "state": "TX", "hired": date(2025, 1, 1), "salary": usd(60000)}
    event = do(c, people.HireEmployee(**{**act, **more}))
    assert isinstance(event, EmployeeSaved)
    return event.employee_id


def ran(c: Company, act: object) -> PayrollProcessed:
    event = do(c, act)
    assert isinstance(event, PayrollCalculated)
    done = do(c, people.ApprovePayroll(payroll_id=event.payroll_id))
    assert isinstance(done, PayrollProcessed)
    return done


def test_a_run_that_is_approved_tells_what_the_provider_collects_and_when() -> None:
    c = company()
    hired(c)
    done = ran(c, people.RunPayroll())
    # Withheld are 430.13 + 310 + 72.50, on top 310 + 72.50 + 30 + 135.
    assert (done.net_debit, done.tax_debit, done.debit_on) == (usd("4187.37"), usd("1360.13"), date(2025, 1, 29))
    back = do(c, people.ReversePayroll(payroll_id=done.payroll_id))
    assert isinstance(back, PayrollProcessed)
    assert (back.net_debit, back.tax_debit) == (-done.net_debit, -done.tax_debit)
    assert c.office.state.run(back.payroll_id).reverses == done.payroll_id


def test_everything_that_is_done_to_an_employee_reaches_the_cheque() -> None:
    c = company()
    employee = hired(c, splits=(("CC1", D("0.5")), ("CC2", D("0.5"))), method="check")
    ran(c, people.RunPayroll(cheque_on=JAN))
    c.office.add_department("Support", "CC3")
    do(c, people.ChangePay(employee_id=employee, from_day=date(2025, 2, 1), salary=usd(66000)))
    do(c, people.TransferEmployee(employee_id=employee, department="Support", from_day=date(2025, 2, 1)))
    do(c, people.SetWithholding(employee_id=employee, withholding=Withholding(exempt=True)))
    deducted = (people.DeductionSpec(code="post_tax", amount=usd(50)),)
    do(c, people.SetDeductions(employee_id=employee, deductions=deducted))
    do(c, people.EndEmployment(employee_id=employee, last_day=date(2025, 2, 14)))
    run = c.office.state.run(ran(c, people.RunPayroll(cheque_on=FEB)).payroll_id)
    cheque = only(run)
    assert cheque.pay.gross == usd(2750)
    assert (tax(cheque), cheque.pay.method) == (0, "check")
    assert [split.cost_centre for split in cheque.pay.splits] == ["CC3"]
    assert [line.code for line in cheque.pay.components if line.kind == "deduction"] == ["post_tax"]
    bonus = people.OffCyclePayroll(
        employee_id=employee, amount=usd(100), cheque_on=date(2025, 3, 14), code="commission"
    )
    assert only(c.office.state.run(ran(c, bonus).payroll_id)).pay.components[0].code == "commission"


def test_hours_are_entered_by_day() -> None:
    c = company("weekly")
    employee = hired(c, salary=None, hourly=usd(20))
    do(c, people.EnterHours(employee_id=employee, hours=((date(2025, 1, 2), D(8)),)))
    assert only(c.office.state.run(ran(c, people.RunPayroll()).payroll_id)).pay.gross == usd(160)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (people.ChangePay(employee_id="employee-1", from_day=JAN), "either a salary or an hourly wage"),
        (people.EndEmployment(employee_id="nobody", last_day=JAN), "no employee 'nobody'"),
        (people.ApprovePayroll(payroll_id="none"), "no payroll 'none'"),
        (people.RunPayroll(cheque_on=date(2025, 1, 30)), "no period is paid on it"),
        (people.RunPayroll(ends_in="2025-01", schedule="nowhere"), "no pay schedule 'nowhere'"),
        (people.CancelPayroll(payroll_id="none"), "no payroll 'none'"),
        (people.AddEarningType(code="bonus", name="Bonus"), "there is such an earning type already"),
        (WinDeal(deal_id="1"), "knows nothing of WinDeal"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(act: object, why: str) -> None:
    c = company()
    hired(c)
    with pytest.raises(ActRefused, match=why):
        do(c, act)


def test_a_run_that_is_cancelled_in_time_is_a_draft_again_and_counts_for_nothing() -> None:
    c = company()
    employee = hired(c)
    done = ran(c, people.RunPayroll())
    assert do(c, people.CancelPayroll(payroll_id=done.payroll_id)) == PayrollCancelled(payroll_id=done.payroll_id)
    assert c.office.state.run(done.payroll_id).status == "draft"
    assert not any(c.office.year_to_date(employee, 2025).values())


def test_an_earning_of_the_companys_own_is_taxed_as_a_bonus_is() -> None:
    c = company()
    employee = hired(c)
    ran(c, people.RunPayroll())
    assert do(c, people.AddEarningType(code="moving", name="Moving")) == EarningTypeAdded(code="moving")
    act = people.OffCyclePayroll(employee_id=employee, amount=usd(1000), cheque_on=date(2025, 2, 3), code="moving")
    cheque = only(c.office.state.run(ran(c, act).payroll_id))
    # Flat 22 %, since income tax was withheld from the regular pay.
    assert (tax(cheque), cheque.pay.components[0].name) == (usd(220).amount, "Moving")


def test_a_run_that_cannot_be_calculated_leaves_its_period_free() -> None:
    c = company()
    employee = hired(c, state="")
    with pytest.raises(ActRefused, match="no state of work"):
        do(c, people.RunPayroll())
    assert not len(c.office.state.runs)
    c.office.set_state(employee, "TX")
    assert ran(c, people.RunPayroll()).net_debit == usd("4187.37")


def test_furnishing_twice_makes_each_department_once_with_the_cost_centre_of_its_code() -> None:
    dictionary = Dictionary(
        name="acme", version="1", entity="US", currency="USD", time_zone="America/Chicago", policy=BooksPolicy(),
        accounts=(), revenue_types=(), products=(),
        cost_centres=(Dimension(code="100", name="Engineering"), Dimension(code="200", name="Field")),
        departments=(Dimension(code="100", name="Platform"), Dimension(code="9", name="Field"),
                     Dimension(code="8", name="Legal")),
    )  # fmt: skip
    c = company()
    for _ in range(2):
        do(c, Furnish(dictionary=dictionary))
    assert [(each.name, each.cost_centre) for each in c.office.state.departments] == [
        ("Sales", "CC1"), ("Platform", "100"), ("Field", "200"), ("Legal", ""),
    ]  # fmt: skip
    assert c.office.state.settings.entity == "US"
