"""The objects of a portal and the shelf that finds them: by id, by unique property, by stage, by last change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from simharness.domain.base import Record
from simharness.fakekit.tables import Several, Table
from simharness_fakes.hubspot.kinds import Kind


class Thing(Record, frozen=True, kw_only=True):
    """One object in one version. `properties` hold values only, never empty texts, and are never changed in place.

    `keys` are its unique properties as (name, value in lower case). `previous` is the version before, kept only while a
    search that lags behind may still have to show it.
    """

    kind: str
    id: str
    properties: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    keys: tuple[tuple[str, str], ...] = ()
    previous: Thing | None = None

    @property
    def archived(self) -> bool:
        """Whether it is in the recycling bin."""
        return self.archived_at is not None

    def get(self, name: str) -> str:
        """The value of a property, or an empty text."""
        return self.properties.get(name, "")


class Stamp(NamedTuple):
    """When an object was last changed, with its number to tell equal instants apart."""

    at: datetime
    number: int


#: Stamps of earlier changes stay in the list, for taking one out moves all that follow; so many are let lie at least.
_SPARE_STAMPS = 64


def _keys(thing: Thing) -> Hashable | None:
    return Several(thing.keys) if thing.keys and not thing.archived else None


def _stage(thing: Thing) -> Hashable | None:
    return None if thing.archived else thing.properties.get("dealstage")


class Shelf:
    """Every object of one kind, archived ones included."""

    __slots__ = ("_by_change", "_numbers", "_table", "kind")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._table: Table[Thing] = Table(lambda thing: thing.id, unique=_keys, stage=_stage)
        self._numbers: list[int] = []
        self._by_change: list[Stamp] = []

    def get(self, thing_id: str) -> Thing | None:
        """The object with this id, archived or not."""
        return self._table.get(thing_id)

    def put(self, thing: Thing) -> Thing:
        """Add or replace an object."""
        number = int(thing.id)
        old = self._table.get(thing.id)
        if old is None:
            insort(self._numbers, number)
        self._table.put(thing)
        if old is None or old.updated_at != thing.updated_at:
            insort(self._by_change, Stamp(thing.updated_at, number))
            if len(self._by_change) > 2 * len(self._numbers) + _SPARE_STAMPS:
                self._by_change = [stamp for stamp in self._by_change if self._changed_at(stamp) is not None]
        return thing

    def by_key(self, name: str, value: str) -> Thing | None:
        """The object that has this value in a unique property; values compare without regard to case."""
        return self._table.first("unique", (name, value.lower()))

    def in_stage(self, stage: str) -> list[Thing]:
        """The deals in a stage."""
        return self._table.find("stage", stage)

    def changed(self, since: datetime | None, until: datetime | None) -> Iterator[Thing]:
        """The objects last changed between two instants, both included, oldest change first."""
        start = bisect_left(self._by_change, Stamp(since, 0)) if since is not None else 0
        end = len(self._by_change)
        if until is not None:
            end = bisect_right(self._by_change, Stamp(until, 10**18))
        for stamp in self._by_change[start:end]:
            thing = self._changed_at(stamp)
            if thing is not None:
                yield thing

    def _changed_at(self, stamp: Stamp) -> Thing | None:
        """The object if the stamp tells of its last change."""
        thing = self._table.get(str(stamp.number))
        return thing if thing is not None and thing.updated_at == stamp.at else None

    def after(self, number: int, *, archived: bool) -> Iterator[Thing]:
        """The live (or the archived) objects with a greater id, in order of id."""
        numbers = self._numbers
        for position in range(bisect_right(numbers, number), len(numbers)):
            thing = self._table.get(str(numbers[position]))
            if thing is not None and thing.archived == archived:
                yield thing

    def __iter__(self) -> Iterator[Thing]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def fork(self) -> Shelf:
        """An independent copy that shares the records."""
        twin = Shelf(self.kind)
        twin._table = self._table.fork()
        twin._numbers = list(self._numbers)
        twin._by_change = list(self._by_change)
        return twin
