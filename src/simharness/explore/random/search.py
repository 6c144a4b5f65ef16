"""The search itself: Hypothesis tells stories of a machine, each is played, and what breaks is made short and kept.

Deterministic: the same seed, setting and example database give the same stories, results and files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import run_state_machine_as_test
from msgspec.structs import replace

from simharness.domain.fault import Plan
from simharness.domain.finding import Signature
from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.random.company import Company
from simharness.explore.random.drawing import able_kinds
from simharness.explore.random.judging import Judge, signatures, wanted
from simharness.explore.random.keeping import keep
from simharness.explore.random.machine import Teller
from simharness.explore.random.people import PeopleMachine
from simharness.explore.random.shortening import shortened
from simharness.stories.playing import Setting
from simharness.stories.story import Story

_EXAMPLES = "examples"
#: Of the stories that are told while one is made plainer many were told before: so many for each that is played.
_TOLD_AGAIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How far a search goes: rules of a story at most, and of a story that breaks something the plainer ones that
    Hypothesis may play for it, and the shorter ones that are tried after that.
    """

    rules: int = 14
    plainer: int = 60
    shorter: int = 80


class Broken(Exception):
    """A story breaks something. Each signature has a type of its own, made for it: so that shrinking, which takes two
    failures of one type for the same, does not slip from one finding to another.
    """


class Enough(BaseException):
    """The story is plain enough. No `Exception`, which would be one more way in which the story fails."""


@dataclass(slots=True)
class Account:
    """What was reached: stories by company, steps by verb, and the files of what was found."""

    stories: int = 0
    with_plan: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    companies: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)


class Search:
    """Looks for stories that break something. `account` grows as it goes on."""

    def __init__(
        self,
        setting: Setting,
        out: Path,
        areas: frozenset[str],
        companies: tuple[Company, ...],
        kinds: tuple[str, ...] | None = None,
        effort: Effort = Effort(),
    ) -> None:
        self._setting, self._out, self._effort = setting, out, effort
        self._areas, self._companies, self._kinds = areas, companies, able_kinds(kinds)
        self._judge = Judge(setting)
        self._types: dict[Signature, type[Broken]] = {}
        self._known: list[Signature] = []
        self._database = DirectoryBasedExampleDatabase(out / _EXAMPLES)
        self.account = Account()

    def results(self, examples: int, rng_seed: int) -> Iterator[CaseResult]:
        """What came of each story that was tried, and of the shortest one of every finding, which is kept as a file."""
        left, number = examples, 0
        while left > 0:
            told = _Round(self._judge, self._known, self._types, self._effort.plainer)
            self._tell(told, left, _derived(rng_seed, number))
            for story, plan, result in told.tried:
                self._count(story, plan, result)
                if told.failed is None or result is not told.first:
                    yield result
            if told.failed is not None:
                yield self._found(*told.failed)
            left -= max(len(told.tried), 1) if told.failed is not None else left
            number += 1

    def _tell(self, told: _Round, examples: int, number: int) -> None:
        """One run of Hypothesis, until something breaks that is not known yet."""
        teller = Teller(areas=self._areas, companies=self._companies, kinds=self._kinds, take=told.take)
        machine = type("RandomStory", (PeopleMachine,), {"teller": teller})
        # What an earlier search kept is tried first; later runs of one search would only repeat what they found.
        phases = (Phase.reuse, Phase.generate, Phase.shrink) if not self._known else (Phase.generate, Phase.shrink)
        plan = settings(
            max_examples=examples,
            stateful_step_count=self._effort.rules,
            database=self._database,
            phases=phases,
            deadline=None,
            derandomize=False,
            report_multiple_bugs=False,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        try:
            run_state_machine_as_test(seed(number)(machine), settings=plan)
        except Broken as broken:
            told.failed = told.last[type(broken)]
        except Enough:
            told.failed = told.last[told.sought]

    def _found(self, story: Story, plan: Plan, signature: Signature) -> CaseResult:
        """Make a story short, keep it, and give the result of what was kept."""
        short = shortened(story, plan, signature, self._judge, self._effort.shorter)
        result = self._judge.result(short, plan)
        # What else is wrong with the shortest story is another symptom of the same.
        self._known += signatures(result)
        signed = next(each for each in result.findings if each.signature == signature)
        file, kept = keep(short, result, signed, self._setting, self._out)
        self.account.files.append(file)
        case = replace(result.case, story_key=kept.fingerprint, story=kept.name, where=str(kept.where))
        return replace(result, case=case)

    def _count(self, story: Story, plan: Plan, result: CaseResult) -> None:
        account = self.account
        account.stories += 1
        account.with_plan += bool(plan.faults)
        account.companies[story.dictionary.name] += 1
        account.outcomes[result.outcome] += 1
        account.verbs.update(step.verb.name for step in story.steps)


@dataclass(slots=True)
class _Round:
    """One run of Hypothesis: the stories it told until the first failure, and by type the last that failed."""

    judge: Judge
    known: list[Signature]
    types: dict[Signature, type[Broken]]
    plainer: int
    tried: list[tuple[Story, Plan, CaseResult]] = field(default_factory=list)
    last: dict[type[Broken], tuple[Story, Plan, Signature]] = field(default_factory=dict)
    failed: tuple[Story, Plan, Signature] | None = None
    first: CaseResult | None = None
    sought: type[Broken] = Broken
    told: int = 0
    replays: int = 0

    def take(self, story: Story, plan: Plan) -> None:
        """Play a story that Hypothesis told; raises what is made for the signature of the first new finding."""
        if self.first is not None:
            self.told += 1
            self.replays += not self.judge.knows(story, plan)
            if self.replays > self.plainer or self.told > _TOLD_AGAIN * self.plainer:
                raise Enough
        result = self.judge.result(story, plan)
        signature = wanted(result, self.known)
        if self.first is None:
            self.tried.append((story, plan, result))
        if signature is None:
            return
        kind = self.types.setdefault(signature, _type_for(signature))
        if self.first is None:
            self.first, self.sought = result, kind
        self.last[kind] = (story, result.case.plan, signature)
        raise kind(str(signature))


def _type_for(signature: Signature) -> type[Broken]:
    name = hashlib.sha256(str(signature).encode()).hexdigest()[:12]
    return type(f"Broken{name}", (Broken,), {"__doc__": f"{signature}."})


def _derived(rng_seed: int, number: int) -> int:
    """A seed of its own for each run of Hypothesis."""
    return int.from_bytes(hashlib.sha256(f"{rng_seed}\0{number}".encode()).digest()[:8])
