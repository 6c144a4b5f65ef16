"""Equal reactions: two faults at one call after which the connector does the same have one outcome."""

from __future__ import annotations

from msgspec.structs import replace

from simharness.explore.cases import Case, CaseResult
from simharness.explore.verdict import sign


class Known:
    """How the connector reacted to the faults that were tried at one call, and what came of each."""

    def __init__(self) -> None:
        self._results: dict[str, CaseResult] = {}

    def has(self, reaction: str) -> bool:
        """Whether somebody reacted so before."""
        return reaction in self._results

    def keep(self, reaction: str, result: CaseResult) -> None:
        """The first result with a reaction stands for it."""
        self._results.setdefault(reaction, result)

    def of(self, reaction: str) -> CaseResult:
        """What came of it."""
        return self._results[reaction]


def shared(case: Case, like: CaseResult, reason: str) -> CaseResult:
    """The result of a case that is not played, since it cannot differ from one that was."""
    return replace(
        like,
        case=case,
        findings=sign(case, (signed.finding for signed in like.findings)),
        calls=0,
        shared_with=str(like.case.plan),
        reason=reason,
        spent_us={},
    )
