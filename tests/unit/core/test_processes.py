"""Work that several processes share is the same work."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

from simharness.core.errors import ContentError, Where
from simharness.core.processes import shared
from simharness.stories import discovery
from simharness.stories.discovery import Inspection
from tests.unit.stories.gherkin.features import GOOD


def test_every_item_is_done_once_in_whatever_many_parts() -> None:
    for jobs in (1, 2, 3):
        parts = shared(lambda some: [item * item for item in some], range(7), jobs)
        assert sorted(item for part in parts for item in part) == [0, 1, 4, 9, 16, 25, 36]


def test_the_part_of_a_process_that_died_is_done_again_here() -> None:
    here = os.getpid()

    def work(some: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            os._exit(1)
        return list(some)

    assert shared(work, range(4), 2) == [[0, 2], [1, 3]]


def test_a_mistake_travels_between_processes() -> None:
    error = ContentError("what", where=Where("a.feature", 3), mend="mend", rule="money", about="total")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert (str(again), again.where, again.rule, again.about) == (str(error), error.where, "money", "total")


def test_many_files_are_told_alike_by_one_process_and_by_two(tmp_path: Path) -> None:
    for number in range(100):
        text = GOOD if number % 2 else GOOD.replace("USD 3,910.50", f"{number}.00")
        (tmp_path / f"{number:03}.feature").write_text(text)
    one, two = (discovery.lint([tmp_path], Inspection(jobs=jobs)) for jobs in (1, 2))
    assert [str(problem) for problem in one] == [str(problem) for problem in two]
    assert len(one) == 50
