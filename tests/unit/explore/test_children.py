"""Children are heard, silent, and never left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from simharness.domain.fault import parse_plan
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.children import Child, Told, Way, branch

RESULT = CaseResult(
    case=Case(story_key="0", story="a story", where="a.yaml:1", plan=parse_plan("reply_lost@stripe#1")),
    outcome=Outcome.PASSED,
)


def children() -> set[str]:
    """The processes that this one has begun and that are still there."""
    return {id for task in Path("/proc/self/task").iterdir() for id in (task / "children").read_text().split()}


@pytest.fixture(autouse=True)
def before() -> set[str]:
    """Those of other tests may live on."""
    BEFORE.update(children())
    return BEFORE


BEFORE: set[str] = set()


def gone() -> bool:
    return children() <= BEFORE


def test_what_a_child_tells_is_heard_whole(capfd: pytest.CaptureFixture[str]) -> None:
    told = Told(results=(RESULT,) * 2000, reaction="as ever")  # more than a pipe holds
    divided = branch()
    if isinstance(divided, Way):
        os.write(1, b"noise")
        os.write(2, b"noise")
        divided.leave(told)
    assert divided.hear(10) == told
    assert gone()
    assert capfd.readouterr() == ("", "")


def test_a_child_that_dies_is_told_of_and_leaves_nothing() -> None:
    divided = branch()
    if isinstance(divided, Way):
        os.kill(os.getpid(), signal.SIGKILL)
    assert isinstance(divided, Child)
    assert divided.hear(10) == "its process ended without a word (signal 9)"
    assert gone()


def test_a_child_that_hangs_is_killed_with_its_own_children() -> None:
    listening, telling = os.pipe()
    divided = branch()
    if isinstance(divided, Way):
        os.close(listening)
        grandchild = branch(within=True)
        if isinstance(grandchild, Way):
            while True:
                signal.pause()
        grandchild.hear(1000)
    assert isinstance(divided, Child)
    os.close(telling)
    assert divided.hear(1) == "it did not end within 1 s of real time"
    assert gone()
    assert os.read(listening, 1) == b""  # nobody holds the other end any more
    os.close(listening)
