"""No rolling window ever holds more than its limit, and a refusal says truly when to come again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from simharness.fakekit.limits import Allowance, Limit, Limiter
from simharness.fakekit.problems import Throttled

START = datetime(2026, 1, 5, tzinfo=UTC)


@given(st.integers(1, 5), st.integers(1, 10), st.lists(st.integers(0, 4_000), max_size=60))
def test_no_window_holds_more_than_the_limit(count: int, window_s: int, gaps_ms: list[int]) -> None:
    limiter = Limiter(Limit(name="burst", count=count, window=timedelta(seconds=window_s)))
    now, taken = START, []
    for gap in gaps_ms:
        now += timedelta(milliseconds=gap)
        within = [t for t in taken if t > now - timedelta(seconds=window_s)]
        answer = limiter.take("key", now)
        if len(within) < count:
            taken.append(now)
            assert answer == Allowance(limit=limiter.limit, remaining=count - len(within) - 1)
        else:
            assert isinstance(answer, Throttled)
            wait = timedelta(seconds=answer.retry_after_s)
            assert within[0] + timedelta(seconds=window_s) <= now + wait < within[0] + timedelta(seconds=window_s + 1)
            assert isinstance(limiter.fork().take("key", now + wait), Allowance)


def test_keys_are_counted_apart() -> None:
    limiter = Limiter(Limit(name="burst", count=1, window=timedelta(seconds=10)))
    assert isinstance(limiter.take("a", START), Allowance)
    assert isinstance(limiter.take("b", START), Allowance)
    assert limiter.take("a", START) == Throttled(limit="burst", retry_after_s=10)


def test_a_limit_of_nothing_lets_nothing_through() -> None:
    limiter = Limiter(Limit(name="closed", count=0, window=timedelta(seconds=3)))
    assert limiter.take("a", START) == Throttled(limit="closed", retry_after_s=3)


def test_a_fork_counts_for_itself() -> None:
    limiter = Limiter(Limit(name="burst", count=1, window=timedelta(seconds=10)))
    twin = limiter.fork()
    assert isinstance(twin.take("a", START), Allowance)
    assert isinstance(limiter.take("a", START), Allowance)
    assert isinstance(limiter.take("a", START), Throttled)
