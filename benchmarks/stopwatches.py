"""Where the time of a story goes: seconds by part, the time of an inner part taken out of the outer one."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Stopwatches:
    """Seconds by name. Parts that run inside other parts are counted once, under the inner name."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: defaultdict[str, int] = defaultdict(int)
        self._inner: list[float] = [0.0]

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count the block under a name."""
        self._inner.append(0.0)
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            inside = self._inner.pop()
            self.seconds[name] += took - inside
            self.calls[name] += 1
            self._inner[-1] += took

    @contextmanager
    def watching(self, name: str, owner: type, *methods: str) -> Iterator[None]:
        """Count every call of some methods of a class under a name."""
        patches = [patch.object(owner, method, self._timed(name, getattr(owner, method))) for method in methods]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()

    def _timed(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.running(name):
                return method(*args, **kwargs)

        return timed
