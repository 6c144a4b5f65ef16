"""A Python connector in this process: its HTTP goes into the world, its wall clock stands where the world's clock
stands.

The freeze is process-wide, so one such connector runs at a time in a process; worlds of fakes are not limited.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import httpx
import time_machine

from simharness.connectors.evidence import read_evidence
from simharness.connectors.manifest import Attachment, line_of
from simharness.connectors.port import ConnectorFailed, OperatorRefused
from simharness.core.errors import ContentError, HarnessFault, Where
from simharness.domain.connector import ConnectorInfo
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Request, Response
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World


class App(Protocol):
    """What a manifest's factory returns."""

    def trigger(self, name: str) -> None:
        """One pass of work."""

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Answer a webhook; `path` has the query, if there is one, names of headers are lower case."""

    def quiet(self) -> bool:
        """Nothing left to do."""

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        """An operator's act."""

    def close(self) -> None:
        """Release everything."""


Factory = Callable[[Mapping[str, str], Path, httpx.BaseTransport], App]


class InProcessConnector:
    """Attaches a Python connector by the factory its manifest names."""

    def __init__(self, attachment: Attachment, world: World, *, mapping: Path | None) -> None:
        self._attachment = attachment
        self._world = world
        self._mapping = mapping
        self._info = attachment.info(mapping)
        self._factory = _factory(attachment)
        self._values: dict[str, str] = {}
        self._root = Path()
        self._incarnation = 0
        self._transport: WorldTransport | None = None
        self._app: App | None = None
        self._dead: App | None = None
        self._follow: Callable[[], None] | None = None

    @property
    def info(self) -> ConnectorInfo:
        """What the manifest declares."""
        return self._info

    @property
    def running(self) -> bool:
        """Whether an incarnation of it is there to be driven."""
        return self._app is not None

    def start(self, env: Mapping[str, str], state_dir: Path) -> None:
        """Build the connector on a state folder; `env` are the values for the manifest's templates."""
        self._root = state_dir
        self._values = {"vault.key": _vault_key(self._world), **env, "mapping": str(self._mapping or "")}
        self._state_dir().mkdir(parents=True, exist_ok=True)
        with self._mortal():
            self._build()

    def trigger(self, name: str) -> None:
        """One pass under frozen time; our trigger names are translated by the manifest."""
        own = self._attachment.manifest.triggers.get(name)
        if own is not None:
            with self._mortal(), self._running() as app:
                app.trigger(own)

    def deliver(self, webhook: Request) -> Response | None:
        """Hand over a webhook synchronously, also while the connector waits in the middle of its work."""
        if self._app is None:
            return None
        path = f"{webhook.path}?{webhook.query}" if webhook.query else webhook.path
        incarnation = self._incarnation
        with self._mortal(), self._running() as app:
            status, headers, body = app.deliver(webhook.method, path, webhook.headers, webhook.body)
        if self._incarnation != incarnation:  # what died answers nobody
            return None
        return Response(status=status, headers=dict(headers), body=body)

    def quiet(self) -> bool:
        """Ask the connector whether it has outstanding work."""
        quiet = False
        with self._mortal(), self._running() as app:
            quiet = app.quiet()
        return quiet and self.running

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        """Pass an operator's act on; our names are translated by the manifest, others are the connector's own. A
        `PermissionError` is its refusal.
        """
        own = self._attachment.manifest.acts.get(action, action)
        with self._mortal(), self._running() as app:
            try:
                app.operate(own, args)
            except PermissionError as refused:
                raise OperatorRefused(self._info.name, str(refused)) from refused

    def renew(self, env: Mapping[str, str]) -> None:
        """Deploy it again on the same state, with other values for the manifest's templates."""
        self._values.update(env)
        self.restart()

    def kill(self) -> None:
        """Fence the running incarnation and keep an image of its state folder for the next one.

        Also in the middle of its work: what is on the stack goes on, but reaches nobody, moves no clock and writes into
        a folder that nobody reads again.
        """
        if self._transport is not None:
            self._transport.fence()
        before = self._state_dir()
        self._incarnation += 1
        shutil.copytree(before, self._state_dir())
        self._dead, self._app = self._app, None

    def restart(self) -> None:
        """Close what runs (if anything) and build again on the present state folder."""
        self.stop()
        with self._mortal():
            self._build()

    def stop(self) -> None:
        """Close the connector in good order."""
        if self._app is not None:
            with self._running() as app:
                app.close()
            self._app = None
        if self._dead is not None:
            dead, self._dead = self._dead, None
            with suppress(Exception):  # only its files and connections are given back
                dead.close()

    def evidence(self) -> tuple[Evidence, ...]:
        """The rows of the evidence file the manifest names."""
        spec = self._attachment.manifest.evidence
        if not spec.file:
            return ()
        return read_evidence(Path(self._attachment.render(spec.file, self._bindings())))

    def _state_dir(self) -> Path:
        return self._root / f"{self._incarnation:03d}"

    def _bindings(self) -> dict[str, str]:
        return {**self._values, "state_dir": str(self._state_dir())}

    def _build(self) -> None:
        render, values = self._attachment.render, self._bindings()
        env = {name: render(template, values) for name, template in self._attachment.manifest.env.items()}
        self._transport = WorldTransport(self._world)
        incarnation = self._incarnation
        with frozen(self._world, self._fenced), self._named():
            built = self._factory(env, self._state_dir(), self._transport)
        if self._incarnation == incarnation:
            self._app = built
        else:
            self._dead = built

    def _fenced(self) -> bool:
        return self._transport is not None and self._transport.fenced

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        """Swallow what an incarnation raises that was killed meanwhile: nobody is there to hear it."""
        incarnation = self._incarnation
        try:
            yield
        except (ConnectorFailed, OperatorRefused):
            if self._incarnation == incarnation:
                raise

    def _named(self) -> AbstractContextManager[None]:
        module = self._attachment.manifest.factory.partition(":")[0]
        return _named(self._info.name, module.rpartition(".")[0] or module)

    @contextmanager
    def _running(self) -> Iterator[App]:
        if self._app is None:
            raise HarnessFault(f"connector {self._info.name} is not running")
        if self._follow is not None:  # it sleeps in the middle of something, in a world that went on
            self._follow()
            with self._named():
                yield self._app
            return
        with frozen(self._world, self._fenced) as follow, self._named():
            self._follow = follow
            try:
                yield self._app
            finally:
                self._follow = None


@contextmanager
def frozen(world: World, dead: Callable[[], bool] = lambda: False) -> Iterator[Callable[[], None]]:
    """Let wall clock and sleep of this process follow the world: reading gives its instant, sleeping moves it.

    What it gives sets the wall clock to the world's instant in the middle of a move. The sleep of what is `dead` moves
    nothing.
    """
    with time_machine.travel(world.clock.now, tick=False) as traveller:

        def sleep(seconds: float) -> None:
            if not dead():
                world.advance(timedelta(seconds=seconds))

        def follow() -> None:
            traveller.move_to(world.clock.now, tick=False)

        world.on_time(follow)
        try:
            with patch.object(time, "sleep", sleep):
                yield follow
        finally:
            world.on_time(None)


@contextmanager
def _named(name: str, package: str) -> Iterator[None]:
    try:
        yield
    except (HarnessFault, ContentError):
        raise
    except (Exception, SystemExit) as error:
        place = getattr(error, "where", "")
        raise ConnectorFailed(name, _reason(error, package), place if isinstance(place, str) else "") from error


def _reason(error: BaseException, package: str) -> str:
    """What was raised, and the last line of the connector's own code on the way to it."""
    own = [
        f" (in {module}, line {line})"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if f"{(module := str(frame.f_globals.get('__name__')))}.".startswith(f"{package}.")
    ]
    return f"{type(error).__name__}: {error}{own[-1] if own else ''}"


def _vault_key(world: World) -> str:
    """A key of this world's own, for what the connector encrypts at rest: the same in every run of the same seed."""
    seed = f"{world.rng.number('vault')}".encode()
    return base64.urlsafe_b64encode(hashlib.sha256(seed).digest()).decode()


def _factory(attachment: Attachment) -> Factory:
    text = attachment.manifest.factory
    where = Where(str(attachment.file), line_of(attachment.file, "factory:"))
    module_name, _, name = text.partition(":")
    try:
        module = _module(module_name, beside=attachment.file.resolve().parent)
    except Exception as error:  # whatever a module raises while it is loaded
        raise ContentError(
            f"the factory {text!r} cannot be loaded: {type(error).__name__}: {error}",
            where=where,
            mend="write factory: package.module:function; the package is installed, or stands beside the manifest",
        ) from error
    factory: Factory | None = getattr(module, name, None) if name else None
    if not callable(factory):
        raise ContentError(
            f"the factory {text!r} cannot be loaded: there is no function {name!r} in {module_name}",
            where=where,
            mend="write factory: package.module:function",
        )
    return factory


def _module(name: str, *, beside: Path) -> Any:
    """An installed module, else one in the folder of the manifest, so that a connector can be tried before it has a
    package of its own.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0] or str(beside) in sys.path:
            raise
    # It stays on the path: a connector may load parts of itself later. Last, so that it hides nothing installed.
    sys.path.append(str(beside))
    return importlib.import_module(name)
