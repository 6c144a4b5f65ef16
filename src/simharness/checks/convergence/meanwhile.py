"""What was given up for a while: listed and alerted, and posted or shown once somebody had it taken up again, or it
changed anyway.

At the end nothing lacks. But what a story claims in between was worked out for a run in which nothing waited.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeGuard

from simharness.checks.convergence.given_up import may_fail
from simharness.checks.listed import SHOWN
from simharness.domain.evidence import Alert, DeadLetter, Evidence, Reject
from simharness.domain.finding import Finding
from simharness.domain.record import RunRecord


class Meanwhile:
    """From when to when a posting waited as a dead letter, or what a record should show as a reject, and a person had
    been told; none where a plan's faults pass by themselves.
    """

    def __init__(self, faulted: RunRecord) -> None:
        self._facts = faulted.facts
        self._spans: list[tuple[datetime, datetime]] = []
        if not may_fail(faulted.header.plan):
            return
        over = [row for row in faulted.evidence if isinstance(row, Alert) and row.cleared_at is not None]
        for row in faulted.evidence:
            if _waits(row):
                ends = (each.cleared_at for each in over if each.source == row.source)
                later = [end for end in ends if end is not None and end > row.at]
                if later:
                    self._spans.append((row.at, min(later)))

    def explains(self, finding: Finding) -> bool:
        """Whether a finding is a claim of the story about an instant at which something waited."""
        is_claim = "." in finding.check and finding.check != "middleware.connector_finishes"
        if not finding.step or not (is_claim or finding.check.startswith("R")):
            return False
        at = max((fact.at for fact in self._facts if fact.step < finding.step), default=None)
        return at is not None and any(since <= at < until for since, until in self._spans)


def _waits(row: Evidence) -> TypeGuard[DeadLetter | Reject]:
    """Whether a row lists what nobody has taken up by itself. Rejects of records are the records' own fault."""
    return (isinstance(row, DeadLetter) and row.replayed_at is None) or (
        isinstance(row, Reject) and row.source.endswith(SHOWN)
    )
