"""Every change of a bank's lines in order, and what is new between two places in it.

A place is a number of changes: 0 is before the first, `end` after the last. What lies between two places never changes.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

from simharness.domain.base import Record
from simharness_fakes.banking.lines import Line


class Kind(enum.Enum):
    """What became of a line."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"


class Change(Record, frozen=True, kw_only=True):
    """One change; `line` is the line as it was after it, or the last that was known of a removed one."""

    kind: Kind
    line: Line


class Feed:
    """An append-only list of changes."""

    __slots__ = ("_changes", "_folded")

    def __init__(self) -> None:
        self._changes: list[Change] = []
        # The last answer of `between`: who reads in pages asks for the same stretch again and again.
        self._folded: tuple[int, int, tuple[Change, ...]] = (0, 0, ())

    @property
    def end(self) -> int:
        """The place after the last change."""
        return len(self._changes)

    def tell(self, kind: Kind, line: Line) -> None:
        """Remember a change."""
        self._changes.append(Change(kind=kind, line=line))

    def between(self, start: int, end: int) -> tuple[Change, ...]:
        """The net changes between two places, one a line, in the order in which each line last changed.

        A line that came and went in between is left out; one that came and changed is added as it is at the end.
        """
        if self._folded[:2] != (start, end):
            self._folded = (start, end, tuple(self._fold(start, end)))
        return self._folded[2]

    def lines_at(self, place: int) -> tuple[Line, ...]:
        """The lines there were at a place."""
        return tuple(change.line for change in self.between(0, place))

    def fork(self) -> Feed:
        """An independent copy that shares the changes so far."""
        twin = Feed()
        twin._changes = list(self._changes)
        return twin

    def _fold(self, start: int, end: int) -> Iterator[Change]:
        first: dict[str, Kind] = {}
        last: dict[str, Change] = {}
        for change in self._changes[start:end]:
            name = change.line.id
            first.setdefault(name, change.kind)
            last.pop(name, None)
            last[name] = change
        for name, change in last.items():
            was_there = first[name] is not Kind.ADDED
            if change.kind is Kind.REMOVED:
                if was_there:
                    yield change
            else:
                yield Change(kind=Kind.MODIFIED if was_there else Kind.ADDED, line=change.line)
