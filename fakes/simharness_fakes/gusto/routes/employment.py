"""Where people live and work, how they are paid and taxed, when they leave and come again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.domain.payroll import Withholding
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, hooks
from simharness_fakes.gusto.persons import Home
from simharness_fakes.gusto.routes.answers import answer, day, fresh, nothing, of_company
from simharness_fakes.gusto.state import HomeAddress, Location, Person, derived, version_of
from simharness_fakes.gusto.wire import people as wire
from simharness_fakes.gusto.wire.forms import METHODS, Object, decimal, dollars
from simharness_fakes.payroll.employees import Employee, PayTerm

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: From this version on an employee without a rehire is answered by nothing rather than by an error.
_QUIET = "2025-06-15"
_STREET = ("street_1", "street_2", "city", "state", "zip")
_STATUSES: Mapping[str, str] = {"single": "Single", "joint": "Married", "head_of_household": "Head of Household"}
_HOUSE: Mapping[str, str] = {told: house for house, told in _STATUSES.items()}
_ENGINE_METHODS: Mapping[str, str] = {told: house for house, told in METHODS.items()}
_MONEY: Mapping[str, str] = {
    "extra_withholding": "extra",
    "dependents_amount": "credits",
    "other_income": "other_income",
    "deductions": "deductions",
}
_DAY = timedelta(days=1)


def homes(fake: Gusto, call: Call) -> Response:
    """Where somebody lives and lived."""
    person = fake.person(call.path["employee_id"])
    current = _home_today(fake, person)
    return answer([wire.home_address(person, each, active=each is current) for each in person.homes])


def home(fake: Gusto, call: Call) -> Response:
    """One home address."""
    person, address = _of_home(fake, call)
    return answer(wire.home_address(person, address, active=address is _home_today(fake, person)))


def create_home(fake: Gusto, call: Call) -> Response:
    """Somebody lives elsewhere from a day on."""
    person = fake.person(call.path["employee_id"])
    since = day(call.body["effective_date"]) if "effective_date" in call.body else fake.today
    street = {name: str(call.body.get(name) or "") for name in _STREET}
    count = str(len(person.homes) + 1)
    address = HomeAddress(id=derived(person.id, "home address", count), effective=since, home=Home(**street))
    return _lives(fake, call, person, (*person.homes, address), address, 201)


def update_home(fake: Gusto, call: Call) -> Response:
    """Correct a home address."""
    person, old = _of_home(fake, call)
    fresh(call.body["version"], version_of(old), "home address")
    changes = {name: str(call.body[name] or "") for name in _STREET if name in call.body}
    since = day(call.body["effective_date"]) if "effective_date" in call.body else old.effective
    address = replace(old, home=replace(old.home, **changes), effective=since)
    rest = tuple(each if each.id != old.id else address for each in person.homes)
    return _lives(fake, call, person, rest, address, 200)


def work_addresses(fake: Gusto, call: Call) -> Response:
    """Where somebody works: nowhere, or in one place."""
    person = fake.person(call.path["employee_id"])
    place = fake.state.locations.get(person.location)
    return answer([wire.work_address(person, place)] if place else [])


def work_address(fake: Gusto, call: Call) -> Response:
    """One place of work."""
    person, place = _of_work(fake, call)
    return answer(wire.work_address(person, place))


def create_work_address(fake: Gusto, call: Call) -> Response:
    """Somebody works in a place from today on."""
    return _works(fake, call, fake.person(call.path["employee_id"]), 201)


def update_work_address(fake: Gusto, call: Call) -> Response:
    """Somebody works in another place from today on."""
    person, place = _of_work(fake, call)
    fresh(call.body["version"], version_of(person.id, place.id, person.located), "work address")
    return _works(fake, call, person, 200)


def create_location(fake: Gusto, call: Call) -> Response:
    """A new place of the company."""
    of_company(fake, call)
    fields = {name: str(call.body.get(name) or "") for name in (*_STREET, "phone_number")}
    place = fake.state.locations.put(Location(id=fake.new_id("location"), **fields))
    fake.wrote("location", place.id, "create", tuple(f"vendor:{name}" for name in call.body), call.actor)
    hooks.tell(fake, "location.created", "Location", place.id)
    return answer(wire.location(fake, place), 201)


def location(fake: Gusto, call: Call) -> Response:
    """One place of the company."""
    place = fake.state.locations.get(call.path["location_id"])
    if place is None:
        raise errors.missing()
    return answer(wire.location(fake, place))


def terminations(fake: Gusto, call: Call) -> Response:
    """The end of somebody's employment, if there is one."""
    person = fake.person(call.path["employee_id"])
    paid = fake.paid(person.id)
    return answer([wire.termination(fake, person)] if paid and paid.ended else [])


def terminate(fake: Gusto, call: Call) -> Response:
    """Note somebody's last day."""
    person, paid = _employed(fake, call)
    if paid.ended is not None:
        raise errors.impossible("the employee's last day is known already", "effective_date")
    return _leaves(fake, call, person, 201)


def update_termination(fake: Gusto, call: Call) -> Response:
    """Another last day, as long as the old one did not come."""
    person, paid = _employed(fake, call)
    if paid.ended is None:
        raise errors.missing()
    if paid.ended < fake.today:
        raise errors.impossible("the employee has left", "effective_date")
    fresh(call.body["version"], wire.termination(fake, person)["version"], "termination")
    return _leaves(fake, call, person, 200)


def cancel_termination(fake: Gusto, call: Call) -> Response:
    """Take the end of an employment back that did not come yet."""
    person, paid = _employed(fake, call)
    if paid.ended is None:
        raise errors.missing()
    if paid.ended < fake.today:
        raise errors.impossible("the employee has left", "effective_date")
    fake.state.office.end_employment(person.id, None)
    fake.wrote("employee", person.id, "update", ("ended",), call.actor)
    hooks.tell(fake, "employee.termination_cancelled", "Employee", person.id)
    return nothing()


def rehire(fake: Gusto, call: Call) -> Response:
    """Somebody's rehire; whoever has none is an error at 2024-04-01, and no content from 2025-06-15 on."""
    person = fake.person(call.path["employee_id"])
    if person.rehire is None:
        if fake.version_of(call.request) >= _QUIET:
            return nothing()
        raise errors.missing()
    return answer(wire.rehire(fake, person))


def create_rehire(fake: Gusto, call: Call) -> Response:
    """Take somebody on again who has left: for the days between nothing is paid."""
    person, paid = _employed(fake, call)
    since = day(call.body["effective_date"])
    if paid.ended is None:
        raise errors.impossible("the employee has not left", "effective_date")
    if since <= paid.ended + _DAY:
        raise errors.invalid("effective_date", f"lies after the last day, {paid.ended}, with a day between")
    place = fake.state.locations.get(call.body["work_location_uuid"])
    if place is None:
        raise errors.invalid("work_location_uuid", "the company has no such location")
    office, gap = fake.state.office, paid.ended + _DAY
    before = paid.term_on(paid.ended)
    office.end_employment(person.id, None)
    office.change_pay(person.id, PayTerm(from_day=gap, basis=before.basis, rate=Money.zero(before.rate.currency)))
    office.change_pay(person.id, replace(before, from_day=since))
    office.set_state(person.id, place.state)
    person = fake.state.people.put(replace(person, rehire=since, location=place.id, located=since))
    fake.wrote("employee", person.id, "update", ("ended", "pay", "state"), call.actor)
    hooks.tell(fake, "employee.rehired", "Employee", person.id)
    return answer(wire.rehire(fake, person), 201)


def federal_taxes(fake: Gusto, call: Call) -> Response:
    """What somebody states for federal income tax."""
    person, paid = _employed(fake, call)
    return answer(_stated(person, paid.withholding))


def update_federal_taxes(fake: Gusto, call: Call) -> Response:
    """Somebody states anew what income tax is withheld by."""
    person, paid = _employed(fake, call)
    fresh(call.body["version"], _stated(person, paid.withholding)["version"], "federal tax details")
    told: dict[str, Json] = {}
    if "filing_status" in call.body:
        told["filing_status"] = _HOUSE.get(call.body["filing_status"], "single")
        told["exempt"] = call.body["filing_status"] == _EXEMPT
    if "two_jobs" in call.body:
        told["multiple_jobs"] = call.body["two_jobs"]
    for name, field in _MONEY.items():
        if name in call.body:
            amount = decimal(call.body[name] or "0")
            if amount is None or not 0 <= amount < _MOST:
                raise errors.invalid(name, "is an amount that is not negative")
            told[field] = Money(amount.quantize(Decimal("0.01")), fake.state.office.state.settings.currency)
    stated = replace(paid.withholding, **told)
    if stated != paid.withholding:
        fake.state.office.set_withholding(person.id, stated)
        fake.wrote("employee", person.id, "update", ("withholding",), call.actor)
        hooks.tell(fake, "employee.updated", "Employee", person.id)
    return answer(_stated(person, stated))


def payment_method(fake: Gusto, call: Call) -> Response:
    """How somebody is paid."""
    return answer(_method(*_employed(fake, call)))


def update_payment_method(fake: Gusto, call: Call) -> Response:
    """Pay somebody to the account or by cheque."""
    person, paid = _employed(fake, call)
    fresh(call.body["version"], _method(person, paid)["version"], "payment method")
    wanted = _ENGINE_METHODS[call.body["type"]]
    if wanted == "direct_deposit" and not person.account_number:
        raise errors.impossible("the employee has no bank account", "type")
    if wanted != paid.method:
        paid = fake.state.office.set_method(person.id, wanted)
        fake.wrote("employee", person.id, "update", ("vendor:payment_method",), call.actor)
        hooks.tell(fake, "employee.updated", "Employee", person.id)
    return answer(_method(person, paid))


def bank_accounts(fake: Gusto, call: Call) -> Response:
    """Somebody's bank account; of its number only the last digits are shown."""
    person = fake.person(call.path["employee_id"])
    return answer([_account(person)] if person.account_number else [])


def create_bank_account(fake: Gusto, call: Call) -> Response:
    """Somebody's bank account, which takes the place of another one; pay goes there from now on."""
    person = fake.person(call.path["employee_id"])
    person = fake.state.people.put(
        replace(person, account_number=call.body["account_number"], routing_number=call.body["routing_number"])
    )
    if fake.paid(person.id) is not None:
        fake.state.office.set_method(person.id, "direct_deposit")
    fake.wrote("employee", person.id, "update", ("vendor:bank_account",), call.actor)
    hooks.tell(fake, "employee.bank_account_created", "Employee", person.id)
    return answer(_account(person), 201)


_EXEMPT = "Exempt from withholding"
_MOST = Decimal(10) ** 9
_SHOWN = 4


def _account(person: Person) -> Object:
    return {
        "uuid": derived(person.id, "bank account", person.account_number),
        "employee_uuid": person.id,
        "account_type": "Checking",
        "name": "Checking account",
        "routing_number": person.routing_number,
        "hidden_account_number": f"XXXX{person.account_number[-_SHOWN:]}",
    }


def _method(person: Person, paid: Employee) -> Object:
    return {
        "version": version_of(person.id, paid.method),
        "type": METHODS[paid.method],
        "split_by": None,
        "splits": None,
    }


def _stated(person: Person, stated: Withholding) -> Object:
    def told(amount: Money | None) -> str:
        return dollars(amount) if amount is not None else "0.00"

    return {
        "version": version_of(person.id, stated),
        "filing_status": _EXEMPT if stated.exempt else _STATUSES[stated.filing_status],
        "extra_withholding": told(stated.extra),
        "two_jobs": stated.multiple_jobs,
        "dependents_amount": told(stated.credits),
        "other_income": told(stated.other_income),
        "deductions": told(stated.deductions),
        "w4_data_type": "rev_2020_w4",
    }


def _lives(
    fake: Gusto, call: Call, person: Person, homes: tuple[HomeAddress, ...], address: HomeAddress, status: int
) -> Response:
    person = fake.state.people.put(replace(person, homes=tuple(sorted(homes, key=lambda each: each.effective))))
    fake.wrote("employee", person.id, "update", ("vendor:home_address",), call.actor)
    what = "created" if status == 201 else "updated"
    hooks.tell(fake, f"employee_home_address.{what}", "EmployeeHomeAddress", address.id)
    kept = next(each for each in person.homes if each.id == address.id)
    return answer(wire.home_address(person, kept, active=kept is _home_today(fake, person)), status)


def _works(fake: Gusto, call: Call, person: Person, status: int) -> Response:
    wanted = call.body.get("location_uuid", person.location)
    place = fake.state.locations.get(wanted)
    if place is None:
        raise errors.invalid("location_uuid", "the company has no such location")
    since = day(call.body["effective_date"]) if "effective_date" in call.body else fake.today
    if since > fake.today:
        raise errors.impossible("a place of work that begins on a day to come is not modelled", "effective_date")
    if fake.paid(person.id) is not None:
        fake.state.office.set_state(person.id, place.state)
    person = fake.state.people.put(replace(person, location=place.id, located=since))
    fake.wrote("employee", person.id, "update", ("state",), call.actor)
    what = "created" if status == 201 else "updated"
    hooks.tell(fake, f"employee_work_address.{what}", "EmployeeWorkAddress", wire.work_address_id(person))
    return answer(wire.work_address(person, place), status)


def _leaves(fake: Gusto, call: Call, person: Person, status: int) -> Response:
    last = day(call.body["effective_date"])
    fake.state.office.end_employment(person.id, last)
    run_final = call.body.get("run_termination_payroll", person.run_final)
    person = fake.state.people.put(replace(person, run_final=run_final, rehire=None))
    fake.wrote("employee", person.id, "update", ("ended",), call.actor)
    hooks.tell(fake, "employee.terminated", "Employee", person.id)
    return answer(wire.termination(fake, person), status)


def _employed(fake: Gusto, call: Call) -> tuple[Person, Employee]:
    person = fake.person(call.path["employee_id"])
    paid = fake.paid(person.id)
    if paid is None:
        raise errors.impossible("the employee has no job yet", "job")
    return person, paid


def _home_today(fake: Gusto, person: Person) -> HomeAddress | None:
    there = [each for each in person.homes if each.effective <= fake.today]
    return there[-1] if there else None


def _of_home(fake: Gusto, call: Call) -> tuple[Person, HomeAddress]:
    wanted = call.path["home_address_uuid"]
    for person in fake.state.people:
        for address in person.homes:
            if address.id == wanted:
                return person, address
    raise errors.missing()


def _of_work(fake: Gusto, call: Call) -> tuple[Person, Location]:
    wanted = call.path["work_address_uuid"]
    for person in fake.state.people:
        place = fake.state.locations.get(person.location)
        if place is not None and wire.work_address_id(person) == wanted:
            return person, place
    raise errors.missing()
