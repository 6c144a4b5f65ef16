"""Wages that are earned by the end of a period and in the books later, from the runs that this program has posted.

A period of pay that the end cuts is accrued by workdays: at what it came to where it was run already, else at what the
period of pay before it came to, which is an estimate. It is reversed on the next day, and the run itself stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.arithmetic.service import share, workdays
from simharness.reference.closing.accruals import KIND
from simharness.reference.closing.period import Period
from simharness.reference.closing.reversals import Entry, Line, seconds
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.mapping.payroll import BY_RUNS
from simharness.reference.payroll.journal import ACCRUED, day_of
from simharness.reference.payroll.run import EARNING, EMPLOYER_BENEFIT, EMPLOYER_TAX, REGULAR, REVERSAL, Run
from simharness.reference.posting.tasks import Task, Tasks

_EARNED = (EARNING, EMPLOYER_TAX, EMPLOYER_BENEFIT)
#: Days of periods that follow each other whatever the month is: these are the ones that the end of a month may cut.
_LENGTHS = (7, 14)
_DAY = timedelta(days=1)

#: What a period of pay costs by account (a role) and cost centre.
_Costs = dict[tuple[str, str], Decimal]
_Span = tuple[date, date]


class Wages:
    """Makes `accrual` tasks; `runs` gives those that are in the books."""

    def __init__(self, tasks: Tasks, runs: Callable[[], list[Run]], mapping: Mapped) -> None:
        self._tasks, self._runs, self._mapping = tasks, runs, mapping

    def tasks(self, period: Period) -> list[Task]:
        """One for each period of pay that the end cuts; one that was refused is decided again."""
        if self._mapping.payroll.accrual != BY_RUNS:
            return []
        found = list(self._cut(period))
        for task in found:
            self._tasks.retry(task.reference)
        return found

    def _cut(self, period: Period) -> Iterator[Task]:
        spans: dict[_Span, _Costs] = {}
        later: set[_Span] = set()
        for run in self._runs():
            if run.kind in (REGULAR, REVERSAL):
                span = (run.service_from, run.service_to)
                _add(spans.setdefault(span, {}), run)
                if day_of(run, self._mapping.payroll) > period.last:
                    later.add(span)
        for span in sorted(spans):
            if span in later and span[0] <= period.last:
                yield from self._task(period, span, spans[span], span)
            following = (span[1] + _DAY, span[1] + (span[1] - span[0]) + _DAY)
            is_due = (span[1] - span[0]).days + 1 in _LENGTHS and following not in spans
            if is_due and following[0] <= period.last < following[1]:
                yield from self._task(period, following, spans[span], span)

    def _task(self, period: Period, span: _Span, costs: Mapping[tuple[str, str], Decimal], of: _Span) -> Iterator[Task]:
        """The part of a period of pay up to the end, at the costs of that `of` which they are."""
        past, whole = workdays(span[0], min(span[1], period.last)), workdays(*of)
        cents = self._mapping.cents()
        lines = [
            Line(amount=share(amount, past, whole, cents), role=role, cost_centre=centre)
            for (role, centre), amount in sorted(costs.items())
        ]
        total = sum((line.amount for line in lines), ZERO)
        if total <= 0:
            return
        known = "as run" if span == of else f"as from {of[0]} to {of[1]}"
        entry = Entry(
            day=period.last,
            lines=(*lines, Line(amount=-total, role=ACCRUED)),
            words=f"{past} of {whole} workdays from {span[0]} to {span[1]}, {known}",
        )
        yield Task(
            reference=f"close:accrual:wages-{span[0]:%Y%m%d}-{span[1]:%Y%m%d}:{period}",
            kind=KIND,
            at_s=seconds(period.last),
            facts=entry.encoded(),
            amount=total,
        )


def _add(costs: _Costs, run: Run) -> None:
    """What the run's own days cost; pay for earlier days is no part of them."""
    for cost in run.costs:
        if cost.kind in _EARNED and cost.cash and not cost.month:
            place = (cost.account, cost.cost_centre)
            costs[place] = costs.get(place, ZERO) + cost.amount
