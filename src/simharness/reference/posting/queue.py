"""The error queue: everything that waits for a person, and taking it up again by an operator.

Dead letters (postings that the ledger refused for good), the quarantine (source records refused at the edge), and
alerts that the alert system refused. A replay decides anew about the source as it is now; where that comes to the same
posting as before, it goes out under the key it had.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simharness.reference.errors import ConfigurationError
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.notices import Notices
from simharness.reference.posting.outbox import Outbox

#: Postings of these kinds are sent again as they are; of the others the source is decided about again.
_AS_THEY_ARE = ("application", "item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits: `kind` is dead_letter, quarantine or alert; `detail` tells key and attempts, or since when.

    `amount` is text, "" where none is known.
    """

    kind: str
    source: str
    reason: str
    amount: str = ""
    detail: str = ""


class ErrorQueue:
    """What waits, and the ways to take it up again; `retries` take a source, or "" for all."""

    def __init__(
        self,
        outbox: Outbox,
        evidence: Evidence,
        notices: Notices | None,
        retries: Sequence[Callable[[str], None]],
    ) -> None:
        self._outbox, self._evidence, self._notices, self._retries = outbox, evidence, notices, retries

    def listed(self) -> list[Waiting]:
        """All of it: dead letters, then quarantine, then alerts, each oldest first."""
        found = [
            Waiting(
                kind="dead_letter",
                source=each.source,
                reason=each.reason,
                amount=each.amount,
                detail=f"key {each.key}, {each.attempts} attempt(s)",
            )
            for each in self._outbox.dead()
        ]
        found += [
            Waiting(
                kind="quarantine",
                source=each.source,
                reason=f"{each.code}: {each.reason}",
                amount=each.amount,
                detail=f"since {each.since}",
            )
            for each in self._evidence.held()
        ]
        refused = self._notices.refused() if self._notices is not None else []
        return found + [
            Waiting(kind="alert", source=row["incident"], reason=row["problem"], detail=row["action"])
            for row in refused
        ]

    def replay(self, source: str) -> None:
        """Take up one thing by its source, or everything for "". Raises `ConfigurationError` for a source under which
        nothing waits.
        """
        if source and source not in {each.source for each in self.listed()}:
            raise ConfigurationError(f"nothing waits under {source!r}", mend="look at what waits: waiting lists it")
        for kind in _AS_THEY_ARE:
            self._outbox.replay(kind, source)
        for retry in self._retries:
            retry(source)
        if self._notices is not None:
            self._notices.replay(source)
