"""`simharness up`: the fake vendors on ports of this machine, furnished, with everything needed to call them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

from simharness.cli.curl import example
from simharness.core.clock import instant_of
from simharness.core.errors import UsageError
from simharness.fakekit.faults import Injector
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.stories.dictionaries import named
from simharness.stories.nearest import suggestion
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.plans import read_plans
from simharness.world.registry import families, installed_packs, stack_for
from simharness.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What was asked for on the command line; `ports` are texts such as `stripe=8003`, `stack` such as
    `banking=plaid`.
    """

    ports: tuple[str, ...]
    stack: tuple[str, ...]
    shared_port: int | None
    dictionary: str
    today: date
    rng_seed: int
    faults: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


def day(text: str) -> date:
    """The day of an option; raises `UsageError` that says how a day is written."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--today {text!r} is no day: {error}", mend="write it as 2026-01-31") from error


def serve(service: Service) -> int:
    """Serve until Ctrl-C or a request to terminate, and return the exit code 0."""
    dictionary = named(service.dictionary, Path.cwd())
    stack = {**stack_for(dictionary), **_stack(service.stack)}
    profiles = profiles_of(service.profiles, installed_packs())
    plan = read_plans(service.faults, has_connector=False)

    def make() -> World:
        world = World(
            port=Injector(plan),
            now=instant_of(service.today, dictionary.time_zone),
            rng_seed=service.rng_seed,
            stack=stack,
            locale=dictionary.locale,
            profiles=profiles,
        )
        world.furnish(dictionary)
        return world

    host = WorldHost(make)
    ports = _ports(service.ports, {fake.vendor for fake in host.world.fakes.values()})
    with _Departure() as departure, Served(host, ports=ports, shared_port=service.shared_port) as served:
        sys.stdout.writelines(f"{line}\n" for line in _told(served, host.world, make))
        sys.stdout.flush()
        departure.wait()
    sys.stdout.write("\nno longer served\n")
    return 0


def _told(served: Served, world: World, make: Callable[[], World]) -> Iterator[str]:
    """Everything somebody needs to call the fakes, and how to move the world."""
    scratch = make()
    connections = world.connections(served.urls)
    for family, fake in world.fakes.items():
        url = served.urls[fake.vendor]
        yield f"{fake.pack.title} ({family})"
        for key, value in connections.items():
            vendor, _, name = key.partition(".")
            if vendor == fake.vendor:
                yield f"  {name:<20}{value}"
        line = example(scratch.fake(family), url)
        if line:
            yield f"  {line}"
        yield ""
    if served.shared_url:
        yield f"All vendors by Host header: {served.shared_url}"
    if world.faults:
        yield f"What goes wrong there: {' + '.join(str(fault) for fault in world.faults)}"
    control = f"{next(iter(served.urls.values()))}/_sim"
    yield f"It is {world.clock.now:%Y-%m-%d %H:%M} UTC there and stays so until you move the clock."
    yield f"  curl -s -X POST {control}/clock -d '{{\"advance_s\": 60}}'"
    yield f"  curl -s {control}/exchanges"
    plan = f"error_503*2@{next(iter(served.urls))}"
    yield f'  curl -s -X POST {control}/faults -d \'{{"plan": "{plan}"}}\''
    yield "Ctrl-C ends it."


def _stack(texts: tuple[str, ...]) -> Mapping[str, str]:
    stack: dict[str, str] = {}
    for text in texts:
        family, _, vendor = text.partition("=")
        if family not in families():
            raise UsageError(f"--stack {text}: no family {family!r}", mend=suggestion(family, families()))
        stack[family] = vendor
    return stack


def _ports(texts: tuple[str, ...], vendors: set[str]) -> Mapping[str, int]:
    ports: dict[str, int] = {}
    for text in texts:
        vendor, _, number = text.partition("=")
        if not number.isdigit() or not 0 <= int(number) <= 65535:
            raise UsageError(f"--port {text} is no port for a vendor", mend="write it as vendor=8001")
        if vendor not in vendors:
            raise UsageError(f"--port {text}: {vendor!r} is not served", mend=suggestion(vendor, sorted(vendors)))
        if int(number) and int(number) in ports.values():
            raise UsageError(f"--port {text}: another vendor has this port", mend="give each vendor a port of its own")
        ports[vendor] = int(number)
    return ports


class _Departure:
    """Waits until somebody presses Ctrl-C or asks the process to terminate."""

    def __enter__(self) -> _Departure:
        self._event = threading.Event()
        self._before = {number: signal.signal(number, self._leave) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self) -> None:
        """Return when the time has come."""
        self._event.wait()

    def _leave(self, number: int, frame: FrameType | None) -> None:
        self._event.set()
