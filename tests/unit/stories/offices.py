"""Four small systems and a connector on a real world, for laws about the session and its verbs.

Each system does what acts say and refuses nothing it was not told to; what the acts were is kept for the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from simharness.core.money import Money
from simharness.domain import acts, events
from simharness.domain.bank import BankLine, BankSnapshot
from simharness.domain.bi import BiReading
from simharness.domain.books import Document, LedgerSnapshot, Party
from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.crm import CrmSnapshot
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Request, Response
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.fake import Fake, Handler
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem
from simharness.stories.session import Run
from simharness.stories.story import Story
from simharness.world.world import World

CONTRACT = Contract({"openapi": "3.1.0", "info": {"title": "Office", "version": "1"}, "paths": {}})
RULES = (
    ReferenceRule(noun="invoice", field="note", pattern=r"deal:(?P<id>\w+):"),
    ReferenceRule(noun="customer", field="note", pattern=r"company:(?P<id>\w+)"),
)


class Office(Fake):
    """One system of any family; `refused` names the kinds of acts it will not do."""

    routes: ClassVar[Mapping[str, Handler]] = {}

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, CONTRACT)
        self.done: list[tuple[datetime, str, acts.Act]] = []
        self.refused: tuple[type, ...] = ()
        self.invoices: list[Document] = []
        self.lines: list[BankLine] = []

    def operate(self, act: acts.Act, actor: str) -> tuple[events.DomainEvent, ...]:
        if isinstance(act, self.refused):
            raise acts.ActRefused("not on a Monday")
        self.done.append((self.setup.clock.now, actor, act))
        match act:
            case acts.CreateCompany():
                return (events.CompanySaved(company_id=f"c{len(self.done)}"),)
            case acts.ChangeCompany():
                return (events.CompanySaved(company_id=act.company_id),)
            case acts.MergeCompanies():
                return (events.CompanySaved(company_id=act.into_id),)
            case acts.CreateDeal():
                return (events.DealSaved(deal_id="d1", line_ids=tuple(f"l{i}" for i, _ in enumerate(act.lines))),)
            case acts.ChangeDeal():
                return (events.DealSaved(deal_id="d1", line_ids=tuple(f"l{i}" for i, _ in enumerate(act.lines or ()))),)
            case acts.TakePayment():
                return (events.PaymentTaken(charge_id="ch1", amount=act.amount, fee=Money("0.30", "USD")),)
            case _:
                return self._move(act)

    def _move(self, act: acts.Act) -> tuple[events.DomainEvent, ...]:
        """What happens to money: the first of each kind has the number 1, and nothing costs anything but a dispute."""
        none, some = Money("0.00", "USD"), Money("15.00", "USD")
        match act:
            case acts.RefundPayment():
                given = act.amount or none
                return (events.PaymentRefunded(refund_id="re1", charge_id=act.charge_id, amount=given, fee=none),)
            case acts.DisputePayment() | acts.ReturnPayment():
                taken = Money("1000.00", "USD")
                return (events.PaymentDisputed(dispute_id="dp1", charge_id=act.charge_id, amount=taken, fee=some),)
            case acts.CloseDispute():
                return (events.DisputeClosed(dispute_id=act.dispute_id, won=act.won, amount=none, fee=none),)
            case acts.PayOut():
                arrival = date(2026, 2, 2)
                return (events.PayoutSent(payout_id="po1", amount=act.amount, reference="T-1", arrival=arrival),)
            case acts.FailPayout():
                return (events.PayoutFailed(payout_id=act.payout_id, amount=some, reference="T-1"),)
            case acts.TakeCheque():
                return (events.ChequeTaken(payment_id="pay1"),)
            case acts.MoveBankMoney():
                line = BankLine(id=f"b{len(self.lines) + 1}", account="a", amount=act.amount, date=date(2026, 1, 1),
                                status="pending" if act.pending else "posted")  # fmt: skip
                self.lines.append(line)
                return (events.BankMoneyMoved(line_id=line.id, posted=not act.pending),)
            case acts.PostBankLine():
                return (
                    events.BankMoneyMoved(line_id="" if act.drop else f"{act.line_id}-posted", posted=not act.drop),
                )
            case _:
                return ()

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        if self.pack.family == "crm":
            return (CrmSnapshot(vendor=self.vendor),)
        if self.pack.family == "payments":
            return (GatewaySnapshot(vendor=self.vendor),)
        if self.pack.family == "banking":
            return (BankSnapshot(vendor=self.vendor, lines=tuple(self.lines)),)
        party = Party(id="p1", name="Globex", note="company:c2")
        return (
            LedgerSnapshot(
                vendor=self.vendor,
                entity="main",
                currency="USD",
                time_zone="America/Los_Angeles",
                parties=(party,),
                documents=tuple(self.invoices),
            ),
        )

    def connection(self, base_url: str) -> Mapping[str, str]:
        return {"base_url": base_url}

    def refuse(self, problem: Problem, request: Request) -> Response:
        return Response(status=400)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        return Credential(token="", actor="connector")


def office(family: str) -> Pack:
    pack = Pack(
        vendor=f"{family}-office",
        family=family,
        title=family,
        package="tests",
        hosts=(f"{family}.example",),
        versions=("1",),
        build=lambda setup: Office(pack, setup),
    )
    return pack


FAMILIES = ("crm", "accounting", "payments", "banking")


def new_world() -> World:
    packs = {f"{family}-office": office(family) for family in FAMILIES}
    stack = {family: f"{family}-office" for family in FAMILIES}
    return World(now=datetime(2026, 1, 1, tzinfo=UTC), stack=stack, packs=packs)


class Clerk:
    """A connector that writes one invoice for the deal at its first pass and needs `passes` of them to rest."""

    running = True

    def __init__(self, world: World, *, passes: int = 1, bills: bool = True, offers: tuple[str, ...] = ()) -> None:
        self.world = world
        self.left = passes
        self.passes = passes
        self.bills = bills
        self.calls: list[str] = []
        self.told: list[tuple[str, Mapping[str, str]]] = []
        self.info = ConnectorInfo(name="clerk", references=RULES, publishes_bi=True, acts=offers)

    def start(self, env: Mapping[str, str], state_dir: Path) -> None:
        self.calls.append("start")

    def trigger(self, name: str) -> None:
        self.calls.append(name)
        if name == "work":
            self.left -= 1
            ledger = self.world.fake("accounting")
            assert isinstance(ledger, Office)
            if self.bills and not ledger.invoices:
                ledger.invoices.append(invoice("1001"))

    def quiet(self) -> bool:
        return self.left <= 0

    def deliver(self, webhook: Request) -> Response | None:
        return None

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        self.calls.append(action)
        self.told.append((action, args))

    def kill(self) -> None:
        self.calls.append("kill")

    def restart(self) -> None:
        self.calls.append("restart")

    def renew(self, env: Mapping[str, str]) -> None:
        self.calls.append("renew")

    def stop(self) -> None:
        self.calls.append("stop")

    def evidence(self) -> tuple[Evidence, ...]:
        return ()


class Reader:
    """BI that answers nothing but remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, list[tuple[str, str]]]] = []

    def read(self, step: int, questions: object) -> BiReading:
        self.asked.append((step, [(q.metric, q.period) for q in questions]))
        return BiReading(step=step, source="connector", version=str(len(self.asked)))


def invoice(number: str) -> Document:
    money = Money(Decimal("4345.00"), "USD")
    return Document(
        id=number, kind="invoice", number=number, party="p1", date=date(2026, 1, 12), due=None, currency="USD",
        lines=(), taxes=(), net=money, tax=money, total=money, open=money, status="open", note="deal:d1:v1",
    )  # fmt: skip


def play(story: Story, clerk: Clerk, reader: Reader | None = None) -> RunRecord:
    with Run(clerk.world, clerk, story, env={}, state_dir=Path(), bi=reader) as run:
        for step in story.steps:
            run.do(step)
        return run.record()
