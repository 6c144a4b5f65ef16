"""Employees: their files, jobs and pay, as they are read and written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, faults, hooks
from simharness_fakes.gusto.routes.answers import answer, day, fresh, listed, of_company
from simharness_fakes.gusto.state import Person, derived
from simharness_fakes.gusto.wire import people as wire
from simharness_fakes.gusto.wire.forms import decimal
from simharness_fakes.payroll.employees import HOURLY, SALARY, PayTerm

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: How often a year a rate of some unit is paid.
_A_YEAR: Mapping[str, int] = {"Year": 1, "Month": 12, "Week": 52}
_TEXTS = ("first_name", "middle_initial", "last_name", "preferred_first_name", "email", "ssn")
_MOST = Decimal(10) ** 9


def employees(fake: Gusto, call: Call) -> Response:
    """All employees, or those who have left, or who have not."""
    of_company(fake, call)
    wanted, term = call.query.get("terminated"), str(call.query.get("search_term", "")).casefold()
    all_of_it = "all_compensations" in (call.query.get("include") or [])
    found = [
        person
        for person in fake.state.people
        if (wanted is None or _gone(fake, person) is wanted)
        and term in f"{person.first_name} {person.last_name}".casefold()
    ]
    return listed(call, faults.seen(fake, found), lambda each: wire.employee(fake, each, all_compensations=all_of_it))


def employee(fake: Gusto, call: Call) -> Response:
    """One employee."""
    all_of_it = "all_compensations" in (call.query.get("include") or [])
    person = fake.person(call.path["employee_id"])
    return answer(wire.employee(fake, person, all_compensations=all_of_it))


def create(fake: Gusto, call: Call) -> Response:
    """A file for somebody new, who is paid nothing as long as there is no job."""
    of_company(fake, call)
    person = _filled(fake, Person(id=fake.new_id("employee"), first_name="", last_name=""), call.body)
    fake.state.people.put(person)
    fake.wrote("employee", person.id, "create", tuple(f"vendor:{name}" for name in call.body), call.actor)
    hooks.tell(fake, "employee.created", "Employee", person.id)
    return answer(wire.employee(fake, person), 201)


def update(fake: Gusto, call: Call) -> Response:
    """Change somebody's file."""
    old = fake.person(call.path["employee_id"])
    fresh(call.body["version"], wire.employee_version(old), "employee")
    person = fake.state.people.put(_filled(fake, old, call.body))
    changed = [name for name in (*_TEXTS, "date_of_birth") if getattr(old, name) != getattr(person, name)]
    if changed:
        fake.wrote("employee", person.id, "update", tuple(f"vendor:{name}" for name in changed), call.actor)
        hooks.tell(fake, "employee.updated", "Employee", person.id)
    return answer(wire.employee(fake, person))


def jobs(fake: Gusto, call: Call) -> Response:
    """Somebody's jobs: none or one."""
    person = fake.person(call.path["employee_id"])
    return answer([wire.job(fake, person)] if person.job else [])


def job(fake: Gusto, call: Call) -> Response:
    """One job."""
    return answer(wire.job(fake, _of_job(fake, call)))


def create_job(fake: Gusto, call: Call) -> Response:
    """Take somebody on. The job is paid nothing an hour until its compensation says otherwise."""
    person = fake.person(call.path["employee_id"])
    if person.job:
        raise errors.impossible("a second job of an employee is not modelled", "job")
    if not len(fake.state.office.state.schedules):
        raise errors.impossible("the company has no pay schedule", "pay_schedule")
    hired = day(call.body["hire_date"])
    place = fake.state.locations.get(person.location)
    nothing = Money(Decimal("0.00"), fake.state.office.state.settings.currency)
    fake.state.office.hire(
        id=person.id,
        department=person.department,
        state=place.state if place else "",
        hired=hired,
        pay=PayTerm(from_day=hired, basis=HOURLY, rate=nothing),
        method="check",
    )
    person = fake.state.people.put(replace(person, job=derived(person.id, "job"), title=call.body["title"]))
    fake.wrote("employee", person.id, "update", ("hired", "vendor:title"), call.actor)
    hooks.tell(fake, "employee_job_compensation.created", "EmployeeJobCompensation", person.job)
    return answer(wire.job(fake, person), 201)


def update_job(fake: Gusto, call: Call) -> Response:
    """Another title, or another day of hire."""
    old = _of_job(fake, call)
    fresh(call.body["version"], wire.job_version(fake, old), "job")
    person = fake.state.people.put(replace(old, title=call.body.get("title", old.title)))
    paid = fake.state.office.state.employee(person.id)
    changed = [] if person == old else ["vendor:title"]
    if "hire_date" in call.body and day(call.body["hire_date"]) != paid.hired:
        fake.state.office.set_hired(person.id, day(call.body["hire_date"]))
        changed.append("hired")
    if changed:
        fake.wrote("employee", person.id, "update", tuple(changed), call.actor)
        hooks.tell(fake, "employee_job_compensation.updated", "EmployeeJobCompensation", person.job)
    return answer(wire.job(fake, person))


def compensations(fake: Gusto, call: Call) -> Response:
    """What a job was, is and will be paid."""
    person = _of_job(fake, call)
    terms = fake.state.office.state.employee(person.id).terms
    return listed(call, terms, lambda each: wire.compensation(person, each))


def compensation(fake: Gusto, call: Call) -> Response:
    """Terms of pay."""
    return answer(wire.compensation(*_of_compensation(fake, call)))


def create_compensation(fake: Gusto, call: Call) -> Response:
    """Other pay from a day on, or from today on."""
    person = _of_job(fake, call)
    paid = fake.state.office.state.employee(person.id)
    since = day(call.body["effective_date"]) if "effective_date" in call.body else max(fake.today, paid.hired)
    if since < paid.hired:
        raise errors.invalid("effective_date", f"the job began on {paid.hired}")
    term = _term(fake, call.body, PayTerm(from_day=since, basis=HOURLY, rate=_zero(fake)))
    _paid_so(fake, person, term, "created", call.actor)
    return answer(wire.compensation(person, term), 201)


def update_compensation(fake: Gusto, call: Call) -> Response:
    """Other terms from the same day on."""
    person, old = _of_compensation(fake, call)
    fresh(call.body["version"], wire.compensation_version(person, old), "compensation")
    term = _term(fake, call.body, old)
    if term != old:
        _paid_so(fake, person, term, "updated", call.actor)
    return answer(wire.compensation(person, term))


def _paid_so(fake: Gusto, person: Person, term: PayTerm, what: str, actor: str) -> None:
    fake.state.office.change_pay(person.id, term)
    fake.wrote("employee", person.id, "update", ("pay",), actor)
    hooks.tell(fake, f"employee_job_compensation.{what}", "EmployeeJobCompensation", person.job)


def _term(fake: Gusto, body: dict[str, Json], old: PayTerm) -> PayTerm:
    """Terms of pay as a request says them; a rate by the week or month is told by the year."""
    unit = body.get("payment_unit", "Hour" if old.basis == HOURLY else "Year")
    basis = HOURLY if unit == "Hour" else SALARY
    status = body.get("flsa_status", "Nonexempt" if basis == HOURLY else "Exempt")
    if (status == "Nonexempt") != (basis == HOURLY):
        raise errors.invalid("flsa_status", "an hourly wage is Nonexempt and a salary Exempt here")
    rate = old.rate.amount
    if body.get("rate") is not None:
        given = decimal(body["rate"])
        if given is None or not 0 <= given < _MOST:
            raise errors.invalid("rate", "is an amount that is not negative")
        rate = (given * _A_YEAR.get(unit, 1)).quantize(Decimal("0.01"))
    return replace(old, basis=basis, rate=Money(rate, fake.state.office.state.settings.currency))


def _filled(fake: Gusto, person: Person, body: dict[str, Json]) -> Person:
    """A file with what a request says in it."""
    texts = {name: str(body[name] or "").strip() for name in _TEXTS if name in body}
    for name in ("first_name", "last_name"):
        if name in texts and not texts[name]:
            raise errors.invalid(name, "is required")
    email = texts.get("email")
    if email and any(each.email == email and each.id != person.id for each in fake.state.people):
        raise errors.invalid("email", "another employee has this address")
    if "date_of_birth" in body:
        born = day(body["date_of_birth"])
        if born >= fake.today:
            raise errors.invalid("date_of_birth", "lies in the past")
        person = replace(person, date_of_birth=born)
    return replace(person, **texts)


def _gone(fake: Gusto, person: Person) -> bool:
    paid = fake.paid(person.id)
    return paid is not None and paid.ended is not None and paid.ended < fake.today


def _of_job(fake: Gusto, call: Call) -> Person:
    found = fake.state.people.first("job", call.path["job_id"])
    if found is None:
        raise errors.missing()
    return found


def _of_compensation(fake: Gusto, call: Call) -> tuple[Person, PayTerm]:
    wanted = call.path["compensation_id"]
    for person in fake.state.people:
        paid = fake.paid(person.id)
        for term in paid.terms if paid else ():
            if wire.compensation_id(person, term) == wanted:
                return person, term
    raise errors.missing()


def _zero(fake: Gusto) -> Money:
    return Money(Decimal("0.00"), fake.state.office.state.settings.currency)
