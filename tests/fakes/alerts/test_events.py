"""What an event does, what is refused and in which words, and that the README names it all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import simharness_fakes.alerts
from simharness.core.clock import Clock
from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.acts import ActRefused, ClosePeriod
from simharness.fakekit.bodies import read_json, write_json
from tests.fakes.alerts.account import MONDAY, PAYLOAD, Account


def test_a_trigger_opens_an_incident_that_names_item_amount_and_owner() -> None:
    account = Account()
    assert account.send("trigger", "posting:1") == (
        202,
        {"status": "success", "message": "Event processed", "dedup_key": "posting:1"},
    )
    (alert,) = account.snapshot.alerts
    assert (alert.incident, alert.raised_at, alert.text) == ("posting:1", MONDAY, "invoice 1001 is refused")
    assert (alert.item, alert.amount, alert.owner) == (
        "stripe:charge:ch_1",
        Money(Decimal("1086.25"), "USD"),
        "billing",
    )
    assert (alert.repeats, alert.cleared_at) == (0, None)


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"owner": 7, "item": None, "amount": 12},
        {"amount": "12.00"},
        {"amount": "usd 12.00"},
        {"amount": "USD a lot"},
        {"amount": "USD NaN"},
    ],
)
def test_what_an_event_does_not_name_stays_empty_and_the_service_owns_it(details: dict[str, Any]) -> None:
    account = Account({"service": "ledger-team"})
    assert account.send("trigger", "a", {**PAYLOAD, "custom_details": details})[0] == 202
    (alert,) = account.snapshot.alerts
    assert (alert.item, alert.amount, alert.owner) == ("", None, "ledger-team")


def test_repetitions_are_counted_until_the_incident_is_resolved_and_then_another_one_opens() -> None:
    account = Account()
    for _ in range(3):
        account.send("trigger", "a")
    account.clock.advance(timedelta(hours=1))
    account.send("resolve", "a")
    account.send("trigger", "a")
    one, two = account.snapshot.alerts
    assert (one.repeats, one.cleared_at) == (2, MONDAY + timedelta(hours=1))
    assert (two.repeats, two.cleared_at, two.id != one.id) == (0, None, True)
    assert [(write.action, write.fields) for write in account.fake.writes] == [
        ("create", ("amount", "incident", "item", "owner", "raised_at", "text")),
        ("update", ("repeats",)),
        ("update", ("repeats",)),
        ("update", ("cleared_at",)),
        ("create", ("amount", "incident", "item", "owner", "raised_at", "text")),
    ]
    assert {write.actor for write in account.fake.writes} == {"connector"}


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_what_is_not_open_is_accepted_and_changes_nothing(action: str) -> None:
    account = Account()
    assert account.send(action, "never")[0] == 202
    assert account.snapshot.alerts == ()
    assert account.fake.writes == []


def test_an_incident_that_somebody_took_on_is_still_open() -> None:
    account = Account()
    account.send("trigger", "a")
    assert account.send("acknowledge", "a")[0] == 202
    account.send("acknowledge", "a")
    account.send("trigger", "a")
    (alert,) = account.snapshot.alerts
    assert (alert.repeats, alert.cleared_at) == (1, None)
    assert [write.fields for write in account.fake.writes[1:]] == [("alerts:acknowledged_at",), ("repeats",)]


def test_a_trigger_without_key_is_given_one_and_is_an_incident_of_its_own() -> None:
    account = Account()
    keys = {account.send("trigger")[1]["dedup_key"] for _ in range(2)}
    assert {alert.incident for alert in account.snapshot.alerts} == keys
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"event_action": "resolve"}, "'dedup_key' is missing or blank"),
        ({"event_action": "trigger"}, "'payload' is missing or blank"),
        ({"event_action": "delete", "dedup_key": "a"}, "'event_action' is invalid"),
        ({"event_action": "trigger", "payload": {**PAYLOAD, "severity": "bad"}}, "'payload.severity' is invalid"),
        ({"event_action": "trigger", "payload": {**PAYLOAD, "summary": " "}}, "'payload.summary' is missing or blank"),
        ({"event_action": "trigger", "payload": {**PAYLOAD, "summary": "x" * 1025}}, "'payload.summary' is invalid"),
        ({"event_action": "trigger", "payload": {**PAYLOAD, "timestamp": "noon"}}, "'payload.timestamp' is invalid"),
        ({"event_action": "trigger", "payload": PAYLOAD, "colour": 1}, "'colour' is not a field of an event"),
        ({"event_action": "trigger", "payload": PAYLOAD, "dedup_key": "x" * 256}, "'dedup_key' is invalid"),
        ({"event_action": "trigger", "payload": {"source": "x", "severity": "info"}}, "'payload.summary' is missing"),
    ],
)
def test_a_wrong_event_is_refused_in_words_and_raises_nothing(event: dict[str, Any], said: str) -> None:
    account = Account()
    response = account.ask(write_json({"routing_key": account.routing_key, **event}))
    told = read_json(response.body)
    assert (response.status, told["status"], told["message"]) == (400, "invalid event", "Event object is invalid")
    assert any(text.startswith(said) for text in told["errors"]), told
    assert account.snapshot.alerts == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "'routing_key' is missing or blank"),
        (b"{", "'routing_key' is missing or blank"),
        (b"[]", "'routing_key' is missing or blank"),
        (b'{"routing_key": 7}', "'routing_key' is missing or blank"),
        (b'{"routing_key": "0123456789abcdef0123456789abcdef"}', "Invalid routing key"),
    ],
)
def test_without_a_known_routing_key_nothing_is_taken_in(body: bytes, said: str) -> None:
    response = Account().ask(body)
    assert (response.status, read_json(response.body)["errors"]) == (400, [said])


def test_another_media_type_is_refused() -> None:
    account = Account()
    body = write_json({"routing_key": account.routing_key})
    assert account.ask(body, "text/plain").status == 415


def test_a_limit_is_a_429_until_the_minute_is_over() -> None:
    account = Account({"requests_per_minute": "1"})
    account.send("trigger", "a")
    status, told = account.send("trigger", "b")
    assert (status, told["status"]) == (429, "throttle exceeded")
    account.clock.advance(timedelta(minutes=1))
    assert account.send("trigger", "b")[0] == 202


def test_noise_is_accepted_and_counted() -> None:
    account = Account()
    event = {"routing_key": account.routing_key, "event_action": "trigger", "payload": PAYLOAD, "client": "connector"}
    assert account.ask(write_json(event)).notes.inert == ("body.client",)


@pytest.mark.parametrize(("name", "value"), [("service", " "), ("requests_per_minute", "many")])
def test_an_option_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"option alerts.{name} is"):
        Account({name: value})


def test_the_acts_of_other_families_are_refused() -> None:
    with pytest.raises(ActRefused, match="ClosePeriod"):
        Account().fake.operate(ClosePeriod(until=MONDAY.date()), "controller")


def test_a_fork_knows_the_key_and_goes_its_own_way() -> None:
    account = Account()
    account.send("trigger", "a")
    original = account.fake
    twin_clock = Clock(MONDAY)
    account.built(twin_clock)
    account.fake = original.fork(account.setup)
    account.send("resolve", "a")
    assert account.snapshot.alerts[0].cleared_at == MONDAY
    account.fake = original
    assert account.snapshot.alerts[0].cleared_at is None


def test_the_readme_names_every_operation_and_every_doubtful_option() -> None:
    text = (Path(simharness_fakes.alerts.__path__[0]) / "README.md").read_text(encoding="utf-8")
    fake = Account().fake
    for operation in fake.contract:
        assert f"`{operation.template}`" in text
    for option in fake.pack.options:
        if "background knowledge" in option.source:
            assert f"`{option.name}`" in text
