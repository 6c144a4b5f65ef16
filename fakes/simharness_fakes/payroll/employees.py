"""Who is paid what, where: terms of pay and places by the day from which they hold. No personal data.

A dialect keeps name, number, address and bank account beside this, under the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from simharness.core.money import Money
from simharness.domain import payroll
from simharness.domain.base import Record
from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll.refusals import BadValue, SplitsDoNotSum

SALARY, HOURLY = "salary", "hourly"
METHODS = ("direct_deposit", "check")


class FromDay(Record, frozen=True, kw_only=True):
    """Something that holds from a day on."""

    from_day: date


class PayTerm(FromDay, frozen=True, kw_only=True):
    """Pay from a day on. `basis`: salary (`rate` a year, no overtime) or hourly (`rate` an hour)."""

    basis: str
    rate: Money


class Place(FromDay, frozen=True, kw_only=True):
    """Where somebody works from a day on: a department, and cost centres of one's own with their shares, if any."""

    department: str
    splits: tuple[tuple[str, Decimal], ...] = ()


class Employee(Record, frozen=True, kw_only=True):
    """Somebody who is paid: `terms` and `places` ascend by day. `ended` is the last day of employment."""

    id: str
    hired: date
    state: str
    schedule: str
    terms: tuple[PayTerm, ...]
    places: tuple[Place, ...]
    ended: date | None = None
    withholding: payroll.Withholding = payroll.Withholding()
    deductions: tuple[DeductionSpec, ...] = ()
    method: str = "direct_deposit"
    version: str = ""

    def days(self, service_from: date, service_to: date) -> tuple[date, date] | None:
        """The first and last day of employment within some days; None if there is none."""
        first = max(service_from, self.hired)
        last = min(service_to, self.ended or service_to)
        return (first, last) if first <= last else None

    def term_on(self, day: date) -> PayTerm:
        """The terms of pay of a day; those of the first day before it."""
        return held(self.terms, day)

    def place_on(self, day: date) -> Place:
        """The place of a day; that of the first day before it."""
        return held(self.places, day)

    def canonical(self, day: date, schedule: str) -> payroll.Employee:
        """The employee as checks know them on a day; `schedule` is the frequency of theirs."""
        term, place = self.term_on(day), self.place_on(day)
        return payroll.Employee(
            id=self.id,
            department=place.department,
            state=self.state,
            hired=self.hired,
            ended=self.ended,
            active=self.ended is None or day <= self.ended,
            splits=place.splits,
            filing_status=self.withholding.filing_status,
            withholding=self.withholding,
            schedule=schedule,
            basis=term.basis,
            pay=term.rate,
        )


Dated = TypeVar("Dated", bound=FromDay)


def held(dated: Sequence[Dated], day: date) -> Dated:
    """What holds on a day; before the first, the first."""
    return next((each for each in reversed(dated) if each.from_day <= day), dated[0])


def with_change(dated: Sequence[Dated], change: Dated) -> tuple[Dated, ...]:
    """The history with what holds from a day on; a change of the same day is replaced."""
    day = change.from_day
    return (
        *(each for each in dated if each.from_day < day),
        change,
        *(each for each in dated if each.from_day > day),
    )


def parts(dated: Sequence[Dated], first: date, last: date) -> list[tuple[date, date, Dated]]:
    """The days from a first to a last, cut where something else begins to hold, with what holds."""
    cuts = [first, *(each.from_day for each in dated if first < each.from_day <= last)]
    ends = [cut - timedelta(days=1) for cut in cuts[1:]] + [last]
    return [(start, end, held(dated, start)) for start, end in zip(cuts, ends, strict=True)]


def checked(employee: Employee) -> Employee:
    """The employee, if the record can be: refuses bad pay, a bad way to pay and shares that are not 1 together."""
    for term in employee.terms:
        if term.basis not in (SALARY, HOURLY):
            raise BadValue("basis", term.basis, "it is salary or hourly")
        if term.rate.amount < 0:
            raise BadValue("rate", term.rate, "pay is not negative")
    if not employee.terms or not employee.places:
        raise BadValue("employee", employee.id, "an employee has pay and a department")
    if employee.method not in METHODS:
        raise BadValue("method", employee.method, f"it is one of {', '.join(METHODS)}")
    if employee.ended is not None and employee.ended < employee.hired:
        raise BadValue("ended", employee.ended, f"the employee was hired on {employee.hired}")
    for place in employee.places:
        total = sum((share for _, share in place.splits), Decimal(0))
        if place.splits and (total != 1 or any(share <= 0 for _, share in place.splits)):
            raise SplitsDoNotSum(f"employee {employee.id}", total)
    return employee
