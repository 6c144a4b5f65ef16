"""The company: itself, its places, its departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.domain.payroll import Department
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, faults, hooks
from simharness_fakes.gusto.routes.answers import answer, fresh, listed, nothing, of_company
from simharness_fakes.gusto.state import Person
from simharness_fakes.gusto.wire import people as wire

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def company(fake: Gusto, call: Call) -> Response:
    """The company."""
    of_company(fake, call)
    state, record = fake.state, fake.state.company
    return answer(
        {
            "uuid": record.id,
            "name": record.name,
            "trade_name": record.trade_name or None,
            "ein": f"{record.ein[:2]}-{record.ein[2:]}",
            "entity_type": "C-Corporation",
            "contractor_only": False,
            "tier": None,
            "is_suspended": False,
            "company_status": "Approved",
            "slug": record.id[:8],
            "is_partner_managed": True,
            "pay_schedule_type": "by_employee" if len(state.office.state.schedules) > 1 else "single",
            "join_date": state.founded.isoformat() if state.founded else None,
            "funding_type": "ach",
            "locations": [wire.location(fake, each) for each in state.locations],
            "primary_signatory": None,
        }
    )


def locations(fake: Gusto, call: Call) -> Response:
    """All places of the company."""
    of_company(fake, call)
    return listed(call, tuple(fake.state.locations), lambda each: wire.location(fake, each))


def departments(fake: Gusto, call: Call) -> Response:
    """All departments."""
    of_company(fake, call)
    found = [each for each in fake.state.office.state.departments if each.active]
    return listed(call, faults.seen(fake, found), lambda each: wire.department(fake, each))


def department(fake: Gusto, call: Call) -> Response:
    """One department."""
    return answer(wire.department(fake, _department(fake, call)))


def create_department(fake: Gusto, call: Call) -> Response:
    """A new department; a title that another one has is refused."""
    of_company(fake, call)
    title = _title(fake, call, "")
    record = fake.state.office.add_department(title)
    fake.wrote("department", record.id, "create", ("name",), call.actor)
    hooks.tell(fake, "department.created", "Department", record.id)
    return answer(wire.department(fake, record), 201)


def update_department(fake: Gusto, call: Call) -> Response:
    """Another title."""
    old = _department(fake, call)
    _fresh(fake, old, call)
    title = _title(fake, call, old.id)
    record = fake.state.office.change_department(old.id, name=title)
    if record != old:
        fake.wrote("department", record.id, "update", ("name",), call.actor)
        hooks.tell(fake, "department.updated", "Department", record.id)
    return answer(wire.department(fake, record))


def delete_department(fake: Gusto, call: Call) -> Response:
    """An empty department goes; one that somebody is or ever was in is kept."""
    record = _department(fake, call)
    paid = fake.state.office.state.employees
    if any(place.department == record.id for each in paid for place in each.places):
        raise errors.impossible("a department with people in it cannot be deleted")
    fake.state.office.state.departments.put(replace(record, active=False, name=f"{record.name} (deleted)"))
    fake.wrote("department", record.id, "delete", (), call.actor)
    hooks.tell(fake, "department.destroyed", "Department", record.id)
    return nothing()


def add_people(fake: Gusto, call: Call) -> Response:
    """Put people into a department from today on."""
    record = _department(fake, call)
    return _moved(fake, call, record, record.id)


def remove_people(fake: Gusto, call: Call) -> Response:
    """Take people out of a department from today on; they are in none then."""
    return _moved(fake, call, _department(fake, call), "")


def _moved(fake: Gusto, call: Call, record: Department, to: str) -> Response:
    if "version" in call.body:
        _fresh(fake, record, call)
    people = [fake.person(each["uuid"]) for each in call.body.get("employees", ())]
    for person in people:
        if to or fake.is_in(person, record.id):
            _move(fake, person, to, call.actor)
    return answer(wire.department(fake, record))


def _move(fake: Gusto, person: Person, to: str, actor: str) -> None:
    if fake.paid(person.id) is None:
        fake.state.people.put(replace(person, department=to))
    else:
        fake.state.office.transfer(person.id, to, fake.today)
    fake.wrote("employee", person.id, "update", ("department",), actor)
    hooks.tell(fake, "employee.updated", "Employee", person.id)


def _department(fake: Gusto, call: Call) -> Department:
    found = fake.state.office.state.departments.get(call.path["department_uuid"])
    if found is None or not found.active:
        raise errors.missing()
    return found


def _fresh(fake: Gusto, record: Department, call: Call) -> None:
    members = [each.id for each in fake.state.people if fake.is_in(each, record.id)]
    if "version" in call.body:
        fresh(call.body["version"], wire.department_version(record, members), "department")


def _title(fake: Gusto, call: Call, own: str) -> str:
    title = str(call.body["title"]).strip()
    if not title:
        raise errors.invalid("title", "a department has a title")
    other = fake.state.office.state.departments.first("name", title)
    if other is not None and other.id != own:
        raise errors.invalid("title", "another department has this title")
    return title
