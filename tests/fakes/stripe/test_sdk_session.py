"""The vendor's own Python SDK, unmodified, over a socket."""

from __future__ import annotations

from datetime import timedelta

import pytest
import stripe
from stripe import StripeClient

from simharness.domain.exchange import Request, Response
from simharness.world.doors.server import Served

pytestmark = pytest.mark.socket


@pytest.fixture
def client(served: Served) -> StripeClient:
    return connect(served)


def connect(served: Served, **options: object) -> StripeClient:
    url = served.urls["stripe"]
    key = served._host.world.fake("payments").connection("")["api_key"]
    places = {"api": url, "files": url, "connect": url, "meter_events": url}
    return StripeClient(key, base_addresses=places, **options)


def test_customers_and_their_cards(client: StripeClient) -> None:
    globex = client.v1.customers.create(
        {"name": "Globex Café", "email": "ap@globex.example", "metadata": {"crm_company_id": "77"}}
    )
    assert client.v1.customers.retrieve(globex.id).name == "Globex Café"
    changed = client.v1.customers.update(globex.id, {"phone": "+1 415 555 0100"})
    assert (changed.phone, changed.metadata["crm_company_id"]) == ("+1 415 555 0100", "77")
    assert [c.id for c in client.v1.customers.list({"email": "ap@globex.example"}).data] == [globex.id]
    assert client.v1.customers.search({"query": "metadata['crm_company_id']:'77'"}).data[0].id == globex.id
    card = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_mastercard"}})
    client.v1.payment_methods.attach(card.id, {"customer": globex.id})
    assert [m.id for m in client.v1.customers.payment_methods.list(globex.id).data] == [card.id]
    assert client.v1.payment_methods.list({"customer": globex.id, "type": "card"}).data[0].card.brand == "mastercard"
    assert client.v1.payment_methods.detach(card.id).customer is None
    assert client.v1.customers.delete(globex.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.retrieve("cus_none")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert refused.value.request_id


def test_intents_that_succeed_and_one_that_is_declined(client: StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 391_050, "currency": "usd", "payment_method": "pm_card_visa", "metadata": {"invoice_number": "1001"}}
    )
    assert intent.status == "requires_confirmation"
    paid = client.v1.payment_intents.confirm(intent.id, {"expand": ["latest_charge.balance_transaction"]})
    assert paid.status == "succeeded"
    # 2.9 % of 3,910.50 is 113.4045; with 0.30 the fee is 113.70.
    assert paid.latest_charge.balance_transaction.fee == 11_370
    assert paid.latest_charge.metadata["invoice_number"] == "1001"
    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.create(
            {
                "amount": 500,
                "currency": "usd",
                "confirm": True,
                "payment_method": "pm_card_visa_chargeDeclinedInsufficientFunds",
            }
        )
    assert declined.value.http_status == 402
    assert (declined.value.code, declined.value.error.decline_code) == ("card_declined", "insufficient_funds")
    waiting = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    assert client.v1.payment_intents.cancel(waiting.id).status == "canceled"


def test_charges_page_by_themselves_with_their_fees(client: StripeClient) -> None:
    amounts = list(range(1_000, 1_250, 10))
    for amount in amounts:
        client.v1.payment_intents.create(
            {"amount": amount, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
        )
    listed = client.v1.charges.list({"limit": 7, "created": {"gte": 0}, "expand": ["data.balance_transaction"]})
    charges = list(listed.auto_paging_iter())
    assert [c.amount for c in charges] == amounts[::-1]
    lines = list(client.v1.balance_transactions.list({"limit": 10, "type": "charge"}).auto_paging_iter())
    assert [line.id for line in lines] == [c.balance_transaction.id for c in charges]
    assert sum(line.net for line in lines) == client.v1.balance.retrieve().pending[0].amount
    changed = client.v1.charges.update(charges[0].id, {"metadata": {"invoice_number": "7"}})
    assert client.v1.charges.retrieve(changed.id).metadata["invoice_number"] == "7"


def test_a_key_is_kept_by_the_sdk(client: StripeClient) -> None:
    body = {"amount": 500, "currency": "usd"}
    one = client.v1.payment_intents.create(body, {"idempotency_key": "invoice-1001-v1"})
    two = client.v1.payment_intents.create(body, {"idempotency_key": "invoice-1001-v1"})
    assert one.id == two.id
    assert two.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create({**body, "amount": 600}, {"idempotency_key": "invoice-1001-v1"})


def test_a_wrong_key_is_an_authentication_error(served: Served) -> None:
    wrong = StripeClient("sk_test_wrong", base_addresses={"api": served.urls["stripe"]})
    with pytest.raises(stripe.AuthenticationError):
        wrong.v1.balance.retrieve()


def test_events_and_a_webhook_the_sdk_believes(served: Served, client: StripeClient) -> None:
    world = served._host.world
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response(status=200)

    world.receiver = receive
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:1/hooks", "enabled_events": ["charge.succeeded"]}
    )
    client.v1.payment_intents.create(
        {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    )
    world.advance(timedelta(seconds=2))
    (request,) = received
    # The world's day is not the machine's: only the age of the signature is left unjudged.
    event = stripe.Webhook.construct_event(
        request.body, request.headers["stripe-signature"], endpoint.secret, tolerance=10**10
    )
    assert event.type == "charge.succeeded"
    assert client.v1.events.retrieve(event.id).data.object["id"] == event.data.object["id"]
    assert "charge.succeeded" in [e.type for e in client.v1.events.list({"type": "charge.*"}).data]
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted is True
