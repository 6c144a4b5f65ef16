"""From what was told of an employee to the cheques that the runs must have made.

Nothing is accumulated: whatever a run needs of the past it sums anew over the cheques that stand. Retro pay is found
for the pay periods that a change told since the last run reaches back to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, exact
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.earnings import already_paid, earned_on, employed
from simharness.checks.payroll.law import Laws
from simharness.checks.payroll.paying import Earnings, cheque_of
from simharness.checks.payroll.periods import days_between
from simharness.checks.payroll.supplemental import SUPPLEMENTAL
from simharness.checks.payroll.terms import (
    Ended,
    HoursWorked,
    OffCycle,
    Pay,
    Person,
    Placed,
    Regular,
    Run,
    Step,
    TakenBack,
    Terms,
)

_SATURDAY = 5


def expected_cheques(laws: Laws, person: Person, steps: Sequence[Step]) -> dict[str, Cheque]:
    """What each run must pay, by its id; runs that were taken back are there too, as they were.

    A run that finds nothing to pay makes no cheque, nor does the regular run of a period without employment. Raises
    `UsageError` where the law of a year, a filing status or a state is not shipped.
    """
    terms = Terms(person=person)
    cheques: dict[str, Cheque] = {}
    void: set[str] = set()
    since = dt.date.max
    for step in steps:
        since = min(since, _reach(terms, step, cheques))
        terms = terms.told(step)
        if isinstance(step, TakenBack):
            void.add(step.run)
        elif isinstance(step, Regular | OffCycle):
            standing = tuple(cheque for run, cheque in cheques.items() if run not in void)
            earnings = _earnings(terms, step, standing, since)
            if earnings.lines:
                cheques[step.run] = cheque_of(laws, terms, step, earnings, standing)
                since = dt.date.max if step.period else since
    return cheques


def _reach(terms: Terms, step: Step, cheques: Mapping[str, Cheque]) -> dt.date:
    """The first day whose pay changes by what is told; the last of all days where none does."""
    day = dt.timedelta(1)
    match step:
        case Pay():
            return step.from_day
        case HoursWorked():
            return min((worked for worked, _ in step.hours), default=dt.date.max)
        case Ended():
            return min(step.last_day, terms.ended or step.last_day) + day
        case TakenBack():
            lines = cheques[step.run].lines if step.run in cheques else ()
            return min((line.service[0] for line in lines if line.service), default=dt.date.max)
        case _:
            return dt.date.max


def _earnings(terms: Terms, run: Run, standing: Sequence[Cheque], since: dt.date) -> Earnings:
    entered = tuple(_entered(terms.person, run, code, amount) for code, amount in run.items)
    if run.period is None:
        return Earnings(lines=entered, centres=_centres(terms, {run.service_to: Fraction(1)}))
    if isinstance(run, Regular) and not employed(terms, days_between(*run.period)):
        return Earnings(lines=(), centres=())
    paid = {day for cheque in standing if cheque.period == run.period for day in cheque.days}
    days = [day for day in days_between(run.service_from, run.service_to) if day not in paid]
    earned = earned_on(terms, days, run.period)
    reached = {cheque.period for cheque in standing if cheque.period and max(cheque.days, default=dt.date.min) >= since}
    retro = [
        Line(kind="earning", code="retro", amount=missing, service=period, supplemental=True)
        for period in sorted(reached)
        if (missing := _recomputed(terms, period, standing) - already_paid(standing, period))
    ]
    weights = (
        earned.by_day if any(earned.by_day.values()) else _workdays(earned.by_day) or {run.service_to: Fraction(1)}
    )
    return Earnings(
        lines=(*earned.lines, *entered, *retro), centres=_centres(terms, weights), days=frozenset(earned.by_day)
    )


def _workdays(days: Iterable[dt.date]) -> dict[dt.date, Fraction]:
    """Days that earned nothing weigh the same, from Monday to Friday."""
    return {day: Fraction(1) for day in days if day.weekday() < _SATURDAY}


def _entered(person: Person, run: Run, code: str, amount: Decimal) -> Line:
    return Line(
        kind="reimbursement" if code == "reimbursement" else "earning",
        code=code,
        amount=amount,
        cash=code != "non_cash",
        service=run.corrects if isinstance(run, OffCycle) else None,
        entered=True,
        supplemental=code in SUPPLEMENTAL or code in person.kept,
    )


def _recomputed(terms: Terms, period: tuple[dt.date, dt.date], standing: Sequence[Cheque]) -> Decimal:
    """What each standing cheque would pay for its days of a period under the terms known now."""
    cheques = (cheque for cheque in standing if cheque.period == period)
    lines = (line for cheque in cheques for line in earned_on(terms, cheque.days, period).lines)
    return sum((line.amount for line in lines), Decimal(0))


def _centres(terms: Terms, weights: Mapping[dt.date, Fraction]) -> tuple[tuple[str, Fraction], ...]:
    """What each cost centre bears of the days, each day with its weight, in the order in which they first come."""
    borne: dict[str, Fraction] = {}
    for day in sorted(weights):
        for centre, share in _place(terms.places, day).shares:
            borne[centre] = borne.get(centre, NOTHING) + weights[day] * exact(share)
    return tuple(borne.items())


def _place(places: Sequence[Placed], day: dt.date) -> Placed:
    """Where the employee is on a day: before the first place, it is that one; of one day, the one told last."""
    if not places:
        return Placed(from_day=day, shares=())
    first = min(place.from_day for place in places)
    due = [place for place in places if place.from_day <= max(day, first)]
    return max(enumerate(due), key=lambda pair: (pair[1].from_day, pair[0]))[1]
