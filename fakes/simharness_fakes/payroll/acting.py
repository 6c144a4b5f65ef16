"""What a people team does, in the house's words, done in an office; the answers are domain events."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import people
from simharness.domain.acts import Act, ActRefused, Furnish
from simharness.domain.events import (
    DomainEvent,
    EarningTypeAdded,
    EmployeeSaved,
    Furnished,
    PayrollCalculated,
    PayrollCancelled,
    PayrollProcessed,
)
from simharness_fakes.payroll.earnings import EarningType, PayItem
from simharness_fakes.payroll.employees import HOURLY, SALARY, Employee, PayTerm
from simharness_fakes.payroll.office import Office
from simharness_fakes.payroll.refusals import Refusal
from simharness_fakes.payroll.runs import Run
from simharness_fakes.payroll.state import Stamp


def operate(office: Office, act: Act, by: Stamp) -> tuple[DomainEvent, ...]:
    """Do it; raises `ActRefused` with the engine's reason, and for an act that is none of payroll's."""
    try:
        if isinstance(act, Furnish):
            return (furnish(office, act),)
        if isinstance(act, people.RunPayroll | people.OffCyclePayroll | people.ApprovePayroll | people.ReversePayroll):
            return (_of_run(office, act, by),)
        if isinstance(act, people.CancelPayroll):
            return (PayrollCancelled(payroll_id=office.cancel(act.payroll_id, by, reopen=True).id),)
        if isinstance(act, people.AddEarningType):
            office.add_earning_type(EarningType(code=act.code, name=act.name, supplemental=True))
            return (EarningTypeAdded(code=act.code),)
        return (EmployeeSaved(employee_id=_of_employee(office, act).id),)
    except Refusal as refused:
        raise ActRefused(str(refused)) from refused


def furnish(office: Office, act: Furnish) -> Furnished:
    """Furnish departments: one a department of the dictionary, a cost of the cost centre of the same code or name."""
    centres = {name: each.code for each in act.dictionary.cost_centres for name in (each.code, each.name)}
    for department in act.dictionary.departments:
        centre = centres.get(department.code) or centres.get(department.name) or ""
        if office.state.departments.first("name", department.name) is None:
            office.add_department(department.name, centre)
    if act.dictionary.entity and not office.state.settings.entity:
        office.state.settings = replace(office.state.settings, entity=act.dictionary.entity)
    return Furnished(dictionary=act.dictionary.name)


def processed(office: Office, run: Run) -> PayrollProcessed:
    """What a processed run asks of the bank; `reference` is what its statement shows."""
    currency = office.state.settings.currency
    return PayrollProcessed(
        payroll_id=run.id,
        net_debit=run.net_debit(currency),
        tax_debit=run.tax_debit(currency),
        debit_on=run.debit_on,
        reference=run.id,
        entity=office.state.settings.entity,
    )


def pay_term(salary: Money | None, hourly: Money | None, from_day: date) -> PayTerm:
    """Terms of pay as an act says them: a salary or an hourly wage; refuses both, and neither."""
    if salary is not None and hourly is None:
        return PayTerm(from_day=from_day, basis=SALARY, rate=salary)
    if hourly is not None and salary is None:
        return PayTerm(from_day=from_day, basis=HOURLY, rate=hourly)
    raise ActRefused("pay is either a salary or an hourly wage", mend="state one of the two")


def _of_run(
    office: Office,
    act: people.RunPayroll | people.OffCyclePayroll | people.ApprovePayroll | people.ReversePayroll,
    by: Stamp,
) -> DomainEvent:
    if isinstance(act, people.ApprovePayroll):
        return processed(office, office.process(act.payroll_id, by))
    if isinstance(act, people.ReversePayroll):
        return processed(office, office.reverse(act.payroll_id, by, employees=act.employee_ids, reason=act.reason))
    if isinstance(act, people.RunPayroll):
        run = office.draft_regular(by, schedule=act.schedule, cheque_on=pay_day(office, act))
    else:
        item = PayItem(
            employee=act.employee_id,
            code=act.code,
            amount=act.amount,
            service_from=act.service_from,
            service_to=act.service_to,
        )
        run = office.draft_off_cycle(
            by, cheque_on=act.cheque_on, items=(item,), reason=act.reason, supplemental=act.supplemental
        )
    try:
        office.calculate(run.id, by)
    except Refusal:
        # The draft was only made for this act: nothing of it stays, and its period is free.
        office.state.runs.remove(run.id)
        raise
    return PayrollCalculated(payroll_id=run.id)


def pay_day(office: Office, act: people.RunPayroll) -> date | None:
    """The pay day that an act says, by itself or by its month; None is the next one without a run."""
    if act.cheque_on is None and act.ends_in:
        return office.pay_day_in(act.schedule, act.ends_in)
    return act.cheque_on


def _of_employee(office: Office, act: Act) -> Employee:
    if isinstance(act, people.HireEmployee):
        return office.hire(
            department=act.department,
            state=act.state,
            hired=act.hired,
            pay=pay_term(act.salary, act.hourly, act.hired),
            schedule=act.schedule,
            splits=act.splits,
            withholding=act.withholding,
            method=act.method,
        )
    if isinstance(act, people.ChangePay):
        return office.change_pay(act.employee_id, pay_term(act.salary, act.hourly, act.from_day))
    if isinstance(act, people.TransferEmployee):
        return office.transfer(act.employee_id, act.department, act.from_day, act.splits)
    if isinstance(act, people.EndEmployment):
        return office.end_employment(act.employee_id, act.last_day)
    if isinstance(act, people.SetWithholding):
        return office.set_withholding(act.employee_id, act.withholding)
    if isinstance(act, people.SetDeductions):
        return office.set_deductions(act.employee_id, act.deductions)
    if isinstance(act, people.EnterHours):
        office.enter_hours(act.employee_id, act.hours)
        return office.state.employee(act.employee_id)
    raise ActRefused(f"payroll knows nothing of {type(act).__name__}")
