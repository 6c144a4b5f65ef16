"""Doing one unit of work: the cases of a story, or the sample of them that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simharness.core.content import located
from simharness.core.errors import HarnessFault
from simharness.explore import forking
from simharness.explore.cases import CaseResult
from simharness.explore.places import kinds_of
from simharness.explore.sampling import drawn
from simharness.explore.stopwatch import now_us
from simharness.explore.units import Terms, Unit
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story


class Labour:
    """Explores units under the same terms, one after another."""

    def __init__(self, setting: Setting, terms: Terms) -> None:
        self._setting, self._terms = setting, terms
        self._kinds = kinds_of(terms.faults, crashes=False)

    def results(self, unit: Unit, story: Story) -> Iterator[CaseResult]:
        """What came of each case of a unit: first the clean run, then call by call."""
        terms = forking.Terms(
            kinds=self._kinds, depth=self._terms.depth, to_the_end=self._terms.to_the_end, now_us=now_us
        )
        if unit.sample:
            ids = drawn(forking.cases_of(story, self._setting, self._kinds), unit.sample)
            terms = forking.Terms(
                kinds=self._kinds,
                to_the_end=self._terms.to_the_end,
                only=lambda case: case.id in ids,
                now_us=now_us,
            )
        yield from forking.explore_story(story, self._setting, terms)


def business_events(story: Story) -> int:
    """How many things people and systems do in a story for which a connector has work."""
    return sum(step.phase == "when" and step.verb.asks_system for step in story.steps)


def story_of(unit: Unit) -> Story:
    """The story of a unit, read again from its file; raises `HarnessFault` when it is not what it was."""
    for story in discovery.load([located(Path(unit.file))]):
        if story.fingerprint == unit.story_key:
            return story
    raise HarnessFault(f"{unit.where}: the story {unit.story!r} was changed while it was explored")
