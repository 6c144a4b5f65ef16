"""The work of a payroll's tasks: a journal each, and nobody named in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import msgspec

from simharness.reference.errors import NotYet
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.payroll import PayrollRules
from simharness.reference.payroll import journal
from simharness.reference.payroll.run import Run
from simharness.reference.posting.tasks import NEW, Nothing, Plan, Task, Tasks

RUN, RETRO, REMITTANCE = "payroll", "payroll_retro", "payroll_remittance"
RUN_UNDONE, RETRO_UNDONE = "payroll_cancelled", "payroll_retro_cancelled"
REFERENCE = "gusto:payroll:"
#: Behind the reference of what was taken back before the provider collected.
CANCELLED = ":cancelled"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What of a run another journal is about: `month` of one of retro pay, `of` the reference that is taken back."""

    run: Run
    month: str = ""
    of: str = ""


class Payrolls:
    """One journal a run, on the day that the policy says. What else it causes follows once it is in the ledger."""

    def __init__(self, entries: Entries, rules: PayrollRules) -> None:
        self._entries, self._rules = entries, rules

    def plan(self, task: Task) -> Plan | Nothing:
        """Expenses by cost centre against what is owed and what will be collected."""
        run = run_of(task)
        sides = journal.of_run(run, self._rules)
        return _plan(self._entries, sides, journal.day_of(run, self._rules), journal.words_of(run, self._rules))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Journals of earlier months, and the provider's taking over of the taxes."""
        del ledger_id, memo
        run, again = run_of(task), _again(task)
        for month, sides in journal.in_their_months(run, self._rules):
            yield Task(
                reference=f"{_retro(run, month)}{again}",
                kind=RETRO,
                at_s=task.at_s,
                facts=msgspec.json.encode(Part(run=run, month=month)).decode(),
                amount=journal.total(sides),
            )
        if any(owed.by_provider for owed in run.owed):
            yield Task(
                reference=f"{_remittance(run)}{again}",
                kind=REMITTANCE,
                at_s=task.at_s,
                facts=msgspec.json.encode(Part(run=run)).decode(),
                amount=abs(run.tax_debit),
            )


class Retros:
    """Pay for an earlier month in a journal of that month; where it is closed, on the first open day."""

    def __init__(self, entries: Entries, rules: PayrollRules) -> None:
        self._entries, self._rules = entries, rules

    def plan(self, task: Task) -> Plan | Nothing:
        """Wages of the month against accrued wages, dated its last day."""
        part = msgspec.json.decode(task.facts, type=Part)
        sides = dict(journal.in_their_months(part.run, self._rules)).get(part.month, ())
        words = f"Retro pay of {part.month}, paid {part.run.cheque_on}"
        return _plan(self._entries, sides, journal.last_day(part.month), words)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return iter(())


class Remittances:
    """On the day of its debit the provider takes over what is owed to the agencies."""

    def __init__(self, entries: Entries, zone: ZoneInfo) -> None:
        self._entries, self._zone = entries, zone

    def plan(self, task: Task) -> Plan | Nothing:
        """Each agency's liability against payroll clearing. Raises `NotYet` before the day."""
        run = msgspec.json.decode(task.facts, type=Part).run
        if datetime.now(self._zone).date() < run.debit_on:
            raise NotYet(f"the provider collects on {run.debit_on}")
        sides = journal.of_remittance(run)
        return _plan(self._entries, sides, run.debit_on, f"Payroll taxes taken over by the provider, {run.trace}")

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows: the bank line is a task of its own."""
        del task, ledger_id, memo
        return iter(())


class Undone:
    """A run that was processed and taken back before the provider collected: the exact negative of what was posted."""

    def __init__(self, tasks: Tasks, entries: Entries, rules: PayrollRules) -> None:
        self._tasks, self._entries, self._rules = tasks, entries, rules

    def plan(self, task: Task) -> Plan | Nothing:
        """On the same day as what it takes back. Raises `NotYet` while that is on its way."""
        part = msgspec.json.decode(task.facts, type=Part)
        if self._tasks.state(part.of) == NEW:
            raise NotYet(f"{part.of} is on its way")
        posted = self._tasks.done_of(part.of)
        if posted is None:  # it was refused, and nobody needs it any more
            self._tasks.drop(part.of)
        if posted is None or not posted[0]:
            return Nothing()
        if part.month:
            sides = dict(journal.in_their_months(part.run, self._rules)).get(part.month, ())
            day = journal.last_day(part.month)
        else:
            sides, day = journal.of_run(part.run, self._rules), journal.day_of(part.run, self._rules)
        back = tuple(replace(side, amount=-side.amount) for side in sides)
        return _plan(self._entries, back, day, f"Payroll of {part.run.cheque_on} was cancelled")

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing is taken over by the provider, and what was posted in other months is taken back there."""
        del ledger_id, memo
        part = msgspec.json.decode(task.facts, type=Part)
        if part.month:
            return
        again = part.of.removeprefix(f"{REFERENCE}{part.run.id}")
        self._tasks.drop(f"{_remittance(part.run)}{again}")
        for month, _ in journal.in_their_months(part.run, self._rules):
            yield undoing(task, Part(run=part.run, month=month, of=f"{_retro(part.run, month)}{again}"), RETRO_UNDONE)


def undoing(task: Task, part: Part, kind: str) -> Task:
    """The task that takes something back."""
    return Task(
        reference=f"{part.of}{CANCELLED}",
        kind=kind,
        at_s=task.at_s,
        facts=msgspec.json.encode(part).decode(),
        amount=task.amount,
    )


def standing(tasks: Tasks, run_id: str) -> tuple[str, bool]:
    """The reference of a run, and whether a journal stands under it: a run that was cancelled and processed again has
    the next one, `...:2`.
    """
    for number in count(1):
        reference = f"{REFERENCE}{run_id}" + (f":{number}" if number > 1 else "")
        if is_cancelled(tasks, reference):
            continue
        return reference, tasks.knows(reference)
    raise AssertionError("numbers do not end")


def is_cancelled(tasks: Tasks, reference: str) -> bool:
    """Whether a run was taken back before it was collected, by this installation or an earlier one."""
    return bool(tasks.state(f"{reference}{CANCELLED}"))


def run_of(task: Task) -> Run:
    """The run of a `payroll` task."""
    return msgspec.json.decode(task.facts, type=Run)


def _again(task: Task) -> str:
    """What stands behind the id in the reference of a run: "", or `:2` of one that was processed again."""
    return task.reference.removeprefix(f"{REFERENCE}{run_of(task).id}")


def _retro(run: Run, month: str) -> str:
    return f"gusto:retro:{run.id}:{month}"


def _remittance(run: Run) -> str:
    return f"gusto:remittance:{run.id}"


def _plan(entries: Entries, sides: tuple[Side, ...], day: date, words: str) -> Plan | Nothing:
    if not sides:
        return Nothing()
    body = entries.journal(*sides, words=words)
    return Plan(entity="JournalEntry", body=body, day=day, amount=journal.total(sides))
