"""A run whose deadline is past waits with one alert until it is processed; before that nothing is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine

from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.payroll.missed import MissedRuns
from simharness.reference.vendors.gusto import Gusto
from tests.unit.reference.payroll.told import people

RUN = {
    "payroll_uuid": "r1",
    "payroll_deadline": "2026-01-14T00:00:00Z",
    "check_date": "2026-01-15",
    "pay_period": {"start_date": "2026-01-01", "end_date": "2026-01-15"},
}


@dataclass
class Provider:
    """Gusto with the runs that nobody processed."""

    runs: list[dict[str, Any]] = field(default_factory=lambda: [RUN])
    spans: list[tuple[date, date]] = field(default_factory=list)

    def unprocessed(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        self.spans.append((first, last))
        yield from self.runs


class Watch:
    """The watch over an empty memory."""

    def __init__(self, folder: Path) -> None:
        self.provider = Provider()
        self.store = Store(f"sqlite:///{folder / 'state.db'}")
        self.evidence = Evidence(self.store, folder / "evidence.ndjson", currency="USD", owner="finance")
        self.runs = MissedRuns(cast(Gusto, self.provider), self.evidence, people())

    def at(self, instant: str) -> tuple[int, list[tuple[str, str]]]:
        """How much was news, and what is held."""
        with time_machine.travel(instant, tick=False):
            news = self.runs.watch()
        return news, [(each.source, each.code) for each in self.evidence.held()]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    found = Watch(tmp_path)
    yield found
    found.store.close()


def test_nothing_is_missed_up_to_the_deadline(watch: Watch) -> None:
    assert watch.at("2026-01-14T00:00:00Z") == (0, [])
    assert watch.at("2026-01-14T00:00:01Z") == (1, [("gusto:missed:r1", "payroll_missed")])


def test_it_is_told_once_and_is_over_when_it_is_processed(watch: Watch) -> None:
    assert watch.at("2026-01-16T12:00:00Z")[0] == 1
    assert watch.at("2026-01-20T12:00:00Z") == (0, [("gusto:missed:r1", "payroll_missed")])
    watch.provider.runs = []
    assert watch.at("2026-01-21T12:00:00Z") == (1, [])
    assert watch.at("2026-01-22T12:00:00Z") == (0, [])


def test_the_reason_names_the_run_by_its_days_and_nobody(watch: Watch) -> None:
    watch.at("2026-01-16T12:00:00Z")
    (held,) = watch.evidence.held()
    assert held.reason.startswith(
        "the payroll of 2026-01-01 to 2026-01-15, to be paid on 2026-01-15, was not processed"
    )
