"""Documents by date, from the days that occur, without reading every document."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, cast

from simharness.fakekit.tables import Table

D = TypeVar("D")


def between(table: Table[D], start: date, end: date) -> tuple[D, ...]:
    """The documents of a table with a `date` index between two days, both inclusive, by date, then as they came to
    it.
    """
    days = sorted(day for day in cast("list[date]", list(table.values("date"))) if start <= day <= end)
    return tuple(document for day in days for document in table.find("date", day))
