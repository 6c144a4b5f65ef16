"""When money that was taken may be paid out: so many days later, calendar or business days, at midnight UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from simharness.domain.base import Record

_SATURDAY = 5


class Availability(Record, frozen=True, kw_only=True):
    """The declared delay. Business days leave out Saturdays and Sundays; bank holidays are not known here."""

    days: int = 2
    business: bool = True

    def available_at(self, moment: datetime) -> datetime:
        """The instant from which money taken at `moment` is available."""
        day = moment.astimezone(UTC).date()
        left = self.days
        while left > 0:
            day += timedelta(days=1)
            if not self.business or day.weekday() < _SATURDAY:
                left -= 1
        return datetime.combine(day, time(0), tzinfo=UTC) if self.days else moment
