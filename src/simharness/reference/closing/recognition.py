"""The entries by which deferred revenue becomes revenue: one a deal line and period, at the period's end.

What was not recognised of earlier periods, because they were not asked for or because a document came late, is in the
entry of the next one. Asking again for a period posts only what a later document made of it, under a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.closing.period import Period
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.posting.tasks import Nothing, Plan, Task, Tasks
from simharness.reference.recognition.deferrals import Deferral, Deferrals

KIND = "recognition"

_encode = msgspec.json.Encoder(decimal_format="string").encode


class Recognised(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: so much of a line becomes revenue of an account on the last day of a period (negative: goes back)."""

    line_id: str
    day: date
    amount: Decimal
    account: str
    income: str
    product: str
    cost_centre: str = ""


class Recognition:
    """What becomes revenue at a period's end; also the work of its tasks."""

    def __init__(self, deferrals: Deferrals, tasks: Tasks, entries: Entries) -> None:
        self._deferrals, self._tasks, self._entries = deferrals, tasks, entries

    def tasks(self, period: Period) -> Iterable[Task]:
        """An entry of every line of which more, or less, is revenue by then than was recognised."""
        for line_id, deferrals in self._deferrals.by_line().items():
            before = self._tasks.found(KIND, _label(line_id))
            if any(_read(each).day > period.last for each in before):
                continue  # a later period has everything up to its end; what came late is in the next one's entry
            done = sum((_read(each).amount for each in before), ZERO)
            amount = self._deferrals.recognised(deferrals, period.last) - done
            if amount:
                yield _task(deferrals[-1], amount, period, len([each for each in before if _of(each, period)]))

    def plan(self, task: Task) -> Plan | Nothing:
        """From the liability to revenue, on the last day of the period, both of the cost centre that the line bears."""
        facts = _read(task)
        body = self._entries.journal(
            Side(role=facts.account, amount=facts.amount, cost_centre=facts.cost_centre),
            Side(role=facts.income, amount=-facts.amount, cost_centre=facts.cost_centre),
            words=f"Revenue of {facts.product}, deal line {facts.line_id}",
        )
        return Plan(entity="JournalEntry", body=body, day=facts.day, amount=abs(facts.amount))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()


def _task(deferral: Deferral, amount: Decimal, period: Period, earlier: int) -> Task:
    of = deferral.of
    facts = Recognised(
        line_id=of.line_id,
        day=period.last,
        amount=amount,
        account=of.account,
        income=of.income,
        product=of.product,
        cost_centre=of.cost_centre,
    )
    again = f":{earlier + 1}" if earlier else ""
    return Task(
        reference=f"close:recognition:{of.line_id}:{period}{again}",
        kind=KIND,
        at_s=int(datetime.combine(period.last, time(), UTC).timestamp()),
        facts=_encode(facts).decode(),
        amount=abs(amount),
        label=_label(of.line_id),
    )


def _read(task: Task) -> Recognised:
    return msgspec.json.decode(task.facts, type=Recognised)


def _label(line_id: str) -> str:
    return f"{KIND}:{line_id}"


def _of(task: Task, period: Period) -> bool:
    return _read(task).day == period.last
