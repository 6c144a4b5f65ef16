"""Processes of this machine that explore unit after unit; the process that hands the work out plays nothing itself.

A worker is a fresh interpreter with one thread, so that it may fork. One that dies is replaced and its unit begun
again; a unit at which two of them die is given up and told.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.base import decode, encode
from simharness.explore.orders import Order, Report
from simharness.explore.units import Unit, longest_first

#: How long to wait for news before looking whether somebody asked to stop.
_LOOK_S = 0.2
#: How many workers may die at one unit.
_DEATHS = 2
_LAST_LINES = 12


class _Worker:
    """One process with the unit that it has, if any."""

    def __init__(self, order: Order, scratch: Path, number: int) -> None:
        self.log = scratch / f"worker-{number}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "simharness.explore.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "TMPDIR": str(scratch)},
                # Ctrl-C is for the process that hands out; it ends this one and all that it forked as one group.
                start_new_session=True,
            )
        self.unit: Unit | None = None
        self._unread = b""
        self._say(encode(order))

    @property
    def output(self) -> IO[bytes]:
        """Where its reports come from."""
        if self._process.stdout is None:
            raise HarnessFault("a worker has no output")
        return self._process.stdout

    def give(self, unit: Unit) -> None:
        """Hand it a unit."""
        self.unit = unit
        self._say(encode(unit))

    def heard(self) -> list[Report] | None:
        """The reports that came since, None when it has ended."""
        data = os.read(self.output.fileno(), 65536)
        if not data:
            return None
        *lines, self._unread = (self._unread + data).split(b"\n")
        return [decode(line, Report) for line in lines]

    def last_words(self) -> str:
        """How it ended, and the last lines that it wrote."""
        code = self._process.wait()
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
        how = f"killed by signal {-code}" if code < 0 else f"left with {code}"
        return "\n  ".join([f"the process that explored it was {how}" if code < 0 else f"its process {how}", *said])

    def end(self) -> None:
        """End it with everything that it forked."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not read by the dead cannot be flushed
                    pipe.close()

    def _say(self, line: bytes) -> None:
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):  # it has died: that is heard at its output
                self._process.stdin.write(line + b"\n")
                self._process.stdin.flush()


def explored(
    order: Order, units: Iterable[Unit], jobs: int, heed: Callable[[], None] = lambda: None
) -> Iterator[tuple[Unit, Report]]:
    """Explore units with so many processes and give their reports as they come.

    `heed` is called all the time and may raise to stop: what is under way is lost then, what is done is kept. Raises
    `UsageError` when a worker finds that the command cannot be carried out at all.
    """
    waiting = deque(longest_first(units))
    deaths: Counter[str] = Counter()
    with _scratch() as scratch, _crew(order, scratch, min(jobs, len(waiting))) as crew:
        while waiting or crew.busy:
            crew.hand_out(waiting)
            heed()
            for worker in crew.with_news():
                reports, unit = worker.heard(), worker.unit
                if unit is None:
                    raise HarnessFault(f"a worker could not begin: {worker.last_words()}")
                if reports is None:
                    deaths[unit.id] += 1
                    words = worker.last_words()
                    crew.replace(worker)
                    if deaths[unit.id] < _DEATHS:
                        waiting.appendleft(unit)
                    else:
                        yield unit, Report(unit=unit.id, failure=words)
                for report in reports or ():
                    if report.failure and report.exit_code == UsageError.exit_code:
                        raise UsageError(report.failure)
                    if report.done or report.failure:
                        worker.unit = None
                    yield unit, report


class _Crew:
    """The workers of an exploration."""

    def __init__(self, order: Order, scratch: Path) -> None:
        self._order, self._scratch = order, scratch
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._hired = 0

    @property
    def busy(self) -> bool:
        """Whether anybody has a unit."""
        return any(worker.unit is not None for worker in self._workers)

    def hire(self) -> None:
        """Take on one more."""
        self._hired += 1
        worker = _Worker(self._order, self._scratch, self._hired)
        self._workers.append(worker)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)

    def replace(self, worker: _Worker) -> None:
        """Take on another one for one that has died."""
        self._dismiss(worker)
        self.hire()

    def hand_out(self, waiting: deque[Unit]) -> None:
        """Give a unit to everybody who has none."""
        for worker in self._workers:
            if worker.unit is None and waiting:
                worker.give(waiting.popleft())

    def with_news(self) -> list[_Worker]:
        """Those that have something to say."""
        return [key.data for key, _ in self._selector.select(timeout=_LOOK_S)]

    def close(self) -> None:
        """End all of them."""
        for worker in tuple(self._workers):
            self._dismiss(worker)
        self._selector.close()

    def _dismiss(self, worker: _Worker) -> None:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        worker.end()


@contextmanager
def _crew(order: Order, scratch: Path, size: int) -> Iterator[_Crew]:
    crew = _Crew(order, scratch)
    try:
        for _ in range(size):
            crew.hire()
        yield crew
    finally:
        crew.close()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what workers put aside, removed even when they are killed in the middle."""
    folder = Path(tempfile.mkdtemp(prefix="simharness-explore-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
