"""Child processes that carry a story on from where it stands: begun by `fork`, heard through a pipe, never left behind.

A child is silent, leaves by `os._exit` (what its parent wanted to do at its end is not done twice), and is a group of
its own, so that it goes with everything it began. One that does not end in time is killed.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from simharness.checks.convergence import State
from simharness.domain.base import Record, decode, encode
from simharness.explore.cases import CaseResult
from simharness.explore.planning import Spot

#: How it is told that a child had to be cut off, before its limit.
ENDLESS = "it did not end within"
_CHUNK = 1 << 16
_MS = 1000


class Told(Record, frozen=True, kw_only=True):
    """What a child tells. `reaction` is how the connector reacted, "" if it never did; `alike` that somebody reacted so
    before, and the child stopped there. `followed` are the calls after its fault. `results` are those of its own case
    and of what was explored on its way. A child that plays a baseline tells `state`, what it has `known` to be
    wrong, and its `rests` of the present step and the next.
    """

    results: tuple[CaseResult, ...] = ()
    reaction: str = ""
    alike: str = ""
    followed: tuple[Spot, ...] = ()
    state: State | None = None
    known: frozenset[str] = frozenset()
    rests: frozenset[str] = frozenset()


class Way:
    """The one way of a child to its parent."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def leave(self, told: Told) -> NoReturn:
        """Tell the parent and end this process at once."""
        data = encode(told)
        with suppress(OSError):  # nobody listens any more
            while data:
                data = data[os.write(self._descriptor, data) :]
        os._exit(0)


class Child:
    """A child as its parent sees it."""

    def __init__(self, process: int, descriptor: int) -> None:
        self._process, self._descriptor, self._how = process, descriptor, ""

    def hear(self, timeout_s: int) -> Told | str:
        """Wait for what it tells; text says why it told nothing. It is gone afterwards, with all that it began."""
        data = bytearray()
        why = ""
        try:
            waiting = select.poll()
            waiting.register(self._descriptor, select.POLLIN)
            while not why:
                if not waiting.poll(timeout_s * _MS):
                    why = f"{ENDLESS} {timeout_s} s of real time"
                    break
                part = os.read(self._descriptor, _CHUNK)
                if not part:
                    break
                data += part
        finally:
            os.close(self._descriptor)
            self._end(at_once=bool(why) or not data)
        if why:
            return why
        try:
            return decode(bytes(data), Told)
        except ValueError:
            return f"its process ended without a word ({self._how})"

    def _end(self, *, at_once: bool) -> None:
        if at_once or sys.exc_info()[0] is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process, signal.SIGKILL)
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
        _, status = os.waitpid(self._process, 0)
        code = os.waitstatus_to_exitcode(status)
        self._how = f"signal {-code}" if code < 0 else f"exit code {code}"


def branch(*, within: bool = False) -> Child | Way:
    """Two processes where one was: the parent gets the child, the child its way to the parent.

    A child `within` another one stays in the group of that one, and goes with it.
    """
    listening, telling = os.pipe()
    process = os.fork()
    if process:
        os.close(telling)
        return Child(process, listening)
    gc.disable()  # a child is short: collecting would touch every page that it shares
    os.close(listening)
    if not within:
        os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (1, 2):
        os.dup2(nowhere, standard)
    return Way(telling)
