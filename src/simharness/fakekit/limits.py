"""Rate limits on virtual time: so many requests in a rolling window, per key."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from simharness.domain.base import Record
from simharness.fakekit.problems import Throttled


class Limit(Record, frozen=True, kw_only=True):
    """At most `count` requests in any `window`; `name` is the vendor's word for the limit."""

    name: str
    count: int
    window: timedelta


class Allowance(Record, frozen=True, kw_only=True):
    """What is left under a limit after a request was counted."""

    limit: Limit
    remaining: int


class _Taken:
    """The requests of one key that still count: how many came at which instant, and how many in all."""

    __slots__ = ("by_instant", "total")

    def __init__(self, by_instant: Iterable[tuple[datetime, int]] = (), total: int = 0) -> None:
        self.by_instant = deque(by_instant)
        self.total = total


class Limiter:
    """Counts requests per key under one rolling limit. A refused request is not counted.

    Virtual time often stands still, so what is kept are instants, not requests.
    """

    __slots__ = ("_taken", "limit")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._taken: dict[str, _Taken] = {}

    def take(self, key: str, now: datetime) -> Allowance | Throttled:
        """Count one request of `key`, or say for how long it must wait (whole seconds, rounded up)."""
        taken = self._taken.get(key)
        if taken is None:
            taken = self._taken[key] = _Taken()
        instants, edge = taken.by_instant, now - self.limit.window
        while instants and instants[0][0] <= edge:
            taken.total -= instants.popleft()[1]
        if taken.total >= self.limit.count:
            wait = (instants[0][0] - edge).total_seconds() if instants else self.limit.window.total_seconds()
            return Throttled(limit=self.limit.name, retry_after_s=max(1, math.ceil(wait)))
        before = instants.pop()[1] if instants and instants[-1][0] == now else 0
        instants.append((now, before + 1))
        taken.total += 1
        return Allowance(limit=self.limit, remaining=self.limit.count - taken.total)

    def fork(self) -> Limiter:
        """An independent copy."""
        twin = Limiter(self.limit)
        twin._taken = {key: _Taken(taken.by_instant, taken.total) for key, taken in self._taken.items()}
        return twin
