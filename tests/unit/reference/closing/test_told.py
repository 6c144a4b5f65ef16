"""What an operator tells of a cost is refused at once where it cannot be one, with the way to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest

from simharness.reference.closing import told
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping import load
from simharness.reference.posting.tasks import Task, Tasks

MAPPING = load(Path(str(files("simharness"))) / "reference" / "mappings" / "us-saas-month-end")
COST = {
    "id": "audit", "account": "6310", "amount": "100.00", "currency": "USD", "from": "2026-01-01", "to": "2026-02-28",
}  # fmt: skip


class Memory:
    """Tasks, as far as telling needs them."""

    def __init__(self) -> None:
        self.taken: list[Task] = []

    def found(self, kind: str, label: str) -> list[Task]:
        return [task for task in self.taken if (task.kind, task.label) == (kind, label)]

    def take(self, tasks: Iterable[Task]) -> int:
        self.taken += tasks
        return len(self.taken)


def take(memory: Memory, kind: str, **changes: str) -> None:
    told.take(cast("Tasks", memory), MAPPING, kind, {**COST, **changes})


def test_what_is_told_again_in_the_same_words_is_one() -> None:
    memory = Memory()
    for _ in range(2):
        take(memory, told.ACCRUE)
    (task,) = memory.taken
    assert (task.reference, str(task.amount)) == ("close:accrual:audit", "100.00")


def test_what_is_told_otherwise_needs_a_name_of_its_own() -> None:
    memory = Memory()
    take(memory, told.PREPAID)
    with pytest.raises(ConfigurationError, match="was told otherwise before"):
        take(memory, told.PREPAID, amount="101.00")
    take(memory, told.PREPAID, id="audit-2", amount="101.00")
    take(memory, told.ACCRUE)
    assert len(memory.taken) == 3


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (told.ACCRUE, {"id": ""}, "called ''"),
        (told.ACCRUE, {"id": "a b"}, "called 'a b'"),
        (told.ACCRUE, {"id": "a:b"}, "called 'a:b'"),
        (told.ACCRUE, {"amount": "0"}, "is no amount of USD"),
        (told.ACCRUE, {"amount": "-5.00"}, "is no amount of USD"),
        (told.ACCRUE, {"amount": "5.001"}, "is no amount of USD"),
        (told.ACCRUE, {"amount": "Infinity"}, "is no amount of USD"),
        (told.ACCRUE, {"amount": "much"}, "cannot be read"),
        (told.ACCRUE, {"from": "1 January"}, "cannot be read"),
        (told.ACCRUE, {"currency": "EUR"}, "is in EUR"),
        (told.ACCRUE, {"account": ""}, "names no account"),
        (told.ACCRUE, {"from": "2026-01-31", "to": "2026-02-01"}, "no day of service"),  # a weekend
        (told.PREPAID, {"from": "2026-03-01"}, "no day of service"),
        (told.PREPAID, {"by": "week"}, "cannot go by week"),
        (told.PREPAID, {"by": "month", "from": "2026-01-02"}, "cannot go by month"),
    ],
)
def test_what_is_no_cost_of_a_service_is_refused(kind: str, changes: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        take(Memory(), kind, **changes)
    assert refused.value.mend


def test_an_account_is_found_by_number_or_name_and_taken_as_said_otherwise() -> None:
    assert told.account_of(MAPPING, "2050") == told.account_of(MAPPING, "Accrued expenses")
    assert told.account_of(MAPPING, "6310").number == "6310"
