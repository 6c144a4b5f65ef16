"""Employees: their files, as they are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto.routes.answers import answer, listed, of_company
from simharness_fakes.gusto.state import Person
from simharness_fakes.gusto.wire import people as wire

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


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
    return listed(call, found, lambda each: wire.employee(fake, each, all_compensations=all_of_it))


def employee(fake: Gusto, call: Call) -> Response:
    """One employee."""
    all_of_it = "all_compensations" in (call.query.get("include") or [])
    person = fake.person(call.path["employee_id"])
    return answer(wire.employee(fake, person, all_compensations=all_of_it))


def _gone(fake: Gusto, person: Person) -> bool:
    paid = fake.paid(person.id)
    return paid is not None and paid.ended is not None and paid.ended < fake.today
