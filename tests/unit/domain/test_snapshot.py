"""A picture of the world finds the books and the payroll of an entity, and the first where none is named."""

from __future__ import annotations

from datetime import UTC, datetime

from simharness.domain.books import LedgerSnapshot
from simharness.domain.payroll import PayrollSnapshot
from simharness.domain.snapshot import WorldSnapshot

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)


def test_each_entity_has_its_own_and_the_first_is_the_main_one() -> None:
    ledgers = tuple(LedgerSnapshot(vendor="b", entity=e, currency="USD", time_zone="UTC") for e in ("US", "DE"))
    payrolls = tuple(PayrollSnapshot(vendor="p", entity=e, currency="USD") for e in ("US", "DE"))
    world = WorldSnapshot(at=NOON, ledgers=ledgers, payrolls=payrolls)
    assert (world.ledger(), world.payroll()) == (ledgers[0], payrolls[0])
    assert (world.ledger("DE"), world.payroll("DE")) == (ledgers[1], payrolls[1])
    assert world.payroll("FR") is None
    assert WorldSnapshot(at=NOON).payroll() is None
