"""What changed since an instant, deletions included: the ground of change data capture."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime

from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Change


class ChangeLog:
    """An append-only list of changes in order of time, read from its end."""

    __slots__ = ("_changes",)

    def __init__(self, changes: list[Change] | None = None) -> None:
        self._changes = changes or []

    def add(self, by: Stamp, kind: str, id: str, operation: str) -> None:
        """Note a change; instants must not go back (the world's clock does not)."""
        self._changes.append(
            Change(sequence=len(self._changes) + 1, at=by.at, kind=kind, id=id, operation=operation, actor=by.actor)
        )

    def since(self, instant: datetime, kinds: tuple[str, ...]) -> tuple[Change, ...]:
        """The last change of each record at or after an instant, in order; all kinds when none are named."""
        start = bisect_left(self._changes, instant, key=lambda change: change.at)
        last: dict[tuple[str, str], Change] = {}
        for change in self._changes[start:]:
            if not kinds or change.kind in kinds:
                last.pop((change.kind, change.id), None)
                last[change.kind, change.id] = change
        return tuple(last.values())

    def after(self, sequence: int) -> tuple[Change, ...]:
        """Every change that was noted after a sequence number, in order."""
        return tuple(self._changes[sequence:])

    def fork(self) -> ChangeLog:
        """An independent copy."""
        return ChangeLog(list(self._changes))
