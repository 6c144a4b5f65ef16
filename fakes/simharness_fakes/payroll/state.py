"""What one company's payroll holds: masters, time sheets, runs and the year to date. Refusals are raised above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from simharness.domain.base import Record
from simharness.domain.payroll import Department
from simharness.fakekit.tables import Table
from simharness_fakes.payroll.accumulators import Accumulators
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.calendar import PaySchedule
from simharness_fakes.payroll.earnings import TYPES, EarningType, Rules
from simharness_fakes.payroll.employees import Employee, Place
from simharness_fakes.payroll.refusals import NotFound, WithoutCostCentre
from simharness_fakes.payroll.runs import Run

NewId = Callable[[str], str]
_NO_HOURS: Mapping[date, Decimal] = MappingProxyType({})


class Settings(Record, frozen=True, kw_only=True):
    """What a company declares. `debit_days`: business days before the pay day on which the provider collects.

    `own_rates`: its rates of state taxes by code, in percent. `left_out`: taxes that it does not withhold although the
    law asks for them, such as `us_ca_income_tax` without its table. `needs_cost_centres`: a run is refused for people
    of whom nobody said whose cost they are.
    """

    entity: str = ""
    currency: str = "USD"
    rules: Rules = Rules()
    debit_days: int = 2
    own_rates: tuple[tuple[str, Decimal], ...] = ()
    left_out: tuple[str, ...] = ()
    needs_cost_centres: bool = True


class Stamp(Record, frozen=True, kw_only=True):
    """Who does something, when, and what local day it is."""

    at: datetime
    today: date
    actor: str


class State:
    """The tables of one payroll. `new_id` names a record: employee, department, schedule, payroll or cheque."""

    def __init__(self, settings: Settings, tables: Tables, new_id: NewId) -> None:
        self.settings = settings
        self.tables = tables
        self.new_id = new_id
        self.departments: Table[Department] = Table(lambda each: each.id, name=lambda each: each.name)
        self.schedules: Table[PaySchedule] = Table(lambda each: each.id, name=lambda each: each.name)
        self.employees: Table[Employee] = Table(lambda each: each.id, schedule=lambda each: each.schedule)
        self.runs: Table[Run] = Table(lambda each: each.id, period=Run.taken_period)
        self.types: dict[str, EarningType] = dict(TYPES)
        self.hours: dict[str, Mapping[date, Decimal]] = {}
        self.sums = Accumulators()
        #: Since which day of service somebody's pay was changed after it was paid.
        self.retro_from: dict[str, date] = {}

    def fork(self, new_id: NewId) -> State:
        """An independent copy that shares the records."""
        twin = State(self.settings, self.tables, new_id)
        twin.departments = self.departments.fork()
        twin.schedules = self.schedules.fork()
        twin.employees = self.employees.fork()
        twin.runs = self.runs.fork()
        twin.types = dict(self.types)
        twin.hours = dict(self.hours)
        twin.sums = self.sums.fork()
        twin.retro_from = dict(self.retro_from)
        return twin

    def employee(self, id: str) -> Employee:
        """An employee; refuses (`NotFound`) an unknown id."""
        return _found(self.employees.get(id), "employee", id)

    def schedule(self, id: str) -> PaySchedule:
        """A pay schedule by id or by name; refuses (`NotFound`) an unknown one. "" is the first there is."""
        if not id:
            return _found(next(iter(self.schedules), None), "pay schedule", id)
        return _found(self.schedules.get(id) or self.schedules.first("name", id), "pay schedule", id)

    def department(self, id: str) -> Department:
        """A department by id or by name; refuses (`NotFound`) an unknown one."""
        return _found(self.departments.get(id) or self.departments.first("name", id), "department", id)

    def run(self, id: str) -> Run:
        """A run; refuses (`NotFound`) an unknown id."""
        return _found(self.runs.get(id), "payroll", id)

    def hours_of(self, employee: str) -> Mapping[date, Decimal]:
        """An employee's time sheet."""
        return self.hours.get(employee, _NO_HOURS)

    def centres(self, employee: Employee) -> Callable[[Place], tuple[tuple[str, Decimal], ...]]:
        """Whose cost an employee is in a place; refuses (`WithoutCostCentre`) where nobody said."""

        def of(place: Place) -> tuple[tuple[str, Decimal], ...]:
            if place.splits:
                return place.splits
            department = self.departments.get(place.department)
            centre = department.cost_centre if department else ""
            if not centre and self.settings.needs_cost_centres:
                raise WithoutCostCentre(department.name if department else place.department, employee.id)
            return ((centre, Decimal(1)),)

        return of


R = TypeVar("R")


def _found(record: R | None, kind: str, id: str) -> R:
    if record is None:
        raise NotFound(kind, id)
    return record
