"""Tries a mutant on its cases: what the checks found, and whether its override was reached at all."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from msgspec import structs

from simharness.checks import business_state, converged, judge, unexcused
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import HarnessError
from simharness.domain.fault import Plan, parse_plan
from simharness.domain.finding import CheckResult
from simharness.domain.record import RunRecord
from simharness.explore.bare import without_bi
from simharness.fakekit.faults import Injector
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play, session
from simharness.stories.story import Story
from tests.mutants.mutant import Mutant, Override, Reach, Try

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Tried:
    """What came of a mutant: findings by check, how often its override acted, how many cases were played."""

    found: dict[str, str] = field(default_factory=dict)
    reached: int = 0
    cases: int = 0
    broken: str = ""
    last: str = ""


def try_out(mutant: Mutant) -> Tried:
    """Play the cases of a mutant until all of its checks found it."""
    told = Tried()
    for attempt in mutant.tries:
        told.cases += 1
        told.last = str(attempt)
        reach = Reach()
        try:
            results = results_of(mutant, attempt, (*mutant.setting, *mutant.overrides), reach)
        except HarnessError as error:
            told.broken = f"{type(error).__name__}: {error}"
            continue
        told.reached += reach.times
        for result in results:
            for finding in result.findings:
                told.found.setdefault(finding.check, finding.message)
        if set(mutant.checks) <= told.found.keys():
            break
    return told


def sound(mutant: Mutant, attempt: Try) -> tuple[CheckResult, ...]:
    """What the checks make of the sound connector in a case of a mutant."""
    return results_of(mutant, attempt, mutant.setting, Reach())


def results_of(mutant: Mutant, attempt: Try, overrides: tuple[Override, ...], reach: Reach) -> tuple[CheckResult, ...]:
    """All checks on a case; with a plan, convergence with the same connector's run without faults is one of them."""
    story = _story(attempt.story, bare=not mutant.shows_bi)
    with ExitStack() as stack:
        for override in overrides:
            stack.enter_context(override(reach))
        if mutant.compared:
            return play(story, _setting(mutant, Plan())).results
        if not attempt.plan:
            return judge(_played(story, _setting(mutant, Plan())))
        plan = parse_plan(attempt.plan)
        clean = _played(story, _setting(mutant, Plan()))
        ended = _played(story, _setting(mutant, plan))
        if any(struck.acts for struck in ended.fault_log):
            clean = _played(story, _setting(mutant, plan), Injector(plan, only_acts=True))
    state = business_state(clean)
    results = (converged(state, ended), *judge(ended))
    kept = set(unexcused(state, ended, (finding for result in results for finding in result.findings)))
    return tuple(_only(result, kept) for result in results)


def _only(result: CheckResult, kept: set[object]) -> CheckResult:
    return structs.replace(result, findings=tuple(each for each in result.findings if each in kept))


def _played(story: Story, setting: Setting, port: Injector | None = None) -> RunRecord:
    with session(story, setting, port=port) as run:
        for step in story.steps:
            run.do(step)
        return run.record()


def _setting(mutant: Mutant, plan: Plan) -> Setting:
    attachment = load_manifest(builtin_manifest())
    scopes = {vendor: (*asked, *mutant.scopes.get(vendor, ())) for vendor, asked in attachment.manifest.scopes.items()}
    manifest = structs.replace(attachment.manifest, scopes=scopes)
    return Setting(attachment=replace(attachment, manifest=manifest), plan=plan, options=mutant.options)


@cache
def _story(path: str, *, bare: bool) -> Story:
    story = load([ROOT / path])[0]
    return without_bi(story) if bare else story
