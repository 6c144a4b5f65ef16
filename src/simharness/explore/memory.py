"""What a process that explores holds, and how that grows with the cases that it has behind it."""

from __future__ import annotations

import ctypes
import gc
import resource
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from simharness.domain.base import Record

_STATUS = Path("/proc/self/status")
_TENTHS = 10


class Held(Record, frozen=True, kw_only=True):
    """What a process held, in kB, when it had explored so many `cases`."""

    cases: int
    resident_kb: int


class Growth(Record, frozen=True, kw_only=True):
    """The most that any process held in the first and in the last tenth of its cases, in kB, over so many `cases`: as
    many as the process has behind it that explored most.
    """

    cases: int
    first_kb: int
    last_kb: int

    @property
    def per_thousand(self) -> int:
        """By how many thousandths the last is more than the first, rounded down; less than 0 where it is less."""
        return (self.last_kb - self.first_kb) * 1000 // self.first_kb


def resident_kb() -> int:
    """The memory of this process in kB; where the system does not tell, the most that it ever was."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def give_back() -> None:
    """Give what a story took and needs no more back to the system, where the system can: what stays lies scattered, so
    that each story would take a little more, and every child that is made afterwards costs by what its parent holds.
    """
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without the call
            ctypes.CDLL(None).malloc_trim(0)


def growth(processes: Mapping[int, Iterable[Held]]) -> Growth | None:
    """What became of the memory of processes, each with what it held unit by unit; None where no process was looked at
    in both the first and the last tenth of its cases.
    """
    ends: list[tuple[int, int, int]] = []
    for looks in processes.values():
        ordered = sorted(looks, key=lambda each: each.cases)
        most = ordered[-1].cases if ordered else 0
        first = [each.resident_kb for each in ordered if each.cases * _TENTHS <= most]
        last = [each.resident_kb for each in ordered if each.cases * _TENTHS >= most * (_TENTHS - 1)]
        if first:
            ends.append((most, max(first), max(last)))
    if not ends:
        return None
    return Growth(
        cases=max(most for most, _, _ in ends),
        first_kb=max(first for _, first, _ in ends),
        last_kb=max(last for _, _, last in ends),
    )
