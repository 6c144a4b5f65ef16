"""What comes of one random story: played once clean, and once more with its plan held against that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from simharness.checks.signature import signature_of
from simharness.core.errors import HarnessError
from simharness.domain.fault import Plan
from simharness.domain.finding import Signature
from simharness.explore.cases import Case, CaseResult, Outcome, Signed
from simharness.explore.player import broken, replay, stops_all
from simharness.stories.playing import Setting, play
from simharness.stories.story import Story


@dataclass(slots=True)
class Judge:
    """Plays stories, each only once; `played` counts those that were."""

    setting: Setting
    played: int = 0
    _known: dict[str, CaseResult] = field(default_factory=dict)

    def knows(self, story: Story, plan: Plan) -> bool:
        """Whether it was played before."""
        return self._case(story, plan).id in self._known

    def result(self, story: Story, plan: Plan) -> CaseResult:
        """What came of a story with a plan. What is wrong without the plan already is told of the story without it."""
        case = self._case(story, plan)
        known = self._known.get(case.id)
        if known is None:
            self.played += 1
            known = self._clean(story)
            if plan.faults and known.outcome is Outcome.PASSED:
                known = replay(case, story, self.setting)[1]
            self._known[case.id] = known
        return known

    def _clean(self, story: Story) -> CaseResult:
        case = self._case(story, Plan())
        try:
            played = play(story, self.setting)
        except HarnessError as fault:
            if stops_all(fault):
                raise
            return broken(case, fault)
        signed = tuple(Signed(signature=signature_of(each, Plan()), finding=each) for each in played.findings)
        outcome = Outcome.FOUND if signed else Outcome.PASSED
        return CaseResult(case=case, outcome=outcome, findings=signed, calls=len(played.record.exchanges))

    def _case(self, story: Story, plan: Plan) -> Case:
        return Case(
            story_key=story.fingerprint,
            story=story.name,
            where=str(story.where),
            plan=plan,
            rng_seed=self.setting.rng_seed,
        )


def signatures(result: CaseResult) -> list[Signature]:
    """The signatures of a result's findings, each once, in their order."""
    return list(dict.fromkeys(signed.signature for signed in result.findings))


def wanted(result: CaseResult, known: Iterable[Signature]) -> Signature | None:
    """The first signature of a result that is not among those known already."""
    seen = frozenset(known)
    return next((each for each in signatures(result) if each not in seen), None)
