"""Pay days are business days, periods cover every day once, and holidays are those of the Federal Reserve."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness_fakes.payroll import calendar
from simharness_fakes.payroll.calendar import PaySchedule
from simharness_fakes.payroll.refusals import BadValue
from tests.fakes.payroll.company import ANCHORS

DAY = timedelta(days=1)


def schedule(frequency: str, lag: int = 0) -> PaySchedule:
    return PaySchedule(
        id="s", frequency=frequency, anchor_end=ANCHORS[frequency], anchor_pay=ANCHORS[frequency] + lag * DAY
    )


@given(st.sampled_from(sorted(ANCHORS)), st.integers(0, 20), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_day_lies_in_one_period_and_the_next_begins_the_day_after(frequency: str, lag: int, day: date) -> None:
    pays = schedule(frequency, lag)
    period = pays.period_of(day)
    assert period.service_from <= day <= period.service_to
    assert pays.period_of(period.service_from) == pays.period_of(period.service_to) == period
    following = pays.period_of(period.service_to + DAY)
    assert following.service_from == period.service_to + DAY
    assert calendar.is_business_day(period.cheque_on)
    assert period.cheque_on <= period.service_to + lag * DAY
    assert pays.paid_on(period.cheque_on) == period


@pytest.mark.parametrize(("frequency", "count"), [("semimonthly", 24), ("monthly", 12), ("biweekly", 26)])
def test_a_year_has_its_periods(frequency: str, count: int) -> None:
    ends = [each for day in range(365) if (each := schedule(frequency).period_of(date(2025, 1, 1) + day * DAY))]
    assert len({each.service_from for each in ends if each.service_to.year == 2025}) == count


@pytest.mark.parametrize(
    ("end", "paid"),
    [
        (date(2025, 5, 31), date(2025, 5, 30)),  # a Saturday
        (date(2025, 8, 31), date(2025, 8, 29)),  # a Sunday
        (date(2026, 5, 31), date(2026, 5, 29)),
    ],
)
def test_a_pay_day_on_a_weekend_moves_back(end: date, paid: date) -> None:
    assert schedule("monthly").period_of(end).cheque_on == paid


def test_a_pay_day_on_new_years_day_moves_into_the_old_year() -> None:
    # Monthly, paid a day after the end: that of December 2025 would be 1 January 2026.
    assert schedule("monthly", 1).period_of(date(2025, 12, 15)).cheque_on == date(2025, 12, 31)


def test_the_holidays_of_two_years() -> None:
    assert calendar.holidays(2025) == (
        date(2025, 1, 1), date(2025, 1, 20), date(2025, 2, 17), date(2025, 5, 26), date(2025, 6, 19),
        date(2025, 7, 4), date(2025, 9, 1), date(2025, 10, 13), date(2025, 11, 11), date(2025, 11, 27),
        date(2025, 12, 25),
    )  # fmt: skip
    # In 2026 the fourth of July is a Saturday, on which banks are closed anyway; in 2027 it is a Sunday.
    assert date(2026, 7, 3) not in calendar.holidays(2026)
    assert date(2027, 7, 5) in calendar.holidays(2027)


def test_business_days_leave_out_weekends_and_holidays() -> None:
    assert calendar.business_days_before(date(2025, 12, 29), 2) == date(2025, 12, 24)  # over Christmas and a weekend
    assert calendar.on_or_before(date(2025, 11, 27)) == date(2025, 11, 26)


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 80))
def test_workdays_are_counted_as_one_would_on_a_wall_calendar(first: date, days: int) -> None:
    counted = sum((first + each * DAY).weekday() < 5 for each in range(days + 1))
    assert calendar.workdays(first, first + days * DAY) == counted


def test_a_schedule_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadValue, match="frequency"):
        calendar.checked(
            PaySchedule(id="", frequency="daily", anchor_end=date(2025, 1, 1), anchor_pay=date(2025, 1, 1))
        )
    with pytest.raises(BadValue, match="no monthly period ends on it"):
        calendar.checked(
            PaySchedule(id="", frequency="monthly", anchor_end=date(2025, 1, 30), anchor_pay=date(2025, 1, 30))
        )
