"""Ctrl-C while stories are played: the story that runs is finished first, a second Ctrl-C stops at once.

An interrupt that is raised anywhere can land where it is swallowed or taken for something else: inside a database, in
the closing of a connection. Between two stories there is nothing of the kind.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupts", "interruptible"]


class Interrupts:
    """Whether somebody asked to stop; `heed` raises `KeyboardInterrupt` if so."""

    def __init__(self) -> None:
        self._asked = False

    def note(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signal: the first time it is kept in mind, the second time it is raised."""
        if self._asked:
            signal.default_int_handler(number, frame)
        self._asked = True

    def heed(self) -> None:
        """Stop here if somebody asked to."""
        if self._asked:
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupts]:
    """Keep Ctrl-C in mind until `heed` is called, and raise one that nobody heeded at the end."""
    interrupts = Interrupts()
    before = signal.signal(signal.SIGINT, interrupts.note)
    try:
        yield interrupts
        interrupts.heed()
    finally:
        signal.signal(signal.SIGINT, before)
