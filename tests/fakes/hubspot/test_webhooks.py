"""Webhooks: what is told, how it is signed, and how often it is tried."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.hubspot.portal import SalesTeam

URL = "https://connector.example/hooks/hubspot?x=1"


@pytest.fixture
def app(team: SalesTeam) -> str:
    return f"/webhooks/v3/{team.fake.app.app_id}"


def key(team: SalesTeam) -> str:
    return team.fake.connection("")["developer_api_key"]


def subscribe(team: SalesTeam, app: str, event: str, name: str = "") -> str:
    settings = {"targetUrl": URL, "throttling": {"maxConcurrentRequests": 10}}
    assert team.ask("PUT", f"{app}/settings", settings, hapikey=key(team)).status == 200
    body = {"eventType": event, "active": True, **({"propertyName": name} if name else {})}
    made = team.ask("POST", f"{app}/subscriptions", body, hapikey=key(team))
    assert made.status == 201, made.json
    return made.json["id"]


def told(team: SalesTeam) -> list[dict[str, Any]]:
    return [event for request in team.posted for event in json.loads(request.body)]


def test_a_deal_that_becomes_won_is_told_once_and_signed(team: SalesTeam, app: str) -> None:
    subscription = subscribe(team, app, "deal.propertyChange", "dealstage")
    made = team.ask("POST", "/crm/v3/objects/deals", {"properties": {"dealname": "A", "dealstage": "contractsent"}})
    deal = made.json["id"]
    team.clock.advance(timedelta(seconds=2))
    team.posted.clear()
    for _ in range(2):
        team.ask("PATCH", f"/crm/v3/objects/deals/{deal}", {"properties": {"dealstage": "closedwon"}})
    assert team.posted == []  # nothing is sent before its latency is over
    team.clock.advance(timedelta(seconds=1))
    (request,) = team.posted
    (event,) = json.loads(request.body)
    assert event == {
        "eventId": event["eventId"], "subscriptionId": int(subscription), "portalId": 48211,
        "appId": team.fake.app.app_id, "occurredAt": 1767632402000, "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0, "objectId": int(deal), "propertyName": "dealstage", "propertyValue": "closedwon",
        "changeSource": "INTEGRATION", "sourceId": "connector",
    }  # fmt: skip
    stamp = request.headers["x-hubspot-request-timestamp"]
    assert stamp == "1767632403000"
    source = b"POST" + URL.encode() + request.body + stamp.encode()
    secret = team.fake.connection("")["client_secret"].encode()
    expected = base64.b64encode(hmac.new(secret, source, hashlib.sha256).digest()).decode()
    assert request.headers["x-hubspot-signature-v3"] == expected
    assert (request.method, request.host, request.path, request.query) == (
        "POST", "connector.example", "/hooks/hubspot", "x=1",
    )  # fmt: skip


def test_only_what_was_subscribed_to_is_told(team: SalesTeam, app: str) -> None:
    for event in ("company.creation", "deal.creation", "deal.deletion", "contact.associationChange", "company.merge"):
        subscribe(team, app, event)
    first, second = team.company("One"), team.company("Two")
    saved = team.deal(first)
    team.ask("DELETE", f"/crm/v3/objects/deals/{saved.deal_id}")
    team.ask("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": first, "objectIdToMerge": second})
    team.clock.advance(timedelta(seconds=1))
    found = [(event["subscriptionType"], str(event["objectId"])) for event in told(team)]
    assert [one for one in found if one[0] != "contact.associationChange"] == [
        ("company.creation", first), ("company.creation", second), ("deal.creation", saved.deal_id),
        ("deal.deletion", saved.deal_id), ("company.merge", first),
    ]  # fmt: skip
    assert [event["mergedObjectIds"] for event in told(team) if event["subscriptionType"] == "company.merge"] == [
        [int(second)]
    ]


def test_at_most_a_hundred_events_travel_together(team: SalesTeam, app: str) -> None:
    subscribe(team, app, "deal.creation")
    for start in range(0, 250, 50):
        inputs = [{"properties": {"dealname": str(n)}} for n in range(start, start + 50)]
        team.ask("POST", "/crm/v3/objects/deals/batch/create", {"inputs": inputs})
    team.clock.advance(timedelta(seconds=1))
    assert [len(json.loads(request.body)) for request in team.posted] == [100, 100, 50]
    assert len({event["eventId"] for event in told(team)}) == 250


@pytest.mark.parametrize("answer", [None, 500, 404])
def test_what_is_not_taken_is_tried_again_ten_times_within_a_day(team: SalesTeam, app: str, answer: int | None) -> None:
    subscribe(team, app, "deal.creation")
    team.receiver = answer
    team.deal(team.company())
    team.clock.advance(timedelta(days=2))
    assert [event["attemptNumber"] for event in told(team)] == list(range(11))
    assert len({event["eventId"] for event in told(team)}) == 1
    stamps = [int(request.headers["x-hubspot-request-timestamp"]) for request in team.posted]
    assert stamps[-1] - stamps[0] <= 24 * 3600 * 1000
    assert len(set(stamps)) == 11  # each attempt is signed anew


def test_a_retry_that_is_taken_is_the_last(team: SalesTeam, app: str) -> None:
    subscribe(team, app, "deal.creation")
    team.receiver = 503
    team.deal(team.company())
    team.clock.advance(timedelta(seconds=30))
    team.receiver = 204
    team.clock.advance(timedelta(days=2))
    assert [event["attemptNumber"] for event in told(team)] == [0, 1]


def test_statuses_may_be_declared_final() -> None:
    team = SalesTeam(options={"webhook_final_statuses": "400,401"}, receiver=401)
    subscribe(team, f"/webhooks/v3/{team.fake.app.app_id}", "deal.creation")
    team.deal(team.company())
    team.clock.advance(timedelta(days=2))
    assert len(team.posted) == 1


def test_subscriptions_are_switched_and_removed(team: SalesTeam, app: str) -> None:
    one = subscribe(team, app, "deal.creation")
    path = f"{app}/subscriptions/{one}"
    assert team.ask("PATCH", path, {"active": False}, hapikey=key(team)).json["active"] is False
    team.deal(team.company())
    team.clock.advance(timedelta(seconds=5))
    assert team.posted == []
    batch = {"inputs": [{"id": int(one), "active": True}, {"id": 7, "active": True}]}
    answer = team.ask("POST", f"{app}/subscriptions/batch/update", batch, hapikey=key(team))
    assert (answer.status, answer.ids, answer.json["numErrors"]) == (207, [one], 1)
    assert team.ask("GET", path, hapikey=key(team)).json["active"] is True
    assert team.ask("GET", f"{app}/subscriptions", hapikey=key(team)).ids == [one]
    assert team.ask("DELETE", path, hapikey=key(team)).status == 204
    assert team.ask("GET", path, hapikey=key(team)).status == 404


def test_settings_come_and_go(team: SalesTeam, app: str) -> None:
    assert team.ask("GET", f"{app}/settings", hapikey=key(team)).status == 404
    subscribe(team, app, "deal.creation")
    assert team.ask("GET", f"{app}/settings", hapikey=key(team)).json["targetUrl"] == URL
    assert team.ask("DELETE", f"{app}/settings", hapikey=key(team)).status == 204
    team.deal(team.company())
    team.clock.advance(timedelta(days=2))
    assert team.posted == []


def test_only_the_developer_sets_up_webhooks(team: SalesTeam, app: str) -> None:
    assert team.ask("GET", f"{app}/subscriptions").status == 401
    assert team.ask("GET", f"{app}/subscriptions", hapikey="nope").status == 401
    assert team.ask("GET", "/webhooks/v3/7/subscriptions", hapikey=key(team)).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"eventType": "deal.propertyChange"},
        {"eventType": "deal.propertyChange", "propertyName": "no_such"},
        {"eventType": "deal.creation", "propertyName": "dealname"},
        {"eventType": "deal.explosion"},
    ],
)
def test_a_subscription_that_could_never_tell_anything_is_refused(
    team: SalesTeam, app: str, body: dict[str, str]
) -> None:
    assert team.ask("POST", f"{app}/subscriptions", body, hapikey=key(team)).status == 400
