"""Equal reactions: two faults at one call after which the connector does the same have one outcome."""

from __future__ import annotations

from types import FrameType

from msgspec.structs import replace

from simharness.explore.cases import Case, CaseResult
from simharness.explore.verdict import sign


class Habits:
    """Which kinds are taken alike at a place in the connector's code: what handles a fault is the same code there.

    A place is the stack of a call, line by line. Kinds that it reacted to alike when it was there for the first time in
    a story are one kind there from then on.
    """

    def __init__(self) -> None:
        self._like: dict[tuple[str, ...], dict[str, str]] = {}
        self._settled: dict[tuple[str, ...], dict[str, CaseResult]] = {}

    def of(self, stack: tuple[str, ...]) -> dict[str, str]:
        """By kind the kind that stands for it at a place; grows while the place is explored for the first time."""
        return self._like.setdefault(stack, {})

    def settled_at(self, stack: tuple[str, ...]) -> dict[str, CaseResult]:
        """By kind the first case at a place in which the connector repeated its call, or took no notice."""
        return self._settled.setdefault(stack, {})


def stack_of(frame: FrameType | None, until: str) -> tuple[str, ...]:
    """The lines of code that wait for a call, innermost first, up to a module by its name."""
    found: list[str] = []
    while frame is not None and frame.f_globals.get("__name__") != until:
        found.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return tuple(found)


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
