"""Costs that are known and not billed yet: accrued at each end of a period that cuts their service, and reversed on the
next day, so that the bill meets an expense that is there once.

Accrued is what falls up to that day, by workdays, from the beginning of the service. A service that ended within the
period is not accrued: its bill is in the books by then, or an adjustment is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from simharness.reference.arithmetic.service import share, workdays
from simharness.reference.closing import told
from simharness.reference.closing.period import Period
from simharness.reference.closing.reversals import Entry, Line, read, reversal_of, seconds
from simharness.reference.ledger.entries import Entries
from simharness.reference.mapping.model import Mapping
from simharness.reference.posting.tasks import Plan, Task, Tasks

KIND = "accrual"
#: The account that owes what is accrued, unless another one was told.
ROLE = "accrued_expenses"


class Accruals:
    """Makes and does `accrual` tasks."""

    def __init__(self, tasks: Tasks, entries: Entries, mapping: Mapping) -> None:
        self._tasks, self._entries, self._mapping = tasks, entries, mapping

    def tasks(self, period: Period) -> list[Task]:
        """One for each cost whose service the end of the period cuts; one that was refused is decided again."""
        cut = [each for each in map(told.read, self._tasks.found(told.ACCRUE, told.LABEL)) if _cuts(period, each)]
        found = [task for each in cut if (task := self._task(period, each)).amount]
        for task in found:
            self._tasks.retry(task.reference)
        return found

    def plan(self, task: Task) -> Plan:
        """A journal on the last day of the period."""
        return read(task.facts).plan(self._entries)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """It is reversed on the next day."""
        del ledger_id
        return [reversal_of(task, memo, read(memo).day + timedelta(days=1))]

    def _task(self, period: Period, cost: told.Told) -> Task:
        done, whole = (workdays(cost.service_from, day) for day in (period.last, cost.service_to))
        amount = share(cost.amount, done, whole, self._mapping.cents())
        owed = (
            Line(amount=-amount, account=told.account_of(self._mapping, cost.against))
            if cost.against
            else Line(amount=-amount, role=ROLE)
        )
        account = told.account_of(self._mapping, cost.account)
        entry = Entry(
            day=period.last,
            lines=(Line(amount=amount, account=account, cost_centre=cost.cost_centre), owed),
            words=f"{done} of {whole} workdays from {cost.service_from} to {cost.service_to}",
        )
        return Task(
            reference=f"close:accrual:{cost.id}:{period}",
            kind=KIND,
            at_s=seconds(period.last),
            facts=entry.encoded(),
            amount=amount,
        )


def _cuts(period: Period, cost: told.Told) -> bool:
    return cost.service_from <= period.last <= cost.service_to
