"""Days are open, closed here, or locked here or in the ledger; what is late finds a day by policy, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from simharness.reference.errors import Rejected
from simharness.reference.ledger.periods import Periods
from simharness.reference.memory.store import Store

if TYPE_CHECKING:
    from simharness.reference.vendors.quickbooks import QuickBooks

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)


class Ledger:
    """Its closing date, and how often it was asked for it."""

    def __init__(self) -> None:
        self.until: date | None = None
        self.asked = 0

    def closing_date(self) -> date | None:
        self.asked += 1
        return self.until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


def periods(ledger: Ledger, store: Store, *, moves_late: bool = True) -> Periods:
    return Periods(cast("QuickBooks", ledger), store, moves_late=moves_late)


def test_a_closed_month_takes_adjustments_and_nothing_else(store: Store) -> None:
    known = periods(Ledger(), store)
    assert known.is_open(JANUARY)
    known.close(JANUARY)
    assert not known.is_open(JANUARY)
    assert known.is_open(date(2026, 2, 1))
    assert known.takes_adjustments(JANUARY)
    assert known.open_day(date(2026, 1, 12)) == date(2026, 2, 1)


def test_a_locked_month_takes_nothing_here_or_in_the_ledger(store: Store) -> None:
    ledger = Ledger()
    known = periods(ledger, store)
    known.lock(JANUARY)
    assert not known.takes_adjustments(JANUARY)
    ledger.until = FEBRUARY
    known.begin()
    assert not known.takes_adjustments(FEBRUARY)
    assert known.open_day(JANUARY) == date(2026, 3, 1)


def test_what_was_closed_is_remembered_over_a_restart(store: Store) -> None:
    periods(Ledger(), store).close(JANUARY)
    assert periods(Ledger(), store).is_closed_here(JANUARY)


def test_a_month_is_opened_with_all_after_it_and_as_far_as_the_ledger_agrees(store: Store) -> None:
    ledger = Ledger()
    known = periods(ledger, store)
    known.close(FEBRUARY)
    known.lock(JANUARY)
    known.reopen(date(2026, 2, 1))
    assert known.is_open(date(2026, 2, 1))
    assert not known.is_open(JANUARY)
    ledger.until = JANUARY
    known.reopen(date(2026, 1, 1))
    assert not known.is_open(JANUARY)  # the controller has not moved the closing date back
    ledger.until = None
    known.begin()
    assert known.is_open(JANUARY)


def test_what_is_late_is_moved_or_refused_by_policy(store: Store) -> None:
    moving, refusing = periods(Ledger(), store), periods(Ledger(), store, moves_late=False)
    moving.close(JANUARY)
    assert moving.bearing_day(JANUARY) == date(2026, 2, 1)
    assert refusing.bearing_day(FEBRUARY) == FEBRUARY
    with pytest.raises(Rejected, match="2026-01-31 is closed"):
        refusing.bearing_day(JANUARY)


def test_the_ledger_is_asked_once_a_pass(store: Store) -> None:
    ledger = Ledger()
    known = periods(ledger, store)
    for _ in range(3):
        known.is_open(JANUARY)
    known.begin()
    known.is_open(JANUARY)
    assert ledger.asked == 2
