"""Time moves only when it is moved, and what is due happens on the way, in order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.clock import Clock, day_in, instant_of, utc
from simharness.core.errors import HarnessFault

START = datetime(2026, 1, 5, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@given(
    st.lists(st.integers(-5, 50), max_size=30), st.lists(st.integers(0, 20), max_size=8), st.sets(st.integers(0, 29))
)
def test_the_agenda_happens_once_in_order_of_instant_then_of_entry(
    planned: list[int], moves: list[int], cancelled: set[int]
) -> None:
    clock, happened = Clock(START), []

    def plan(entry: int) -> int:
        return clock.at(at(planned[entry]), lambda: happened.append((entry, clock.now)))

    numbers = [plan(entry) for entry in range(len(planned))]
    for entry in cancelled:
        if entry < len(numbers):
            clock.cancel(numbers[entry])
    for move in moves:
        clock.advance(timedelta(seconds=move))
    end = sum(moves)
    due = [e for e in range(len(planned)) if moves and e not in cancelled and planned[e] <= end]
    assert [entry for entry, _ in happened] == sorted(due, key=lambda e: (planned[e], e))
    assert all(when == at(max(0, planned[entry])) for entry, when in happened)
    assert clock.now == at(end)
    assert len(clock.pending()) == len(planned) - len([c for c in cancelled if c < len(planned)]) - len(due)


def test_what_an_action_plans_within_the_move_happens_in_the_same_move() -> None:
    clock, seen = Clock(START), []

    def tick() -> None:
        seen.append((clock.now - START).total_seconds())
        if len(seen) < 3:
            clock.after(timedelta(seconds=10), tick)

    clock.after(timedelta(seconds=10), tick)
    clock.advance(timedelta(seconds=25))
    assert seen == [10, 20]
    assert clock.next_due() == at(30)
    clock.advance(timedelta(seconds=5))
    assert seen == [10, 20, 30]
    assert clock.next_due() is None


def test_time_does_not_go_back() -> None:
    clock = Clock(START)
    clock.advance_to(at(-60))
    assert clock.now == START
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(timedelta(seconds=-1))


def test_an_action_that_moves_time_further_is_kept() -> None:
    clock = Clock(START)
    clock.after(timedelta(seconds=1), lambda: clock.advance(timedelta(minutes=5)))
    clock.advance(timedelta(seconds=2))
    assert clock.now == at(301)


def test_pending_tells_labels_in_order_and_leaves_out_what_was_cancelled() -> None:
    clock = Clock(START)
    clock.at(at(2), lambda: None, "late")
    gone = clock.at(at(1), lambda: None, "gone")
    clock.at(at(1), lambda: None, "soon")
    clock.cancel(gone)
    assert clock.pending() == ((at(1), "soon"), (at(2), "late"))


def test_what_is_awaited_is_known_until_it_happened_or_was_cancelled() -> None:
    clock = Clock(START)
    clock.at(at(1), lambda: None, "not awaited")
    late = clock.at(at(5), lambda: None, awaited=True)
    clock.after(timedelta(seconds=3), lambda: None, awaited=True)
    assert clock.next_awaited() == at(3)
    clock.advance(timedelta(seconds=3))
    assert clock.next_awaited() == at(5)
    clock.cancel(late)
    assert clock.next_awaited() is None


def test_instants_are_utc_and_naive_ones_are_refused() -> None:
    plus_nine = timezone(timedelta(hours=9))
    assert utc(datetime(2026, 1, 6, 3, tzinfo=plus_nine)) == datetime(2026, 1, 5, 18, tzinfo=UTC)
    assert utc(datetime(2026, 1, 6, 3, tzinfo=plus_nine)).tzinfo is UTC
    with pytest.raises(HarnessFault, match="no time zone"):
        Clock(datetime(2026, 1, 5))


@pytest.mark.parametrize(
    ("day", "zone", "wall", "instant"),
    [
        (date(2026, 1, 31), "America/Los_Angeles", time(16, 30), "2026-02-01T00:30:00+00:00"),
        (date(2026, 7, 1), "Europe/Berlin", time(0, 0), "2026-06-30T22:00:00+00:00"),
        (date(2026, 3, 8), "America/New_York", time(2, 30), "2026-03-08T07:30:00+00:00"),  # skipped: counts from −05:00
        (date(2026, 11, 1), "America/New_York", time(1, 30), "2026-11-01T05:30:00+00:00"),  # twice: the first, −04:00
    ],
)
def test_a_wall_time_is_an_instant_of_its_zone(day: date, zone: str, wall: time, instant: str) -> None:
    assert instant_of(day, zone, wall) == datetime.fromisoformat(instant)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["Asia/Tokyo", "America/St_Johns", "UTC"]))
def test_the_day_of_a_wall_time_is_its_day(day: date, zone: str) -> None:
    assert day_in(instant_of(day, zone), zone) == day


def test_what_is_awaited_may_be_late_and_so_come_in_another_order() -> None:
    delays = iter((timedelta(seconds=30), timedelta(seconds=10)))
    clock, happened = Clock(START, lambda: next(delays)), list[str]()
    clock.after(timedelta(0), lambda: happened.append("first"), awaited=True)
    clock.after(timedelta(0), lambda: happened.append("second"), awaited=True)
    clock.after(timedelta(seconds=5), lambda: happened.append("not awaited"))
    assert clock.next_awaited() == START + timedelta(seconds=10)
    clock.advance(timedelta(minutes=1))
    assert happened == ["not awaited", "second", "first"]
