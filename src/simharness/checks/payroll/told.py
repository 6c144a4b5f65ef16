"""What a story told of its people, as the second calculation wants it: one person with the steps, for each employee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from msgspec.structs import replace

from simharness.checks.payroll.terms import (
    Deductions,
    Ended,
    HoursWorked,
    OffCycle,
    Pay,
    Person,
    Placed,
    Regular,
    Stated,
    Step,
    TakenBack,
)
from simharness.domain import payroll_facts as told
from simharness.domain.fact import Fact
from simharness.domain.payroll_terms import PayrollPolicy
from simharness.domain.people import DeductionSpec

#: What the employer adds to a deduction is called by the plan, where nobody calls it otherwise.
_ADDED: Mapping[str, str] = MappingProxyType(
    {"retirement_401k": "employer_401k_match", "section_125": "employer_health", "hsa": "employer_hsa"}
)


@dataclass(slots=True)
class ToldPerson:
    """An employee by the story's name, and everything that was told of him in its order."""

    name: str
    schedule: str
    person: Person
    steps: list[Step] = field(default_factory=list)


def told_people(facts: Iterable[Fact], policy: PayrollPolicy) -> dict[str, ToldPerson]:
    """Every employee by id. Runs that nobody approved, or that were cancelled, are left out: what stands was paid."""
    happened = tuple(facts)
    left_out = _not_paid(happened)
    kept = frozenset(fact.code for fact in happened if isinstance(fact, told.EarningTypeKept))
    people = _People(policy, kept)
    for position, fact in enumerate(happened):
        if position not in left_out:
            people.hear(fact)
    return people.known


def _not_paid(happened: Sequence[Fact]) -> set[int]:
    """Where calculations are told that nobody was paid by: not approved, or cancelled before the run was run again."""
    latest: dict[str, int] = {}
    left: set[int] = set()
    for position, fact in enumerate(happened):
        if isinstance(fact, told.PayrollRun):
            latest[fact.payroll_id] = position
            left.add(position)
        elif isinstance(fact, told.PayrollApproved) and fact.payroll_id in latest:
            left.discard(latest[fact.payroll_id])
        elif isinstance(fact, told.PayrollCancelled) and fact.payroll_id in latest:
            left.add(latest[fact.payroll_id])
    return left


class _People:
    """The employees while a story is gone through."""

    def __init__(self, policy: PayrollPolicy, kept: frozenset[str]) -> None:
        self.known: dict[str, ToldPerson] = {}
        self._kept = kept
        self._centres = {each.department: each.cost_centre for each in policy.departments}
        self._frequencies = {each.name: each.frequency for each in policy.schedules}
        self._first = policy.schedules[0].name if policy.schedules else ""
        self._rates = {code: percent / 100 for code, percent in policy.own_rates}

    def hear(self, fact: Fact) -> None:
        """Take a fact in; what is none of payroll's changes nothing."""
        if isinstance(fact, told.EmployeeHired):
            self._hired(fact)
        elif isinstance(fact, told.PayrollRun):
            self._run(fact)
        elif isinstance(fact, told.PayrollReversed):
            for id in fact.employee_ids or self.known:
                self.known[id].steps.append(TakenBack(run=fact.reverses))
        elif (step := self._step(fact)) is not None:
            self.known[getattr(fact, "employee_id", "")].steps.append(step)

    def _hired(self, fact: told.EmployeeHired) -> None:
        schedule = fact.schedule or self._first
        person = Person(
            state=fact.state,
            schedule=self._frequencies.get(schedule, schedule),
            hired=fact.hired,
            rates=self._rates,
            kept=self._kept,
        )
        self.known[fact.employee_id] = ToldPerson(name=fact.employee, schedule=schedule, person=person)
        self.known[fact.employee_id].steps += [
            Pay(from_day=fact.hired, basis=fact.basis, rate=fact.pay.amount),
            Placed(from_day=fact.hired, shares=self._shares(fact.department, fact.splits)),
            Stated(withholding=fact.withholding),
        ]

    def _shares(self, department: str, splits: tuple[tuple[str, Decimal], ...]) -> tuple[tuple[str, Decimal], ...]:
        return splits or ((self._centres.get(department, ""), Decimal(1)),)

    def _step(self, fact: Fact) -> Step | None:
        match fact:
            case told.PayChanged():
                return Pay(from_day=fact.from_day, basis=fact.basis, rate=fact.pay.amount)
            case told.EmployeeTransferred():
                return Placed(from_day=fact.from_day, shares=self._shares(fact.department, fact.splits))
            case told.EmploymentEnded():
                return Ended(last_day=fact.last_day)
            case told.WithholdingStated():
                return Stated(withholding=fact.withholding)
            case told.DeductionsSet():
                return Deductions(specs=tuple(_named(spec) for spec in fact.deductions))
            case told.HoursEntered():
                return HoursWorked(hours=fact.hours)
            case _:
                return None

    def _run(self, fact: told.PayrollRun) -> None:
        if fact.kind == "regular":
            schedule = fact.schedule or self._first
            for each in self.known.values():
                if each.schedule == schedule:
                    each.steps.append(
                        Regular(
                            run=fact.payroll_id,
                            service_from=fact.service_from,
                            service_to=fact.service_to,
                            cheque_on=fact.cheque_on,
                        )
                    )
        elif fact.employee_id in self.known and fact.amount is not None:
            self.known[fact.employee_id].steps.append(
                OffCycle(
                    run=fact.payroll_id,
                    service_from=fact.service_from,
                    service_to=fact.service_to,
                    cheque_on=fact.cheque_on,
                    items=((fact.code, fact.amount.amount),),
                    supplemental=fact.supplemental or "flat",
                    corrects=fact.corrects,
                )
            )


def _named(spec: DeductionSpec) -> DeductionSpec:
    """The deduction with the code of what the employer adds."""
    if spec.employer_code or (spec.match_percent is None and spec.employer_amount is None):
        return spec
    return replace(spec, employer_code=_ADDED.get(spec.code, f"employer_{spec.code}"))
