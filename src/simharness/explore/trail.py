"""The trail of a clean run: every place for a fault, and how connector and world stood whenever the connector rested.

A run with a fault that stands, at a rest, as the clean run stood at a rest of the same step is back on the track: what
follows cannot differ.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.manifest import Attachment
from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Outcome, Request, Response
from simharness.domain.fault import Plan
from simharness.domain.fault_kinds import KINDS, Place, Target
from simharness.domain.record import RunRecord
from simharness.domain.write import Write
from simharness.explore.likeness import Likeness
from simharness.explore.places import Site
from simharness.explore.reactions import RUNNER, lines_of
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults import Injector
from simharness.fakekit.faults.targets import applies
from simharness.fakekit.port import Hand
from simharness.stories.playing import Setting, session
from simharness.stories.session import Run
from simharness.stories.story import Story
from simharness.world.world import World

#: The rests: at the end of a step, and at the end of a pass that leaves nothing to do, or something.
STEP, AT_REST, BETWEEN = "step", "at rest", "in between"
_ON_CALLS = tuple(name for name, kind in KINDS.items() if kind.place is not Place.DELIVERY)
_ON_DELIVERIES = frozenset(name for name, kind in KINDS.items() if kind.place is Place.DELIVERY)


@dataclass(slots=True, kw_only=True)
class Trail:
    """What a clean run leaves: its record, its sites, the reactions to its calls by their numbers, and how it
    rested. `threaded`: the connector had threads of its own.
    """

    record: RunRecord
    sites: tuple[Site, ...]
    deliveries: tuple[Site, ...]
    reactions: dict[int, str]
    rests: frozenset[str]
    threaded: bool = False


class AttendedConnector(InProcessConnector):
    """A connector in this process; `rested` is told whenever it ended a pass, and what that leaves."""

    def __init__(
        self, attachment: Attachment, world: World, *, mapping: Path | None, rested: Callable[[str], None]
    ) -> None:
        super().__init__(attachment, world, mapping=mapping)
        self._rested = rested

    @property
    def state_folder(self) -> Path:
        """Where its present life keeps what it knows."""
        return self._state_dir()

    def quiet(self) -> bool:
        """Ask the connector whether it has outstanding work, and tell."""
        quiet = super().quiet()
        if self.running:
            self._rested(AT_REST if quiet else BETWEEN)
        return quiet


@dataclass(slots=True)
class Moments:
    """How a run stands at its rests, in words that two runs can be compared by."""

    likeness: Likeness
    run: Run | None = None
    step: int = 0

    def rest(self, how: str) -> str:
        """How connector and world stand now, in which step; `how` says what kind of rest it is."""
        told = self.likeness.told(self.playing.connector.evidence())
        return f"{self.step} {how} {self.folder()} {told} {self.likeness.world(self.playing.world)}"

    def reaction(self, what: str, writes: Sequence[Write]) -> str:
        """What the connector did next (a request, or a rest) with all that it wrote down and into systems before."""
        return f"{what} {self.folder()} {self.likeness.writes(writes)} {self.playing.world.clock.now.date()}"

    def folder(self) -> str:
        """What the connector knows."""
        connector = self.playing.connector
        assert isinstance(connector, AttendedConnector)  # noqa: S101 - made so
        return self.likeness.folder(connector.state_folder)

    @property
    def playing(self) -> Run:
        """The run."""
        if self.run is None:
            raise HarnessFault("a run is watched that has not begun")
        return self.run


class Walker(Injector):
    """The port of the clean run: notes every place, and interferes with nothing. `watched`: also how the connector
    stood after every call and at every rest.
    """

    def __init__(self, moments: Moments, guest: str, *, watched: bool) -> None:
        super().__init__(Plan())
        self._moments, self._guest, self._watched = moments, guest, watched
        self._nth: Counter[tuple[str, str]] = Counter()
        self._pass: list[Site] = []
        self._written = 0
        self.sites: list[Site] = []
        self.deliveries: list[Site] = []
        self.reactions: dict[int, str] = {}
        self.rests: set[str] = set()
        self._last: tuple[int, int] | None = None
        self.threads = 0

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Let the fake answer, and note what could have happened here."""
        self.threads = max(self.threads, threading.active_count())
        operation = fake.operation_of(request)
        kinds = frozenset(name for name in _ON_CALLS if applies(name, fake, request))
        lines = lines_of(sys._getframe(1), self._guest, RUNNER)
        asked = self._moments.likeness.request(fake.vendor, request) if self._watched else ""
        self._reacted(asked)
        before = len(fake.writes)
        self._last = self._calls + 1, before
        outcome = super().pass_through(fake, request)
        wrote = len(fake.writes) > before
        likeness = self._moments.likeness
        likeness.learn(outcome.response)
        self._nth[fake.vendor, operation] += 1
        answer = likeness.answer(outcome.response) if self._watched else ""
        site = Site(
            number=self._calls,
            vendor=fake.vendor,
            operation=operation,
            nth=self._nth[fake.vendor, operation],
            kinds=kinds if wrote else frozenset(name for name in kinds if not _needs_a_write(name)),
            asked=asked,
            answered=answer,
            wrote=wrote,
            lines=lines,
        )
        self._pass.append(site)
        self._written += wrote
        return outcome

    def deliver(self, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Hand the delivery over, and note it."""
        self._nth[vendor, "delivery"] += 1
        number, nth = len(self.deliveries) + 1, self._nth[vendor, "delivery"]
        self.deliveries.append(Site(number=number, vendor=vendor, operation="", nth=nth, kinds=_ON_DELIVERIES))
        return super().deliver(vendor, request, hand)

    def rested(self, how: str) -> None:
        """The connector ended a pass, or a step was done."""
        self._reacted(how)
        quietly = not self._written
        self.sites += (replace(site, quiet=True) for site in self._pass) if quietly else self._pass
        self._pass, self._written = [], 0
        if self._watched:
            self.rests.add(self._moments.rest(how))

    def _reacted(self, what: str) -> None:
        """Something follows the last call: keep what."""
        if self._last is not None and self._watched:
            number, before = self._last
            self.reactions[number] = self._moments.reaction(what, self._moments.playing.world.writes[before:])
            self._last = None


def walk(story: Story, setting: Setting, likeness: Likeness, *, watched: bool = True) -> Trail:
    """Play a story clean and keep its trail. Raises `UsageError` when the connector cannot be started.

    Not `watched`, it tells the places only, in a fraction of the time.
    """
    moments, threads = Moments(likeness), threading.active_count()
    walker = Walker(moments, guest_of(setting), watched=watched)
    with session(story, setting, port=walker, make=attended(walker.rested)) as run:
        moments.run = run
        for step in story.steps:
            moments.step = step.number
            run.do(step)
            walker.rested(STEP)
        record = run.record()
    own = {each.sequence for each in record.exchanges if each.client == "connector"}
    return Trail(
        record=record,
        sites=tuple(site for site in walker.sites if site.number in own),
        deliveries=tuple(walker.deliveries),
        reactions=walker.reactions,
        rests=frozenset(walker.rests),
        threaded=walker.threads > threads,
    )


def likeness_of(setting: Setting) -> Likeness:
    """How moments of a connector are compared, as its manifest has it."""
    manifest = setting.attachment.manifest
    return Likeness(manifest.incidental, manifest.evidence.file.rpartition("/")[2])


def guest_of(setting: Setting) -> str:
    """The package of a connector's code, or its module where that is in none."""
    module = setting.attachment.manifest.factory.partition(":")[0]
    return module.rpartition(".")[0] or module


def attended(rested: Callable[[str], None]) -> Callable[..., InProcessConnector]:
    """How a connector is built whose rests are told."""
    return partial(AttendedConnector, rested=rested)


def _needs_a_write(kind: str) -> bool:
    return KINDS[kind].target is Target.WRITE
