"""The payroll of a month: run by its month, run as a register tells it, and run again with corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

from simharness.core.money import Money
from simharness.domain.acts import ActRefused
from simharness.domain.base import Record
from simharness.domain.payroll import PayCheque, Payroll
from simharness.domain.payroll_facts import PayrollRun
from simharness.domain.people import RunPayroll
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.payroll import (
    Approve,
    Cancel,
    approve,
    calculated,
    cancel,
    id_of,
    only_schedule,
    payroll_of,
    run_told,
)
from simharness.stories.vocabulary.people import (
    ChangeOfPay,
    Deduct,
    Employ,
    Transfer,
    change_pay,
    deduct,
    employ,
    paid_by,
    transfer,
    wrong_taken,
)
from simharness.stories.vocabulary.staff import Deductions, Shares, department_of
from simharness.stories.vocabulary.verb import Action, Sentence, Verb
from simharness.stories.words import Pay

#: Pay periods a year, by which a year's salary is divided.
_PERIODS_A_YEAR: Mapping[str, int] = MappingProxyType({"weekly": 52, "biweekly": 26, "semimonthly": 24, "monthly": 12})

#: A month that names the payroll which is run for it.
NewMonth = Annotated[t.Month, t.New("payroll")]


class RunMonth(Action, frozen=True, kw_only=True):
    """The regular run of the period of pay that ends in a month is calculated; from then on the month names it.

    The schedule may be left out where everybody is paid by one. A month in which several periods end is refused.
    """

    payroll_run_for: NewMonth
    schedule: t.PaySchedule | None = None
    entity: t.EntityName | None = None


class RegisterRow(Record, frozen=True, kw_only=True):
    """What one employee gets and costs in a run. What is not said is not compared.

    Somebody whom the story did not employ before is employed by the row, for the whole of the period: at the gross, as
    a salary, with nothing that is taken or reimbursed.
    """

    employee: Annotated[str, t.Either("employee")]
    department: t.Department | None = None
    cost_centre: Shares = ()
    state: str = ""
    filing_status: t.FilingStatus = "single"
    gross: Money | None = None
    pre_tax_deductions: Money | None = None
    employee_taxes: Money | None = None
    post_tax_deductions: Money | None = None
    reimbursements: Money | None = None
    net: Money | None = None
    employer_taxes: Money | None = None
    benefits: Money | None = None
    service_from: date | None = None
    service_to: date | None = None
    debit_on: date | None = None
    cheque_on: date | None = None


class TellRegister(Action, frozen=True, kw_only=True):
    """The regular run of a month is calculated, and comes to exactly this register: else the step is refused, with what
    payroll calculates instead. Payroll withholds what the law says, so no other figure can be had from it.
    """

    payroll_register_for: NewMonth
    lines: tuple[RegisterRow, ...]
    schedule: t.PaySchedule | None = None


class Correction(Record, frozen=True, kw_only=True):
    """What is right for an employee from the first day of the run on; what is not said stays."""

    employee: t.EmployeeName
    pay: Pay | None = None
    department: t.Department | None = None
    cost_centre: Shares = ()
    deductions: Deductions = ()


class Rerun(Action, frozen=True, kw_only=True):
    """A regular run is taken back before the provider collects, corrected, and calculated again for the same pay day.

    It is approved again if it was approved. A run that was collected is refused: that one is reversed.
    """

    payroll_rerun: t.PayrollName
    corrections: tuple[Correction, ...]


def _run_month(stage: Stage, p: RunMonth) -> None:
    schedule = p.schedule or only_schedule(stage)
    act = RunPayroll(ends_in=p.payroll_run_for, schedule=schedule, entity=p.entity or "")
    run = calculated(stage, p.payroll_run_for, act)
    stage.record(run_told(stage, p.payroll_run_for, run, schedule))


def _register(stage: Stage, p: TellRegister) -> None:
    month = p.payroll_register_for
    for row in p.lines:
        if row.employee not in stage.cast.employees:
            _hire(stage, row, month, p.schedule)
    schedule = p.schedule or only_schedule(stage)
    day = next((row.cheque_on for row in p.lines if row.cheque_on is not None), None)
    run = calculated(stage, month, RunPayroll(cheque_on=day, ends_in=month, schedule=schedule))
    other = [*_other_days(run, p.lines, month), *_other_people(stage, run, p.lines), *_other_sums(stage, run, p.lines)]
    if other:
        del stage.cast.payrolls[month]
        raise ActRefused(f"payroll does not come to this register: {'; '.join(other)}")
    stage.record(run_told(stage, month, run, schedule))


def _hire(stage: Stage, row: RegisterRow, month: str, schedule: str | None) -> None:
    """Employ somebody whom only the register names."""
    policy = stage.dictionary.payroll
    terms = next((each for each in (policy.schedules if policy else ()) if each.name == schedule), None)
    if row.gross is None or terms is None:
        raise ActRefused(
            f"{row.employee!r} is not employed yet: name the schedule of the run and the gross, or the employee before"
        )
    taken = (row.pre_tax_deductions, row.post_tax_deductions, row.reimbursements)
    if any(taken):
        raise ActRefused(f"nothing says what is taken from {row.employee!r}, or given back: name the employee before")
    salary = row.gross * _PERIODS_A_YEAR[terms.frequency]
    employ(
        stage,
        Employ(
            employee=row.employee,
            department=department_of(stage, row.employee, row.department, row.cost_centre),
            state=row.state,
            filing_status=row.filing_status,
            schedule=schedule,
            splits=row.cost_centre,
            hired=row.service_from or date.fromisoformat(f"{month}-01"),
            **paid_by(Pay(amount=salary, per="year")),
        ),
    )


def _other_days(run: Payroll, rows: tuple[RegisterRow, ...], month: str) -> Iterator[str]:
    if f"{run.service_to:%Y-%m}" != month:
        yield f"the run of that pay day ends on {run.service_to}, not in {month}"
    for name in ("service_from", "service_to", "debit_on", "cheque_on"):
        for told in dict.fromkeys(getattr(row, name) for row in rows):
            if told not in (None, getattr(run, name)):
                yield f"{name.replace('_', ' ')} {told} is told and {getattr(run, name)} calculated"


def _other_people(stage: Stage, run: Payroll, rows: tuple[RegisterRow, ...]) -> Iterator[str]:
    names = {id: name for name, id in stage.cast.employees.items()}
    paid = [names.get(cheque.employee, cheque.employee) for cheque in run.cheques]
    told = [row.employee for row in rows]
    yield from (f"{name!r} is told and not paid" for name in told if name not in paid)
    yield from (f"{name!r} is paid and not told" for name in paid if name not in told)


def _other_sums(stage: Stage, run: Payroll, rows: tuple[RegisterRow, ...]) -> Iterator[str]:
    cheques = {cheque.employee: cheque for cheque in run.cheques}
    for row in rows:
        cheque = cheques.get(stage.cast.employees.get(row.employee, ""))
        if cheque is None:
            continue
        for name, found in _sums(cheque).items():
            told = getattr(row, name)
            if told is not None and told != found:
                yield f"{name.replace('_', ' ')} of {row.employee!r} are {told} by the register and {found} by payroll"


def _sums(cheque: PayCheque) -> dict[str, Money]:
    """The columns of a register for one cheque."""

    def of(*kinds: str, pretax: bool | None = None) -> Money:
        fitting = (each for each in cheque.components if each.kind in kinds and pretax in (None, each.pretax))
        return Money(sum((each.amount.amount for each in fitting), Decimal(0)), cheque.net.currency)

    return {
        "gross": cheque.gross,
        "pre_tax_deductions": of("deduction", pretax=True),
        "employee_taxes": of("employee_tax"),
        "post_tax_deductions": of("deduction", "garnishment", pretax=False),
        "reimbursements": of("reimbursement"),
        "net": cheque.net,
        "employer_taxes": of("employer_tax"),
        "benefits": of("employer_benefit"),
    }


def _rerun(stage: Stage, p: Rerun) -> None:
    payroll_id = id_of(stage, p.payroll_rerun)
    if payroll_id is None:
        return
    run = payroll_of(stage, payroll_id)
    told = next(fact for fact in stage.facts if isinstance(fact, PayrollRun) and fact.payroll_id == payroll_id)
    if run.kind != "regular":
        raise ActRefused(f"{told.payroll!r} is beside the schedule: reverse it, and pay what is right by another one")
    was_approved = run.status == "processed"
    cancel(stage, Cancel(payroll_cancelled=told.payroll))
    for each in p.corrections:
        _correct(stage, each, run.service_from)
    act = RunPayroll(cheque_on=run.cheque_on, schedule=told.schedule, entity=told.entity)
    stage.record(run_told(stage, told.payroll, calculated(stage, told.payroll, act), told.schedule))
    if was_approved:
        approve(stage, Approve(payroll_approved=told.payroll))


def _correct(stage: Stage, right: Correction, since: date) -> None:
    if right.pay is not None:
        change_pay(stage, ChangeOfPay(pay_changed=right.employee, from_day=since, **paid_by(right.pay)))
    if right.department is not None or right.cost_centre:
        to = department_of(stage, right.employee, right.department, right.cost_centre)
        transfer(stage, Transfer(transferred=right.employee, to=to, splits=right.cost_centre, from_day=since))
    if right.deductions:
        deduct(stage, Deduct(deductions_of=right.employee, take=right.deductions))


def _wrong_register(p: TellRegister) -> str | None:
    names = [row.employee for row in p.lines]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return (
            f"{twice!r} stands in the register twice: tell the cost centres with their shares, as CC-10 60%, CC-30 40%"
        )
    bare = next((row.employee for row in p.lines if not any(_told(row))), None)
    return f"nothing is told of {bare!r}: give the gross or another figure" if bare is not None else None


def _told(row: RegisterRow) -> Iterator[bool]:
    yield from (
        value is not None for value in (row.gross, row.employee_taxes, row.net, row.employer_taxes, row.benefits)
    )


def _wrong_corrections(p: Rerun) -> str | None:
    for each in p.corrections:
        if each.pay is None and each.department is None and not each.cost_centre and not each.deductions:
            return f"nothing is corrected of {each.employee!r}: give pay, department, cost centre or deductions"
        if each.pay is not None and each.pay.amount.amount <= 0:
            return f"{each.pay.amount} is no pay: it must be more than zero"
        if (wrong := wrong_taken(each.deductions)) is not None:
            return wrong
    return None


VERBS = (
    Verb(
        name="payroll.run_for",
        phases=("given", "when"),
        heads=("payroll_run_for",),
        params=RunMonth,
        sentences=(Sentence(pattern="payroll for {period} is run", binds=("payroll_run_for",)),),
        fact="PayrollRun",
        does=_run_month,
    ),
    Verb(
        name="payroll.register_for",
        phases=("given", "when"),
        heads=("payroll_register_for",),
        params=TellRegister,
        sentences=(
            Sentence(pattern="the payroll register for {period}:", binds=("payroll_register_for",), table="lines"),
        ),
        fact="PayrollRun",
        does=_register,
        wrong=_wrong_register,
    ),
    Verb(
        name="payroll.rerun",
        phases=("when",),
        heads=("payroll_rerun",),
        params=Rerun,
        sentences=(
            Sentence(
                pattern="payroll for {period} is rerun with corrections:", binds=("payroll_rerun",), table="corrections"
            ),
            Sentence(
                pattern="payroll {string} is rerun with corrections:", binds=("payroll_rerun",), table="corrections"
            ),
        ),
        fact="PayrollRun",
        does=_rerun,
        wrong=_wrong_corrections,
    ),
)
