"""State of a fake: tables of immutable records with indexes, cheap to fork."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

R = TypeVar("R")
_Index = dict[Hashable, dict[str, None]]


class Several(tuple[Hashable, ...]):
    """Several values of one record in one index, for relations such as the documents that a payment settles."""

    __slots__ = ()


class Table(Generic[R]):
    """Records by id, in order of creation, with secondary indexes kept on every write.

    Records must be immutable: `fork()` copies the maps, never the records. An index function returns the value to be
    found under, `Several` values, or None to leave the record out of that index. After a fork the twins share what is
    filed under a value until one of them writes there: only then that one place is copied.
    """

    __slots__ = ("_index", "_indexes", "_key", "_own", "_rows")

    def __init__(self, key: Callable[[R], str], **indexes: Callable[[R], Hashable | None]) -> None:
        self._key = key
        self._indexes = indexes
        self._rows: dict[str, R] = {}
        self._index: dict[str, _Index] = {name: {} for name in indexes}
        self._own: set[tuple[str, Hashable]] | None = None  # None: nothing is shared, the table was never forked

    def get(self, record_id: str) -> R | None:
        """The record with this id, or None."""
        return self._rows.get(record_id)

    def put(self, record: R) -> R:
        """Add or replace by id; a replaced record keeps its place in the order. Returns the record."""
        record_id = self._key(record)
        old = self._rows.get(record_id)
        self._rows[record_id] = record
        for name, value_of in self._indexes.items():
            value = value_of(record)
            if old is not None:
                before = value_of(old)
                if before == value:
                    continue
                self._forget(name, before, record_id)
            if isinstance(value, Several):
                for each in value:
                    self._filed(name, each)[record_id] = None
            elif value is not None:
                self._filed(name, value)[record_id] = None
        return record

    def remove(self, record_id: str) -> R | None:
        """Take a record out and return it; None if there was none."""
        old = self._rows.pop(record_id, None)
        if old is not None:
            for name, value_of in self._indexes.items():
                self._forget(name, value_of(old), record_id)
        return old

    def find(self, index: str, value: Hashable) -> list[R]:
        """The records with this value in the named index, in the order in which they came to have it."""
        found = self._index[index].get(value)
        return [self._rows[record_id] for record_id in found] if found else []

    def first(self, index: str, value: Hashable) -> R | None:
        """The first record with this value in the named index, or None."""
        found = self._index[index].get(value)
        return self._rows[next(iter(found))] if found else None

    def values(self, index: str) -> Iterator[Hashable]:
        """The values that records have in the named index, each once."""
        return iter(self._index[index])

    def fork(self) -> Table[R]:
        """An independent copy that shares the records."""
        twin: Table[R] = Table(self._key, **self._indexes)
        twin._rows = dict(self._rows)
        twin._index = {name: dict(index) for name, index in self._index.items()}
        twin._own, self._own = set(), set()
        return twin

    def _filed(self, name: str, value: Hashable) -> dict[str, None]:
        index = self._index[name]
        ids = index.get(value)
        if self._own is None:
            if ids is None:
                ids = index[value] = {}
            return ids
        if (name, value) not in self._own:
            ids = index[value] = dict(ids or {})
            self._own.add((name, value))
        elif ids is None:
            ids = index[value] = {}
        return ids

    def _forget(self, name: str, value: Hashable | None, record_id: str) -> None:
        for each in _values(value):
            if each in self._index[name]:
                ids = self._filed(name, each)
                ids.pop(record_id, None)
                if not ids:
                    del self._index[name][each]

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._rows

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)


def _values(value: Hashable | None) -> tuple[Hashable, ...]:
    if value is None:
        return ()
    return value if isinstance(value, Several) else (value,)
