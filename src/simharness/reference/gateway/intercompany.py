"""What the owner's gateway takes or gives back for another entity: it is owed to that entity, not earned.

Owner: debit clearing, credit what is due to the entity, gross, on the owner's local day. The entity books the same
movement itself, on what is due from the owner. Fees and payouts stay the owner's. What is owed is what the customer
paid, in his currency: where the gateway changed it, the owner's journal bears the rate at which it did.
"""

from __future__ import annotations

from collections.abc import Iterator

from simharness.reference.errors import Rejected
from simharness.reference.gateway.movements import movement_of
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.posting.tasks import Nothing, Plan, Task

#: The accounts between two entities, by role in the mapping.
DUE_TO, DUE_FROM = "due_to_{}", "due_from_{}"


class Intercompany:
    """The work of `intercompany` tasks."""

    def __init__(self, entries: Entries, mapping: Mapped) -> None:
        self._entries, self._mapping = entries, mapping

    def plan(self, task: Task) -> Plan | Nothing:
        """One journal a movement; a refund or a dispute is the mirror image."""
        found = movement_of(task, self._entries.currency)
        role = DUE_TO.format(found.entity)
        if role not in self._mapping.accounts:
            raise Rejected("no_intercompany_account", f"{found.id} is of {found.entity!r}, and no account is {role}")
        worth = found.worth(self._mapping.cents())
        sides = (Side(role="gateway_clearing", amount=worth.amount), Side(role=role, amount=-worth.amount))
        words = f"{found.type} {found.source} of {found.entity}"
        body = self._entries.journal(*sides, words=words, terms=worth.terms)
        return Plan(entity="JournalEntry", body=body, day=found.day, amount=abs(worth.amount))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows: the rest is the other entity's."""
        del task, ledger_id, memo
        return iter(())
