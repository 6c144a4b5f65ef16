"""What follows from a run in the books: earlier months' journals, and the taxes that the provider takes over."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest
import time_machine

from simharness.reference.errors import NotYet
from simharness.reference.ledger.entries import Entries
from simharness.reference.mapping.payroll import SERVICE
from simharness.reference.payroll.reading import read, told
from simharness.reference.payroll.works import (
    REFERENCE,
    RUN,
    RUN_UNDONE,
    Part,
    Payrolls,
    Remittances,
    Retros,
    Undone,
    run_of,
    undoing,
)
from simharness.reference.posting.tasks import DONE, NEW, REJECTED, Nothing, Plan, Task, Tasks
from tests.unit.reference.payroll.told import ID, payroll, receipt, report, rules

PACIFIC = ZoneInfo("America/Los_Angeles")


class Written:
    """Entries as they were asked for."""

    def journal(self, *sides: Any, words: str = "") -> dict[str, Any]:
        return {"sides": sides, "words": words}


ENTRIES = cast(Entries, Written())


def task() -> Task:
    run = read(told(payroll(), receipt()), report(), rules())
    return Task(reference=f"{REFERENCE}{ID}", kind=RUN, at_s=7, facts=msgspec.json.encode(run).decode())


def test_a_run_is_one_journal_entry_on_its_last_day_of_service() -> None:
    plan = Payrolls(ENTRIES, rules()).plan(task())
    assert isinstance(plan, Plan)
    assert (plan.entity, plan.day, str(plan.amount)) == ("JournalEntry", date(2026, 2, 15), "5757.85")


def test_the_taxes_follow_under_a_reference_of_their_own() -> None:
    (follows,) = Payrolls(ENTRIES, rules()).done(task(), "1", "{}")
    assert follows.reference == f"gusto:remittance:{ID}"


def test_pay_for_an_earlier_month_follows_where_the_policy_gives_it_to_that_month() -> None:
    by_service = rules(retro=SERVICE)
    retro, _ = Payrolls(ENTRIES, by_service).done(task(), "1", "{}")
    assert retro.reference == f"gusto:retro:{ID}:2026-01"
    plan = Retros(ENTRIES, by_service).plan(retro)
    assert isinstance(plan, Plan)
    assert (plan.day, str(plan.amount)) == (date(2026, 1, 31), "100.00")


def test_the_provider_takes_nothing_over_before_its_day() -> None:
    (follows,) = Payrolls(ENTRIES, rules()).done(task(), "1", "{}")
    work = Remittances(ENTRIES, PACIFIC)
    with time_machine.travel("2026-02-11T07:59:00Z", tick=False), pytest.raises(NotYet):  # still the tenth
        work.plan(follows)
    with time_machine.travel("2026-02-11T08:00:00Z", tick=False):
        plan = work.plan(follows)
    assert isinstance(plan, Plan)
    assert (plan.day, str(plan.amount)) == (date(2026, 2, 11), "1418.00")


class Memory:
    """Tasks that are in one state each, and what was dropped."""

    def __init__(self, state: str, ledger_id: str = "") -> None:
        self._state, self._ledger_id, self.dropped = state, ledger_id, list[str]()

    def state(self, reference: str) -> str:
        return self._state

    def done_of(self, reference: str) -> tuple[str, str] | None:
        return (self._ledger_id, "{}") if self._state == DONE else None

    def drop(self, reference: str) -> bool:
        self.dropped.append(reference)
        return True


def undone(memory: Memory, month: str = "") -> tuple[Undone, Task]:
    part = Part(run=run_of(task()), month=month, of=task().reference)
    return Undone(cast(Tasks, memory), ENTRIES, rules(retro=SERVICE)), undoing(task(), part, RUN_UNDONE)


def test_a_cancelled_run_is_taken_back_by_its_exact_negative_on_its_own_day() -> None:
    work, back = undone(Memory(DONE, "17"))
    there, plan = Payrolls(ENTRIES, rules(retro=SERVICE)).plan(task()), work.plan(back)
    assert isinstance(plan, Plan)
    assert isinstance(there, Plan)
    assert (back.reference, plan.day) == (f"{REFERENCE}{ID}:cancelled", there.day)
    for one, other in zip(plan.body["sides"], there.body["sides"], strict=True):
        assert (one.role, one.cost_centre, one.amount) == (other.role, other.cost_centre, -other.amount)


def test_the_provider_then_takes_nothing_over_and_other_months_are_taken_back_too() -> None:
    memory = Memory(DONE, "17")
    work, back = undone(memory)
    (follows,) = work.done(back, "18", "{}")
    assert memory.dropped == [f"gusto:remittance:{ID}"]
    assert follows.reference == f"gusto:retro:{ID}:2026-01:cancelled"
    assert list(work.done(follows, "19", "{}")) == []
    plan = work.plan(follows)
    assert isinstance(plan, Plan)
    assert (plan.day, str(plan.amount)) == (date(2026, 1, 31), "100.00")


def test_what_never_reached_the_books_is_dropped_and_not_taken_back() -> None:
    memory = Memory(REJECTED)
    work, back = undone(memory)
    assert isinstance(work.plan(back), Nothing)
    assert memory.dropped == [task().reference]
    with pytest.raises(NotYet):
        undone(Memory(NEW))[0].plan(back)


def test_a_run_that_comes_to_nothing_posts_nothing() -> None:
    nothing = msgspec.json.decode(task().facts)
    nothing |= {"costs": [], "owed": [], "net_debit": "0", "by_cheque": "0", "tax_debit": "0"}
    empty = msgspec.structs.replace(task(), facts=msgspec.json.encode(nothing).decode())
    assert isinstance(Payrolls(ENTRIES, rules()).plan(empty), Nothing)
    assert list(Payrolls(ENTRIES, rules()).done(empty, "", "{}")) == []
