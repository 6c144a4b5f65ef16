"""Costs that were paid in advance: an asset that becomes a cost by the days, or the months, of its service.

Each part is what is due by the end of the period less the parts before it, so that a late one catches up, the last one
takes the cent, and together they never pass the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.arithmetic.service import elapsed, share
from simharness.reference.closing import told
from simharness.reference.closing.period import Period
from simharness.reference.closing.reversals import Entry, Line, read, seconds
from simharness.reference.errors import NotYet
from simharness.reference.ledger.entries import Entries
from simharness.reference.mapping.model import Mapping
from simharness.reference.posting.tasks import NEW, REJECTED, Nothing, Plan, Task, Tasks

KIND = "prepaid_part"
#: The account on which costs wait that were paid in advance.
ROLE = "prepaid"


class Prepaids:
    """The work of `prepaid` tasks: what was told, and its first entry where the account that bore it was named."""

    def __init__(self, entries: Entries, mapping: Mapping) -> None:
        self._entries, self._mapping = entries, mapping

    def plan(self, task: Task) -> Plan | Nothing:
        """From the account that bore it to the asset; nothing where somebody else has posted that."""
        cost = told.read(task)
        if not cost.against:
            return Nothing()
        against = told.account_of(self._mapping, cost.against)
        lines = (Line(amount=cost.amount, role=ROLE), Line(amount=-cost.amount, account=against))
        words = f"Paid in advance for {cost.service_from} to {cost.service_to}"
        entry = Entry(day=cost.day, lines=lines, words=words).plan(self._entries)
        return Plan(entity=entry.entity, body=entry.body, day=entry.day, amount=entry.amount)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Its parts are asked for at the ends of periods."""
        del task, ledger_id, memo
        return ()


class PrepaidParts:
    """Makes and does `prepaid_part` tasks, labelled by the reference of what was told."""

    def __init__(self, tasks: Tasks, entries: Entries, mapping: Mapping) -> None:
        self._tasks, self._entries, self._mapping = tasks, entries, mapping

    def tasks(self, period: Period) -> list[Task]:
        """One for each cost whose service has begun; one that was refused is decided again."""
        found = [
            Task(
                reference=f"{cost.reference}:{period}",
                kind=KIND,
                at_s=seconds(period.last),
                facts=cost.facts,
                label=cost.reference,
            )
            for cost in self._tasks.found(told.PREPAID, told.LABEL)
            if told.read(cost).service_from <= period.last
        ]
        for task in found:
            self._tasks.retry(task.reference)
        return found

    def plan(self, task: Task) -> Plan | Nothing:
        """What is due by the end of the period less what the other parts took. Raises `NotYet` while one is on its way,
        or the asset is not there.
        """
        cost, period = told.read(task), Period.parse(task.reference.rpartition(":")[2])
        if self._tasks.state(task.label) in (NEW, REJECTED):
            raise NotYet
        parts = [each for each in self._tasks.found(KIND, task.label) if each.reference != task.reference]
        if any(self._tasks.state(each.reference) == NEW and each.reference < task.reference for each in parts):
            raise NotYet
        done, whole = elapsed(cost.service_from, cost.service_to, period.last, cost.by)
        due = share(cost.amount, done, whole, self._mapping.cents())
        amount = due - sum((self._taken(each) for each in parts), ZERO)
        if amount <= 0:
            return Nothing()
        account = told.account_of(self._mapping, cost.account)
        lines = (
            Line(amount=amount, account=account, cost_centre=cost.cost_centre),
            Line(amount=-amount, role=ROLE),
        )
        unit = "months" if cost.by == "month" else "days"
        words = f"{done} of {whole} {unit} from {cost.service_from} to {cost.service_to}"
        return Entry(day=period.last, lines=lines, words=words).plan(self._entries)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()

    def _taken(self, part: Task) -> Decimal:
        """What a part came to; nothing of one that posted nothing."""
        found = self._tasks.done_of(part.reference)
        return read(found[1]).amount if found is not None and found[0] else ZERO
