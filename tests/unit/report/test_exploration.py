from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from rich.console import Console

from simharness.explore.cases import Outcome
from simharness.explore.store import Closing, Cost, Folder, Work
from simharness.explore.summary import Summary
from simharness.report.exploration import Effort, ExplorationTerminal
from simharness.report.exploration_files import account_in, leave
from tests.unit.explore.samples import result, whole

WORK = Work(exploration=whole(2))
FIRST, SECOND = WORK.units
EFFORT = Effort(
    cases_now=5, wall_us=30_000_000, jobs=2, tried=4, work_us=50_000_000, parts_us={"to the end": 45_000_000}
)


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, Summary]:
    """A finished exploration with two causes, of which one struck in both stories."""
    folder = Folder(tmp_path)
    folder.begin(WORK)
    closing = Closing(cost=Cost(took_us=25, parts_us={"fork": 20}), events=2)
    twice = [result(unit, "reply_lost@stripe.pay#1", Outcome.FOUND, ["twice", "unalerted"]) for unit in WORK.units]
    folder.add(
        FIRST, [twice[0], result(FIRST, "slow@stripe.pay#1", Outcome.NOT_EXERCISED, reason="met by nothing")], closing
    )
    folder.add(SECOND, [twice[1], result(SECOND, "conflict@stripe.pay#1", Outcome.FOUND, ["lost"])], closing)
    costs = tuple(folder.costs())
    folder.close(WORK, folder.spans())
    summary, _, _ = leave(folder, WORK, costs, "--mapping m")
    return tmp_path, summary


def test_findings_are_told_by_cause_with_each_smallest_case_once(left: tuple[Path, Summary]) -> None:
    text = StringIO()
    console = Console(file=text, width=300, color_system=None)
    ExplorationTerminal(console, console).end(left[1], EFFORT, "--mapping m", [Path("x")])
    told = text.getvalue()
    assert told.count("After reply_lost@stripe.pay\n") == 1
    assert "twice of reply_lost@stripe.pay#1  (2 cases in 2 stories)" in told
    assert told.count(f"again: simharness replay '{FIRST.where} reply_lost@stripe.pay#1' --mapping m\n") == 1
    assert "        1  met by nothing\n" in told
    assert "4 cases: 3 found, 1 not exercised\n" in told
    # 5 cases in half a minute are 10 a minute; 50 s of work for the 4 that were tried are 12,500 ms each.
    assert "5 cases in 0:30 min by 2 processes: 10 a minute; 4 were tried, in 12500.0 ms of a process each\n" in told
    assert "Milliseconds a case that is tried: to the end 11250.0\n" in told
    assert "3 findings by signature, of 2 causes\n" in told


def test_junit_has_a_test_case_a_story_with_its_findings(left: tuple[Path, Summary]) -> None:
    root = Xml.fromstring((left[0] / "junit.xml").read_bytes())  # noqa: S314 - our own file
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "2", "0")
    failures = [failure.text or "" for failure in root.iter("failure")]
    assert "slow" not in failures[0]
    assert f"simharness replay '{SECOND.where} conflict@stripe.pay#1' --mapping m" in failures[1]


def test_the_summary_and_the_smallest_cases_are_left_as_files(left: tuple[Path, Summary]) -> None:
    account = account_in(left[0])
    assert account is not None
    assert (account.exit_code, account.cases, account.units, account.flags) == (1, 4, 2, "--mapping m")
    assert (account.work_us, account.parts_us) == (50, {"fork": 40})
    assert account.kinds["reply_lost"] == {"found": 2}
    smallest = {group.smallest.id for group in account.findings}
    assert {file.stem for file in (left[0] / "cases").iterdir()} == smallest


def test_a_shard_that_no_unit_falls_to_says_so() -> None:
    text = StringIO()
    console = Console(file=text, width=300, color_system=None)
    ExplorationTerminal(console, console).end(Summary(), None, "", [])
    assert "0 cases: no unit falls to this shard\n" in text.getvalue()
