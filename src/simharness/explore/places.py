"""Where faults can be placed in a story: which kinds can meet which of its calls and deliveries at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simharness.domain.exchange import Request
from simharness.domain.fault import Fault, Plan, Trigger
from simharness.domain.fault_kinds import KINDS, FaultKind
from simharness.explore.cases import Case
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.targets import applies
from simharness.stories.story import Story

_CRASHES = ("crash_before", "crash_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outbound call (or delivery) of a clean run: the `nth` of its vendor and operation.

    `number` counts all exchanges of the run from 1, or all deliveries. `kinds` can meet it. `asked` and `answered`
    identify what was; `wrote` says whether anything was written by it, `quiet` that nothing was in the whole pass.
    `lines` are those of the connector's code that waited for it, innermost first.
    """

    number: int
    vendor: str
    operation: str
    nth: int
    kinds: frozenset[str]
    asked: str = ""
    answered: str = ""
    wrote: bool = False
    quiet: bool = False
    lines: tuple[str, ...] = ()

    @property
    def trigger(self) -> Trigger:
        """What strikes here and nowhere else."""
        return Trigger(nth=self.nth, vendor=self.vendor, operation=self.operation)

    @property
    def poll(self) -> str:
        """What was asked and answered."""
        return f"{self.asked} {self.answered}" if self.asked else ""


def kinds_of(names: Iterable[str], *, crashes: bool) -> tuple[FaultKind, ...]:
    """The kinds of these names in the order of the table, those of the process beside them where crashes are wanted."""
    wanted = {*names, *(_CRASHES if crashes else ())}
    return tuple(kind for kind in KINDS.values() if kind.name in wanted)


def cases_in(story: Story, sites: Iterable[Site], kinds: Iterable[FaultKind], rng_seed: int) -> Iterator[Case]:
    """Every case of depth one, call by call in their order, at each call in the order of the table of kinds."""
    wanted = tuple(kinds)
    for site in sites:
        for kind in wanted:
            if kind.name in site.kinds:
                yield case_at(story, site, kind, rng_seed)


def site_here(
    fake: Fake,
    request: Request,
    number: int,
    nth: int,
    kinds: Iterable[FaultKind],
    *,
    asked: str,
    lines: tuple[str, ...],
) -> Site:
    """The call that is being made in a run with a fault, as a place for a second one.

    No kind that does something to the world itself: it has to come first, since what the pair is held against is a run
    in which only that happens, and the calls after another fault are others.
    """
    called = fake.operation_for(request)
    return Site(
        number=number,
        vendor=fake.vendor,
        operation=fake.operation_of(request),
        nth=nth,
        kinds=frozenset(kind.name for kind in kinds if not kind.acts and applies(kind.name, fake, request)),
        asked=asked,
        wrote=called is None or not called.reads,
        lines=lines,
    )


def case_at(story: Story, site: Site, kind: FaultKind, rng_seed: int, before: Plan | None = None) -> Case:
    """The case of one kind at one site, after the faults of `before`."""
    faults = (*(before.faults if before else ()), Fault(kind=kind.name, trigger=site.trigger))
    return Case(
        story_key=story.fingerprint,
        story=story.name,
        where=str(story.where),
        plan=Plan(faults=faults),
        rng_seed=rng_seed,
    )
