"""When the calendar turns next: months, years, and clocks that are put forward or back, by the zone of the books."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simharness.fakekit.faults.turns import next_turn


@pytest.mark.parametrize(
    ("now", "zone", "at", "what"),
    [
        # Midnight of the first day in Los Angeles is eight hours later in UTC, in summer seven.
        ("2026-01-05T17:00", "America/Los_Angeles", "2026-02-01T08:00", "the month 2026-01 ended"),
        ("2026-12-31T23:00", "America/Los_Angeles", "2027-01-01T08:00", "the year 2026 ended"),
        ("2026-06-30T23:59", "America/Los_Angeles", "2026-07-01T07:00", "the month 2026-06 ended"),
        # In the United States clocks change on the second Sunday of March and the first of November, at two o'clock.
        (
            "2026-03-01T08:00",
            "America/Los_Angeles",
            "2026-03-08T10:00",
            "the clocks of America/Los_Angeles were changed",
        ),
        ("2026-03-08T10:00", "America/Los_Angeles", "2026-04-01T07:00", "the month 2026-03 ended"),
        (
            "2026-11-01T08:59",
            "America/Los_Angeles",
            "2026-11-01T09:00",
            "the clocks of America/Los_Angeles were changed",
        ),
        # In Europe on the last Sundays of March and October, everywhere at one o'clock of UTC.
        ("2026-10-20T00:00", "Europe/Berlin", "2026-10-25T01:00", "the clocks of Europe/Berlin were changed"),
        ("2026-10-31T23:30", "Europe/Berlin", "2026-11-30T23:00", "the month 2026-11 ended"),
        ("2026-03-31T23:30", "UTC", "2026-04-01T00:00", "the month 2026-03 ended"),
        ("2026-04-01T00:00", "UTC", "2026-05-01T00:00", "the month 2026-04 ended"),
    ],
)
def test_the_next_turn_is_the_first_that_comes(now: str, zone: str, at: str, what: str) -> None:
    turn = next_turn(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)
    assert (turn.at, turn.what) == (datetime.fromisoformat(at).replace(tzinfo=UTC), what)
