"""A picture of the whole world in canonical records."""

from __future__ import annotations

from datetime import datetime

from simharness.domain.bank import BankSnapshot
from simharness.domain.base import Record
from simharness.domain.books import LedgerSnapshot
from simharness.domain.crm import CrmSnapshot
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.operations import OperationsSnapshot
from simharness.domain.payroll import PayrollSnapshot

FamilySnapshot = CrmSnapshot | LedgerSnapshot | GatewaySnapshot | BankSnapshot | OperationsSnapshot | PayrollSnapshot


class WorldSnapshot(Record, frozen=True, kw_only=True):
    """One picture at one instant. `ledgers` and `payrolls` hold one snapshot an entity, the first is the story's main
    entity.
    """

    at: datetime
    crm: CrmSnapshot | None = None
    ledgers: tuple[LedgerSnapshot, ...] = ()
    gateway: GatewaySnapshot | None = None
    bank: BankSnapshot | None = None
    operations: OperationsSnapshot | None = None
    payrolls: tuple[PayrollSnapshot, ...] = ()

    def ledger(self, entity: str = "") -> LedgerSnapshot | None:
        """The ledger of an entity, or the main one; None if there is none."""
        return next((book for book in self.ledgers if entity in ("", book.entity)), None)

    def payroll(self, entity: str = "") -> PayrollSnapshot | None:
        """The payroll of an entity, or the main one; None if there is none."""
        return next((each for each in self.payrolls if entity in ("", each.entity)), None)


class Checkpoint(Record, frozen=True, kw_only=True):
    """A named snapshot: `step` is the number of the step (from 1) after which it was taken."""

    step: int
    name: str
    world: WorldSnapshot
