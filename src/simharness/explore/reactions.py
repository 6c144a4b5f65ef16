"""Equal reactions: two faults at one call after which the connector does the same have one outcome."""

from __future__ import annotations

from types import FrameType

from msgspec.structs import replace

from simharness.domain.fault_kinds import KINDS, Place
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.how import GOES_ON, REJOINED, SETTLED, SURVIVED
from simharness.explore.verdict import sign

#: What carries every call, whichever connector makes it.
_HOUSE = frozenset({"simharness", "simharness_fakes", "httpx", "httpcore"})
#: The module that runs a connector: what is above it in a stack is not the connector's.
RUNNER = "simharness.connectors.inprocess"


class Habits:
    """Which kinds are taken alike at a place in the connector's code: what handles a fault is the same code there.

    A place is the stack of a call, line by line. Kinds that it reacted to alike when it was there for the first time in
    a story are one kind there from then on.
    """

    def __init__(self) -> None:
        self._like: dict[tuple[str, ...], dict[str, str]] = {}
        self._settled: dict[tuple[str, ...], dict[str, CaseResult]] = {}
        self._survived: dict[tuple[str, ...], dict[str, CaseResult]] = {}

    def of(self, stack: tuple[str, ...]) -> dict[str, str]:
        """By kind the kind that stands for it at a place; grows while the place is explored for the first time."""
        return self._like.setdefault(stack, {})

    def remember(self, stack: tuple[str, ...], result: CaseResult) -> None:
        """What became of a case at a place, for those that come after it."""
        fault = result.case.plan.faults[-1]
        if result.reason in (GOES_ON, REJOINED):
            self._settled.setdefault(stack, {}).setdefault(fault.kind, result)
        kind, alone = KINDS[fault.kind], len(result.case.plan.faults) == 1
        if alone and result.outcome is Outcome.PASSED and kind.place is Place.WIRE and kind.committed is not None:
            self._survived.setdefault(stack, {}).setdefault(fault.kind, result)

    def shared_at(self, stack: tuple[str, ...], case: Case) -> CaseResult | None:
        """The result of a case at a place where nothing is written, if an earlier one at that place says it.

        The second of two faults is taken as survived where the same one alone was, but for what changes what is read.
        """
        kind = case.plan.faults[-1].kind
        if (like := self._settled.get(stack, {}).get(kind)) is not None:
            return shared(case, like, SETTLED)
        if len(case.plan.faults) > 1 and (like := self._survived.get(stack, {}).get(kind)) is not None:
            return shared(case, like, SURVIVED)
        return None


def stack_of(frame: FrameType | None, until: str) -> tuple[str, ...]:
    """The lines of code that wait for a call, innermost first, up to a module by its name."""
    found: list[str] = []
    while frame is not None and frame.f_globals.get("__name__") != until:
        found.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return tuple(found)


def lines_of(frame: FrameType | None, guest: str, until: str) -> tuple[str, ...]:
    """The lines of the connector's own code that wait for a call, innermost first, up to a module by its name.

    `guest` is the package of the connector; what is simharness's own, and the HTTP library below, is passed over. Lines
    are named by module, so that they are the same wherever the code lies.
    """
    found: list[str] = []
    while frame is not None and (name := str(frame.f_globals.get("__name__"))) != until:
        if name.partition(".")[0] not in _HOUSE or f"{name}.".startswith(f"{guest}."):
            found.append(f"{name}:{frame.f_lineno}")
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
