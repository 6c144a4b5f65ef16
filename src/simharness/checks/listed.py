"""What the connector says it did not post: rejects, dead letters that wait, and alerts, by the source they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simharness.domain.evidence import Alert, DeadLetter, Evidence, Reject

#: What a row of the log says of something that is in the other system now.
DONE = frozenset({"posted", "updated", "found"})
#: A source that ends so is what is shown on a record, and not the record itself.
SHOWN = ":status"


class Listed:
    """Look-ups by the id of a source record; a source is `system:kind:id`, and an id may hold colons itself.

    Where only what a record shows could not be written, somebody was told of the record; it is not refused itself.
    """

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        self._refused: set[str] = set()
        self._told: set[str] = set()
        replayed: set[str] = set()
        waiting: list[str] = []
        for row in evidence:
            if isinstance(row, Reject) and not row.source.endswith(SHOWN):
                self._refused.update(ids(row.source))
            elif isinstance(row, Alert | Reject):
                self._told.update(ids(row.source))
            elif isinstance(row, DeadLetter):
                (replayed.add if row.replayed_at else waiting.append)(row.source)
        for source in waiting:
            if source not in replayed:
                self._refused.update(ids(source))

    def refused(self, *keys: str) -> bool:
        """Whether a source is listed as rejected, or as a posting that failed for good and waits."""
        return not self._refused.isdisjoint(key for key in keys if key)

    def told(self, *keys: str) -> bool:
        """Whether somebody was told about a source, by a reject, a dead letter or an alert."""
        return self.refused(*keys) or not self._told.isdisjoint(key for key in keys if key)


def ids(source: str) -> Iterator[str]:
    """The ids that a source may mean: what stands behind system and kind, whole and up to the next colon."""
    parts = source.split(":")
    if len(parts) > 1:
        yield ":".join(parts[1:])
    if len(parts) > 2:
        yield ":".join(parts[2:])
        yield parts[2]
