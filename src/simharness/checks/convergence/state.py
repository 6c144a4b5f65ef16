"""The business state at the end of a run, in canonical words."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.checks.convergence.ledger import ledger_items
from simharness.checks.convergence.said import Said, State, canonical
from simharness.checks.convergence.sides import bank_items, crm_items, desk_items, gateway_items, payroll_items
from simharness.checks.convergence.told import told_items
from simharness.checks.convergence.words import Words
from simharness.checks.replay import shown
from simharness.domain.bi import MetricValue
from simharness.domain.fact import StepImpossible
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import WorldSnapshot


def business_state(record: RunRecord) -> State:
    """What all systems hold at the end of a run, without ids of the ledger, instants, versions and attempts.

    A record without a checkpoint has the state of nothing.
    """
    if record.final is None:
        return State()
    world = record.final.world
    info = record.header.connector
    words = Words(world.ledgers, info)
    items = [*_systems(world, words), *_ledgers(record), *told_items(record.evidence, words), *metric_items(record)]
    impossible = tuple(f"{fact.step} {fact.verb}" for fact in record.facts if isinstance(fact, StepImpossible))
    return State(items=canonical(items), impossible=impossible, shows_bi=bool(record.bi))


def _ledgers(record: RunRecord) -> Iterator[Said]:
    """Each ledger in its own words, since the ids of one mean something else in another."""
    ledgers = record.final.world.ledgers if record.final else ()
    for ledger in ledgers:
        system = ledger.vendor if len(ledgers) == 1 else f"{ledger.vendor} {ledger.entity}"
        yield from ledger_items(ledger, Words((ledger,), record.header.connector), system)


def _systems(world: WorldSnapshot, words: Words) -> Iterator[Said]:
    if world.crm is not None:
        yield from crm_items(world.crm)
    if world.gateway is not None:
        # A number is a document of the books that a record names; those of all books may use it.
        of = {ledger.entity: Words((ledger,), words.info) for ledger in world.ledgers if ledger.entity}
        yield from gateway_items(world.gateway, words, of)
    if world.bank is not None:
        yield from bank_items(world.bank, words)
    for payroll in world.payrolls:
        yield from payroll_items(payroll)
    if world.operations is not None:
        yield from desk_items(world.operations, words)


def metric_items(record: RunRecord) -> Iterator[Said]:
    """The metrics that BI showed when it was last read."""
    for key, value in shown(record).items():
        yield Said(system="BI", noun="metric", name=" ".join(filter(None, key)), content="", settled=_figure(value))


def _figure(value: MetricValue) -> str:
    return "no value" if value.value is None else f"{value.value.normalize():f} {value.unit}"
