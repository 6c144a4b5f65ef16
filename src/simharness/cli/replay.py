"""`simharness replay`: play exactly one case again, and tell on request call by call what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import located
from simharness.core.errors import UsageError, Where
from simharness.domain.base import decode
from simharness.domain.fault import Plan
from simharness.explore.case_text import parse_case
from simharness.explore.cases import Case, Outcome
from simharness.explore.player import replay
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.report.exploration_files import CASES
from simharness.report.replayed import show
from simharness.report.terminal import PlainConsole
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.world.plans import read_plan
from simharness.world.registry import installed_packs

_CODES: Mapping[Outcome, int] = MappingProxyType({Outcome.FOUND: 1, Outcome.BROKEN: 3, Outcome.NOT_EXERCISED: 4})


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What was asked for on the command line."""

    case: str
    out: Path
    trace: bool
    connector: Path | None
    mapping: Path | None
    rng_seed: int
    profiles: tuple[str, ...]


def replay_case(wish: Again) -> int:
    """Play the case and return the exit code: 0 ok, 1 findings, 3 it cannot be played, 4 not all of it struck."""
    case, story = _case(wish)
    if case.plan.faults:
        read_plan(str(case.plan))  # what could never strike is refused before anything is played
    setting = Setting(
        attachment=load_manifest(wish.connector or builtin_manifest()),
        mapping=wish.mapping,
        rng_seed=case.rng_seed,
        profiles=profiles_of(wish.profiles, installed_packs()),
    )
    played, result = replay(case, story, setting)
    show(PlainConsole(), played, result, trace=wish.trace)
    return _CODES.get(result.outcome, 0)


def _case(wish: Again) -> tuple[Case, Story]:
    """The case with its story: of a case file, of an id in the --out folder, or of the text."""
    file = wish.out / CASES / f"{wish.case}.json"
    if Path(wish.case).suffix == ".json":
        file = Path(wish.case)
    if file.suffix == ".json" and (file.is_file() or Path(wish.case).suffix == ".json"):
        case = _read(file)
        place, _, line = case.where.rpartition(":")
        story = _story(Where(place, int(line or 0)), case.story_key)
        if story.fingerprint != case.story_key:
            raise UsageError(f"the story {case.story!r} was changed since {file} was written", mend="explore it again")
        return case, story
    where, plan = parse_case(wish.case)
    story = _story(where, "")
    return _of(story, plan, wish.rng_seed), story


def _of(story: Story, plan: Plan, rng_seed: int) -> Case:
    return Case(story_key=story.fingerprint, story=story.name, where=str(story.where), plan=plan, rng_seed=rng_seed)


def _read(file: Path) -> Case:
    try:
        return decode(file.read_bytes(), Case)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{file} is no case file: {error}", mend="give one that simharness explore left") from error


def _story(where: Where, key: str) -> Story:
    """The story of this fingerprint, else the one that stands at this line."""
    stories = discovery.load([located(Path(where.file))])
    for story in stories:
        if story.fingerprint == key:
            return story
    for story in stories:
        if story.where.line == where.line:
            return story
    lines = ", ".join(str(story.where.line) for story in stories)
    raise UsageError(f"no story begins at {where}", mend=f"the stories of the file begin at line {lines}")
