"""The smallest complete pack: a kiosk that keeps notes, for laws about worlds and doors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from simharness.core.money import Money
from simharness.domain.acts import Act, ActRefused, ClosePeriod, MoveBankMoney, TakePayment
from simharness.domain.events import BankMoneyMoved, DomainEvent, PaymentTaken, PeriodClosed
from simharness.domain.exchange import Delivery, Outcome, Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import write_json
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.fake import Call, Fake, Handler
from simharness.fakekit.pack import Option, Pack, Setup
from simharness.fakekit.port import FaultPort
from simharness.fakekit.problems import Problem

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)

CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "info": {"title": "Kiosk", "version": "1"},
        "paths": {
            "/notes": {
                "get": {"operationId": "listNotes", "x-sim-open": True, "responses": {"200": {}}},
                "post": {
                    "operationId": "addNote",
                    "x-sim-open": True,
                    "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}},
                    "responses": {"200": {}},
                },
            }
        },
    }
)


class Kiosk(Fake):
    """Keeps notes in order; takes payments without fee; moves money; announces a closed period by webhook."""

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, CONTRACT)
        self.notes: list[str] = []
        self.closed: list[str] = []
        self.moved: list[str] = []

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        if isinstance(act, TakePayment):
            return (PaymentTaken(charge_id="c1", amount=act.amount, fee=Money.zero(act.amount.currency)),)
        if isinstance(act, ClosePeriod):
            self.closed.append(f"{act.until} by {actor} at {self.setup.clock.now:%H:%M}")
            self.setup.post(Request(method="POST", host="hook", path="/closed"))
            return (PeriodClosed(until=str(act.until)),)
        if isinstance(act, MoveBankMoney):
            self.moved.append(f"{act.amount} {act.reference} at {self.setup.clock.now:%Y-%m-%d %H:%M}")
            return (BankMoneyMoved(line_id=f"l{len(self.moved)}", posted=True),)
        raise ActRefused("a kiosk does not do that")

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        return ()

    def connection(self, base_url: str) -> Mapping[str, str]:
        return {"base_url": base_url or "https://kiosk.example"}

    def refuse(self, problem: Problem, request: Request) -> Response:
        return Response(status=400, body=type(problem).__name__.encode())

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        return Credential(token="", actor="connector")

    routes: ClassVar[Mapping[str, Handler]] = {}


def _list(fake: Kiosk, call: Call) -> Response:
    return Response(status=200, headers={"content-type": "application/json"}, body=write_json(fake.notes))


def _add(fake: Kiosk, call: Call) -> Response:
    fake.notes.append(call.body)
    return _list(fake, call)


Kiosk.routes = {"listNotes": _list, "addNote": _add}


def kiosk_pack(vendor: str = "kiosk", family: str = "payments") -> Pack:
    def build(setup: Setup) -> Kiosk:
        return Kiosk(pack, setup)

    pack = Pack(
        vendor=vendor,
        family=family,
        title="Kiosk",
        package="tests",
        hosts=(f"{vendor}.example",),
        versions=("1",),
        build=build,
        options=(Option(name="colour", default="red", meaning="of the kiosk"),),
    )
    return pack


class Interfering(FaultPort):
    """Delivers every answer in one given way."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        return Outcome(response=fake.handle(request), delivery=self.delivery)
