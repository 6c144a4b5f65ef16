"""One case in the plain way: the story from its beginning with the plan's faults, held against its baseline.

This is what a case means. However quickly many cases of a story are explored together, each has to come out as here.
"""

from __future__ import annotations

from dataclasses import dataclass

from simharness.checks import judge
from simharness.checks.convergence import State, business_state
from simharness.core.errors import ContentError, HarnessError, UsageError
from simharness.domain.fault import Plan
from simharness.domain.played import Played
from simharness.domain.record import RunRecord
from simharness.explore.bare import without_bi
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.verdict import findings_of, verdict
from simharness.fakekit.faults import Injector
from simharness.stories.playing import Setting, session
from simharness.stories.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The end of a run without faults: its business state, and the keys of what is wrong in it already."""

    state: State
    known: frozenset[str]

    @classmethod
    def of(cls, record: RunRecord) -> Baseline:
        """The baseline that a record is."""
        return cls(state=business_state(record), known=findings_of(judge(record)))


def replay(case: Case, story: Story, setting: Setting) -> tuple[Played, CaseResult]:
    """Play exactly this case. `story` is the whole story that the case names.

    What simharness cannot play to its end is `broken`; the record is then that of the clean run. Raises `UsageError`
    when the connector cannot be started.
    """
    bare = without_bi(story)
    clean = play_through(bare, setting, Injector(Plan()))
    try:
        record = play_through(bare, setting, Injector(case.plan))
        on_the_world = any(struck.acts for struck in record.fault_log)
        held = acted(case, story, setting) if on_the_world else Baseline.of(clean)
    except HarnessError as fault:
        if stops_all(fault):
            raise
        return Played(record=clean, results=()), broken(case, fault)
    results, result = verdict(case, record, held.state, held.known)
    return Played(record=record, results=results), result


def stops_all(fault: HarnessError) -> bool:
    """Whether no story can be played with such a setting; what a step of one story says wrongly is that story's."""
    return isinstance(fault, UsageError) and not isinstance(fault, ContentError)


def acted(case: Case, story: Story, setting: Setting) -> Baseline:
    """The baseline of a case whose plan does something to the world itself: a run in which only that happens."""
    return Baseline.of(play_through(without_bi(story), setting, Injector(case.plan, only_acts=True)))


def broken(case: Case, fault: Exception) -> CaseResult:
    """The result of a case that could not be played to its end."""
    return CaseResult(case=case, outcome=Outcome.BROKEN, reason=f"{type(fault).__name__}: {fault}")


def play_through(story: Story, setting: Setting, port: Injector) -> RunRecord:
    """The record of a story played from its beginning through a port."""
    with session(story, setting, port=port) as run:
        for step in story.steps:
            run.do(step)
        return run.record()
