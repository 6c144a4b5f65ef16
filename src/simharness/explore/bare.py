"""A story without BI: cases are played without it, since what BI shows is a function of the books."""

from __future__ import annotations

from dataclasses import replace

from simharness.stories.story import Story


def without_bi(story: Story) -> Story:
    """The story without the statements that need BI; what is stated of books and documents stays.

    Steps keep their numbers. The fingerprint is another one: a case is named after that of the whole story.
    """
    return replace(story, steps=tuple(step for step in story.steps if not step.verb.needs_bi(step.params)))
