"""Payouts leave the gateway's balance for the bank: they are in transit until a bank line says that they arrived."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.reference.gateway.movements import movement_of
from simharness.reference.ledger.entries import Entries
from simharness.reference.posting.tasks import Nothing, Plan, Task


class Payouts:
    """The work of `payout` and `payout_failed` tasks: one transfer each, on the day the balance moved.

    A payout's movement is negative (money left the balance); that of a negative or of a failed payout is positive.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def plan(self, task: Task) -> Plan | Nothing:
        """From clearing to payouts in transit, or the other way round."""
        found = movement_of(task, self._entries.currency)
        body = self._entries.transfer("gateway_clearing", "payouts_in_transit", -found.amount)
        return Plan(entity="Transfer", body=body, day=found.day, amount=abs(found.amount))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows: the bank line is a task of its own."""
        del task, ledger_id, memo
        return iter(())
