"""The app's limits: ten seconds rolling, a day, and searches a second; with the headers that tell what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.problems import Throttled

_TEN_S = timedelta(seconds=10)
_APP = "app"


class Quota:
    """Counts the requests of the one connected app on virtual time. A refused request is not counted."""

    def __init__(self, per_10_s: int, per_day: int, searches_per_s: int) -> None:
        self._rolling = Limiter(Limit(name="TEN_SECONDLY_ROLLING", count=per_10_s, window=_TEN_S))
        self._searches = Limiter(Limit(name="SECONDLY", count=searches_per_s, window=timedelta(seconds=1)))
        self._per_day = per_day
        self._day: date | None = None
        self._taken_today = 0

    def take(self, now: datetime, *, searching: bool) -> Throttled | Mapping[str, str]:
        """Count a request: the headers of its answer, or the limit it would break. Searches tell no headers."""
        if now.date() != self._day:
            self._day, self._taken_today = now.date(), 0
        if self._taken_today >= self._per_day:
            midnight = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo) + timedelta(days=1)
            return Throttled(limit="DAILY", retry_after_s=int((midnight - now).total_seconds()) + 1)
        if searching:
            taken = self._searches.take(_APP, now)
            if isinstance(taken, Throttled):
                return taken
        allowance = self._rolling.take(_APP, now)
        if isinstance(allowance, Throttled):
            return allowance
        self._taken_today += 1
        if searching:
            return {}
        return {
            "x-hubspot-ratelimit-daily": str(self._per_day),
            "x-hubspot-ratelimit-daily-remaining": str(self._per_day - self._taken_today),
            "x-hubspot-ratelimit-interval-milliseconds": "10000",
            "x-hubspot-ratelimit-max": str(self._rolling.limit.count),
            "x-hubspot-ratelimit-remaining": str(allowance.remaining),
        }

    def fork(self) -> Quota:
        """An independent copy."""
        twin = Quota(self._rolling.limit.count, self._per_day, self._searches.limit.count)
        twin._rolling, twin._searches = self._rolling.fork(), self._searches.fork()
        twin._day, twin._taken_today = self._day, self._taken_today
        return twin
