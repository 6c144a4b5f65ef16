"""`simharness explore`, `merge` and `replay` as people use them: finished, interrupted, shared out, put together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import Result
from typer.testing import CliRunner

from simharness.cli.app import app
from simharness.explore.cases import Outcome
from simharness.explore.store import STREAM, Folder, read_results
from tests.functional.command import COMMAND, simharness, story

STORIES = story("First") + "---\n" + story("Second")
ASKED = ("sale.yaml", "--faults", "slow,error_503", "--sample", "6")


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Two stories explored by two processes."""
    folder = tmp_path_factory.mktemp("explored")
    (folder / "sale.yaml").write_text(STORIES)
    return folder, simharness("explore", *ASKED, "--jobs", 2, "--out", "whole", cwd=folder)


def test_a_sample_draws_as_many_cases_as_were_asked_for(
    explored: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = explored
    assert done.returncode == 0, done.stdout + done.stderr
    spans = Folder(folder / "whole").spans()
    results = [result for _, result, _ in read_results(spans.values()) if result]
    plans = [str(result.case.plan) for result in results]
    # A clean run a story, and three cases in each.
    assert plans.count("") == 2
    assert len(plans) == 2 + 6
    assert all(plan.startswith(("slow@", "error_503@")) for plan in plans if plan)
    assert {result.outcome for result in results} == {Outcome.PASSED}


def test_summary_junit_and_terminal_tell_the_same_counts(
    explored: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = explored
    account = json.loads((folder / "whole" / "summary.json").read_bytes())
    assert (account["exit_code"], account["units"], account["findings"]) == (0, 2, [])
    assert account["cases"] == account["exercised"] == account["outcomes"]["passed"]
    assert account["played"] + sum(account["shared"].values()) == account["cases"]
    assert f"{account['cases']:,} cases: {account['cases']:,} passed\n" in done.stdout
    assert "a minute" in done.stdout
    suite = Xml.fromstring((folder / "whole" / "junit.xml").read_bytes())  # noqa: S314 - our own file
    assert sorted(str(case.get("name")) for case in suite.iter("testcase")) == ["First", "Second"]
    assert all(character.isprintable() or character == "\n" for character in done.stdout)


def merge(*folders: str) -> Result:
    return CliRunner().invoke(app, ["merge", *folders, "--out", "merged"])


def test_shards_merge_to_the_bytes_of_the_whole_and_a_missing_one_is_told(
    explored: tuple[Path, subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = explored
    for number in (1, 2):
        simharness("explore", *ASKED, "--shard", f"{number}/2", "--out", f"shard{number}", cwd=folder)
    monkeypatch.chdir(folder)
    smaller = min(("shard1", "shard2"), key=lambda name: len(Folder(folder / name).spans()))
    alone = merge(smaller)
    assert alone.exit_code == 2
    assert "of 2 units" in alone.output
    assert "name the folders of all 2 shards" in alone.output
    twice = merge("shard1", "shard2", "whole")
    assert (twice.exit_code, "more than once" in twice.output) == (2, True)
    merged = merge("shard2", "shard1")
    assert merged.exit_code == 0, merged.output
    assert (folder / "merged" / STREAM).read_bytes() == (folder / "whole" / STREAM).read_bytes()
    assert (folder / "merged" / "junit.xml").read_bytes() == (folder / "whole" / "junit.xml").read_bytes()


def test_killing_a_worker_and_then_everything_loses_nothing(
    explored: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = explored
    command = [str(COMMAND), "explore", *ASKED, "--out", "resumed"]
    first = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    first.stdout.readline()
    os.kill(_child(first.pid), signal.SIGKILL)
    while "cases" not in first.stdout.readline():  # the first of both stories is done, by another worker
        assert first.poll() is None
    orphan = _child(first.pid)
    first.kill()
    first.communicate()
    while Path(f"/proc/{orphan}").exists():  # nobody is left to work for
        os.sched_yield()
    assert len(Folder(folder / "resumed").spans()) == 1
    again = simharness("explore", *ASKED, "--out", "resumed", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert "1 of 2 are explored already" in again.stdout
    assert (folder / "resumed" / STREAM).read_bytes() == (folder / "whole" / STREAM).read_bytes()
    assert not list((folder / "resumed").glob("**/*.part"))


def _child(parent: int) -> int:
    """The one worker of an exploration."""
    children: list[str] = []
    while not children:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        os.sched_yield()
    return int(children[0])
