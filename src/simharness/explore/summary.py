"""What an exploration came to: counts, and findings by signature, each with its smallest case.

Results may be added in any order and summaries may be taken of any parts: the figures are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simharness.domain.base import Record
from simharness.domain.finding import Finding, Signature
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.memory import Growth, Held, growth
from simharness.explore.store import Cost, End, Work
from simharness.explore.units import Unit

_PLAN = re.compile(r"@\S*#\d+")
_FIGURES = re.compile(r"\d+")
#: What the worst of some cases is.
_WORST_FIRST = (Outcome.BROKEN, Outcome.FOUND, Outcome.NOT_EXERCISED, Outcome.REJECTED, Outcome.PASSED)
_ELSEWHERE = "tried in another shard"
#: Number of faults, length of the story, numbers of the calls; and a text that breaks ties.
_Rank = tuple[int, int, tuple[int, ...], str]


class Group(Record, frozen=True, kw_only=True):
    """All findings of one signature: how many cases, in how many stories, and the smallest of these cases.

    The smallest has the fewest faults, then the shortest story, then the lowest call.
    """

    signature: Signature
    cases: int
    stories: int
    smallest: Case
    finding: Finding


class Unplayed(Record, frozen=True, kw_only=True):
    """Cases that could not be played for one reason, in the words of the smallest of them."""

    reason: str
    cases: int
    smallest: Case


@dataclass(slots=True)
class _Signed:
    cases: int = 0
    stories: set[str] = field(default_factory=set)
    rank: _Rank | None = None
    case: Case | None = None
    finding: Finding | None = None


@dataclass(slots=True)
class Summary:
    """Counts that grow result by result.

    `shared` counts cases by why they share another's outcome, `idle` those that were not exercised by why, `kinds`
    counts outcomes by kind of fault. Clean runs are no cases; what is wrong in them is told like any finding.
    """

    units: int = 0
    events: int = 0
    clean_calls: int = 0
    calls: int = 0
    played: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[Outcome]] = field(default_factory=dict)
    _represented: Counter[str] = field(default_factory=Counter)
    _came: dict[str, Outcome] = field(default_factory=dict)
    _signed: dict[Signature, _Signed] = field(default_factory=dict)
    _broken_like: Counter[str] = field(default_factory=Counter)
    _first_broken: dict[str, tuple[_Rank, Case, str]] = field(default_factory=dict)

    def add(self, unit: Unit, result: CaseResult | None, end: End | None) -> None:
        """Count a result, or the end of a unit."""
        if result is not None:
            self._result(unit, result)
        if end is not None:
            self.units += 1
            self.events += end.events

    @property
    def cases(self) -> int:
        """How many cases there are, those without a verdict included."""
        return self.outcomes.total()

    @property
    def exercised(self) -> int:
        """How many cases came to a verdict, by themselves or with another."""
        return sum(self.outcomes[one] for one in (Outcome.PASSED, Outcome.REJECTED, Outcome.FOUND))

    @property
    def represented(self) -> Mapping[str, int]:
        """Cases that others stand for, by what came of those: of several that stand for one, the worst."""
        found: Counter[str] = Counter()
        for stand_ins, count in self._represented.items():
            found[self._worst(stand_ins.split())] += count
        return dict(sorted(found.items()))

    def _worst(self, cases: Sequence[str]) -> str:
        came = {self._came.get(case) for case in cases}
        if None in came:
            return _ELSEWHERE
        return next((one.value for one in _WORST_FIRST if one in came), _ELSEWHERE)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Findings by signature, the most frequent first."""
        found = [
            Group(
                signature=signature, cases=one.cases, stories=len(one.stories), smallest=one.case, finding=one.finding
            )
            for signature, one in self._signed.items()
            if one.case is not None and one.finding is not None
        ]
        return tuple(sorted(found, key=lambda group: (-group.cases, str(group.signature))))

    @property
    def calls_per_event(self) -> tuple[int, int]:
        """Outbound calls of the clean runs, and the business events that they were made for."""
        return self.clean_calls, self.events

    @property
    def broken(self) -> tuple[Unplayed, ...]:
        """Why cases could not be played, the most frequent reason first; figures in a reason make no other one."""
        found = (
            Unplayed(reason=self._first_broken[masked][2], cases=count, smallest=self._first_broken[masked][1])
            for masked, count in self._broken_like.items()
        )
        return tuple(sorted(found, key=lambda each: (-each.cases, each.reason)))

    @property
    def exit_code(self) -> int:
        """3 when a case could not be played, 1 when there are findings, 4 when no case came to a verdict, else 0: also
        of a shard whose work is all in other shards.
        """
        if self.broken:
            return 3
        if self._signed:
            return 1
        elsewhere = set(self.outcomes) == {Outcome.REPRESENTED} if self.outcomes else not self.units
        return 0 if self.exercised or elsewhere else 4

    def _result(self, unit: Unit, result: CaseResult) -> None:
        for signature in {signed.signature for signed in result.findings}:
            self._found(unit, result, signature)
        if not is_case(unit, result):
            self.clean_calls += result.calls
            if result.outcome is Outcome.BROKEN:
                self._broken(unit, result)
            return
        cases = 1 + len(result.also)
        self.outcomes[result.outcome] += cases
        self.calls += result.calls
        for kind in sorted({fault.kind for fault in result.case.plan.faults}):
            self.kinds.setdefault(kind, Counter())[result.outcome] += cases
        if result.outcome is Outcome.REPRESENTED:
            self._represented[result.shared_with] += cases
            return
        self._came[result.case.id] = result.outcome
        if result.outcome is Outcome.NOT_EXERCISED:
            # A reason that names the plan is the same reason for other calls.
            kinds = " + ".join(fault.kind for fault in result.case.plan.faults)
            self.idle[_PLAN.sub("", result.reason.replace(str(result.case.plan), kinds))] += 1
        elif result.outcome is Outcome.BROKEN:
            self._broken(unit, result)
        elif result.shared_with:
            self.shared[result.reason] += 1
        else:
            self.played += 1

    def _broken(self, unit: Unit, result: CaseResult) -> None:
        reason = f"shared with one that could not be played: {result.reason}" if result.shared_with else result.reason
        masked = _FIGURES.sub("#", reason)
        self._broken_like[masked] += 1
        place = rank(unit, result.case)
        known = self._first_broken.get(masked)
        if known is None or place < known[0]:
            self._first_broken[masked] = (place, result.case, reason)

    def _found(self, unit: Unit, result: CaseResult, signature: Signature) -> None:
        one = self._signed.setdefault(signature, _Signed())
        one.cases += 1
        one.stories.add(result.case.story_key)
        place = rank(unit, result.case)
        if one.rank is None or place < one.rank:
            one.rank, one.case = place, result.case
            one.finding = next(signed.finding for signed in result.findings if signed.signature == signature)


def is_case(unit: Unit, result: CaseResult) -> bool:
    """Whether a result is that of a case; the clean run of a story is none, a random story without faults is."""
    return bool(result.case.plan.faults or unit.seeds)


def rank(unit: Unit, case: Case) -> _Rank:
    """How small a case is: number of faults, length of the story, numbers of the calls; the text breaks ties."""
    faults = case.plan.faults
    return len(faults), unit.steps, tuple(fault.trigger.nth for fault in faults), f"{case.plan} {case.story_key}"


def parts_of(costs: Mapping[str, int]) -> list[tuple[str, int]]:
    """What each part took, the dearest first."""
    return sorted(costs.items(), key=lambda item: (-item[1], item[0]))


class Account(Record, frozen=True, kw_only=True, omit_defaults=False):
    """A summary as a file, `summary.json`: the counts in words, the findings, and what the work took.

    `exit_code` is what `simharness explore` left with. Times are real microseconds, of all processes together; `memory`
    is there where a process was looked at often enough.
    """

    release: str
    shard: str
    exploration: str
    exit_code: int
    units: int
    cases: int
    exercised: int
    played: int
    outcomes: Mapping[str, int]
    shared: Mapping[str, int]
    represented: Mapping[str, int]
    not_exercised: Mapping[str, int]
    broken: tuple[Unplayed, ...]
    kinds: Mapping[str, Mapping[str, int]]
    business_events: int
    calls_of_clean_runs: int
    calls: int
    findings: tuple[Group, ...]
    flags: str = ""
    work_us: int = 0
    parts_us: Mapping[str, int] = {}
    memory: Growth | None = None

    @classmethod
    def of(cls, summary: Summary, work: Work, flags: str, costs: Iterable[Cost]) -> Account:
        """The account of a summary; `flags` bring the setting back on the command line."""
        work_us, parts, looks = 0, Counter[str](), dict[int, list[Held]]()
        for cost in costs:
            work_us += cost.took_us
            parts.update(cost.parts_us)
            if cost.held is not None:
                looks.setdefault(cost.process, []).append(cost.held)
        return cls(
            release=work.exploration.terms.release,
            shard=str(work.shard),
            exploration=work.exploration.digest,
            exit_code=summary.exit_code,
            units=summary.units,
            cases=summary.cases,
            exercised=summary.exercised,
            played=summary.played,
            outcomes=_worded(summary.outcomes),
            shared=dict(sorted(summary.shared.items())),
            represented=summary.represented,
            not_exercised=dict(sorted(summary.idle.items())),
            broken=summary.broken,
            kinds={kind: _worded(summary.kinds[kind]) for kind in sorted(summary.kinds)},
            business_events=summary.events,
            calls_of_clean_runs=summary.clean_calls,
            calls=summary.calls,
            findings=summary.groups,
            flags=flags,
            work_us=work_us,
            parts_us=dict(sorted(parts.items())),
            memory=growth(looks),
        )


def _worded(outcomes: Mapping[Outcome, int]) -> dict[str, int]:
    return {one.value: outcomes[one] for one in Outcome if outcomes.get(one)}
