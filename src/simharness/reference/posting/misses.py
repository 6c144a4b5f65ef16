"""What was refused because the ledger has nothing of a name is looked at once more, when its lists can be relied on.

A list that runs behind does not show what was entered just before. What is refused because of it is told at once, like
any reject, and leaves the quarantine by itself as soon as the list shows the name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from simharness.reference.ledger.catalogue import UNKNOWN
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store

_MARK = "watermark.misses"


class Misses:
    """Records that lacked a name of the ledger. `retries` take the source of one and decide about it again."""

    def __init__(
        self, store: Store, evidence: Evidence, retries: Sequence[Callable[[str], None]], *, settle_s: int
    ) -> None:
        self._store, self._evidence, self._retries = store, evidence, retries
        self._settle = timedelta(seconds=settle_s)

    def look_again(self) -> int:
        """Have those decided about again that were refused so long ago, each once; gives how many they are."""
        held = [
            (each.source, datetime.fromisoformat(each.since)) for each in self._evidence.held() if each.code == UNKNOWN
        ]
        if not held:
            return 0
        until = datetime.now(UTC) - self._settle
        mark = self._store.get_setting(_MARK)
        looked = datetime.fromisoformat(mark) if mark else datetime.fromtimestamp(0, UTC)
        due = [source for source, since in held if looked < since <= until]
        for source in due:
            for retry in self._retries:
                retry(source)
        if due:
            self._store.set_setting(_MARK, until.isoformat())
        return len(due)
