"""A run with a fault that is back on the track of its baseline ends as that, without being played to its end."""

from __future__ import annotations

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.explore.exploring import explore_story
from simharness.explore.how import ACTED, How
from simharness.explore.places import kinds_of
from simharness.explore.player import replay
from simharness.stories import discovery
from simharness.stories.playing import Setting

_CALLS = ("quickbooks.query#2", "quickbooks.savePayment#1")


def test_after_a_jump_of_the_clock_the_track_is_that_of_the_run_in_which_only_the_clock_jumped() -> None:
    story = discovery.load([discovery.shipped() / "payments" / "cent_left_over.yaml"])[0]
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    how = How(kinds=kinds_of(["clock_jump"], crashes=False), only=lambda case: str(case.plan).endswith(_CALLS))
    clean, *jumps = explore_story(story, setting, how)
    assert clean.shared_with == ""
    assert [str(jump.case.plan) for jump in jumps] == [f"clock_jump@{call}" for call in _CALLS]
    assert {jump.shared_with for jump in jumps} == {ACTED}
    for jump in jumps:
        plain = replay(jump.case, story, setting)[1]
        assert (jump.outcome, jump.findings) == (plain.outcome, plain.findings)
