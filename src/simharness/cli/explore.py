"""`simharness explore`: place faults at every call of the chosen stories, and tell what came of each case."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from simharness import __version__
from simharness.cli.choosing import chosen
from simharness.cli.interrupt import interruptible
from simharness.connectors.manifest import Attachment, builtin_manifest, load_manifest
from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.fault_kinds import KINDS
from simharness.explore.cases import Outcome
from simharness.explore.digests import connector_digest, contracts_digest, harness_digest
from simharness.explore.orders import Order
from simharness.explore.places import kinds_of
from simharness.explore.planning import Spot, planned
from simharness.explore.pool import explored
from simharness.explore.sampling import sample
from simharness.explore.stopwatch import now_us
from simharness.explore.store import Cost, Folder, Work
from simharness.explore.units import Exploration, Terms, Unit, exploration, parse_shard
from simharness.report.aside import claimed
from simharness.report.exploration import Effort, ExplorationTerminal
from simharness.report.exploration_files import account_in, leave
from simharness.report.terminal import PlainConsole
from simharness.report.words import counted
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.world.plans import read_kind
from simharness.world.registry import installed_packs

_ALL = "all"
#: How many random stories one unit holds.
_SEEDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    faults: str
    depth: int
    crashes: bool
    jobs: int
    shard: str
    out: Path
    sample: int | None
    random: int | None
    to_the_end: bool
    connector: Path | None
    mapping: Path | None
    rng_seed: int
    name: str
    tags: frozenset[str]
    profiles: tuple[str, ...]


def explore_stories(wish: Wish) -> int:
    """Explore and return the exit code; raises `HarnessError` before the first case if it cannot begin."""
    shard = parse_shard(wish.shard)
    attachment = load_manifest(wish.connector or builtin_manifest())
    order = _order(wish, attachment)
    whole = _exploration(wish, order.terms, order.setting())
    console = PlainConsole()
    if wish.sample is None and wish.random is None and not wish.to_the_end:
        whole = _planned(order, whole, wish.jobs)
    work = Work(exploration=whole, shard=shard)
    # Where both go to the same screen, one console has to know of lines and progress, or they overwrite each other.
    terminal = ExplorationTerminal(console, console if console.is_terminal else PlainConsole(stderr=True))
    folder = Folder(wish.out)
    with claimed(wish.out):
        left = folder.begin(work)
        terminal.begin(_headline(wish, work, attachment), len(work.units), len(work.units) - len(left))
        try:
            cases_now, wall_us = _explore(order, left, wish.jobs, terminal)
        except KeyboardInterrupt:
            terminal.stop()
            done = len(folder.spans())
            console.print(f"{done} of {counted(len(work.units), 'unit')} are explored; the same command goes on there")
            raise
        finally:
            terminal.stop()
        if not folder.stream.exists():
            costs = tuple(folder.costs())
            folder.close(work, folder.spans())
        else:
            before = account_in(wish.out)
            costs = (Cost(took_us=before.work_us, parts_us=before.parts_us),) if before else ()
        summary, account, files = leave(folder, work, costs, order.flags)
    effort = Effort(
        cases_now=cases_now,
        wall_us=wall_us,
        jobs=min(wish.jobs, len(left)),
        tried=summary.cases - summary.outcomes[Outcome.REPRESENTED],
        work_us=account.work_us,
        parts_us=account.parts_us,
        memory=account.memory,
    )
    terminal.end(summary, effort, order.flags, files)
    return summary.exit_code


def _explore(order: Order, left: Sequence[Unit], jobs: int, terminal: ExplorationTerminal) -> tuple[int, int]:
    """Have units explored; how many cases that were, and the real microseconds that it took."""
    began_us, cases, failed = now_us(), 0, 0
    with interruptible() as interrupts:
        for unit, report in explored(order, left, jobs, interrupts.heed):
            if report.failure:
                failed += 1
                terminal.failed(unit, report.failure)
            elif report.done:
                cases += report.results
                terminal.done(unit, report.results, report.found)
            else:
                terminal.under_way(unit, report.results)
    if failed:
        raise HarnessFault(
            f"{counted(failed, 'unit')} could not be explored",
            mend="what is finished is kept: the same command tries the others again",
        )
    return cases, now_us() - began_us


def _order(wish: Wish, attachment: Attachment) -> Order:
    if wish.mapping is not None and not wish.mapping.is_dir():
        raise UsageError(f"there is no mapping folder {wish.mapping}", mend="give the folder of a mapping to --mapping")
    if wish.random is not None and (wish.paths or wish.sample is not None):
        raise UsageError("random stories are not chosen from written ones", mend="leave out the paths and --sample")
    if wish.sample is not None and wish.depth > 1:
        raise UsageError("--sample draws single faults", mend="leave out --depth, or --sample")
    packs = installed_packs().values()
    terms = Terms(
        release=__version__,
        harness=harness_digest(packs),
        connector=connector_digest(attachment),
        contracts=contracts_digest(packs),
        faults=_faults(wish),
        depth=wish.depth,
        to_the_end=wish.to_the_end,
        rng_seed=wish.rng_seed,
        profiles=tuple(sorted(wish.profiles)),
    )
    flags = [
        f"--{name} {shlex.quote(str(value))}"
        for name, value in (("connector", wish.connector), ("mapping", wish.mapping), ("rng-seed", wish.rng_seed))
        if value
    ]
    flags += [f"--profile {shlex.quote(each)}" for each in wish.profiles]
    return Order(
        terms=terms,
        connector=str(attachment.file.resolve()),
        mapping=str(wish.mapping.resolve()) if wish.mapping else "",
        out=str(wish.out.resolve()),
        flags=" ".join(flags),
    )


def _faults(wish: Wish) -> tuple[str, ...]:
    """The kinds that are asked for: `all` are those of the wire and of deliveries, crashes come by `--crashes`."""
    names = [name.strip() for name in wish.faults.split(",") if name.strip()]
    if _ALL in names:
        names = [kind.name for kind in KINDS.values() if kind not in kinds_of((), crashes=True)]
    for name in names:
        read_kind(name)
    kinds = kinds_of(names, crashes=wish.crashes)
    if not kinds:
        raise UsageError("no kind of fault is asked for", mend="name kinds after --faults, or leave it out for all")
    return tuple(kind.name for kind in kinds)


def _exploration(wish: Wish, terms: Terms, setting: Setting) -> Exploration:
    if wish.random is not None:
        from simharness.explore.random import needs_hypothesis  # which written stories do not

        needs_hypothesis()
        firsts = range(0, wish.random, _SEEDS)
        return exploration(terms, (Unit(first_seed=first, seeds=min(_SEEDS, wish.random - first)) for first in firsts))
    stories = chosen(wish.paths, setting, wish.name, wish.tags)
    units = [_unit(story, setting) for story in stories]
    if wish.sample is not None:
        listening = {s.fingerprint for s in stories if setting.attachment.subscriptions(s.listens)}
        units = sample(units, terms.faults, wish.sample, lambda unit: unit.story_key in listening)
    return exploration(terms, units)


def _planned(order: Order, whole: Exploration, jobs: int) -> Exploration:
    """The exploration in which a few calls of each place of the connector's code stand for the others.

    All shards plan all stories, so that they plan alike.
    """
    found: dict[str, tuple[Spot, ...]] = {}
    with interruptible() as interrupts:
        for unit, report in explored(replace(order, planning=True), whole.units, jobs, interrupts.heed):
            if report.done:
                found[unit.story_key] = report.spots
    return exploration(whole.terms, planned(whole.units, found, pairs=whole.terms.depth > 1))


def _unit(story: Story, setting: Setting) -> Unit:
    folder = setting.mapping_for(story)
    return Unit(
        story=story.name,
        story_key=story.fingerprint,
        where=str(story.where),
        steps=len(story.steps),
        mapping=setting.attachment.info(folder).mapping_digest,
    )


def _headline(wish: Wish, work: Work, attachment: Attachment) -> str:
    terms = work.exploration.terms
    what = counted(len(work.units), "story", "stories")
    if wish.random is not None:
        what = counted(sum(unit.seeds for unit in work.units), "random story", "random stories")
    if wish.sample is not None:
        what = f"a sample of {wish.sample:,} cases from {what}"
    shard = f", shard {work.shard}" if work.shard.of > 1 else ""
    kinds = counted(len(terms.faults), "kind of fault", "kinds of faults")
    subject = f"connector {attachment.manifest.connector} {attachment.manifest.release}".rstrip()
    by = counted(wish.jobs, "process", "processes")
    return f"simharness {__version__}: {what}{shard}, {kinds} at depth {terms.depth}, {subject}, {by}"
