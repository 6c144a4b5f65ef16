"""A story that breaks something made shorter: every step goes without which the same is still broken.

Hypothesis has made the choices of the story plain by then; what it cannot see is which steps nobody needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from simharness.domain.fault import Plan
from simharness.domain.finding import Signature
from simharness.explore.random.judging import Judge, signatures
from simharness.stories.lexicon import Lexicon
from simharness.stories.story import Step, Story


def shortened(story: Story, plan: Plan, signature: Signature, judge: Judge, tries: int) -> Story:
    """The story without what its finding does not need; nothing else may be wrong with it than was before.

    At most so many shorter ones are tried.
    """
    before = frozenset(signatures(judge.result(story, plan)))
    last = judge.played + tries

    def holds(other: Story) -> bool:
        if not _can_be_told(other) or judge.played >= last:
            return False
        found = signatures(judge.result(other, plan))
        return signature in found and before.issuperset(found)

    size = max(len(story.steps) // 2, 1)
    while size:
        story = _without(story, size, holds)
        size //= 2
    return story


def _without(story: Story, size: int, holds: Callable[[Story], bool]) -> Story:
    """Leave out so many steps in a row wherever that can be done, from the end on."""
    start = len(story.steps) - size
    while start >= 0:
        shorter = _renumbered(story, (*story.steps[:start], *story.steps[start + size :]))
        if shorter is not None and holds(shorter):
            story = shorter
            start = min(start, len(story.steps)) - size
        else:
            start -= 1
    return story


def _renumbered(story: Story, steps: Iterable[Step]) -> Story | None:
    """The story with these steps; None where they are no story any more."""
    kept: list[Step] = []
    for number, step in enumerate(steps, start=1):
        block = kept[-1].block + (kept[-1].phase != step.phase) if kept else 1
        kept.append(replace(step, number=number, block=block))
    if not any(step.phase == "then" for step in kept):
        return None
    if not any(step.verb.works for step in kept):
        return None
    return replace(story, steps=tuple(kept))


def _can_be_told(story: Story) -> bool:
    """Whether every name that a step uses is still given by an earlier one."""
    return not any(_wrong(story))


def _wrong(story: Story) -> Iterator[object]:
    lexicon = Lexicon(story.dictionary, (), story.further)
    for step in story.steps:
        yield from lexicon.wrong_words(step.params, step.verb.shape)
        lexicon.learn(step.params, step.verb.shape)
