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


def paid(client: StripeClient, amount: int, **more: object) -> stripe.PaymentIntent:
    wish = {"amount": amount, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, **more}
    return client.v1.payment_intents.create(wish)


def test_refunds_of_charges_and_intents(client: StripeClient) -> None:
    intent = paid(client, 10_000)
    part = client.v1.refunds.create(
        {"charge": intent.latest_charge, "amount": 2_500, "reason": "duplicate", "metadata": {"reason": "duplicate"}}
    )
    rest = client.v1.refunds.create({"payment_intent": intent.id, "expand": ["balance_transaction", "charge"]})
    assert (part.amount, rest.amount, rest.balance_transaction.net) == (2_500, 7_500, -7_500)
    assert rest.charge.refunded is True
    assert [r.id for r in client.v1.refunds.list({"charge": intent.latest_charge}).auto_paging_iter()] == [
        rest.id,
        part.id,
    ]
    assert client.v1.refunds.update(part.id, {"metadata": {"ticket": "7"}}).metadata["ticket"] == "7"
    assert client.v1.refunds.retrieve(part.id).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": intent.latest_charge})
    assert refused.value.code == "charge_already_refunded"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.cancel(part.id)


def test_disputes_are_answered_and_closed(served: Served, client: StripeClient) -> None:
    world = served._host.world
    for ending in ("winning", "close"):
        paid(client, 10_000, payment_method="pm_card_createDispute")
        world.advance(timedelta(minutes=1))
        dispute = client.v1.disputes.list({"limit": 1}).data[0]
        assert (dispute.status, dispute.balance_transactions[0].fee) == ("needs_response", 1_500)
        if ending == "close":
            assert client.v1.disputes.close(dispute.id).status == "lost"
            continue
        evidence = {"customer_name": "Ada", "uncategorized_text": "winning_evidence"}
        staged = client.v1.disputes.update(dispute.id, {"evidence": evidence, "submit": False})
        assert staged.evidence.customer_name == "Ada"
        assert client.v1.disputes.update(dispute.id, {"submit": True}).status == "won"
        assert len(client.v1.disputes.retrieve(dispute.id).balance_transactions) == 2


def test_payouts_by_hand_and_by_themselves_add_up(served: Served, client: StripeClient) -> None:
    world = served._host.world
    settings = client.v1.balance_settings.update({"payments": {"payouts": {"schedule": {"interval": "daily"}}}})
    assert settings.payments.payouts.schedule.interval == "daily"
    for amount in (150_000, 10_000):
        paid(client, amount)
    client.v1.refunds.create({"charge": client.v1.charges.list({"limit": 1}).data[0].id})
    world.advance(timedelta(days=3))
    (automatic,) = client.v1.payouts.list({"expand": ["data.balance_transaction"]}).data
    lines = list(client.v1.balance_transactions.list({"payout": automatic.id}).auto_paging_iter())
    assert sum(line.net for line in lines if line.type != "payout") == automatic.amount
    assert automatic.balance_transaction.amount == -automatic.amount
    assert automatic.trace_id.value
    client.v1.balance_settings.update({"payments": {"payouts": {"schedule": {"interval": "manual"}}}})
    paid(client, 10_000, payment_method="pm_card_bypassPending")
    assert client.v1.balance.retrieve().available[0].amount == 9_680
    manual = client.v1.payouts.create({"amount": 9_680, "currency": "usd", "metadata": {"by": "hand"}})
    assert client.v1.payouts.retrieve(manual.id).status == "pending"
    assert client.v1.payouts.update(manual.id, {"metadata": {"for": "rent"}}).metadata["for"] == "rent"
    assert client.v1.payouts.cancel(manual.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payouts.create({"amount": 9_681, "currency": "usd"})
    assert refused.value.code == "balance_insufficient"


def test_a_bank_debit_and_a_later_capture(served: Served, client: StripeClient) -> None:
    method = client.v1.payment_methods.create(
        {
            "type": "us_bank_account",
            "us_bank_account": {"routing_number": "110000000", "account_number": "000123456789"},
            "billing_details": {"name": "Globex"},
        }
    )
    debit = paid(
        client,
        150_000,
        payment_method=method.id,
        payment_method_types=["us_bank_account"],
        mandate_data={"customer_acceptance": {"type": "online", "online": {"ip_address": "::1", "user_agent": "x"}}},
    )
    assert debit.status == "processing"
    served._host.world.advance(timedelta(days=5))
    done = client.v1.payment_intents.retrieve(debit.id, {"expand": ["latest_charge.balance_transaction"]})
    assert (done.status, done.latest_charge.balance_transaction.fee) == ("succeeded", 500)
    held = paid(client, 10_000, capture_method="manual")
    assert (held.status, held.amount_capturable) == ("requires_capture", 10_000)
    assert client.v1.payment_intents.capture(held.id, {"amount_to_capture": 7_000}).amount_received == 7_000


def test_a_test_clock_moves_in_its_own_time(served: Served, client: StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": 1_760_000_000, "name": "renewal"})
    customer = client.v1.customers.create({"name": "Globex", "test_clock": clock.id})
    assert customer.created == 1_760_000_000
    assert [c.id for c in client.v1.customers.list({"test_clock": clock.id}).data] == [customer.id]
    moving = client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": 1_760_086_400})
    assert moving.status == "advancing"
    served._host.world.advance(timedelta(seconds=5))
    assert client.v1.test_helpers.test_clocks.retrieve(clock.id).status == "ready"
    assert [c.id for c in client.v1.test_helpers.test_clocks.list().data] == [clock.id]
    assert client.v1.test_helpers.test_clocks.delete(clock.id).deleted is True


def test_webhooks_of_money_that_comes_back_are_believed(served: Served, client: StripeClient) -> None:
    world = served._host.world
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response(status=200)

    world.receiver = receive
    endpoint = client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/hooks", "enabled_events": ["*"]})
    client.v1.refunds.create({"payment_intent": paid(client, 10_000).id, "amount": 500})
    paid(client, 10_000, payment_method="pm_card_createDispute")
    client.v1.balance_settings.update({"payments": {"payouts": {"schedule": {"interval": "daily"}}}})
    world.advance(timedelta(days=5))
    told = {
        stripe.Webhook.construct_event(r.body, r.headers["stripe-signature"], endpoint.secret, tolerance=10**10).type
        for r in received
    }
    assert {
        "refund.created",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    } <= told
