"""Work on many items shared among a few processes that are copies of this one.

Only for programs of one thread: a copy of a process with several threads may wait for ever for one it does not have.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def processes() -> int:
    """How many processes may share work here: one a processor, and one alone where a process cannot be copied."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def shared(work: Callable[[Sequence[_T]], _R], items: Sequence[_T], jobs: int) -> list[_R]:
    """What `work` makes of the items in `jobs` parts, of which this process does the first.

    What comes back has to be such that it can be pickled. A part whose process died is done again here.
    """
    parts = [items[first::jobs] for first in range(jobs)]
    if jobs == 1:
        return [work(items)]
    context = multiprocessing.get_context("fork")
    children = []
    for part in parts[1:]:
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(work, part, sender), daemon=True)
        child.start()
        sender.close()
        children.append((child, receiver, part))
    results = [work(parts[0])]
    for child, receiver, part in children:
        try:
            results.append(receiver.recv())
        except EOFError:
            results.append(work(part))
        child.join()
    return results


def _child(work: Callable[[Sequence[_T]], _R], part: Sequence[_T], sender: Connection) -> None:
    sender.send(work(part))
    sender.close()
