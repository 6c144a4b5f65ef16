"""Webhooks: what changed, once, signed, in the form the app asked for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.acts import EditParty, TakeCheque
from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import Request, Response
from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of

URL = "https://connector.example/webhooks/quickbooks"
_MINUTE = timedelta(seconds=61)


class App:
    """An app that listens: it keeps what it is told and answers as it is set to."""

    def __init__(self, world: World, status: int = 200) -> None:
        self.status = status
        self.heard: list[Request] = []
        world.receiver = self._hear

    def _hear(self, request: Request) -> Response:
        self.heard.append(request)
        return Response(status=self.status)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.body) for request in self.heard]


@pytest.fixture
def world(us_saas: Dictionary) -> World:
    return furnished(us_saas, quickbooks={"webhook_url": URL})


def entities(body: Any) -> list[tuple[str, str, str]]:
    (notice,) = body["eventNotifications"]
    return [(each["name"], each["id"], each["operation"]) for each in notice["dataChangeEvent"]["entities"]]


def test_changes_of_a_minute_travel_together_each_record_once_an_operation(client: Client, world: World) -> None:
    app = App(world)
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "10.00"))
    for _ in range(2):
        token = client.read("Invoice", sale["Id"])["SyncToken"]
        client.save("Invoice", {"Id": sale["Id"], "SyncToken": token, "sparse": True, "PrivateNote": token})
    assert app.heard == []
    world.advance(_MINUTE)
    (body,) = app.bodies
    assert entities(body) == [
        ("Customer", customer, "Create"), ("Invoice", sale["Id"], "Create"), ("Invoice", sale["Id"], "Update"),
    ]  # fmt: skip
    assert body["eventNotifications"][0]["realmId"] == client.realm
    when = body["eventNotifications"][0]["dataChangeEvent"]["entities"][0]["lastUpdated"]
    assert when.startswith("2026-01-05T")
    assert when.endswith("-0800")


def test_the_signature_is_made_under_the_verifier_token(client: Client, world: World) -> None:
    app = App(world)
    client.customer()
    world.advance(_MINUTE)
    (request,) = app.heard
    key = client.fake.connection("")["verifier_token"].encode()
    digest = base64.b64encode(hmac.new(key, request.body, hashlib.sha256).digest()).decode()
    assert request.headers["intuit-signature"] == digest
    assert (request.host, request.path) == ("connector.example", "/webhooks/quickbooks")


def test_what_somebody_does_by_hand_is_told_too_and_so_is_what_it_settled(client: Client, world: World) -> None:
    app = App(world)
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "10.00"))
    world.advance(_MINUTE)
    app.heard.clear()
    money = Money("10.00", "USD")
    act = TakeCheque(party_id=customer, amount=money, number="7", applications=((sale["Id"], money),))
    world.operate("accounting", act, "bookkeeper")
    world.operate("accounting", EditParty(party_id=customer, phone="1"), "bookkeeper")
    world.advance(_MINUTE)
    told = [(name, operation) for body in app.bodies for name, _, operation in entities(body)]
    assert told == [("Payment", "Create"), ("Invoice", "Update"), ("Customer", "Update")]


def test_voids_and_deletions_are_told_as_such(client: Client, world: World) -> None:
    app = App(world)
    customer = client.customer()
    first, second = (client.invoice(customer, client.line("Badge printer", "10.00")) for _ in range(2))
    client.save("Invoice", {"Id": first["Id"], "SyncToken": "0"}, operation="void")
    client.save("Invoice", {"Id": second["Id"], "SyncToken": "0"}, operation="delete")
    world.advance(_MINUTE)
    (body,) = app.bodies
    assert entities(body)[3:] == [("Invoice", first["Id"], "Void"), ("Invoice", second["Id"], "Delete")]


def test_the_newer_form_is_a_list_of_cloud_events(us_saas: Dictionary) -> None:
    world = furnished(us_saas, quickbooks={"webhook_url": URL, "webhook_form": "cloudevents"})
    app, client = App(world), Client(ledger_of(world))
    customer = client.customer()
    memo = client.save("CreditMemo", client.sale(customer, client.line("Badge printer", "1.00")))
    world.advance(_MINUTE)
    (events,) = app.bodies
    assert [(event["type"], event["intuitentityid"]) for event in events] == [
        ("qbo.customer.created.v1", customer), ("qbo.creditmemo.created.v1", memo["Id"]),
    ]  # fmt: skip
    assert {event["intuitaccountid"] for event in events} == {client.realm}
    assert len({event["id"] for event in events}) == 2
    assert all(event["specversion"] == "1.0" and event["time"].endswith("Z") for event in events)


def test_what_is_not_answered_is_told_again_and_then_no_more(client: Client, world: World) -> None:
    app = App(world, status=500)
    client.customer()
    world.advance(timedelta(hours=3))
    assert len(app.heard) == 4
    assert len({request.body for request in app.heard}) == 1


def test_reading_and_refused_writes_tell_nothing(client: Client, world: World) -> None:
    app = App(world)
    client.query("select * from Customer")
    client.fault("2020", "POST", "payment", {"TotalAmt": 1})
    world.advance(_MINUTE)
    assert app.heard == []


def test_a_form_that_is_none_is_refused_by_name(us_saas: Dictionary) -> None:
    with pytest.raises(UsageError, match="webhook_form"):
        furnished(us_saas, quickbooks={"webhook_form": "xml"})
    with pytest.raises(UsageError, match="webhook_retries_s"):
        furnished(us_saas, quickbooks={"webhook_retries_s": "soon"})


def test_a_copy_of_the_world_tells_only_what_changes_there(us_saas: Dictionary, client: Client, world: World) -> None:
    app = App(world)
    client.customer()
    twin = client.fake.fork(client.fake.setup)
    Client(twin).customer("Initech")
    world.advance(_MINUTE)
    told = [each for body in app.bodies for each in entities(body)]
    assert [name for name, _, operation in told if operation == "Create"] == ["Customer", "Customer"]
