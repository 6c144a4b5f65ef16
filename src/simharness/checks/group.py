"""A record as each entity of a group sees it: its own dictionary, books, bank lines, payroll and evidence,
its own days.

Every check that holds for one entity is made on each of these views. To an entity without a gateway of its own, the
gateway is what the owner took for it: its charges and what came of them, in the currency in which the customers paid,
without fees and payouts, less what the owner has paid it. So what the owner owes is its clearing account, and the same
checks hold.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from simharness.checks.gateway import NOUNS
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain import fact as told
from simharness.domain import payroll_facts as people
from simharness.domain.bank import BankSnapshot
from simharness.domain.dictionary import Dictionary
from simharness.domain.evidence import Alert
from simharness.domain.expectation_base import ExpectationBase
from simharness.domain.gateway import BalanceLine, GatewaySnapshot
from simharness.domain.operations import OperationsSnapshot
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot

_ZERO = Decimal(0)

#: Facts that concern everybody: customers are shared, and so is the connector.
_SHARED = (
    told.CustomerEntered,
    told.CustomerChanged,
    told.CustomersMerged,
    told.ErrorQueueReplayed,
    told.StepImpossible,
    told.SystemRefused,
    told.RefusalMissing,
    told.ConnectorFinished,
    told.ConnectorRestarted,
    told.NightlyPollRan,
    told.WebhooksStopped,
    told.WebhooksResumed,
    told.WebhooksRepeated,
)


class Whose:
    """To which entity each fact of a record, and each charge, belongs; the first has what names nobody."""

    def __init__(self, record: RunRecord) -> None:
        self.entities = tuple(each.entity for each in record.dictionaries)
        self._first = self.entities[0]
        self.owner = next((d.entity for d in record.dictionaries if d.account_by_role("gateway_clearing")), self._first)
        self._deals: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._lines: dict[str, str] = {}
        self._payer = next((d.entity for d in record.dictionaries if d.payroll is not None), self._first)
        self._staff: dict[str, str] = {}
        self._runs: dict[str, str] = {}
        self.charges: dict[str, str] = {}
        for fact in record.facts:
            if isinstance(fact, told.DealEntered):
                self._sold_by(fact, fact.entity)
            elif isinstance(fact, told.DealChanged) and fact.entity is not None:
                self._sold_by(fact, fact.entity)  # the last word counts
            elif isinstance(fact, told.CustomerPaid):
                self.charges[fact.charge_id] = fact.entity or self._names.get(fact.deal, self.owner)
            elif isinstance(fact, told.BankMoved):
                self._lines[fact.line_id] = fact.entity or self._first
            elif isinstance(fact, people.EmployeeHired):
                self._staff[fact.employee_id] = self._staff[fact.employee] = fact.entity or self._payer
            elif isinstance(fact, people.PayrollRun):
                self._runs[fact.payroll_id] = self._runs[fact.payroll] = fact.entity or self._payer
            elif isinstance(fact, people.PayrollReversed):
                self._runs[fact.payroll_id] = self._runs[fact.payroll] = self._runs.get(fact.reverses, self._payer)

    def _sold_by(self, deal: told.DealEntered | told.DealChanged, entity: str) -> None:
        known = entity if entity in self.entities else self._first
        self._deals[deal.deal_id] = self._names[deal.deal] = known

    def of(self, fact: told.Fact) -> str:
        """The entity of a fact; "" for one that concerns everybody."""
        if isinstance(fact, _SHARED):
            return ""
        if isinstance(fact, people.PayrollFact):
            return self._employer(fact)
        if isinstance(fact, told.GatewayPaidOut | told.PayoutReturned):
            return self.owner
        if isinstance(fact, told.BankLinePosted):
            return self._lines.get(fact.pending_id, self._first)
        if charge := getattr(fact, "charge_id", ""):
            return self.charges.get(charge, self.owner)
        if isinstance(fact, told.DealEntered | told.DealChanged) or not getattr(fact, "entity", ""):
            deals = self._deals if hasattr(fact, "deal_id") else self._names
            return deals.get(getattr(fact, "deal_id", getattr(fact, "deal", "")), self._first)
        return str(getattr(fact, "entity", "")) or self._first

    def _employer(self, fact: people.PayrollFact) -> str:
        run, employee = getattr(fact, "payroll_id", ""), getattr(fact, "employee_id", "")
        if run or employee:
            return self._runs.get(run) or self._staff.get(employee, self._payer)
        return str(getattr(fact, "entity", "")) or self._payer

    def of_payroll(self, payroll: str, employee: str) -> str:
        """The entity of a payroll or an employee by the story's name; "" where there is neither."""
        return self._runs.get(payroll) or self._staff.get(employee, "")

    def of_deal(self, name: str) -> str:
        """The entity of a deal by the story's name; "" where there is none."""
        return self._names.get(name, "")

    def of_payment(self, record: RunRecord, name: str) -> str:
        """The entity of a payment by the story's name; "" where there is none."""
        paid = (fact for fact in record.facts if isinstance(fact, told.CustomerPaid) and fact.payment == name)
        return next((self.charges[fact.charge_id] for fact in paid), "")


class Group:
    """The views of a record, one an entity, the first entity first; an entity alone sees the record as it is."""

    def __init__(self, judged: Judged) -> None:
        self.whole = judged
        self.is_alone = not judged.record.further

    @cached_property
    def whose(self) -> Whose:
        return Whose(self.whole.record)

    @cached_property
    def views(self) -> tuple[Judged, ...]:
        if self.is_alone:
            return (self.whole,)
        return tuple(_view(self.whole.record, dictionary, self.whose) for dictionary in self.whole.record.dictionaries)

    def of(self, entity: str) -> Judged:
        """The view of an entity; the first for a name that is none."""
        return next((each for each in self.views if each.entity == entity), self.views[0])

    def meant(self, expectation: ExpectationBase) -> Judged:
        """In whose books an expectation is to be looked at: the entity it names, that of its deal, or the first."""
        if self.is_alone:
            return self.whole
        entity = expectation.entity
        if not entity:
            invoice = getattr(expectation, "invoice", None)
            entity = self.whose.of_deal(getattr(invoice, "deal", "") or getattr(expectation, "deal", ""))
        if not entity:
            entity = self.whose.of_payment(self.whole.record, getattr(expectation, "payment", ""))
        if not entity:
            entity = self.whose.of_payroll(getattr(expectation, "payroll", ""), getattr(expectation, "employee", ""))
        return self.of(entity)


def _view(record: RunRecord, dictionary: Dictionary, whose: Whose) -> Judged:
    entity, zone = dictionary.entity, ZoneInfo(dictionary.time_zone)
    mine = replace(
        record,
        header=replace(record.header, dictionary=dictionary),
        facts=tuple(
            replace(fact, on=fact.at.astimezone(zone).date()) for fact in record.facts if whose.of(fact) in ("", entity)
        ),
        checkpoints=tuple(_checkpoint(each, record, dictionary, whose) for each in record.checkpoints),
        writes=tuple(write for write in record.writes if write.entity in ("", entity)),
        evidence=tuple(row for row in record.evidence if row.entity in ("", entity)),
        bi=tuple(reading for reading in record.bi if reading.entity in ("", entity)),
    )
    foreign = {}
    if entity == whose.owner:
        foreign = {charge: other for charge, other in whose.charges.items() if other != entity}
    return Judged(mine, entities=whose.entities, foreign=foreign, told=record.evidence)


def _checkpoint(checkpoint: Checkpoint, record: RunRecord, dictionary: Dictionary, whose: Whose) -> Checkpoint:
    world, entity = checkpoint.world, dictionary.entity
    crm = world.crm
    if crm is not None:
        others = set(whose.entities) - {entity}
        crm = replace(crm, deals=tuple(deal for deal in crm.deals if deal.entity not in others))
    bank = _statement(world.bank, dictionary) if world.bank is not None else None
    gateway = world.gateway
    if gateway is not None and entity != whose.owner:
        gateway = _taken_for(entity, gateway, whose, _settled(record, entity, bank, world.at))
    seen = WorldSnapshot(
        at=world.at,
        crm=crm,
        ledgers=tuple(ledger for ledger in world.ledgers if ledger.entity == entity),
        payrolls=tuple(payroll for payroll in world.payrolls if payroll.entity == entity),
        gateway=gateway,
        bank=bank,
        operations=_desk(world.operations, record, entity) if world.operations is not None else None,
    )
    return replace(checkpoint, world=seen)


def _statement(bank: BankSnapshot, dictionary: Dictionary) -> BankSnapshot:
    """The accounts of an entity, told by the name that its dictionary gives its bank account."""
    spec = dictionary.account_by_role("bank")
    accounts = tuple(each for each in bank.accounts if spec is not None and each.name == spec.name)
    ids = {each.id for each in accounts}
    return replace(bank, accounts=accounts, lines=tuple(line for line in bank.lines if line.account in ids))


def _settled(record: RunRecord, entity: str, bank: BankSnapshot | None, at: datetime) -> list[Money]:
    """What came in from other entities on the entity's own account, and was on the statement by then."""
    there = {line.id for line in (bank.lines if bank else ()) if line.status == "posted"}
    return [
        fact.amount
        for fact in record.facts
        if isinstance(fact, told.BankMoved)
        and (fact.purpose, fact.entity) == ("intercompany", entity)
        and fact.at <= at
        and fact.line_id in there
    ]


def _taken_for(entity: str, gateway: GatewaySnapshot, whose: Whose, settled: list[Money]) -> GatewaySnapshot:
    """The part of the owner's gateway that is another entity's: gross, since fees and payouts are the owner's."""
    charges = {charge for charge, other in whose.charges.items() if other == entity}
    refunds = tuple(each for each in gateway.refunds if each.charge in charges)
    disputes = tuple(each for each in gateway.disputes if each.charge in charges)
    sources = charges | {each.id for each in refunds} | {each.id for each in disputes}
    paid = {each.id: each.amount for each in gateway.charges}
    paid |= {each.id: each.amount for each in refunds} | {each.id: each.amount for each in disputes}
    lines = tuple(_gross(line, paid[line.source]) for line in gateway.balance_lines if _concerns(line, sources))
    owed: dict[str, Decimal] = {}
    for money in (*(line.amount for line in lines), *(-money for money in settled)):
        owed[money.currency] = owed.get(money.currency, _ZERO) + money.amount
    return GatewaySnapshot(
        vendor=gateway.vendor,
        charges=tuple(each for each in gateway.charges if each.id in charges),
        refunds=refunds,
        disputes=disputes,
        balance_lines=lines,
        pending=tuple(Money(value, currency) for currency, value in owed.items() if value),
    )


def _concerns(line: BalanceLine, sources: set[str]) -> bool:
    return line.source in sources and NOUNS.get(line.kind) not in ("fee", "payout")


def _gross(line: BalanceLine, paid: Money) -> BalanceLine:
    """A line without its fee; where the gateway changed the money, in the currency in which it was paid."""
    amount = line.amount
    if paid.currency != amount.currency:
        amount = paid if amount.amount >= 0 else -paid
    return replace(line, amount=amount, fee=Money.zero(amount.currency), net=amount)


def _desk(desk: OperationsSnapshot, record: RunRecord, entity: str) -> OperationsSnapshot:
    """The alerts that no other entity's evidence tells of."""
    others = {row.incident for row in record.evidence if isinstance(row, Alert) and row.entity not in ("", entity)}
    return replace(desk, alerts=tuple(alert for alert in desk.alerts if alert.incident not in others))
