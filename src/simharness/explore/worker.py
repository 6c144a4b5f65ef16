"""One process that explores: reads an order and then unit after unit, writes each into the folder, reports lines.

Run as `python -m simharness.explore.worker`. It has one thread, since it forks, and ends when the process that started
it is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from simharness.core.errors import HarnessError
from simharness.domain.base import decode, encode
from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.labour import Labour, business_events
from simharness.explore.memory import Held, give_back, resident_kb
from simharness.explore.orders import Order, Report
from simharness.explore.stopwatch import now_us
from simharness.explore.store import Closing, Cost, Folder
from simharness.explore.summary import is_case
from simharness.explore.units import Unit

#: Progress is told at most so often.
_TELL_US = 200_000
#: PR_SET_PDEATHSIG of Linux.
_SET_DEATH_SIGNAL = 1


class Worker:
    """Does units and tells of them on a wire."""

    def __init__(self, order: Order, wire: IO[bytes]) -> None:
        out = Path(order.out)
        self._folder = Folder(out)
        self._labour = Labour(order.setting(), order.terms, out)
        self._planning = order.planning
        self._wire = wire
        self._parent = os.getppid()
        self._cases = 0

    def do(self, unit: Unit) -> None:
        """Explore a unit; what simharness itself could not do is reported, so that other units go on."""
        try:
            if self._planning:
                self._say(Report(unit=unit.id, spots=self._labour.spots(unit), done=True))
                return
            results, found = self._explore(unit)
        except HarnessError as fault:
            self._say(Report(unit=unit.id, failure=str(fault), exit_code=fault.exit_code))
        else:
            self._say(Report(unit=unit.id, results=results, found=found, done=True))

    def _explore(self, unit: Unit) -> tuple[int, int]:
        began_us, parts, found = now_us(), Counter[str](), Counter[Outcome]()
        closing = Closing()

        def closed(results: Iterable[CaseResult]) -> Iterator[CaseResult]:
            for result in self._told(unit, results, found):
                parts.update(result.spent_us)
                yield result
            self._cases += found.total()
            give_back()
            closing.cost = Cost(
                took_us=now_us() - began_us,
                parts_us=dict(parts),
                process=os.getpid(),
                held=Held(cases=self._cases, resident_kb=resident_kb()),
            )

        closing.events = business_events(unit)
        self._folder.add(unit, closed(self._labour.results(unit)), closing)
        return found.total(), found[Outcome.FOUND]

    def _told(self, unit: Unit, results: Iterable[CaseResult], found: Counter[Outcome]) -> Iterator[CaseResult]:
        """The results as they come, with word of the progress now and then."""
        told_us = now_us()
        for result in results:
            if is_case(unit, result) or result.findings:  # a clean run is no case, but may be wrong
                found[result.outcome] += 1
            if os.getppid() != self._parent:
                sys.exit(3)  # nobody waits for what is found any more
            if now_us() - told_us > _TELL_US:
                told_us = now_us()
                self._say(Report(unit=unit.id, results=found.total(), found=found[Outcome.FOUND]))
            yield result

    def _say(self, report: Report) -> None:
        self._wire.write(encode(report) + b"\n")
        self._wire.flush()


def _end_with_parent() -> None:
    """Have the system end this process when the one that started it dies, where the system can; else it is looked at
    between two cases.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without the call
            ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def main() -> None:
    """Do what is asked on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    # What a connector prints must not be taken for a report.
    wire = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    source = sys.stdin.buffer
    worker = Worker(decode(source.readline(), Order), wire)
    for line in source:
        worker.do(decode(line, Unit))


if __name__ == "__main__":
    main()
