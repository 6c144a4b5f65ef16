"""Who subscribes is asked to prove it; what happens is told thinly, signed, and again while nobody takes it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest

from simharness.domain import people
from simharness.domain.acts import ActRefused, Subscribe, TellAgain
from simharness.fakekit.bodies import read_json
from tests.fakes.gusto.company import Company

URL = "https://connector.test/gusto"
SUBSCRIPTIONS = "/v1/webhook_subscriptions"


def subscribed(c: Company, *types: str) -> dict[str, Any]:
    """A subscription over the wire, verified with what was sent to its URL."""
    made: dict[str, Any] = c.good("POST", SUBSCRIPTIONS, {"url": URL, "subscription_types": list(types)})
    c.clock.advance(timedelta(seconds=1))
    (sent,) = c.posted
    c.posted.clear()
    told = read_json(sent.body)
    assert told["webhook_subscription_uuid"] == made["uuid"]
    c.good("PUT", f"{SUBSCRIPTIONS}/{made['uuid']}/verify", {"verification_token": told["verification_token"]})
    return {**made, "token": told["verification_token"]}


def test_nothing_is_told_before_the_token_came_back() -> None:
    c = Company()
    made = c.good("POST", SUBSCRIPTIONS, {"url": URL, "subscription_types": ["Employee"]})
    assert made["status"] == "pending"
    told = c.refused(422, "PUT", f"{SUBSCRIPTIONS}/{made['uuid']}/verify", {"verification_token": "guessed"})
    assert told["error_key"] == "verification_token"
    c.hire()
    c.clock.advance(timedelta(minutes=1))
    assert [b"verification_token" in each.body for each in c.posted] == [True]
    c.get(f"{SUBSCRIPTIONS}/{made['uuid']}/request_verification_token")
    c.clock.advance(timedelta(minutes=1))
    assert [b"verification_token" in each.body for each in c.posted] == [True, True]


def test_an_event_is_thin_and_signed_with_the_token() -> None:
    c = Company()
    made = subscribed(c, "Payroll")
    c.hire()
    done = c.ran()
    c.clock.advance(timedelta(seconds=1))
    events = [read_json(each.body) for each in c.posted]
    assert [each["event_type"] for each in events] == [
        "payroll.calculated", "payroll.submitted", "payroll.processed",
    ]  # fmt: skip
    last = events[-1]
    assert (last["resource_type"], last["resource_uuid"]) == ("Company", c.id)
    assert (last["entity_type"], last["entity_uuid"]) == ("Payroll", done.payroll_id)
    assert last["timestamp"] == 1767632401
    assert set(last) == {
        "uuid", "event_type", "resource_type", "resource_uuid", "entity_type", "entity_uuid", "timestamp",
    }  # fmt: skip
    for each in c.posted:
        wanted = hmac.new(made["token"].encode(), each.body, hashlib.sha256).hexdigest()
        assert each.headers["x-gusto-signature"] == wanted


def test_people_are_told_to_have_been_paid_on_the_pay_day() -> None:
    c = Company()
    subscribed(c, "Payroll")
    c.hire()
    c.ran()
    c.clock.advance(timedelta(days=9))
    assert not any(b"payroll.paid" in each.body for each in c.posted)
    c.clock.advance(timedelta(days=1))
    assert any(b"payroll.paid" in each.body for each in c.posted)


def test_only_what_was_subscribed_to_is_told() -> None:
    c = Company()
    made = subscribed(c, "Payroll")
    c.hire()
    c.clock.advance(timedelta(seconds=1))
    assert c.posted == []
    c.good("PUT", f"{SUBSCRIPTIONS}/{made['uuid']}", {"subscription_types": ["Employee"]})
    c.hire()
    c.ran()
    c.clock.advance(timedelta(seconds=1))
    assert [read_json(each.body)["event_type"] for each in c.posted] == ["employee.created"]
    assert c.ask("DELETE", f"{SUBSCRIPTIONS}/{made['uuid']}").status == 204
    c.posted.clear()
    c.hire()
    c.clock.advance(timedelta(days=1))
    assert c.posted == []


def test_attempts_wait_twice_as_long_each_time_and_end_after_sixteen_more() -> None:
    c = Company()
    made = subscribed(c, "Employee")
    c.receiver = 500
    c.hire()
    c.clock.advance(timedelta(seconds=1))
    assert len(c.posted) == 1
    for wait, attempts in ((15, 2), (30, 3), (60, 4)):
        c.clock.advance(timedelta(seconds=wait - 1))
        assert len(c.posted) == attempts - 1
        c.clock.advance(timedelta(seconds=1))
        assert len(c.posted) == attempts
    c.clock.advance(timedelta(days=60))
    assert len(c.posted) == 17
    assert len({each.body for each in c.posted}) == 1
    assert c.get(f"{SUBSCRIPTIONS}/{made['uuid']}")["status"] == "unreachable"


def test_what_happened_can_be_read_whoever_was_told() -> None:
    c = Company()
    employee = c.hire()
    c.do(people.RunPayroll())
    kinds = [each["event_type"] for each in c.get("/v1/events")]
    assert kinds == ["employee.created", "payroll.calculated"]
    first = c.get("/v1/events", "limit=1")[0]
    assert first["entity_uuid"] == employee
    assert len(c.get("/v1/events", f"starting_after_uuid={first['uuid']}")) == 1
    assert c.get("/v1/events", "event_type=payroll.&sort_order=desc")[0]["event_type"] == "payroll.calculated"
    c.refused(422, "GET", "/v1/events", query="starting_after_uuid=never")


def test_whoever_administers_the_app_subscribes_without_a_handshake() -> None:
    c = Company()
    c.fake.operate(Subscribe(url=URL, events=("Employee",)), "administrator")
    c.hire()
    c.clock.advance(timedelta(seconds=1))
    (sent,) = c.posted
    token = c.fake.connection("")["verification_token"]
    assert sent.headers["x-gusto-signature"] == hmac.new(token.encode(), sent.body, hashlib.sha256).hexdigest()
    with pytest.raises(ActRefused, match="Salaries"):
        c.fake.operate(Subscribe(url=URL, events=("Salaries",)), "administrator")


def test_what_was_told_is_told_again_under_the_same_ids() -> None:
    c = Company()
    c.fake.operate(Subscribe(url=URL, events=()), "administrator")
    c.hire()
    c.ran()
    c.clock.advance(timedelta(seconds=1))
    first = [each.body for each in c.posted]
    c.posted.clear()
    c.fake.operate(TellAgain(), "vendor")
    c.clock.advance(timedelta(seconds=1))
    assert [each.body for each in c.posted] == first
    assert len(first) == 4
