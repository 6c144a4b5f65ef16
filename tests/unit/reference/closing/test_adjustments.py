"""An adjustment has a reason, somebody who prepared it and somebody else who approved it; else nothing is posted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest

from simharness.reference.closing.adjustments import Adjustments, take
from simharness.reference.errors import ConfigurationError, Rejected
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.ledger.entries import Entries
from simharness.reference.mapping import load
from simharness.reference.mapping.model import Account
from simharness.reference.posting.tasks import Task, Tasks

MAPPING = load(Path(str(files("simharness"))) / "reference" / "mappings" / "us-saas")
TOLD = {
    "id": "A-1", "dated": "2026-01-31", "reason": "wrong account", "preparer": "Pam", "approver": "Clara",
    "lines": "6110@CC-10=5.41;6100=-5.41",
}  # fmt: skip


class Names:
    """The ledger's catalogue, whose ids are what it is asked for."""

    def account(self, account: Account) -> str:
        return account.number

    def id_of(self, kind: str, name: str) -> str:
        return f"{kind} {name}"


class Taken:
    """What was told, the last word of each."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}

    def take(self, tasks: Iterable[Task]) -> int:
        for task in tasks:
            self.tasks.setdefault(task.reference, task)
        return 0

    def retell(self, task: Task) -> None:
        self.tasks[task.reference] = task

    def retry(self, source: str) -> None:
        assert source in self.tasks


def told(**changes: str) -> Task:
    taken = Taken()
    take(cast("Tasks", taken), {**TOLD, **changes})
    (task,) = taken.tasks.values()
    return task


def planned(**changes: str) -> Any:
    work = Adjustments(Entries(MAPPING, cast("Catalogue", Names())), MAPPING)
    return work.plan(told(**changes))


def test_an_approved_adjustment_is_a_journal_on_its_own_day_that_may_go_into_a_closed_month() -> None:
    plan = planned()
    assert (plan.day, plan.amount, plan.adjusts) == (date(2026, 1, 31), Decimal("5.41"), True)
    debit, credit = plan.body["Line"]
    detail = debit["JournalEntryLineDetail"]
    assert (debit["Amount"], detail["PostingType"], detail["AccountRef"]) == (
        Decimal("5.41"), "Debit", {"value": "6110"},
    )  # fmt: skip
    assert detail["ClassRef"]["value"].startswith("Class ")
    assert credit["JournalEntryLineDetail"]["PostingType"] == "Credit"
    assert debit["Description"] == "wrong account (prepared by Pam, approved by Clara)"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"approver": ""}, "not_approved"),
        ({"approver": "pam"}, "not_approved"),
        ({"reason": " "}, "no_reason"),
        ({"preparer": ""}, "no_preparer"),
        ({"lines": "6110=5.41;6100=-5.40"}, "not_balanced"),
        ({"lines": "6110=0"}, "not_balanced"),
        ({"lines": "6110=5.411;6100=-5.411"}, "unreadable_line"),
        ({"lines": "6110=NaN;6100=-1"}, "unreadable_line"),
        ({"lines": "=5.41;6100=-5.41"}, "unreadable_line"),
    ],
)
def test_what_lacks_something_is_refused_by_name(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Rejected) as refused:
        planned(**changes)
    assert refused.value.code == code


@pytest.mark.parametrize("changes", [{"id": ""}, {"id": "A 1"}, {"id": "a:1"}, {"dated": "yesterday"}])
def test_what_nobody_could_find_again_is_not_taken_in(changes: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        told(**changes)


def test_what_is_told_again_counts_as_told_last() -> None:
    taken = Taken()
    for approver in ("", "Clara"):
        take(cast("Tasks", taken), {**TOLD, "approver": approver})
    (task,) = taken.tasks.values()
    assert '"approver":"Clara"' in task.facts
    assert task.amount == Decimal("5.41")
