"""Months of the books, as calendar days without any hour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from simharness.reference.errors import ConfigurationError

_TEXT = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One month; periods are in order of time, and read as `2026-01`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of a text like `2026-01`. Raises `ConfigurationError` for any other."""
        if not _TEXT.fullmatch(text):
            raise ConfigurationError(f"{text!r} is no period", mend="write it as 2026-01")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> Period:
        """The period in which a day lies."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Period:
        """The period after it."""
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def day_before(self) -> date:
        """The last day of the period before it."""
        return self.first - timedelta(days=1)

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
