"""Of a webhook only what it is about is read, and what the event is known by when it comes again."""

from __future__ import annotations

import json

import pytest

from simharness.reference.webhooks import news


def hubspot(**changes: object) -> bytes:
    event = {
        "eventId": 100, "subscriptionType": "deal.propertyChange", "objectId": 77, "occurredAt": 1_768_000_000_000,
        "propertyName": "dealstage", "propertyValue": "closedwon", "attemptNumber": 0,
    }  # fmt: skip
    return json.dumps([{**event, **changes}]).encode()


def test_a_deal_is_named_and_a_later_attempt_is_the_same_event() -> None:
    (first,), (again,) = news.hubspot(hubspot()), news.hubspot(hubspot(attemptNumber=3, propertyValue="forged"))
    assert (first.noun, first.id) == ("deal", "77")
    assert first == again


@pytest.mark.parametrize(
    "changes",
    [
        {"eventId": 101},
        {"objectId": 78},
        {"occurredAt": 1_768_000_000_001},
        {"subscriptionType": "deal.creation", "propertyName": ""},
        {"propertyName": "amount"},
    ],
)
def test_an_event_id_alone_makes_no_two_events_one(changes: dict[str, object]) -> None:
    assert news.hubspot(hubspot(**changes))[0].key != news.hubspot(hubspot())[0].key


def test_a_merge_names_the_survivor_and_what_is_no_record_of_ours_names_nothing() -> None:
    (merged,) = news.hubspot(hubspot(subscriptionType="company.merge", primaryObjectId=5, mergedObjectIds=[77]))
    assert (merged.noun, merged.id) == ("company", "5")
    assert news.hubspot(hubspot(subscriptionType="contact.creation")) == []


@pytest.mark.parametrize("noun", ["charge", "refund", "dispute", "payout"])
def test_stripe_names_an_object_under_the_events_own_id(noun: str) -> None:
    event = {"id": "evt_1", "type": f"{noun}.updated", "data": {"object": {"id": "x_1", "object": noun, "amount": 1}}}
    assert news.stripe(json.dumps(event).encode()) == [news.News(key="stripe:evt_1", noun=noun, id="x_1")]


def test_stripe_tells_of_more_than_is_asked() -> None:
    event = {"id": "evt_1", "type": "customer.created", "data": {"object": {"id": "cus_1", "object": "customer"}}}
    assert news.stripe(json.dumps(event).encode()) == []


LEGACY = {
    "eventNotifications": [
        {
            "realmId": realm,
            "dataChangeEvent": {
                "entities": [
                    {"name": "Invoice", "id": "145", "operation": "Update", "lastUpdated": "2026-01-12T09:00:00-0800"},
                    {"name": "Payment", "id": "7", "operation": "Create", "lastUpdated": "2026-01-12T09:00:00-0800"},
                ]
            },
        }
        for realm in ("1", "2")
    ]
}
CLOUD = [
    {"id": "e1", "type": f"qbo.{name}.updated.v1", "intuitentityid": "145", "intuitaccountid": realm}
    for name, realm in (("invoice", "1"), ("payment", "1"), ("invoice", "2"))
]


@pytest.mark.parametrize("told", [LEGACY, CLOUD])
def test_quickbooks_names_invoices_of_the_own_company_in_either_form(told: object) -> None:
    body = json.dumps(told).encode()
    (found,) = news.quickbooks(body, "1")
    assert (found.noun, found.id) == ("invoice", "145")
    assert news.quickbooks(body, "1") == [found]


def test_the_bank_may_say_the_same_twice_and_mean_two_things() -> None:
    body = b'{"webhook_type": "TRANSACTIONS", "webhook_code": "SYNC_UPDATES_AVAILABLE", "item_id": "i"}'
    (first,), (second,) = news.plaid(body, "token one"), news.plaid(body, "token two")
    assert first.key != second.key
    assert {first.noun, second.noun} == {"bank"}
    assert news.plaid(b'{"webhook_type": "AUTH", "item_id": "i"}', "token") == []


def gusto_event(**changes: object) -> bytes:
    event = {
        "uuid": "e1",
        "event_type": "payroll.processed",
        "resource_type": "Company",
        "resource_uuid": "c1",
        "entity_type": "Payroll",
        "entity_uuid": "p1",
        "timestamp": 1_768_000_000,
    }
    return json.dumps({**event, **changes}).encode()


@pytest.mark.parametrize("kind", ["payroll.processed", "payroll.cancelled"])
def test_gusto_names_a_payroll_of_the_own_company_under_the_events_own_id(kind: str) -> None:
    told = news.gusto(gusto_event(event_type=kind), "c1")
    assert told == [news.News(key="gusto:e1", noun=news.PAYROLL, id="p1")]
    assert news.gusto(gusto_event(), "c2") == []


@pytest.mark.parametrize(
    "changes", [{"event_type": "payroll.updated"}, {"event_type": "employee.created", "entity_type": "Employee"}]
)
def test_gusto_tells_of_more_than_is_asked(changes: dict[str, object]) -> None:
    assert news.gusto(gusto_event(**changes), "c1") == []


def test_a_subscription_of_gusto_begins_with_its_token() -> None:
    begun = json.dumps({"verification_token": "t", "webhook_subscription_uuid": "s1"}).encode()
    assert news.gusto_handshake(begun) == "t"
    assert news.gusto_handshake(gusto_event()) is None
