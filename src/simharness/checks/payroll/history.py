"""From what was told of an employee to the cheques that the runs must have made.

Nothing is accumulated: whatever a run needs of the past it sums anew over the cheques that stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, exact
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.earnings import already_paid, earned_on
from simharness.checks.payroll.law import Laws
from simharness.checks.payroll.paying import Earnings, cheque_of
from simharness.checks.payroll.periods import days_between
from simharness.checks.payroll.terms import OffCycle, Person, Placed, Regular, Run, Step, TakenBack, Terms


def expected_cheques(laws: Laws, person: Person, steps: Sequence[Step]) -> dict[str, Cheque]:
    """What each run must pay, by its id; runs that were taken back are there too, as they were.

    A run that finds nothing to pay makes no cheque. Raises `UsageError` where the law of a year, a filing status or a
    state is not shipped.
    """
    terms = Terms(person=person)
    cheques: dict[str, Cheque] = {}
    void: set[str] = set()
    for step in steps:
        terms = terms.told(step)
        if isinstance(step, TakenBack):
            void.add(step.run)
        elif isinstance(step, Regular | OffCycle):
            standing = tuple(cheque for run, cheque in cheques.items() if run not in void)
            earnings = _earnings(terms, step, standing)
            if earnings.lines:
                cheques[step.run] = cheque_of(laws, terms, step, earnings, standing)
    return cheques


def _earnings(terms: Terms, run: Run, standing: Sequence[Cheque]) -> Earnings:
    entered = tuple(_entered(code, amount) for code, amount in run.items)
    if run.period is None:
        return Earnings(lines=entered, centres=_centres(terms, {run.service_to: Fraction(1)}))
    paid = {day for cheque in standing if cheque.period == run.period for day in cheque.days}
    days = [day for day in days_between(run.service_from, run.service_to) if day not in paid]
    earned = earned_on(terms, days, run.period)
    retro = [
        Line(kind="earning", code="retro", amount=missing, service=earlier)
        for earlier in sorted({cheque.period for cheque in standing if cheque.period})
        if earlier < run.period and (missing := _recomputed(terms, earlier, standing) - already_paid(standing, earlier))
    ]
    weights = earned.by_day if any(earned.by_day.values()) else {run.service_to: Fraction(1)}
    return Earnings(
        lines=(*earned.lines, *entered, *retro), centres=_centres(terms, weights), days=frozenset(earned.by_day)
    )


def _entered(code: str, amount: Decimal) -> Line:
    kind = "reimbursement" if code == "reimbursement" else "earning"
    return Line(kind=kind, code=code, amount=amount, cash=code != "non_cash", entered=True)


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
    due = [place for place in places if place.from_day <= day]
    if due:
        return max(enumerate(due), key=lambda pair: (pair[1].from_day, pair[0]))[1]
    return Placed(from_day=day, shares=())
