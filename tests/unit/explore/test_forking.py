"""Exploring by forks comes out as playing each case from its beginning."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx
import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.exploring import cases_of, explore_story
from simharness.explore.how import CLEAN, How
from simharness.explore.places import kinds_of
from simharness.explore.player import replay
from simharness.reference.vendors.http import Caller, Request, TryAgain
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story

KINDS = kinds_of(["reply_lost", "error_502", "error_503", "forbidden", "slow"], crashes=True)
#: One read, one write, the last write.
CALLS = ("quickbooks.query#2", "quickbooks.savePayment#1", "hubspot.batchUpdateObjects#2")


@pytest.fixture(scope="module")
def story() -> Story:
    return discovery.load([discovery.shipped() / "payments" / "cent_left_over.yaml"])[0]


@pytest.fixture(scope="module")
def setting() -> Setting:
    return Setting(attachment=load_manifest(builtin_manifest()))


@pytest.fixture(scope="module")
def results(story: Story, setting: Setting) -> list[CaseResult]:
    how = How(kinds=KINDS, only=lambda case: str(case.plan).endswith(CALLS))
    return list(explore_story(story, setting, how))


def test_every_case_has_one_result_and_the_clean_run_comes_first(
    story: Story, setting: Setting, results: list[CaseResult]
) -> None:
    clean, *others = results
    assert (str(clean.case.plan), clean.outcome) == ("", Outcome.PASSED)
    wanted = [case for case in cases_of(story, setting, KINDS) if str(case.plan).endswith(CALLS)]
    assert [result.case for result in others] == wanted
    assert len(wanted) == 3 * len(KINDS)


@pytest.mark.parametrize(
    "plan",
    ["reply_lost@quickbooks.savePayment#1", "forbidden@quickbooks.savePayment#1", "crash_after@quickbooks.query#2"],
)
def test_a_case_comes_out_as_when_it_is_played_from_its_beginning(
    plan: str, story: Story, setting: Setting, results: list[CaseResult]
) -> None:
    (explored,) = [result for result in results if str(result.case.plan) == plan]
    played, plain = replay(explored.case, story, setting)
    assert (explored.outcome, explored.findings) == (plain.outcome, plain.findings)
    assert [str(struck.fault) for struck in played.record.fault_log] == [plan]


def test_whoever_is_not_played_to_the_end_names_the_case_it_shares_its_outcome_with(results: list[CaseResult]) -> None:
    plans = {str(result.case.plan) for result in results} | {CLEAN}
    sharing = [result for result in results if result.shared_with]
    assert sharing
    assert all(result.shared_with in plans and result.reason for result in sharing)
    by_kind = Counter(result.case.plan.faults[0].kind for result in sharing)
    assert by_kind["error_503"] == 3  # the connector takes it as it takes a 502


def test_two_faults_in_one_case_come_out_as_when_they_are_played_from_the_beginning(
    story: Story, setting: Setting
) -> None:
    first, second = "reply_lost@quickbooks.savePayment#1", "@quickbooks.savePayment#2"
    wanted = ("reply_lost", "forbidden")
    how = How(
        kinds=kinds_of(["reply_lost", "forbidden", "clock_jump"], crashes=False),
        depth=2,
        only=lambda case: str(case.plan) == first or (str(case.plan).endswith(second) and "+" in str(case.plan)),
    )
    pairs = [result for result in explore_story(story, setting, how) if len(result.case.plan.faults) == 2]
    # Nothing that acts on the world comes second: the run in which only that happens has no such call.
    assert [str(pair.case.plan) for pair in pairs] == [f"{first} + {kind}{second}" for kind in wanted]
    for pair in pairs:
        played, plain = replay(pair.case, story, setting)
        assert len(played.record.fault_log) == 2
        assert (pair.outcome, pair.findings) == (plain.outcome, plain.findings)


def test_no_child_is_left_behind(results: list[CaseResult]) -> None:
    assert results
    # A worker of the suite may have children of other tests; one that was divided off here is a copy of this process.
    own = Path("/proc/self/cmdline").read_bytes()
    ids = {id for task in Path("/proc/self/task").iterdir() for id in (task / "children").read_text().split()}
    assert [id for id in ids if Path(f"/proc/{id}/cmdline").read_bytes() == own] == []


def test_a_connector_that_never_comes_to_rest_after_a_fault_is_found_and_not_broken(
    story: Story, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_ever(caller: Caller, request: Request) -> httpx.Response:
        try:
            return attempt(caller, request)
        except TryAgain:
            while True:
                pass

    attempt = Caller._attempt
    monkeypatch.setattr(Caller, "_attempt", for_ever)
    how = How(
        kinds=kinds_of(["error_503"], crashes=False),
        only=lambda case: str(case.plan).endswith("quickbooks.savePayment#1"),
        timeout_s=2,
    )
    clean, stuck = explore_story(story, setting, how)
    assert (clean.outcome, stuck.outcome) == (Outcome.PASSED, Outcome.FOUND)
    (signed,) = stuck.findings
    assert str(signed.signature) == "middleware.connector_finishes after error_503@quickbooks.savePayment: endless"
