"""What people do in payroll beside the API: they furnish the company, hire, change pay, run and approve payrolls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain import people
from simharness.domain.acts import Act, ActRefused, Furnish
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import (
    DomainEvent,
    EmployeeSaved,
    Furnished,
    PayrollCalculated,
    PayrollCancelled,
    PayrollProcessed,
)
from simharness.domain.personal import Personal
from simharness_fakes.gusto import enrolling, hooks, running
from simharness_fakes.gusto.persons import Invented
from simharness_fakes.gusto.state import HomeAddress, Location, Person, derived
from simharness_fakes.gusto.wire.forms import dollars
from simharness_fakes.payroll import acting
from simharness_fakes.payroll.employees import SALARY
from simharness_fakes.payroll.refusals import Refusal

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: What an act changes of an employee, in canonical names.
_CHANGED: Mapping[type, tuple[str, ...]] = {
    people.HireEmployee: ("department", "hired", "pay", "schedule", "splits", "state", "withholding"),
    people.ChangePay: ("pay",),
    people.TransferEmployee: ("department", "splits"),
    people.EndEmployment: ("ended",),
    people.SetWithholding: ("withholding",),
    people.SetDeductions: ("deductions",),
    people.EnterHours: ("hours",),
}
_TOLD: Mapping[type, tuple[str, str]] = {
    people.HireEmployee: ("employee.created", "Employee"),
    people.ChangePay: ("employee_job_compensation.created", "EmployeeJobCompensation"),
    people.EndEmployment: ("employee.terminated", "Employee"),
}


def perform(fake: Gusto, act: Act, actor: str) -> tuple[DomainEvent, ...]:
    """Do it; raises `ActRefused` with the reason of the payroll."""
    if isinstance(act, Furnish):
        return (_furnish(fake, act.dictionary, actor),)
    if isinstance(act, people.RunPayroll):
        return (_run(fake, act, actor),)
    if isinstance(act, people.HireEmployee | people.TransferEmployee):
        _borne(fake, act.splits)
    events = acting.operate(fake.state.office, act, fake.stamp(actor))
    return tuple(_noted(fake, act, event, actor) for event in events)


def personal(fake: Gusto) -> tuple[Personal, ...]:
    """Every personal text of everybody, those included who have left."""
    found: list[Personal] = []
    for person in fake.state.people:
        texts = [
            ("name", person.last_name),
            ("name", f"{person.first_name} {person.last_name}"),
            ("ssn", person.ssn),
            ("birth_date", person.date_of_birth.isoformat() if person.date_of_birth else ""),
            ("bank_account", person.account_number),
            ("email", person.email),
            ("phone", person.phone),
            *(("address", each.home.street_1) for each in person.homes),
        ]
        paid = fake.paid(person.id)
        texts += [("pay", dollars(term.rate)) for term in (paid.terms if paid else ()) if term.basis == SALARY]
        found += [Personal(subject=person.id, field=field, text=text) for field, text in texts if text]
    return tuple(found)


def place(fake: Gusto, state: str) -> Location:
    """The company's place in a state; the first time that somebody works there it comes to be."""
    found = fake.state.locations.first("state", state)
    if found is not None:
        return found
    number = len(fake.state.locations) + 1
    return fake.state.locations.put(
        Location(
            id=fake.new_id("location"), street_1=f"{number}00 Company Street", city=f"{state} City", state=state,
            zip="10101", phone_number="5550000000",
        )
    )  # fmt: skip


def filed(fake: Gusto, id: str, invented: Invented, **more: object) -> Person:
    """A file for an invented person."""
    home = HomeAddress(id=derived(id, "home address", "1"), effective=fake.today, home=invented.home)
    return fake.state.people.put(
        replace(
            Person(
                id=id,
                first_name=invented.first_name,
                last_name=invented.last_name,
                email=invented.email,
                phone=invented.phone,
                date_of_birth=invented.date_of_birth,
                ssn=invented.ssn,
                account_number=invented.account_number,
                routing_number=invented.routing_number,
                homes=(home,),
            ),
            **more,
        )
    )


def _furnish(fake: Gusto, dictionary: Dictionary, actor: str) -> Furnished:
    """The company as its dictionary has it; a further entity that has no payroll changes nothing."""
    state, office = fake.state, fake.state.office
    done = Furnished(dictionary=dictionary.name)
    if state.company.entity and state.company.entity != dictionary.entity:
        return done
    state.company = replace(
        state.company,
        name=dictionary.company_name or dictionary.entity,
        zone=fake.profile.time_zone or dictionary.time_zone,
        entity=dictionary.entity,
        ein=f"{fake.setup.rng.number('gusto ein') % 10**9:09}",
    )
    state.founded = state.founded or fake.today.replace(day=1)
    known = {each.id for each in office.state.departments}
    policy = dictionary.payroll
    settings = replace(office.state.settings, entity=dictionary.entity, currency=dictionary.currency)
    if policy is None:
        office.state.settings = settings
        acting.furnish(office, Furnish(dictionary=dictionary))
        if not len(office.state.schedules):
            end = fake.today.replace(month=1, day=31)
            office.add_schedule("monthly", end, end, "Monthly")
    else:
        office.state.settings = replace(
            settings,
            debit_days=policy.debit_days if fake.profile.debit_days is None else fake.profile.debit_days,
            own_rates=policy.own_rates,
            left_out=policy.left_out,
        )
        for each in policy.departments:
            if office.state.departments.first("name", each.department) is None:
                office.add_department(each.department, each.cost_centre)
        for schedule in policy.schedules:
            if office.state.schedules.first("name", schedule.name) is None:
                office.add_schedule(schedule.frequency, schedule.anchor_end, schedule.anchor_pay, schedule.name)
    for department in office.state.departments:
        if department.id not in known:
            fake.wrote("department", department.id, "create", ("name",), actor)
    return done


def _run(fake: Gusto, act: people.RunPayroll, actor: str) -> PayrollCalculated:
    try:
        day = acting.pay_day(fake.state.office, act)
        run, fresh = running.regular(fake, act.schedule, day, actor)
    except Refusal as refused:
        raise ActRefused(str(refused)) from refused
    done = running.tried(fake, run, actor)
    if isinstance(done, Refusal):
        if fresh:
            # The draft was only made for this act: nothing of it stays, and its period is free.
            running.drop(fake, run)
        raise ActRefused(str(done)) from done
    return PayrollCalculated(payroll_id=run.id)


def _borne(fake: Gusto, splits: tuple[tuple[str, object], ...]) -> None:
    """Refuse a cost centre that no department bears: Gusto tells costs by department and by nothing else."""
    borne = {each.cost_centre for each in fake.state.office.state.departments}
    for centre, _ in splits:
        if centre not in borne:
            raise ActRefused(
                f"no department bears the cost centre {centre!r}",
                mend="name a cost centre of the dictionary's payroll departments",
            )


def _noted(fake: Gusto, act: Act, event: DomainEvent, actor: str) -> DomainEvent:
    """The event, after it was written down and told."""
    if isinstance(event, EmployeeSaved):
        _saved(fake, act, event.employee_id, actor)
    elif isinstance(event, PayrollCalculated):
        fake.wrote("payroll", event.payroll_id, "create", ("cheques", "kind", "status"), actor)
        hooks.tell(fake, "payroll.created", "Payroll", event.payroll_id)
        hooks.tell(fake, "payroll.calculated", "Payroll", event.payroll_id)
    elif isinstance(event, PayrollProcessed):
        run = fake.state.office.state.run(event.payroll_id)
        if run.reverses:
            running.reversed_too(fake, run, actor)
        return running.processed(fake, run, actor)
    elif isinstance(event, PayrollCancelled):
        fake.wrote("payroll", event.payroll_id, "update", ("status",), actor)
        hooks.tell(fake, "payroll.cancelled", "Payroll", event.payroll_id)
    return event


def _saved(fake: Gusto, act: Act, id: str, actor: str) -> None:
    if isinstance(act, people.HireEmployee):
        location = place(fake, act.state) if act.state else None
        filed(
            fake,
            id,
            fake.state.persons.person(act.state),
            job=derived(id, "job"),
            title="Member of staff",
            location=location.id if location else "",
            located=act.hired if location else None,
        )
    elif isinstance(act, people.SetDeductions):
        enrolling.replaced(fake, id, act.deductions)
    action = "create" if isinstance(act, people.HireEmployee) else "update"
    fake.wrote("employee", id, action, _CHANGED[type(act)], actor)
    kind, entity_type = _TOLD.get(type(act), ("employee.updated", "Employee"))
    entity = id if entity_type == "Employee" else fake.job_of(id)
    hooks.tell(fake, kind, entity_type, entity)
