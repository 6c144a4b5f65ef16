"""Exploring where a process cannot be divided: every case is played from its beginning, the plain and slow way."""

from __future__ import annotations

import os
from collections.abc import Iterator

from simharness.core.errors import UsageError
from simharness.explore.cases import CaseResult
from simharness.explore.how import How
from simharness.explore.places import cases_in
from simharness.explore.player import replay
from simharness.explore.trail import Trail
from simharness.stories.playing import Setting
from simharness.stories.story import Story

_SERVER = "postgres"


def divisible(setting: Setting, trail: Trail) -> bool:
    """Whether a process can be divided in the middle of a story and both halves go on.

    Not where the system cannot do it, where the connector has threads, which a child would not have, or where its state
    is in a database server, which parent and child would share.
    """
    served = any(_SERVER in value for value in setting.attachment.manifest.env.values())
    return hasattr(os, "fork") and not trail.threaded and not served


def one_by_one(story: Story, setting: Setting, how: How, trail: Trail) -> Iterator[CaseResult]:
    """The result of every case of depth one. Raises `UsageError` when two faults in a case are asked for."""
    if how.depth > 1:
        raise UsageError(
            "two faults in a case need a connector whose process can be divided: one without threads, "
            "that keeps its state in its folder",
            mend="leave out --depth",
        )
    for case in cases_in(story, (*trail.sites, *trail.deliveries), how.kinds, setting.rng_seed):
        if how.only(case):
            yield replay(case, story, setting)[1]
