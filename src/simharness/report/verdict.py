"""What to tell of a story that did not come out as it should, as one text: for doors that fail with a message."""

from __future__ import annotations

from collections.abc import Iterable

from simharness.domain.finding import Finding
from simharness.domain.played import Broken, Played
from simharness.report.words import counted, finding_text


def complaint(played: Played | Broken) -> str:
    """Everything that is wrong with a story, or why it could not be played; "" when all is well."""
    if isinstance(played, Broken):
        return f"{played.story}: this story cannot be played, so nothing is known of the connector\n{played.message}"
    if not played.findings:
        return ""
    return findings_text(played.record.header.story, played.findings)


def findings_text(title: str, findings: Iterable[Finding]) -> str:
    """Findings under one headline that says how many there are."""
    told = [finding_text(finding) for finding in findings]
    return "\n\n".join([f"{title}: {counted(len(told), 'finding')}", *told])
