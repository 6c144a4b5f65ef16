"""What one company keeps in Gusto beside its payroll: people's files, places, benefits, reports, subscriptions."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import date, datetime

from simharness.domain.base import Record
from simharness.domain.people import DeductionSpec
from simharness.fakekit.tables import Table
from simharness_fakes.gusto.persons import Home, Persons
from simharness_fakes.payroll.office import Office

_NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
_VERSION_LENGTH = 32


def derived(*parts: str) -> str:
    """The id of something that follows from something else, such as the first job of an employee."""
    return str(uuid.uuid5(_NAMES, "/".join(parts)))


def version_of(*attributes: object) -> str:
    """The version of a record: another one whenever something that may be updated is another, and only then."""
    return hashlib.sha256(repr(attributes).encode()).hexdigest()[:_VERSION_LENGTH]


class HomeAddress(Record, frozen=True, kw_only=True):
    """Where somebody lives from a day on."""

    id: str
    effective: date
    home: Home


class Person(Record, frozen=True, kw_only=True):
    """Somebody's file: who it is. What is paid stands in the payroll under the same id, once there is a job."""

    id: str
    first_name: str
    last_name: str
    email: str = ""
    middle_initial: str = ""
    preferred_first_name: str = ""
    phone: str = ""
    date_of_birth: date | None = None
    ssn: str = ""
    account_number: str = ""
    routing_number: str = ""
    job: str = ""
    title: str = ""
    department: str = ""
    location: str = ""
    located: date | None = None
    homes: tuple[HomeAddress, ...] = ()
    run_final: bool = False
    rehire: date | None = None


class Location(Record, frozen=True, kw_only=True):
    """A place where people work."""

    id: str
    street_1: str
    city: str
    state: str
    zip: str
    street_2: str = ""
    phone_number: str = ""


class CompanyBenefit(Record, frozen=True, kw_only=True):
    """A benefit that the company offers; `code` is the deduction it is."""

    id: str
    code: str
    description: str
    active: bool = True


class Enrolment(Record, frozen=True, kw_only=True):
    """Something that is taken from somebody's cheques: a benefit of the company, or a garnishment (`benefit` "")."""

    id: str
    employee: str
    benefit: str
    spec: DeductionSpec
    active: bool = True


class Report(Record, frozen=True, kw_only=True):
    """A general ledger report that was asked for."""

    id: str
    payroll: str
    aggregation: str
    integration: str
    due: datetime
    polls: int = 0
    done: bool = False


class UnderWay(Record, frozen=True, kw_only=True):
    """What a payroll was asked to do and has not done yet. `what`: calculating or submitting."""

    payroll: str
    what: str
    due: datetime
    actor: str
    polls: int = 0


class Failed(Record, frozen=True, kw_only=True):
    """Why the last thing that a payroll was asked to do did not come about."""

    payroll: str
    error_key: str
    category: str
    message: str


class Subscription(Record, frozen=True, kw_only=True):
    """Somebody who wants to be told. `status`: pending until the token came back, verified, removed, unreachable."""

    id: str
    url: str
    types: tuple[str, ...]
    token: str
    status: str = "pending"


class Event(Record, frozen=True, kw_only=True):
    """Something that happened to something."""

    id: str
    kind: str
    entity_type: str
    entity: str
    at: datetime


class Company(Record, frozen=True, kw_only=True):
    """The company as it presents itself."""

    id: str
    name: str = "Company"
    trade_name: str = ""
    ein: str = ""
    zone: str = "America/Los_Angeles"
    entity: str = ""


class State:
    """Everything of one company; a copy shares the records."""

    def __init__(self, company: Company, office: Office, persons: Persons) -> None:
        self.company = company
        self.office = office
        self.persons = persons
        self.founded: date | None = None
        self.people: Table[Person] = Table(lambda each: each.id, job=lambda each: each.job or None)
        self.locations: Table[Location] = Table(lambda each: each.id, state=lambda each: each.state)
        self.benefits: Table[CompanyBenefit] = Table(lambda each: each.id, code=lambda each: each.code)
        self.enrolments: Table[Enrolment] = Table(lambda each: each.id, employee=lambda each: each.employee)
        self.reports: Table[Report] = Table(lambda each: each.id)
        self.subscriptions: Table[Subscription] = Table(lambda each: each.id)
        self.events: Table[Event] = Table(lambda each: each.id)
        self.under_way: Table[UnderWay] = Table(lambda each: each.payroll)
        self.failed: Table[Failed] = Table(lambda each: each.payroll)
        #: Payrolls that were prepared: they show what is to be paid and may be updated.
        self.prepared: dict[str, None] = {}
        #: Codes of earning types that the company keeps no longer: what was paid by them stays what it was.
        self.hidden_types: dict[str, None] = {}

    def fork(self, new_id: Callable[[str], str]) -> State:
        """An independent copy; `new_id` continues where this one's is."""
        twin = State(self.company, self.office.fork(new_id), self.persons.fork())
        twin.founded = self.founded
        twin.people, twin.locations = self.people.fork(), self.locations.fork()
        twin.benefits, twin.reports = self.benefits.fork(), self.reports.fork()
        twin.enrolments = self.enrolments.fork()
        twin.subscriptions, twin.events = self.subscriptions.fork(), self.events.fork()
        twin.under_way, twin.failed = self.under_way.fork(), self.failed.fork()
        twin.prepared, twin.hidden_types = dict(self.prepared), dict(self.hidden_types)
        return twin
