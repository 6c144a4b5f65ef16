"""A bench: one world with everything that a test has of it, each part made when it is asked for first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pytest
import respx

from simharness.checks import CHECKS, judge
from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.listening import Listening
from simharness.core.clock import instant_of
from simharness.core.errors import UsageError
from simharness.domain.connector import ConnectorInfo
from simharness.domain.finding import CheckResult
from simharness.domain.played import Played
from simharness.domain.record import RunHeader, RunRecord
from simharness.domain.snapshot import Checkpoint
from simharness.fakekit.faults import Injector
from simharness.pytest_plugin.hands import Fake, Faults, Hands
from simharness.pytest_plugin.words import in_words, refuse_frozen
from simharness.report.verdict import complaint
from simharness.stories.dictionaries import named
from simharness.stories.nearest import suggestion
from simharness.stories.playing import Setting, values_for
from simharness.world.doors.host import WorldHost
from simharness.world.doors.routed import routed
from simharness.world.doors.server import Served
from simharness.world.registry import stack_for
from simharness.world.world import World

#: Hosts that code under test may reach although a world is in the place of the network: they are this machine.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: The checks that need to know nothing of what a story told: what the books and the wire alone can be held to.
WITHOUT_STORY = ("V1", "V18", "V25", "C1", "C2", "C3", "C7", "C9", "C11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a world is like: `dictionary` by name or file, `stack` vendors by family beside the usual ones, `options`
    profile constants by vendor, `passing` further hosts that routed code may reach.
    """

    dictionary: str = "us-saas"
    today: date | str = date(2026, 1, 5)
    stack: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rng_seed: int = 0
    options: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    passing: Collection[str] = ()

    @classmethod
    def read(cls, said: Mapping[str, object]) -> Company:
        """A company of some words; raises `UsageError` for one that there is not."""
        known = [each.name for each in fields(cls)]
        for name in said:
            if name not in known:
                raise UsageError(f"a world is not described by {name!r}", mend=suggestion(name, known))
        return cls(**said)  # type: ignore[arg-type]  # what a marker says is only known when it is read

    @property
    def day(self) -> date:
        """The day on which its world begins."""
        return self.today if isinstance(self.today, date) else date.fromisoformat(self.today)


def opened(title: str, setting: Setting, said: Mapping[str, object]) -> Iterator[Bench]:
    """The bench of a fixture, cleared away after it; a fault that was planned and never struck fails its test."""
    with in_words():
        refuse_frozen()
        bench = Bench(title, setting, Company.read(said))
    try:
        yield bench
    finally:
        bench.close()
    if bench.faults.idle:
        idle = ", ".join(str(fault) for fault in bench.faults.idle)
        pytest.fail(f"{idle} struck nowhere: what it was to show was not tried", pytrace=False)


class Bench:
    """One world and what belongs to it. `title` is its name in findings."""

    def __init__(self, title: str, setting: Setting, company: Company) -> None:
        self.title, self.company, self._setting = title, company, setting
        self.dictionary = named(company.dictionary, Path.cwd())
        self._port = Injector(setting.plan)
        self._stack = ExitStack()
        self._started: InProcessConnector | None = None
        self._served: Mapping[str, str] = MappingProxyType({})
        self.world = World(
            port=self._port,
            now=instant_of(company.day, self.dictionary.time_zone),
            rng_seed=company.rng_seed,
            stack={**stack_for(self.dictionary), **company.stack},
            options=company.options,
            locale=self.dictionary.locale,
        )
        self._stack.callback(self.world.exchange_log.close)
        self.world.furnish(self.dictionary)

    @cached_property
    def clock(self) -> Hands:
        """The hands of its clock."""
        return Hands(self.world, self.dictionary.time_zone)

    @cached_property
    def faults(self) -> Faults:
        """What goes wrong in it."""
        return Faults(self.world, has_connector=lambda: self._started is not None)

    def fake(self, name: str) -> Fake:
        """A fake by vendor or family."""
        with in_words():
            for family, fake in self.world.fakes.items():
                if name in (family, fake.vendor):
                    return Fake(self.world, family, lambda: self._served)
            known = [*self.world.fakes, *(fake.vendor for fake in self.world.fakes.values())]
            raise UsageError(
                f"nobody plays {name!r} in this world",
                mend=f"{suggestion(name, known)}; payroll is there with a dictionary that says how it pays, others by "
                "the stack of the marker simharness",
            )

    @cached_property
    def routes(self) -> respx.MockRouter:
        """Lets every httpx request of this process reach the world, from now on."""
        return self._stack.enter_context(routed(self.world, passing=(*LOOPBACK, *self.company.passing)))

    @cached_property
    def urls(self) -> Mapping[str, str]:
        """Serves the fakes, from now on."""
        with in_words():
            served = self._stack.enter_context(Served(WorldHost(_only(self.world))))
        self._served = MappingProxyType(dict(served.urls))
        return self._served

    @cached_property
    def connector(self) -> InProcessConnector:
        """Starts the connector under test in this world."""
        attachment = self._setting.attachment
        with in_words():
            mapping = attachment.mapping_for(self.dictionary.name, self._setting.mapping)
            connector = InProcessConnector(attachment, self.world, mapping=mapping)
            folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="simharness-")))
            connector.start(values_for(attachment, self.world), folder / "state")
            self._stack.callback(connector.stop)
            self._port.on_crash = connector.kill
            Listening(self.world, connector, attachment.subscriptions("")).begin()
        self._started = connector
        return connector

    def record(self) -> RunRecord:
        """What happened so far. It tells no story: nobody said what should have come of it."""
        world, connector = self.world, self._started
        header = RunHeader(
            story=self.title,
            rng_seed=world.rng.rng_seed,
            started_at=instant_of(self.company.day, self.dictionary.time_zone),
            today=self.company.day,
            stack=tuple((family, fake.vendor) for family, fake in world.fakes.items()),
            connector=connector.info if connector else ConnectorInfo(name="the code under test"),
            dictionary=self.dictionary,
        )
        return RunRecord(
            header=header,
            checkpoints=(Checkpoint(step=0, name="now", world=world.snapshot()),),
            exchanges=tuple(world.exchange_log),
            deliveries=tuple(world.deliveries),
            writes=world.writes,
            evidence=connector.evidence() if connector else (),
            fault_log=world.struck,
        )

    def checks(self, record: RunRecord | None = None, only: Collection[str] = ()) -> tuple[CheckResult, ...]:
        """The results of checks on a record, of its own world's without one: those named, else all that can be held
        against it. Fails in words if they found anything.
        """
        __tracebackhide__ = True
        known = [check.id for check in CHECKS if check.judge is not None]
        with in_words():
            for each in only:
                if each not in known:
                    raise UsageError(f"there is no check {each!r} of one record", mend=suggestion(each, known))
            record = record or self.record()
            results = judge(record, only=only or (() if record.facts else WITHOUT_STORY))
        wrong = complaint(Played(record=record, results=results))
        if wrong:
            pytest.fail(wrong, pytrace=False)
        return results

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()


def _only(world: World) -> Callable[[], World]:
    """A maker of one world: a test holds it, so nobody may put another one in its place."""
    left = [world]

    def make() -> World:
        if not left:
            raise UsageError("the world of a test is not made anew before the next test")
        return left.pop()

    return make
