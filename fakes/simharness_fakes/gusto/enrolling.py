"""What is taken from people's cheques, one by one: the engine knows a list of deductions, Gusto a record of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.people import DeductionSpec
from simharness_fakes.gusto import errors
from simharness_fakes.gusto.state import CompanyBenefit, Enrolment
from simharness_fakes.payroll.deductions import GARNISHMENT

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def of(fake: Gusto, employee: str, *, garnishments: bool) -> list[Enrolment]:
    """What somebody has of one kind, in its order."""
    found = fake.state.enrolments.find("employee", employee)
    return [each for each in found if (each.spec.code == GARNISHMENT) is garnishments]


def find(fake: Gusto, id: str, *, garnishments: bool) -> Enrolment:
    """One of them by id; raises the refusal of an id that none has."""
    found = fake.state.enrolments.get(id)
    if found is None or (found.spec.code == GARNISHMENT) is not garnishments:
        raise errors.missing()
    return found


def put(fake: Gusto, enrolment: Enrolment) -> Enrolment:
    """Add or change one; the engine takes it from the next cheque on. A refusal leaves everything as it was."""
    others = [each for each in fake.state.enrolments.find("employee", enrolment.employee) if each.id != enrolment.id]
    specs = [each.spec for each in (*others, enrolment) if each.active]
    if fake.paid(enrolment.employee) is None:
        raise errors.impossible("the employee has no job yet", "job")
    fake.state.office.set_deductions(enrolment.employee, specs)
    return fake.state.enrolments.put(enrolment)


def remove(fake: Gusto, enrolment: Enrolment) -> None:
    """Take one away."""
    put(fake, replace(enrolment, active=False))
    fake.state.enrolments.remove(enrolment.id)


def replaced(fake: Gusto, employee: str, specs: Sequence[DeductionSpec]) -> None:
    """All that somebody has was stated anew: what is called as before keeps its id."""
    old = list(fake.state.enrolments.find("employee", employee))
    for each in old:
        fake.state.enrolments.remove(each.id)
    for spec in specs:
        same = next((each for each in old if (each.spec.code, each.spec.name) == (spec.code, spec.name)), None)
        if same is not None:
            old.remove(same)
        benefit = "" if spec.code == GARNISHMENT else offer(fake, spec.code, spec.name).id
        id = same.id if same else fake.new_id("enrolment")
        fake.state.enrolments.put(Enrolment(id=id, employee=employee, benefit=benefit, spec=spec))


def offer(fake: Gusto, code: str, description: str) -> CompanyBenefit:
    """The company's benefit of a kind and name; the first time that somebody has one it comes to be."""
    wanted = description or code
    for found in fake.state.benefits.find("code", code):
        if found.description == wanted:
            return found
    return fake.state.benefits.put(CompanyBenefit(id=fake.new_id("company benefit"), code=code, description=wanted))
