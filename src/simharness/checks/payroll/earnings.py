"""What a pay period earns under the terms known today, and what of earlier periods is still to be paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from simharness.checks.payroll.cents import NOTHING, cents, exact
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.hours import overtime
from simharness.checks.payroll.periods import days_between, periods_of
from simharness.checks.payroll.terms import Pay, Person, Terms

#: Earnings that come from the terms, and so are what retro pay makes up for.
REGULAR = frozenset({"salary", "hourly", "overtime", "double_overtime"})
_FACTORS: Mapping[str, Fraction] = MappingProxyType(
    {"hourly": Fraction(1), "overtime": Fraction(3, 2), "double_overtime": Fraction(2)}
)
_SATURDAY = 5


def pay_on(pays: Sequence[Pay], day: dt.date) -> Pay | None:
    """The pay of a day: of those from this day or before the latest, and of equal days the one told last."""
    due = [pay for pay in pays if pay.from_day <= day]
    return max(enumerate(due), key=lambda pair: (pair[1].from_day, pair[0]))[1] if due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """The earnings of a pay period: its lines, and what each day contributed, not rounded."""

    lines: tuple[Line, ...]
    by_day: Mapping[dt.date, Fraction]


def earned_on(terms: Terms, days: Iterable[dt.date], period: tuple[dt.date, dt.date]) -> Earned:
    """The earnings of days of one pay period under the terms known now; days without employment earn nothing.

    A salary is a year's through the number of periods, each counted day at the rate of that day; so a period that is
    employed throughout at one rate earns exactly that part of the year.
    """
    person = terms.person
    counted = _counted(person, *period)
    told = overtime(terms.hours, person.state, person.week_starts)
    worked = dict.fromkeys(("salary", *_FACTORS), NOTHING)
    earned, by_day = dict(worked), dict.fromkeys(employed(terms, days), NOTHING)
    for day in by_day:
        pay = pay_on(terms.pays, day)
        if pay is None:
            continue
        if pay.basis == "salary":
            parts = {"salary": exact(pay.rate) / (periods_of(person.schedule) * len(counted))} if day in counted else {}
        else:
            hours = told.get(day, {})
            parts = {code: part * _FACTORS[code] * exact(pay.rate) for code, part in hours.items()}
            worked.update({code: worked[code] + part for code, part in hours.items()})
        by_day[day] = sum(parts.values(), NOTHING)
        earned.update({code: earned[code] + part for code, part in parts.items()})
    lines = (_line(code, earned[code], worked[code]) for code in earned if earned[code])
    return Earned(lines=tuple(lines), by_day=by_day)


def employed(terms: Terms, days: Iterable[dt.date]) -> list[dt.date]:
    """Those of the days on which the employee is one, in their order."""
    last = terms.ended or dt.date.max
    return sorted(day for day in days if terms.person.hired <= day <= last)


def _counted(person: Person, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The days of a period that its salary is spread over, by what the employer declares."""
    days = days_between(first, last)
    return frozenset(day for day in days if person.proration == "calendar" or day.weekday() < _SATURDAY)


def _line(code: str, earned: Fraction, worked: Fraction) -> Line:
    hours = Decimal(worked.numerator) / worked.denominator if worked else None
    return Line(kind="earning", code=code, amount=cents(earned), hours=hours)


def already_paid(cheques: Iterable[Cheque], period: tuple[dt.date, dt.date]) -> Decimal:
    """What the standing cheques paid for the days of a pay period, corrections of it included.

    A correction is retro pay for the period, or what was entered as pay for days in it: those that were stated with the
    amount, or else those of a run that pays no days itself.
    """
    paid = Decimal(0)
    for cheque in cheques:
        for line in cheque.lines:
            own = line.code in REGULAR and not line.entered and cheque.period == period
            days = line.service or (cheque.service if line.entered and not cheque.days else None)
            within = days is not None and period[0] <= days[0] and days[1] <= period[1]
            corrects = within and line.code in (*REGULAR, "retro")
            if line.kind == "earning" and (own or corrects):
                paid += line.amount
    return paid
