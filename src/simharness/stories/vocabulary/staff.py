"""Everybody who works for the company, told in one table."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import msgspec

from simharness.core.errors import UsageError
from simharness.domain.acts import ActRefused
from simharness.domain.base import Record
from simharness.stories import words
from simharness.stories.decode import Reader
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.people import (
    Deduct,
    Employ,
    Taken,
    deduct,
    employ,
    paid_by,
    wrong_employee,
    wrong_taken,
)
from simharness.stories.vocabulary.verb import Action, Sentence, Verb
from simharness.stories.words import Pay, Percent

_TAKEN = re.compile(
    r"""(?P<code>[a-z][\w() -]*?)(?: "(?P<name>[^"]+)")? (?P<much>[\d.,]+ ?%|[A-Z]{3} [\d.,]+)(?: to (?P<payee>.+))?"""
)
_NEXT = re.compile(r"[;,] +(?=[a-z])")
_ALL = Percent(value=words.decimal("100"))


def deductions(text: str) -> tuple[Taken, ...]:
    """`retirement 401k "401(k)" 5% to Fidelity, section 125 USD 100.00 to BlueCross`: what is taken, by which name
    payroll calls it (else by that of its kind), how much and for whom.
    """
    taken = []
    for part in _NEXT.split(text.strip()):
        found = _TAKEN.fullmatch(part.strip())
        if found is None:
            mend = 'write what is taken, its name, how much and for whom: retirement 401k "401(k)" 5% to Fidelity'
            raise UsageError(f"{part!r} is no deduction", mend=mend)
        much, payee, name = found["much"], found["payee"] or "", found["name"] or ""
        code = found["code"].replace(" ", "_").replace("-", "_")
        if much.endswith("%"):
            taken.append(Taken(code=code, name=name, payee=payee, percent=words.percent(much)))
        else:
            taken.append(Taken(code=code, name=name, payee=payee, amount=words.money(much)))
    return tuple(taken)


Shares = Annotated[tuple[tuple[t.CostCentre, Percent], ...], Reader(words.shares)]
Deductions = Annotated[tuple[Taken, ...], Reader(deductions)]


class Row(Record, frozen=True, kw_only=True):
    """An employee: whose cost the pay is (`CC-10`, or `CC-10 60%, CC-30 40%`), the pay with the time it is for, and
    what is taken from it. The department may be left out where one alone bears the cost centre.
    """

    name: t.NewEmployee
    pay: Pay
    department: t.Department | None = None
    cost_centre: Shares = msgspec.field(name="cost_centres", default=())
    state: str = ""
    filing_status: t.FilingStatus = "single"
    deductions: Deductions = ()
    schedule: t.PaySchedule | None = None
    hired: date | None = None
    paid_by: t.PayMethod = "direct deposit"


class Employees(Action, frozen=True, kw_only=True):
    """These people are employed, each from the day `hired`, or that of the step."""

    employees: tuple[Row, ...]
    entity: t.EntityName | None = None


def _employees(stage: Stage, p: Employees) -> None:
    for row in p.employees:
        employ(stage, _employ(row, department_of(stage, row.name, row.department, row.cost_centre), p.entity))
        if row.deductions:
            deduct(stage, Deduct(deductions_of=row.name, take=row.deductions))


def department_of(stage: Stage, name: str, said: str | None, centres: tuple[tuple[str, Percent], ...]) -> str:
    """The department that was said, or the only one that bears the first cost centre; `ActRefused` where none does."""
    if said is not None:
        return said
    centre = centres[0][0] if centres else ""
    policy = stage.dictionary.payroll
    found = [each.department for each in (policy.departments if policy else ()) if each.cost_centre == centre]
    if len(found) != 1:
        bear = f"{' and '.join(found)} bear it" if found else "none bears it"
        raise ActRefused(f"the department of {name!r} cannot be told by the cost centre {centre!r}: {bear}")
    return found[0]


def _employ(row: Row, department: str, entity: str | None) -> Employ:
    return Employ(
        employee=row.name,
        department=department,
        state=row.state,
        filing_status=row.filing_status,
        schedule=row.schedule,
        splits=row.cost_centre or (),
        hired=row.hired,
        paid_by=row.paid_by,
        entity=entity,
        **paid_by(row.pay),
    )


def _wrong(p: Employees) -> str | None:
    for row in p.employees:
        if row.department is None and not row.cost_centre:
            return f"{row.name!r} works for nobody: give the department or the cost centres"
        wrong = wrong_employee(_employ(row, row.department or "", None)) or wrong_taken(row.deductions)
        if wrong is not None:
            return f"{row.name!r}: {wrong}"
    return None


VERBS = (
    Verb(
        name="people.employees",
        phases=("given",),
        heads=("employees",),
        params=Employees,
        sentences=(Sentence(pattern="the employees:", table="employees"),),
        fact="EmployeeHired",
        does=_employees,
        wrong=_wrong,
    ),
)
