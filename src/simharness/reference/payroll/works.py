"""The work of `payroll`, `payroll_retro` and `payroll_remittance` tasks: a journal each, and nobody named in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from simharness.reference.errors import NotYet
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.payroll import PayrollRules
from simharness.reference.payroll import journal
from simharness.reference.payroll.run import Run
from simharness.reference.posting.tasks import Nothing, Plan, Task

RUN, RETRO, REMITTANCE = "payroll", "payroll_retro", "payroll_remittance"
REFERENCE = "gusto:payroll:"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What of a run another journal is about: `month` of one of retro pay."""

    run: Run
    month: str = ""


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
        run = run_of(task)
        for month, sides in journal.in_their_months(run, self._rules):
            yield Task(
                reference=f"gusto:retro:{run.id}:{month}",
                kind=RETRO,
                at_s=task.at_s,
                facts=msgspec.json.encode(Part(run=run, month=month)).decode(),
                amount=journal.total(sides),
            )
        if any(owed.by_provider for owed in run.owed):
            yield Task(
                reference=f"gusto:remittance:{run.id}",
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


def run_of(task: Task) -> Run:
    """The run of a `payroll` task."""
    return msgspec.json.decode(task.facts, type=Run)


def _plan(entries: Entries, sides: tuple[Side, ...], day: date, words: str) -> Plan | Nothing:
    if not sides:
        return Nothing()
    body = entries.journal(*sides, words=words)
    return Plan(entity="JournalEntry", body=body, day=day, amount=journal.total(sides))
