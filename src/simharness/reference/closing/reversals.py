"""What is posted at the end of a period and taken back, exactly, on the day after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.model import Account
from simharness.reference.posting.tasks import Plan, Task

JOURNAL = "JournalEntry"
#: The kind of these tasks; the reference of one is that of what it takes back, with this word before it.
KIND, REFERENCE = "reversal", "close:reversal:"
_CLOSE = "close:"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One side of an entry of a period's end: by role, or by an account that was named."""

    amount: Decimal
    role: str = ""
    account: Account | None = None
    cost_centre: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Such an entry: its sides, its words, and its day."""

    day: date
    lines: tuple[Line, ...]
    words: str = ""

    @property
    def amount(self) -> Decimal:
        """Its debits."""
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    def encoded(self) -> str:
        """As text, for a task to remember."""
        return msgspec.json.encode(self).decode()

    def plan(self, entries: Entries) -> Plan:
        """A journal on its own day and on no other."""
        sides = [
            Side(amount=line.amount, role=line.role, account=line.account, cost_centre=line.cost_centre)
            for line in self.lines
        ]
        body = entries.journal(*sides, words=self.words)
        return Plan(entity=JOURNAL, body=body, day=self.day, amount=self.amount, memo=self.encoded(), pinned=True)


def read(text: str) -> Entry:
    """An entry that a task remembers."""
    return msgspec.json.decode(text, type=Entry)


def seconds(day: date) -> int:
    """The order of tasks of a day."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def reversal_of(task: Task, memo: str, on: date) -> Task:
    """The task that takes back what a posted task remembers as its entry."""
    posted = read(memo)
    lines = tuple(msgspec.structs.replace(line, amount=-line.amount) for line in posted.lines)
    back = Entry(day=on, lines=lines, words=f"Reversal: {posted.words}")
    return Task(
        reference=REFERENCE + task.reference.removeprefix(_CLOSE),
        kind=KIND,
        at_s=task.at_s + 1,
        facts=back.encoded(),
        amount=back.amount,
        label=task.label,
    )


class Reversals:
    """The work of `reversal` tasks."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def plan(self, task: Task) -> Plan:
        """The exact negative of what was posted."""
        return read(task.facts).plan(self._entries)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()
