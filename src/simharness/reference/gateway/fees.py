"""What the gateway keeps for itself: a journal entry a movement, on the movement's own day."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.reference.gateway.movements import movement_of
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.posting.tasks import Nothing, Plan, Task


class Fees:
    """The work of `fee` tasks. A fee that is given back is the mirror image."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def plan(self, task: Task) -> Plan | Nothing:
        """Debit fees, credit clearing."""
        found = movement_of(task, self._entries.currency)
        fee = found.fee or -found.amount
        words = f"{found.type} {found.source}".strip()
        body = self._entries.journal(
            Side(role="fees", amount=fee), Side(role="gateway_clearing", amount=-fee), words=words
        )
        return Plan(entity="JournalEntry", body=body, day=found.day, amount=abs(fee))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return iter(())
