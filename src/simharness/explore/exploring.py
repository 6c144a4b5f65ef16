"""Exploring a story: every single fault first, then, where two are wanted, pairs of those that are not alike."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator

from simharness.checks import judge
from simharness.domain.fault import Plan
from simharness.domain.fault_kinds import FaultKind
from simharness.explore.bare import without_bi
from simharness.explore.cases import Case, CaseResult
from simharness.explore.cases import Outcome as Came
from simharness.explore.forking import Explorer
from simharness.explore.how import How
from simharness.explore.pairing import chosen
from simharness.explore.places import cases_in
from simharness.explore.plainly import divisible, one_by_one
from simharness.explore.player import Baseline
from simharness.explore.trail import STEP, Trail, attended, likeness_of, walk
from simharness.explore.verdict import sign
from simharness.stories.playing import Setting, session
from simharness.stories.story import Story


def explore_story(story: Story, setting: Setting, how: How) -> Iterator[CaseResult]:
    """The result of every case of a story, the clean run first, then call by call in the order of the table of kinds.

    Cases for which `only` says no are left out. Raises `UsageError` when the connector cannot be started.
    """
    bare = without_bi(story)
    likeness = likeness_of(setting)
    began_us = how.now_us()
    trail = walk(bare, setting, likeness, watched=not how.clean_only)
    baseline = Baseline.of(trail.record)
    yield _clean(story, setting, trail, how.now_us() - began_us)
    if how.clean_only:
        return
    if not divisible(setting, trail):
        yield from one_by_one(story, setting, how, trail)
        return
    alone = dataclasses.replace(how, depth=1, follows=how.depth > 1)
    first = Explorer(story, setting, alone, trail, baseline, likeness)
    yield from _explored(first, bare)
    if how.depth == 1:
        return
    # Of each single fault it is known by now how the connector handles it, wherever that strikes.
    if not how.to_the_end:
        pairs = chosen(first.followed, how.only)
        how = dataclasses.replace(how, only=pairs.leads_to, last=pairs.last)
    second = Explorer(story, setting, how, trail, baseline, likeness, learnt=first.habits)
    yield from (result for result in _explored(second, bare) if len(result.case.plan.faults) > 1)
    if not how.to_the_end:
        yield from pairs.represented


def _explored(explorer: Explorer, bare: Story) -> Iterator[CaseResult]:
    """The results of one time through the story."""
    with session(bare, explorer.setting, port=explorer, make=attended(explorer.rested)) as run:
        explorer.begin(run)
        gc.collect()
        gc.freeze()
        try:
            for step in bare.steps:
                explorer.moments.step = step.number
                run.do(step)
                explorer.rested(STEP)
                yield from explorer.taken()
            explorer.ended()
        except BaseException as error:
            explorer.failed(error)
            raise
        finally:
            explorer.close()
            gc.unfreeze()


def _clean(story: Story, setting: Setting, trail: Trail, spent_us: int) -> CaseResult:
    """The clean run as a case of its own: what is wrong in it is no matter of faults."""
    case = Case(
        story_key=story.fingerprint,
        story=story.name,
        where=str(story.where),
        plan=Plan(),
        rng_seed=setting.rng_seed,
    )
    findings = tuple(finding for result in judge(trail.record) for finding in result.findings)
    return CaseResult(
        case=case,
        outcome=Came.FOUND if findings else Came.PASSED,
        findings=sign(case, findings),
        calls=len(trail.sites),
        spent_us={"clean run": spent_us},
    )


def cases_of(story: Story, setting: Setting, kinds: tuple[FaultKind, ...]) -> tuple[Case, ...]:
    """Every case of depth one of a story, which is played clean for it."""
    trail = walk(without_bi(story), setting, likeness_of(setting))
    sites = (*trail.sites, *trail.deliveries)
    return tuple(cases_in(story, sites, kinds, setting.rng_seed))
