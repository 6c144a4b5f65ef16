"""What is closed and locked at an instant or after a step, and which day a late posting may bear."""

from __future__ import annotations

from datetime import date
from typing import Any

from simharness.checks.arithmetic.months import first_day, last_day
from simharness.checks.closing import Closings
from simharness.domain.close_facts import PeriodClosed, PeriodLocked, PeriodReopened
from simharness.domain.fact import BooksClosed
from tests.unit.checks import builders as b

JANUARY, FEBRUARY, DECEMBER = b.day("2026-01-31"), b.day("2026-02-28"), b.day("2025-12-31")


def closed(step: int, period: str = "2026-01", on: str = "2026-02-02", hour: int = 18) -> PeriodClosed:
    return PeriodClosed(**b.mark(step, "close.period_closed", on, hour), period=period, by="Clara")


def locked(step: int, period: str = "2026-01", on: str = "2026-02-03", hour: int = 18) -> PeriodLocked:
    return PeriodLocked(**b.mark(step, "close.period_locked", on, hour), period=period, by="Clara")


def reopened(step: int, period: str = "2026-01", on: str = "2026-02-09") -> PeriodReopened:
    told = b.mark(step, "close.period_reopened", on)
    return PeriodReopened(**told, period=period, by="Clara", because="an invoice is missing")


def states(*facts: Any) -> list[tuple[date | None, date | None]]:
    return [(each.closed, each.locked) for each in Closings(facts).moments]


def test_a_month_is_closed_then_locked_then_open_again() -> None:
    facts = (closed(1), locked(2), reopened(3))
    assert states(*facts) == [(JANUARY, None), (JANUARY, JANUARY), (DECEMBER, DECEMBER)]


def test_a_month_is_closed_with_all_before_it_and_opened_with_all_after_it() -> None:
    assert states(closed(1, "2026-02"), closed(2, "2026-01")) == [(FEBRUARY, None), (FEBRUARY, None)]
    assert states(locked(1, "2026-02"), reopened(2, "2026-01"))[-1] == (DECEMBER, DECEMBER)
    assert states(locked(1, "2026-02"), reopened(2, "2026-02"))[-1] == (JANUARY, JANUARY)


def test_the_closing_date_of_the_ledger_alone_locks_and_unlocks() -> None:
    told = b.mark(1, "close.books_closed", "2026-02-02")
    assert states(BooksClosed(**told, until=JANUARY)) == [(None, JANUARY)]
    assert states(closed(0), BooksClosed(**told, until=DECEMBER))[-1] == (JANUARY, DECEMBER)


def test_an_instant_knows_what_came_before_it_and_a_step_what_came_with_it() -> None:
    closings = Closings((closed(1), locked(2)))
    assert closings.until(b.at("2026-02-02", 18)) is None  # at that very instant it may have come before
    assert closings.until(b.at("2026-02-02", 19)) == JANUARY
    known = closings.at_step(2)
    assert known is not None
    assert known.locked == JANUARY
    assert closings.at_step(0) is None


def test_what_is_late_bears_an_open_day_where_the_policy_is_to_move_it() -> None:
    for moves, right in ((True, True), (False, False)):
        closings = Closings((closed(1),), moves_late=moves)
        late = closings.may_bear(b.day("2026-01-30"), b.day("2026-02-01"), b.at("2026-02-03"))
        assert late is right
        assert closings.may_bear(JANUARY, JANUARY, None)
    closings = Closings((closed(1),))
    assert not closings.may_bear(b.day("2026-01-30"), b.day("2026-01-31"), b.at("2026-02-03"))  # closed as well
    assert not closings.may_bear(b.day("2026-01-30"), b.day("2026-02-02"), b.at("2026-02-03"))  # not the first open one
    assert not closings.may_bear(b.day("2026-02-02"), b.day("2026-02-03"), b.at("2026-02-03"))  # its day was open
    assert not closings.may_bear(b.day("2026-01-30"), b.day("2026-02-01"), b.at("2026-02-01"))  # nothing was closed yet


def test_periods_have_their_days() -> None:
    assert (first_day("2026-12"), last_day("2026-12")) == (b.day("2026-12-01"), b.day("2026-12-31"))
    assert last_day("2028-02") == b.day("2028-02-29")
