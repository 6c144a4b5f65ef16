"""What a test holds in its hands of a world: its clock, its faults and each of its fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from simharness.connectors.inprocess import frozen
from simharness.core.clock import day_in, instant_of
from simharness.core.errors import UsageError
from simharness.domain.acts import Act
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Exchange
from simharness.domain.fault import Fault, Struck
from simharness.domain.snapshot import FamilySnapshot
from simharness.stories import words
from simharness.world.plans import read_plan
from simharness.world.world import World


class Hands:
    """The clock of a world. Days begin in `zone`, the time zone of its company."""

    def __init__(self, world: World, zone: str) -> None:
        self._world, self._zone = world, zone

    @property
    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._world.clock.now

    @property
    def today(self) -> date:
        """The present day of the company."""
        return day_in(self.now, self._zone)

    def advance(self, by: timedelta | str) -> None:
        """Move time by a duration, also in words: `10 minutes`. What is due happens on the way."""
        delta = by if isinstance(by, timedelta) else timedelta(seconds=words.seconds_of(words.duration(by)))
        self._world.advance(delta)

    def advance_to(self, moment: datetime | date | str) -> None:
        """Move time to an instant, or to the morning of a day (`2026-02-01`); raises `UsageError` for a past one."""
        day = words.day(moment) if isinstance(moment, str) else moment
        instant = day if isinstance(day, datetime) else instant_of(day, self._zone)
        if instant < self.now:
            raise UsageError(f"time does not go back from {self.now:%Y-%m-%d %H:%M} to {instant:%Y-%m-%d %H:%M} UTC")
        self._world.advance_to(instant)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Inside the block the wall clock of this process stands where the world's does, and a sleep moves the world.

        A connector that is attached by its manifest is frozen so anyway.
        """
        with frozen(self._world):
            yield


class Faults:
    """Faults of a world, planned by their text. A plan that kills a connector needs the fixture of the connector."""

    def __init__(self, world: World, *, has_connector: Callable[[], bool]) -> None:
        self._world, self._has_connector = world, has_connector
        self._planned: list[Fault] = []

    def __call__(self, text: str) -> tuple[Fault, ...]:
        """Let these faults strike from now on, in the form of `simharness run --fault`; raises `UsageError` for what
        could never strike.
        """
        plan = read_plan(text, self._world.fakes.values(), has_connector=self._has_connector())
        for fault in plan.faults:
            self._world.add_fault(fault)
        self._planned += plan.faults
        return plan.faults

    @property
    def struck(self) -> tuple[Struck, ...]:
        """What struck so far, in order."""
        return self._world.struck

    @property
    def idle(self) -> tuple[Fault, ...]:
        """What was planned and struck nowhere so far."""
        struck = {each.fault for each in self._world.struck}
        return tuple(fault for fault in self._planned if fault not in struck)

    def clear(self) -> None:
        """Let nothing strike any longer, and ask for nothing more to strike."""
        self._world.clear_faults()
        self._planned.clear()


class Fake:
    """One fake of a world: what a client needs to call it, and the two ports by which a test meets it."""

    def __init__(self, world: World, family: str, served: Callable[[], Mapping[str, str]]) -> None:
        self._world, self.family, self._served = world, family, served
        self.vendor = world.fake(family).vendor

    @property
    def connection(self) -> Mapping[str, str]:
        """Address and credentials by name (`base_url`, `access_token` …): on this machine where the fakes are served,
        else the vendor's own hosts.
        """
        return self._world.fake(self.family).connection(self._served().get(self.vendor, ""))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests it was sent so far with their answers, in order."""
        return tuple(each for each in self._world.exchange_log if each.vendor == self.vendor)

    def operate(self, act: Act, actor: str = "somebody") -> tuple[DomainEvent, ...]:
        """Let somebody act in the system, as `simharness.domain.acts` has it; `ActRefused` passes through."""
        return self._world.operate(self.family, act, actor)

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The canonical records it holds now, one snapshot an entity."""
        return tuple(self._world.fake(self.family).snapshot())
