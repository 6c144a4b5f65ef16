"""Events and webhooks: what is told to whom, signed, at which version, how often."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
import stripe

from tests.fakes.stripe.account import MONDAY, Account

URL = "https://receiver.example/hooks?source=stripe"


def test_a_payment_tells_its_story_in_order() -> None:
    account = Account()
    account.pay(500)
    kinds = [e["type"] for e in account.get("events")["data"]][::-1]
    assert kinds == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    charge = account.get("events", type="charge.succeeded")["data"][0]
    assert charge["data"]["object"]["status"] == "succeeded"
    assert len(account.get("events", type="payment_intent.*")["data"]) == 2
    assert len(account.get("events", types=["charge.succeeded", "payment_intent.created"])["data"]) == 2


def test_an_event_keeps_the_object_as_it_was_and_says_what_changed() -> None:
    account = Account()
    customer = account.post("customers", name="Globex", email="old@x.example")["id"]
    account.ask("POST", f"customers/{customer}", {"email": "new@x.example"}, idempotency_key="k1")
    account.post(f"customers/{customer}", email="new@x.example")  # nothing changes, nothing is told
    updated, created = account.get("events")["data"]
    assert created["data"]["object"]["email"] == "old@x.example"
    assert updated["data"]["object"]["email"] == "new@x.example"
    assert updated["data"]["previous_attributes"] == {"email": "old@x.example"}
    assert updated["request"]["idempotency_key"] == "k1"
    assert updated["request"]["id"].startswith("req_")


def test_an_endpoint_is_told_what_it_asked_for_in_its_version_and_signed() -> None:
    account = Account()
    endpoint = account.post("webhook_endpoints", url=URL, enabled_events=["charge.succeeded"], api_version="2024-06-20")
    account.pay(500)
    assert account.posted == []
    account.clock.advance(timedelta(seconds=1))
    (request,) = account.posted
    assert (request.method, request.host, request.path, request.query) == (
        "POST", "receiver.example", "/hooks", "source=stripe",
    )  # fmt: skip
    header = request.headers["stripe-signature"]
    assert stripe.WebhookSignature.verify_header(request.body.decode(), header, endpoint["secret"], tolerance=None)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(request.body.decode(), header, "whsec_other", tolerance=None)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(request.body.decode() + " ", header, endpoint["secret"], tolerance=None)
    event = msgspec.json.decode(request.body)
    assert (event["api_version"], event["data"]["object"]["invoice"]) == ("2024-06-20", None)
    assert account.get(f"events/{event['id']}")["pending_webhooks"] == 0


def test_an_endpoint_that_does_not_answer_is_told_again_on_schedule_and_then_no_more() -> None:
    account = Account(options={"webhook_retries_s": "60, 600"}, receiver=500)
    account.post("webhook_endpoints", url=URL, enabled_events=["customer.created"])
    account.post("customers", name="Globex")
    sent: list[float] = []
    for _ in range(1_000):
        before = len(account.posted)
        account.clock.advance(timedelta(seconds=1))
        if len(account.posted) > before:
            sent.append((account.clock.now - MONDAY).total_seconds())
    assert sent == [1, 61, 661]
    assert len({request.body for request in account.posted}) == 1
    assert len({request.headers["stripe-signature"] for request in account.posted}) == 3
    assert account.get("events")["data"][0]["pending_webhooks"] == 1


def test_once_received_it_is_not_told_again() -> None:
    account = Account(receiver=None)
    account.post("webhook_endpoints", url=URL, enabled_events=["*"])
    account.post("customers", name="Globex")
    account.clock.advance(timedelta(seconds=2))
    account.receiver = 204
    account.clock.advance(timedelta(days=4))
    assert len(account.posted) == 2
    assert account.get("events")["data"][0]["pending_webhooks"] == 0


@pytest.mark.parametrize("way", ["delete", "disable"])
def test_a_closed_endpoint_is_told_nothing_more(way: str) -> None:
    account = Account(receiver=500)
    path = f"webhook_endpoints/{account.post('webhook_endpoints', url=URL, enabled_events=['*'])['id']}"
    account.post("customers", name="Globex")
    account.clock.advance(timedelta(seconds=2))
    if way == "delete":
        account.ask("DELETE", path)
    else:
        assert account.post(path, disabled=True)["status"] == "disabled"
    account.post("customers", name="Initech")
    account.clock.advance(timedelta(days=4))
    assert len(account.posted) == 1


def test_the_secret_is_shown_once() -> None:
    account = Account()
    made = account.post("webhook_endpoints", url=URL, enabled_events=["*"])
    assert made["secret"].startswith("whsec_")
    assert "secret" not in account.get(f"webhook_endpoints/{made['id']}")
    assert "secret" not in account.get("webhook_endpoints")["data"][0]


@pytest.mark.parametrize("url", ["receiver.example", "ftp://receiver.example", "http://", "https://a b", "http://[::1"])
def test_an_endpoint_needs_a_real_url(url: str) -> None:
    answer = Account().ask("POST", "webhook_endpoints", {"url": url, "enabled_events": ["*"]})
    assert (answer.status, answer.error["param"]) == (400, "url")


def test_the_connectors_endpoint_is_signed_with_the_secret_it_was_given() -> None:
    account = Account(options={"webhook_url": URL})
    account.post("customers", name="Globex")
    account.clock.advance(timedelta(seconds=1))
    (request,) = account.posted
    secret = account.fake.connection("")["webhook_secret"]
    assert stripe.WebhookSignature.verify_header(
        request.body.decode(), request.headers["stripe-signature"], secret, tolerance=None
    )


@pytest.mark.parametrize("version", ["2023-10-16", "2026-10-28.endive"])
def test_everything_that_can_happen_to_money_is_told_as_the_contract_has_it(version: str) -> None:
    account = Account(options={"api_version": version, "payout_interval": "daily", "reserve_percent": "5"})
    account.post("webhook_endpoints", url=URL, enabled_events=["*"])
    account.post("refunds", charge=account.pay(10_000)["latest_charge"], amount=100)
    for method in (
        "pm_card_createDispute",
        "pm_card_refundFail",
        "pm_card_pendingRefund",
        "pm_usBankAccount_noAccount",
    ):
        intent = account.post("payment_intents", amount=10_000, currency="usd", payment_method=method, confirm=True)
        if "refund" in method.lower():
            account.post("refunds", charge=intent["latest_charge"])
    held = account.pay(10_000, capture_method="manual")["id"]
    account.pay(10_000, capture_method="manual")
    account.post(f"payment_intents/{held}/capture", amount_to_capture=9_000)
    clock = account.post("test_helpers/test_clocks", frozen_time=1_760_000_000)["id"]
    account.post(f"test_helpers/test_clocks/{clock}/advance", frozen_time=1_760_000_001)
    account.clock.advance(timedelta(days=3))
    dispute = account.get("disputes")["data"][0]["id"]
    account.post(f"disputes/{dispute}", evidence={"uncategorized_text": "winning_evidence"})
    account.post("balance_settings", payments={"debit_negative_balances": False})
    account.clock.advance(timedelta(days=10))
    page = account.get("events", limit=100)  # held against the contract, like every answer here
    assert page["has_more"] is False
    told = {event["type"] for event in page["data"]}
    assert told >= {
        "balance_settings.updated",
        "charge.captured",
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.expired",
        "charge.failed",
        "charge.pending",
        "charge.refund.updated",
        "charge.refunded",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
        "payout.updated",
        "refund.created",
        "refund.failed",
        "refund.updated",
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.ready",
    }
    delivered = {msgspec.json.decode(request.body)["id"] for request in account.posted}
    assert delivered == {event["id"] for event in page["data"]}
