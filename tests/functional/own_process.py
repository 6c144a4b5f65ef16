"""A connector in a process of its own, over sockets, driven through the port of connectors; killing it is SIGKILL.

    python -m tests.functional.own_process FACTORY STATE_DIR      # the process: a line of JSON a command

Its wall clock stands where the world's does at each command, and what it sleeps moves its own clock only.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx
import time_machine

from simharness.connectors.evidence import read_evidence
from simharness.connectors.manifest import Attachment
from simharness.connectors.port import ConnectorFailed
from simharness.domain.connector import ConnectorInfo
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Request, Response
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World

ROOT = Path(__file__).parents[2]


class ProcessConnector:
    """Attaches a Python connector as a process. Used as a context it serves the world's vendors to it."""

    def __init__(self, attachment: Attachment, world: World, *, mapping: Path | None) -> None:
        self.info: ConnectorInfo = attachment.info(mapping)
        self.killed: list[int] = []
        self._attachment, self._world, self._mapping = attachment, world, mapping
        self._doors = Served(WorldHost(lambda: world))
        self._process: subprocess.Popen[str] | None = None
        self._env: dict[str, str] = {}
        self._state_dir = Path()

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, env: Mapping[str, str], state_dir: Path) -> None:
        self._doors.__enter__()
        self._state_dir = state_dir
        state_dir.mkdir(parents=True)
        values = {**env, **self._world.connections(self._doors.urls), "state_dir": str(state_dir)}
        values |= {"mapping": str(self._mapping or ""), "vault.key": base64.urlsafe_b64encode(bytes(32)).decode()}
        render, manifest = self._attachment.render, self._attachment.manifest
        self._env = {name: render(template, values) for name, template in manifest.env.items()}
        self.restart()

    def restart(self) -> None:
        command = [sys.executable, "-m", __name__, self._attachment.manifest.factory, str(self._state_dir)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **self._env}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ask("begin")

    def trigger(self, name: str) -> None:
        own = self._attachment.manifest.triggers.get(name)
        if own is not None:
            self._ask("trigger", own)

    def quiet(self) -> bool:
        return self._ask("quiet") is True

    def kill(self) -> None:
        """In the middle of a call: this is the thread of the door that carries it."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            self.killed.append(process.wait())

    def stop(self) -> None:
        if self._process is not None:
            self._ask("close")
            self._process.wait(timeout=20)
        self._doors.__exit__(None, None, None)

    def evidence(self) -> tuple[Evidence, ...]:
        return read_evidence(self._state_dir / "evidence.ndjson")

    def deliver(self, webhook: Request) -> Response | None:
        return None

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        self._ask("operate", action, dict(args))

    def renew(self, env: Mapping[str, str]) -> None:
        raise NotImplementedError("no story of this sample hands new keys over")

    def _ask(self, *what: object) -> object:
        """What the process answers; None from one that was killed meanwhile."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps([self._world.clock.now.isoformat(), *what]) + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            process.wait(timeout=20)
            if self._process is process:
                raise ConnectorFailed(self.info.name, f"its process ended with {process.returncode}")
            return None
        return json.loads(line)


def serve(factory: str, state_dir: Path) -> None:
    """Do what is asked until the end of it."""
    module, _, name = factory.partition(":")
    build = getattr(importlib.import_module(module), name)
    app = None
    for line in sys.stdin:
        now, what, *rest = json.loads(line)
        with time_machine.travel(now, tick=False) as traveller:
            time.sleep = traveller.shift
            if what == "begin":
                app = build(dict(os.environ), state_dir, httpx.HTTPTransport())
                answer = True
            else:
                answer = getattr(app, what)(*rest)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if what == "close":
            return


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
