"""Reading what the books keep, the same for every kind of record: by id, indexed field, number, party and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Generic, TypeVar, cast

from simharness.fakekit.tables import Table
from simharness_fakes.accounting.refusals import NotFound

D = TypeVar("D")


class Reading(Generic[D]):
    """The records of one kind, to be found. `kind` names them in refusals."""

    kind: str
    _table: Table[D]

    def __len__(self) -> int:
        return len(self._table)

    def all(self) -> Iterator[D]:
        """Every record, void and inactive ones too, in order of creation."""
        return iter(self._table)

    def find(self, id: str) -> D | None:
        """The record, or None."""
        return self._table.get(id)

    def get(self, id: str) -> D:
        """The record; refuses `NotFound`."""
        found = self._table.get(id)
        if found is None:
            raise NotFound(self.kind, id)
        return found

    def find_by(self, field: str, value: object) -> tuple[D, ...]:
        """The records with a value in an indexed field, in the order in which they came to have it."""
        return tuple(self._table.find(field, value))


class DocumentReading(Reading[D]):
    """Documents of one kind: indexed by `number`, `customer`, `reference` and `date`.

    A payment is found by every document it is applied to (`document`), a journal entry by each customer on whose
    account it puts something. Numbers are unique only where the settings say so.
    """

    def by_number(self, number: str) -> tuple[D, ...]:
        """The documents with a number."""
        return self.find_by("number", number)

    def by_customer(self, customer: str) -> tuple[D, ...]:
        """A customer's documents, in the order in which they came to him."""
        return self.find_by("customer", customer)

    def by_date(self, start: date, end: date) -> tuple[D, ...]:
        """The documents dated between two days, both inclusive, by date, then as they came to it.

        Costs the days that occur, not the documents.
        """
        days = sorted(day for day in cast("list[date]", list(self._table.values("date"))) if start <= day <= end)
        return tuple(document for day in days for document in self._table.find("date", day))
