"""Doing one unit of work: the cases of a story, or the sample of them that was asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from simharness.core.content import located
from simharness.core.errors import HarnessFault
from simharness.explore import exploring
from simharness.explore.cases import CaseResult
from simharness.explore.how import How
from simharness.explore.places import kinds_of
from simharness.explore.planning import Spot, represented, spots
from simharness.explore.sampling import drawn
from simharness.explore.stopwatch import now_us
from simharness.explore.units import Terms, Unit
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story

#: The folder of the stories that were found, in that of the exploration.
RANDOM = "random"
#: Numbers of one --rng-seed do not meet those of the next.
_APART = 1_000_003


class Labour:
    """Explores units under the same terms, one after another."""

    def __init__(self, setting: Setting, terms: Terms, out: Path) -> None:
        self._setting, self._terms, self._out = setting, terms, out
        self._kinds = kinds_of(terms.faults, crashes=False)

    def results(self, unit: Unit) -> Iterator[CaseResult]:
        """What came of each case of a unit: of a story first the clean run, then call by call.

        Raises `HarnessFault` when the story is not what it was.
        """
        return self._random(unit) if unit.seeds else self._placed(unit, story_of(unit))

    def _random(self, unit: Unit) -> Iterator[CaseResult]:
        from simharness.explore.random import searching  # needs Hypothesis, which only random stories do

        search = searching(self._setting, self._out / RANDOM / unit.id, kinds=self._terms.faults)
        yield from search.results(unit.seeds, self._terms.rng_seed * _APART + unit.first_seed)

    def _placed(self, unit: Unit, story: Story) -> Iterator[CaseResult]:
        how = How(kinds=self._kinds, depth=self._terms.depth, to_the_end=self._terms.to_the_end, now_us=now_us)
        if unit.sample:
            ids = drawn(exploring.cases_of(story, self._setting, self._kinds), unit.sample)
            how = How(
                kinds=self._kinds,
                to_the_end=self._terms.to_the_end,
                only=lambda case: case.id in ids,
                now_us=now_us,
            )
        elif unit.standing:
            left_out = frozenset(at for group in unit.standing for at in group.at)
            how = dataclasses.replace(
                how,
                only=lambda case: str(case.plan.faults[0].trigger) not in left_out,
                clean_only=unit.clean_only,
            )
        yield from exploring.explore_story(story, self._setting, how)
        yield from represented(story, unit, self._setting.rng_seed)

    def spots(self, unit: Unit) -> tuple[Spot, ...]:
        """What a fault can meet in the story of a unit."""
        return spots(story_of(unit), self._setting, self._kinds)


def business_events(unit: Unit) -> int:
    """How many things people and systems do in a unit's story for which a connector has work; of random stories 0."""
    if unit.seeds:
        return 0
    story = story_of(unit)
    return sum(step.phase == "when" and step.verb.asks_system for step in story.steps)


def story_of(unit: Unit) -> Story:
    """The story of a unit, read again from its file; raises `HarnessFault` when it is not what it was."""
    for story in discovery.load([located(Path(unit.file))]):
        if story.fingerprint == unit.story_key:
            return story
    raise HarnessFault(f"{unit.where}: the story {unit.story!r} was changed while it was explored")
