"""Records in order of creation, read newest first from any place: a list call costs its page, not the whole history."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which instants of creation are wanted: not before `since`, before `until`; None is without limit."""

    since: datetime | None = None
    until: datetime | None = None


EVER = Span()


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list, newest first; `more` says whether records lie beyond it in the direction that was read."""

    items: tuple[R, ...]
    more: bool


class Chronicle(Generic[R]):
    """Immutable records by id, in order of creation, with filters kept on every write.

    `created` must not go down from one new record to the next: then an instant is found by bisection. A filter function
    returns the value a record is found under, or None. A replaced record keeps its place and its instant.
    """

    def __init__(
        self, *, key: Callable[[R], str], created: Callable[[R], datetime], **filters: Callable[[R], Hashable | None]
    ) -> None:
        self._key = key
        self._created = created
        self._filters = filters
        self._rows: dict[str, R] = {}
        self._ids: list[str] = []
        self._instants: list[datetime] = []
        self._places: dict[str, int] = {}
        self._filed: dict[tuple[str, Hashable], list[int]] = {}

    def get(self, record_id: str) -> R | None:
        """The record with this id, or None."""
        return self._rows.get(record_id)

    def put(self, record: R) -> R:
        """Add a record at the end, or replace the one with its id. Returns the record."""
        record_id = self._key(record)
        old = self._rows.get(record_id)
        if old is None:
            self._places[record_id] = len(self._ids)
            self._ids.append(record_id)
            self._instants.append(self._created(record))
        self._rows[record_id] = record
        place = self._places[record_id]
        for name, value_of in self._filters.items():
            value, before = value_of(record), None if old is None else value_of(old)
            if value == before:
                continue
            if before is not None:
                self._unfile(name, before, place)
            if value is not None:
                insort(self._filed.setdefault((name, value), []), place)
        return record

    def remove(self, record_id: str) -> R | None:
        """Take a record out and return it; None if there was none. Its place stays, empty."""
        old = self._rows.pop(record_id, None)
        if old is not None:
            place = self._places.pop(record_id)
            for name, value_of in self._filters.items():
                if (value := value_of(old)) is not None:
                    self._unfile(name, value, place)
        return old

    def first(self, name: str, value: Hashable) -> R | None:
        """The oldest record with this value of a filter, or None."""
        places = self._filed.get((name, value))
        return self._rows[self._ids[places[0]]] if places else None

    def page(
        self,
        size: int,
        *,
        where: Mapping[str, Hashable] | None = None,
        span: Span = EVER,
        after: str = "",
        before: str = "",
        keep: Callable[[R], bool] | None = None,
    ) -> Page[R]:
        """At most `size` records, newest first: those older than record `after`, or the nearest newer than `before`.

        `where` picks by filters, `keep` by any other test. `after` and `before` must be ids of records in here.
        """
        low, high = self._bounds(span)
        if after:
            high = min(high, self._places[after])
        if before:
            low = max(low, self._places[before] + 1)
        wanted = dict(where or {})
        candidates = self._candidates(wanted, low, high, newest_first=not before)
        found: list[R] = []
        for place in candidates:
            record = self._rows.get(self._ids[place])
            if record is None or (keep is not None and not keep(record)):
                continue
            if any(self._filters[name](record) != value for name, value in wanted.items()):
                continue
            found.append(record)
            if len(found) > size:
                break
        chosen = found[:size]
        return Page(tuple(reversed(chosen) if before else chosen), len(found) > size)

    def fork(self) -> Chronicle[R]:
        """An independent copy that shares the records."""
        twin: Chronicle[R] = Chronicle(key=self._key, created=self._created, **self._filters)
        twin._rows = dict(self._rows)
        twin._ids = list(self._ids)
        twin._instants = list(self._instants)
        twin._places = dict(self._places)
        twin._filed = {value: list(places) for value, places in self._filed.items()}
        return twin

    def _bounds(self, span: Span) -> tuple[int, int]:
        low = 0 if span.since is None else bisect_left(self._instants, span.since)
        high = len(self._instants) if span.until is None else bisect_left(self._instants, span.until)
        return low, high

    def _candidates(self, where: Mapping[str, Hashable], low: int, high: int, *, newest_first: bool) -> Iterator[int]:
        if not where:
            places: Sequence[int] = range(len(self._ids))
            first, last = low, high
        else:
            # The rarest value first: the others are tested record by record.
            places = min((self._filed.get(pair, []) for pair in where.items()), key=len)
            first, last = bisect_left(places, low), bisect_left(places, high)
        steps = range(last - 1, first - 1, -1) if newest_first else range(first, last)
        return (places[step] for step in steps)

    def _unfile(self, name: str, value: Hashable, place: int) -> None:
        places = self._filed[name, value]
        del places[bisect_left(places, place)]

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._rows

    def __iter__(self) -> Iterator[R]:
        return (self._rows[record_id] for record_id in self._ids if record_id in self._rows)

    def __len__(self) -> int:
        return len(self._rows)
