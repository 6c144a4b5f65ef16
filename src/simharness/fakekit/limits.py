"""Rate limits on virtual time: so many requests in a rolling window, per key."""

from __future__ import annotations

import math
from collections import deque
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


class Limiter:
    """Counts requests per key under one rolling limit. A refused request is not counted."""

    __slots__ = ("_taken", "limit")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._taken: dict[str, deque[datetime]] = {}

    def take(self, key: str, now: datetime) -> Allowance | Throttled:
        """Count one request of `key`, or say for how long it must wait (whole seconds, rounded up)."""
        taken = self._taken.setdefault(key, deque())
        edge = now - self.limit.window
        while taken and taken[0] <= edge:
            taken.popleft()
        if len(taken) >= self.limit.count:
            wait = (taken[0] - edge).total_seconds() if taken else self.limit.window.total_seconds()
            return Throttled(limit=self.limit.name, retry_after_s=max(1, math.ceil(wait)))
        taken.append(now)
        return Allowance(limit=self.limit, remaining=self.limit.count - len(taken))

    def fork(self) -> Limiter:
        """An independent copy."""
        twin = Limiter(self.limit)
        twin._taken = {key: deque(times) for key, times in self._taken.items()}
        return twin
