"""What a people team notes of those who work for the company: terms, changes of them, and what is taken from pay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, TypedDict

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import Act
from simharness.domain.base import Record
from simharness.domain.payroll import Withholding
from simharness.domain.payroll_facts import (
    DeductionsSet,
    EarningTypeKept,
    EmployeeHired,
    EmployeeTransferred,
    EmploymentEnded,
    HoursEntered,
    PayChanged,
    WithholdingStated,
)
from simharness.domain.people import (
    AddEarningType,
    ChangePay,
    DeductionSpec,
    EndEmployment,
    EnterHours,
    HireEmployee,
    SetDeductions,
    SetWithholding,
    TransferEmployee,
)
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb
from simharness.stories.words import Pay, Percent

#: The name under which a people team acts in payroll.
PEOPLE = "people team"
#: How the payroll system calls the ways in which somebody is paid.
_METHODS: Mapping[str, str] = MappingProxyType({"direct deposit": "direct_deposit", "cheque": "check"})
_WHOLE = Decimal(100)
_MONTHS = 12
_STATE = re.compile("[A-Z]{2}")


#: What an amount of pay is for.
Time = Annotated[str, t.OneOf(("year", "month", "hour"), "time that pay is for")]


class Stating(Action, frozen=True, kw_only=True):
    """What an employee states for federal income tax (form W-4), amounts a year, but `extra` a pay period."""

    filing_status: t.FilingStatus = "single"
    multiple_jobs: bool = False
    credits: Money | None = None
    other_income: Money | None = None
    deductions: Money | None = None
    extra: Money | None = None
    tax_exempt: bool = False


class Employ(Stating, frozen=True, kw_only=True):
    """Somebody is employed from a day on (the day of the step, unless `hired` says otherwise).

    Pay is a `salary` a year or an `hourly` wage. `splits` are cost centres with shares that are 100 % together; without
    any all is a cost of the department. `state` left out is one that nobody stated. `entity` employs, in a story of
    several; unless said the first that pays people does.
    """

    employee: t.NewEmployee
    department: t.Department
    state: str = ""
    salary: Money | None = None
    hourly: Money | None = None
    schedule: t.PaySchedule | None = None
    splits: tuple[tuple[t.CostCentre, Percent], ...] = ()
    hired: date | None = None
    paid_by: t.PayMethod = "direct deposit"
    entity: t.EntityName | None = None


class ChangeOfPay(Action, frozen=True, kw_only=True):
    """Somebody's pay is another one from a day on, which may be past: what was paid for it is then made up for.

    It is a salary a year, an hourly wage, or an amount `to` which it is raised with the time that it is for (`a`).
    """

    pay_changed: t.EmployeeName
    salary: Money | None = None
    hourly: Money | None = None
    raised_to: Money | None = msgspec.field(name="to", default=None)
    per: Time = msgspec.field(name="a", default="year")
    from_day: date | None = msgspec.field(name="from", default=None)


class Transfer(Action, frozen=True, kw_only=True):
    """From a day on somebody works in a department, or for cost centres of their own."""

    transferred: t.EmployeeName
    to: t.Department
    splits: tuple[tuple[t.CostCentre, Percent], ...] = ()
    from_day: date | None = msgspec.field(name="from", default=None)


class Leave(Action, frozen=True, kw_only=True):
    """Somebody's employment ends with a day (that of the step, unless said)."""

    employment_ended: t.EmployeeName
    last_day: date | None = None


class State(Stating, frozen=True, kw_only=True):
    """An employee states anew what income tax is withheld by."""

    withholding_of: t.EmployeeName


class Taken(Record, frozen=True, kw_only=True):
    """Something taken from each cheque: an amount or a percentage, and what the employer adds to it.

    `match` is the employer's share of what the employee pays, as far as that is at most `match_up_to` of the pay.
    """

    code: t.DeductionCode
    payee: str = ""
    name: str = ""
    amount: Money | None = None
    percent: Percent | None = None
    annual_cap: Money | None = None
    match: Percent | None = None
    match_up_to: Percent | None = None
    employer_amount: Money | None = None
    owed: Money | None = None


class Deduct(Action, frozen=True, kw_only=True):
    """Everything that is taken from somebody's cheques from now on; what is not listed is taken no more."""

    deductions_of: t.EmployeeName
    take: tuple[Taken, ...]


class Worked(Action, frozen=True, kw_only=True):
    """Hours that somebody worked, by day."""

    hours_of: t.EmployeeName
    hours: tuple[tuple[date, Decimal], ...]


class KeepEarningType(Action, frozen=True, kw_only=True):
    """The company keeps a type of earning of its own, which only payroll knows."""

    earning_type: t.NewEarningType
    name: str
    entity: t.EntityName | None = None


def _save(stage: Stage, act: Act) -> str:
    """Act in payroll and return the employee's id."""
    return stage.only(stage.operate("payroll", act, PEOPLE), events.EmployeeSaved).employee_id


def employ(stage: Stage, p: Employ) -> None:
    """Have somebody employed."""
    hired, splits, stated = p.hired or stage.today, _shares(p.splits), _stated(p)
    method, schedule = _METHODS[p.paid_by], p.schedule or ""
    act = HireEmployee(
        name=p.employee,
        department=p.department,
        state=p.state,
        hired=hired,
        salary=p.salary,
        hourly=p.hourly,
        schedule=schedule,
        splits=splits,
        withholding=stated,
        method=method,
        entity=p.entity or "",
    )
    employee_id = stage.cast.employees[p.employee] = _save(stage, act)
    basis, pay = _pay(p)
    stage.record(
        EmployeeHired(
            **stage.mark,
            employee=p.employee,
            employee_id=employee_id,
            department=p.department,
            state=p.state,
            hired=hired,
            basis=basis,
            pay=pay,
            schedule=schedule,
            splits=splits,
            withholding=stated,
            method=method,
            entity=p.entity or "",
        )
    )


def change_pay(stage: Stage, p: ChangeOfPay) -> None:
    """Have somebody's pay changed from a day on."""
    employee_id, day = stage.cast.employees[p.pay_changed], p.from_day or stage.today
    if p.raised_to is not None:
        p = msgspec.structs.replace(p, raised_to=None, **paid_by(Pay(amount=p.raised_to, per=p.per)))
    _save(stage, ChangePay(employee_id=employee_id, from_day=day, salary=p.salary, hourly=p.hourly))
    basis, pay = _pay(p)
    stage.record(
        PayChanged(**stage.mark, employee=p.pay_changed, employee_id=employee_id, from_day=day, basis=basis, pay=pay)
    )


def transfer(stage: Stage, p: Transfer) -> None:
    """Have somebody moved to a department or other cost centres."""
    employee_id, day, splits = stage.cast.employees[p.transferred], p.from_day or stage.today, _shares(p.splits)
    _save(stage, TransferEmployee(employee_id=employee_id, department=p.to, from_day=day, splits=splits))
    stage.record(
        EmployeeTransferred(
            **stage.mark,
            employee=p.transferred,
            employee_id=employee_id,
            department=p.to,
            from_day=day,
            splits=splits,
        )
    )


def _end(stage: Stage, p: Leave) -> None:
    employee_id, day = stage.cast.employees[p.employment_ended], p.last_day or stage.today
    _save(stage, EndEmployment(employee_id=employee_id, last_day=day))
    stage.record(EmploymentEnded(**stage.mark, employee=p.employment_ended, employee_id=employee_id, last_day=day))


def _state(stage: Stage, p: State) -> None:
    employee_id, stated = stage.cast.employees[p.withholding_of], _stated(p)
    _save(stage, SetWithholding(employee_id=employee_id, withholding=stated))
    stage.record(
        WithholdingStated(**stage.mark, employee=p.withholding_of, employee_id=employee_id, withholding=stated)
    )


def deduct(stage: Stage, p: Deduct) -> None:
    """Have everything replaced that is taken from somebody's cheques."""
    employee_id, specs = stage.cast.employees[p.deductions_of], tuple(_spec(each) for each in p.take)
    _save(stage, SetDeductions(employee_id=employee_id, deductions=specs))
    stage.record(DeductionsSet(**stage.mark, employee=p.deductions_of, employee_id=employee_id, deductions=specs))


def _enter_hours(stage: Stage, p: Worked) -> None:
    employee_id = stage.cast.employees[p.hours_of]
    _save(stage, EnterHours(employee_id=employee_id, hours=p.hours))
    stage.record(HoursEntered(**stage.mark, employee=p.hours_of, employee_id=employee_id, hours=p.hours))


def _keep_type(stage: Stage, p: KeepEarningType) -> None:
    stage.operate("payroll", AddEarningType(code=p.earning_type, name=p.name, entity=p.entity or ""), PEOPLE)
    stage.record(EarningTypeKept(**stage.mark, code=p.earning_type, name=p.name, entity=p.entity or ""))


class PaidBy(TypedDict):
    """Pay as a salary a year or an hourly wage."""

    salary: Money | None
    hourly: Money | None


def paid_by(pay: Pay) -> PaidBy:
    """A salary a year or an hourly wage; a month's pay is a salary of twelve."""
    if pay.per == "hour":
        return PaidBy(salary=None, hourly=pay.amount)
    return PaidBy(salary=pay.amount if pay.per == "year" else pay.amount * _MONTHS, hourly=None)


def _pay(p: Employ | ChangeOfPay) -> tuple[str, Money]:
    """What somebody is paid by, and how much of it; `_wrong_pay` has seen to it that there is one of the two."""
    if p.salary is not None:
        return "salary", p.salary
    assert p.hourly is not None  # noqa: S101 - says to the type checker what `_wrong_pay` refuses
    return "hourly", p.hourly


def _shares(splits: tuple[tuple[str, Percent], ...]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((centre, share.value / _WHOLE) for centre, share in splits)


def _stated(p: Stating) -> Withholding:
    return Withholding(
        filing_status=p.filing_status,
        multiple_jobs=p.multiple_jobs,
        credits=p.credits,
        other_income=p.other_income,
        deductions=p.deductions,
        extra=p.extra,
        exempt=p.tax_exempt,
    )


def _spec(taken: Taken) -> DeductionSpec:
    return DeductionSpec(
        code=taken.code,
        name=taken.name,
        amount=taken.amount,
        percent=_value(taken.percent),
        annual_cap=taken.annual_cap,
        payee=taken.payee,
        match_percent=_value(taken.match),
        match_to_percent=_value(taken.match_up_to),
        employer_amount=taken.employer_amount,
        owed=taken.owed,
    )


def _value(percent: Percent | None) -> Decimal | None:
    return percent.value if percent is not None else None


def _wrong_pay(p: Employ | ChangeOfPay) -> str | None:
    if (p.salary is None) == (p.hourly is None):
        return "pay is either a salary a year or an hourly wage: give one of the two"
    pay = p.salary or p.hourly
    return f"{pay} is no pay: it must be more than zero" if pay is None or pay.amount <= 0 else None


def _wrong_change(p: ChangeOfPay) -> str | None:
    if p.raised_to is None:
        return _wrong_pay(p)
    if p.salary is not None or p.hourly is not None:
        return "pay is said once: as a salary, an hourly wage, or what it is raised to"
    return None if p.raised_to.amount > 0 else f"{p.raised_to} is no pay: it must be more than zero"


def _wrong_splits(p: Employ | Transfer) -> str | None:
    whole = sum(share.value for _, share in p.splits)
    return f"the splits are {whole} % together, and must be 100 %" if p.splits and whole != _WHOLE else None


def wrong_employee(p: Employ) -> str | None:
    """What is wrong with the terms of somebody; None if nothing is."""
    if p.state and not _STATE.fullmatch(p.state):
        return f"the state {p.state!r} is not two capital letters, such as TX"
    return _wrong_pay(p) or _wrong_splits(p)


def _wrong_deductions(p: Deduct) -> str | None:
    return wrong_taken(p.take)


def wrong_taken(take: Sequence[Taken]) -> str | None:
    """What is wrong with what is taken from cheques; None if nothing is."""
    for taken in take:
        if taken.amount is not None and taken.percent is not None:
            return f"{taken.code} is an amount or a percentage, not both"
        if taken.amount is None and taken.percent is None and taken.owed is None:
            return f"{taken.code} takes nothing: give the amount or the percent"
        if not taken.payee and taken.code != "post_tax":
            return f"{taken.code} has no payee: say which plan, insurer or creditor the money is for"
    return None


def _wrong_hours(p: Worked) -> str | None:
    day = next((day for day, hours in p.hours if not 0 <= hours <= 24), None)
    return f"{day} has 24 hours" if day is not None else None


VERBS = (
    Verb(
        name="people.employee",
        phases=("given", "when"),
        heads=("employee",),
        params=Employ,
        sentences=(
            Sentence(
                pattern="the employee {string} in department {string} in {string} at a salary of {money}",
                binds=("employee", "department", "state", "salary"),
            ),
            Sentence(
                pattern="the employee {string} in department {string} in {string} at {money} an hour",
                binds=("employee", "department", "state", "hourly"),
            ),
        ),
        fact="EmployeeHired",
        does=employ,
        wrong=wrong_employee,
    ),
    Verb(
        name="people.pay_changed",
        phases=("given", "when"),
        heads=("pay_changed",),
        params=ChangeOfPay,
        sentences=(
            Sentence(
                pattern="{string} gets a raise to {money} a {word} from {date}",
                binds=("pay_changed", "raised_to", "per", "from_day"),
            ),
            Sentence(
                pattern="{string} gets a raise to {money} an hour from {date}",
                binds=("pay_changed", "hourly", "from_day"),
            ),
        ),
        fact="PayChanged",
        does=change_pay,
        wrong=_wrong_change,
    ),
    Verb(
        name="people.transferred",
        phases=("given", "when"),
        heads=("transferred",),
        params=Transfer,
        sentences=(
            Sentence(
                pattern="{string} is transferred to department {string} from {date}",
                binds=("transferred", "to", "from_day"),
            ),
        ),
        fact="EmployeeTransferred",
        does=transfer,
        wrong=_wrong_splits,
    ),
    Verb(
        name="people.employment_ended",
        phases=("given", "when"),
        heads=("employment_ended",),
        params=Leave,
        sentences=(
            Sentence(pattern="{string} leaves the company with {date}", binds=("employment_ended", "last_day")),
        ),
        fact="EmploymentEnded",
        does=_end,
    ),
    Verb(
        name="people.withholding_of",
        phases=("given", "when"),
        heads=("withholding_of",),
        params=State,
        sentences=(Sentence(pattern="{string} files as {word}", binds=("withholding_of", "filing_status")),),
        fact="WithholdingStated",
        does=_state,
    ),
    Verb(
        name="people.deductions_of",
        phases=("given", "when"),
        heads=("deductions_of",),
        params=Deduct,
        sentences=(Sentence(pattern="these deductions of {string}:", binds=("deductions_of",), table="take"),),
        fact="DeductionsSet",
        does=deduct,
        wrong=_wrong_deductions,
    ),
    Verb(
        name="people.hours_of",
        phases=("given", "when"),
        heads=("hours_of",),
        params=Worked,
        sentences=(
            Sentence(
                pattern="{string} works these hours:", binds=("hours_of",), table="hours", columns=("day", "hours")
            ),
        ),
        fact="HoursEntered",
        does=_enter_hours,
        wrong=_wrong_hours,
    ),
    Verb(
        name="people.earning_type",
        phases=("given", "when"),
        heads=("earning_type",),
        params=KeepEarningType,
        sentences=(
            Sentence(pattern="the company keeps the earning type {string}, {string}", binds=("earning_type", "name")),
        ),
        fact="EarningTypeKept",
        does=_keep_type,
    ),
)
