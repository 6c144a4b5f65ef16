"""What belongs to the end of a period is asked for once, made in order, and taken up again after a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from simharness.reference.closing.ends import PeriodEnds
from simharness.reference.closing.period import Period
from simharness.reference.errors import Unavailable
from simharness.reference.memory.store import Store
from simharness.reference.posting.tasks import Task

if TYPE_CHECKING:
    from simharness.reference.posting.tasks import Tasks


class Taken:
    """Takes tasks in by reference, and posts nothing."""

    def __init__(self) -> None:
        self.references: list[str] = []
        self.posts = 0

    def take(self, tasks: Iterable[Task]) -> int:
        before = len(self.references)
        self.references += [task.reference for task in tasks if task.reference not in self.references]
        return len(self.references) - before

    def post(self) -> int:
        self.posts += 1
        return 0


class Maker:
    """One entry a period, unless the ledger does not answer."""

    def __init__(self, kind: str) -> None:
        self.kind, self.silent = kind, False

    def tasks(self, period: Period) -> Iterator[Task]:
        if self.silent:
            raise Unavailable("quickbooks", "no answer")
        yield Task(reference=f"close:{self.kind}:{period}", kind=self.kind, at_s=0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


def ends(store: Store, taken: Taken, *makers: Maker) -> PeriodEnds:
    made = PeriodEnds(store, cast("Tasks", taken))
    made.makers += makers
    return made


def test_nothing_is_made_before_it_is_asked_for(store: Store) -> None:
    taken = Taken()
    assert ends(store, taken, Maker("accrual")).run() == 0
    assert not taken.references


def test_periods_come_in_order_and_each_maker_after_the_one_before_it(store: Store) -> None:
    taken = Taken()
    known = ends(store, taken, Maker("recognition"), Maker("revaluation"))
    for text in ("2026-02", "2026-01", "2026-01"):
        known.ask(Period.parse(text))
    assert known.run() == 4
    assert taken.references == [
        f"close:{kind}:{period}" for period in ("2026-01", "2026-02") for kind in ("recognition", "revaluation")
    ]
    assert taken.posts == 4
    assert known.run() == 0


def test_what_a_vendor_left_without_an_answer_is_taken_up_in_the_next_pass(store: Store) -> None:
    taken, silent = Taken(), Maker("revaluation")
    silent.silent = True
    known = ends(store, taken, Maker("accrual"), silent)
    known.ask(Period.parse("2026-01"))
    with pytest.raises(Unavailable):
        known.run()
    silent.silent = False
    assert ends(store, taken, Maker("accrual"), silent).run() == 1  # also after a restart
    assert taken.references == ["close:accrual:2026-01", "close:revaluation:2026-01"]
