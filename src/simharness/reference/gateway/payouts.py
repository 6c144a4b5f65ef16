"""Payouts leave the gateway's balance for the bank: they are in transit until a bank line says that they arrived."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.reference.errors import NotYet, Rejected
from simharness.reference.gateway.movements import movement_of
from simharness.reference.ledger.entries import Entries
from simharness.reference.posting.tasks import NEW, REJECTED, Nothing, Plan, Task, Tasks


class Payouts:
    """The work of `payout` tasks: one transfer each, on the day the balance moved.

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


class PayoutFailures(Payouts):
    """The work of `payout_failed` tasks: the same transfer the other way round, where the payout itself was posted."""

    def __init__(self, tasks: Tasks, entries: Entries) -> None:
        super().__init__(entries)
        self._tasks = tasks

    def plan(self, task: Task) -> Plan | Nothing:
        """Back from payouts in transit to clearing; raises `Rejected` where the ledger refused the payout."""
        found = movement_of(task, self._entries.currency)
        payout = self._tasks.state(task.reference.removesuffix(":failed"))
        if payout == NEW:
            raise NotYet(f"payout {found.source} is on its way into the ledger")
        if payout == REJECTED:
            raise Rejected("unknown_payout", f"the ledger does not hold payout {found.source}")
        return super().plan(task)
