"""Where a process cannot be divided, every case is played from its beginning and comes out the same."""

from __future__ import annotations

import dataclasses
import os

import pytest
from msgspec.structs import replace

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import UsageError
from simharness.explore.cases import Outcome
from simharness.explore.exploring import explore_story
from simharness.explore.how import How
from simharness.explore.places import kinds_of
from simharness.explore.plainly import divisible
from simharness.explore.trail import Trail, likeness_of, walk
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story

HOW = How(kinds=kinds_of(["reply_lost"], crashes=False), only=lambda case: str(case.plan).endswith(".savePayment#1"))


@pytest.fixture(scope="module")
def story() -> Story:
    return discovery.load([discovery.shipped() / "payments" / "cent_left_over.yaml"])[0]


@pytest.fixture(scope="module")
def setting() -> Setting:
    return Setting(attachment=load_manifest(builtin_manifest()))


@pytest.fixture(scope="module")
def trail(story: Story, setting: Setting) -> Trail:
    return walk(story, setting, likeness_of(setting), watched=False)


def test_without_fork_each_case_is_played_whole(
    monkeypatch: pytest.MonkeyPatch, story: Story, setting: Setting
) -> None:
    monkeypatch.delattr(os, "fork")
    clean, *others = explore_story(story, setting, HOW)
    assert clean.outcome is Outcome.PASSED
    assert others
    assert {(each.outcome, each.shared_with) for each in others} == {(Outcome.PASSED, "")}
    with pytest.raises(UsageError, match="two faults"):
        list(explore_story(story, setting, dataclasses.replace(HOW, depth=2)))


def test_no_process_is_divided_whose_connector_has_threads_or_its_state_on_a_server(
    setting: Setting, trail: Trail
) -> None:
    assert divisible(setting, trail)
    assert not divisible(setting, dataclasses.replace(trail, threaded=True))
    manifest = setting.attachment.manifest
    served = replace(manifest, env={**manifest.env, "CONNECTOR_STATE_URL": "postgresql://me@db/state"})
    attachment = dataclasses.replace(setting.attachment, manifest=served)
    assert not divisible(dataclasses.replace(setting, attachment=attachment), trail)
