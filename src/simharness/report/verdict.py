"""What to tell of a story that did not come out as it should, as one text: for doors that fail with a message."""

from __future__ import annotations

from simharness.domain.played import Broken, Played
from simharness.report.explaining import story_text
from simharness.report.untried import untried_text
from simharness.report.words import counted


def complaint(played: Played | Broken) -> str:
    """All that is wrong with a story, what it did not try, or why it could not be played; "" when all is well."""
    if isinstance(played, Broken):
        return f"{played.story}: this story cannot be played, so nothing is known of the connector\n{played.message}"
    if not played.findings:
        untried = untried_text(played)
        return f"{played.record.header.story}: {untried}" if untried else ""
    headline = f"{played.record.header.story}: {counted(len(played.findings), 'finding')}"
    return f"{headline}\n\n{story_text(played)}"
