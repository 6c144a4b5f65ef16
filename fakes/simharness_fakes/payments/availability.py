"""When money that was taken may be paid out: so many days later, calendar or business days, at midnight UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from simharness.domain.base import Record

_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Whether a day is neither Saturday nor Sunday; bank holidays are not known here."""
    return day.weekday() < _SATURDAY


def days_after(day: date, count: int, *, business: bool = True) -> date:
    """The day `count` business (or calendar) days after a day; the day itself when `count` is 0."""
    while count > 0:
        day += timedelta(days=1)
        if not business or is_business_day(day):
            count -= 1
    return day


class Availability(Record, frozen=True, kw_only=True):
    """The declared delay. Business days leave out Saturdays and Sundays; bank holidays are not known here."""

    days: int = 2
    business: bool = True

    def available_at(self, moment: datetime) -> datetime:
        """The instant from which money taken at `moment` is available."""
        day = days_after(moment.astimezone(UTC).date(), self.days, business=self.business)
        return datetime.combine(day, time(0), tzinfo=UTC) if self.days else moment
