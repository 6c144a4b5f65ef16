"""An event goes out in the form of the API, and what the API says of it is read."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest

from simharness.reference.errors import Refused
from simharness.reference.vendors.alerts import AlertSink


def sink(answer: Callable[[httpx.Request], httpx.Response]) -> AlertSink:
    return AlertSink(httpx.Client(transport=httpx.MockTransport(answer)), "https://alerts.test/", "key")


def test_a_trigger_carries_key_and_payload_and_a_resolve_only_its_incident() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202, json={"status": "success", "message": "Event processed", "dedup_key": "a"})

    there = sink(answer)
    there.send("trigger", "a", {"summary": "x" * 2000, "timestamp": "2026-01-05T17:00:00Z", "custom_details": {}})
    there.send("resolve", "a", {})
    one, two = (msgspec.json.decode(each.content) for each in asked)
    assert str(asked[0].url) == "https://alerts.test/v2/enqueue"
    assert "authorization" not in asked[0].headers
    assert (one["routing_key"], one["event_action"], one["dedup_key"]) == ("key", "trigger", "a")
    assert (len(one["payload"]["summary"]), one["payload"]["severity"]) == (1024, "error")
    assert two == {"routing_key": "key", "event_action": "resolve", "dedup_key": "a"}


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (b'{"status":"invalid event","message":"bad","errors":["no key"]}', "invalid event", "bad; no key"),
        (b"<html>", "", "Bad Request"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_api(body: bytes, code: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        sink(lambda _: httpx.Response(400, content=body)).send("resolve", "a", {})
    assert (refused.value.code, refused.value.message) == (code, said)
