"""What is told of one employee, in the order in which it became known.

A run knows what was told before it. So a raise that is told late finds its months already paid, which is what retro
pay is for. Amounts are USD; days are days of the employer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeAlias

from simharness.domain.payroll import Withholding
from simharness.domain.people import DeductionSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is paid. `schedule`: weekly, biweekly, semimonthly, monthly.

    `rates` are the employer's own rates of state unemployment tax by code. A workweek begins on `week_starts`, Monday
    being 0. `proration` says which days share a period's salary: workdays (Mondays to Fridays), or calendar days.
    `kept` are codes of earnings that the company keeps itself; they are supplemental wages.
    """

    state: str
    schedule: str
    hired: dt.date
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    week_starts: int = 0
    proration: str = "workdays"
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """From a day on, `rate` a year (salary) or an hour (hourly)."""

    from_day: dt.date
    basis: str
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """From a day on, what the employee costs is borne by these cost centres, in these shares."""

    from_day: dt.date
    shares: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the employee states for income tax; it holds for the runs from now on."""

    withholding: Withholding


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductions:
    """Everything that is taken from the cheques from now on."""

    specs: tuple[DeductionSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursWorked:
    """Hours by day; a day that was told before is replaced."""

    hours: tuple[tuple[dt.date, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last day of employment."""

    last_day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular:
    """The regular run of a pay period, with what was entered by hand for it: (code, amount), such as a bonus.

    Supplemental wages that it finds are taxed as `supplemental` asks: flat or aggregate.
    """

    run: str
    service_from: dt.date
    service_to: dt.date
    cheque_on: dt.date
    items: tuple[tuple[str, Decimal], ...] = ()
    supplemental: str = "flat"

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """The pay period: its first and its last day."""
        return self.service_from, self.service_to


@dataclass(frozen=True, slots=True, kw_only=True)
class OffCycle:
    """A run beside the schedule: what was entered by hand, and the days of service if they are paid.

    `days_of` is the pay period that the days of service belong to, if these are paid as by its regular run, which then
    leaves them out. `deductions`: whether the standing ones are taken; garnishments always are. `corrects` are the days
    that the items are for, where these were paid before.
    """

    run: str
    service_from: dt.date
    service_to: dt.date
    cheque_on: dt.date
    items: tuple[tuple[str, Decimal], ...] = ()
    days_of: tuple[dt.date, dt.date] | None = None
    supplemental: str = "flat"
    deductions: bool = False
    corrects: tuple[dt.date, dt.date] | None = None

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """The pay period of the days that it pays, if it pays any."""
        return self.days_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A run is void for this employee: as if it had never been."""

    run: str


Step: TypeAlias = Pay | Placed | Stated | Deductions | HoursWorked | Ended | Regular | OffCycle | TakenBack
Run: TypeAlias = Regular | OffCycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that was told up to an instant, gathered."""

    person: Person
    pays: tuple[Pay, ...] = ()
    places: tuple[Placed, ...] = ()
    stated: Withholding = field(default_factory=Withholding)
    deductions: tuple[DeductionSpec, ...] = ()
    hours: Mapping[dt.date, Decimal] = field(default_factory=dict)
    ended: dt.date | None = None

    def told(self, step: Step) -> Terms:
        """The terms after one more thing was told; a run tells nothing."""
        match step:
            case Pay():
                return replace(self, pays=(*self.pays, step))
            case Placed():
                return replace(self, places=(*self.places, step))
            case Stated():
                return replace(self, stated=step.withholding)
            case Deductions():
                return replace(self, deductions=step.specs)
            case HoursWorked():
                return replace(self, hours={**self.hours, **dict(step.hours)})
            case Ended():
                return replace(self, ended=step.last_day)
            case _:
                return self
