"""C1 turns red for keys that change over attempts and keys that stand for two intents."""

from __future__ import annotations

import pytest
from msgspec import structs

from simharness.domain.finding import Judgement, Severity
from tests.unit.checks import builders as b

BODY = b'{"note":"D1"}'


def story(*exchanges: b.Exchange) -> b.RunRecord:
    return b.record(exchanges=exchanges, evidence=())


def test_an_attempt_under_another_key() -> None:
    found = b.the_finding("C1", story(b.exchange(1, "invoice", BODY, "k1"), b.exchange(2, "invoice", BODY, "k2")))
    assert (found.expected, found.actual) == ("key k1", "key k2")
    assert found.objects == ("exchange:1", "exchange:2")
    assert found.severity is Severity.CONDUCT


def test_an_attempt_without_its_key() -> None:
    found = b.the_finding("C1", story(b.exchange(1, "invoice", BODY, "k1"), b.exchange(2, "invoice", BODY)))
    assert found.actual == "key none"


def test_a_repetition_without_any_key_where_others_have_one() -> None:
    other = b.exchange(1, "invoice", b"{}", "k9")
    found = b.the_finding("C1", story(other, b.exchange(2, "invoice", BODY), b.exchange(3, "invoice", BODY)))
    assert found.actual == "2 attempts without key"


def test_a_key_for_two_intents() -> None:
    found = b.the_finding("C1", story(b.exchange(1, "invoice", BODY, "k1"), b.exchange(2, "payment", b"{}", "k1")))
    assert found.message == "one idempotency key stands for 2 different requests"


def test_the_same_key_over_attempts_is_right() -> None:
    first = b.exchange(1, "invoice", BODY, "k1")
    assert first.response is not None
    refused = structs.replace(first, response=structs.replace(first.response, status=503))
    assert b.passes("C1", story(refused, b.exchange(2, "invoice", BODY, "k1")))


def test_a_corrected_body_is_a_new_intent_with_a_new_key() -> None:
    assert b.passes(
        "C1", story(b.exchange(1, "invoice", BODY, "k1"), b.exchange(2, "invoice", b'{"note":"D1","x":1}', "k2"))
    )


def test_reading_twice_needs_no_key() -> None:
    reads = (b.exchange(2, "query", b"select"), b.exchange(3, "query", b"select"))
    assert b.passes("C1", story(b.exchange(1, "invoice", BODY, "k1"), *reads))


def test_somebody_elses_requests_are_not_judged() -> None:
    other = b.exchange(2, "invoice", BODY, "k2", client="harness")
    assert b.passes("C1", story(b.exchange(1, "invoice", BODY, "k1"), other))


@pytest.mark.parametrize(
    ("target", "key", "message"),
    [
        ("quickbooks:invoice:1", "k9", "the log names 2 keys for what hubspot:deal:D1:v1 created"),
        ("quickbooks:invoice:2", "k1", "the log names one key for several created records"),
    ],
)
def test_a_log_that_names_keys_otherwise(target: str, key: str, message: str) -> None:
    rows = (*b.evidence(), b.log("hubspot:deal:D1:v1", target, "4410.50", key))
    sent = (*b.exchanges(), b.exchange(3, "invoice", b'{"again":1}', "k9"))
    assert b.the_finding("C1", b.record(evidence=rows, exchanges=sent)).message == message


def test_a_logged_key_that_never_travelled() -> None:
    rows = (b.log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.50", "k7"), b.evidence()[1])
    assert b.the_finding("C1", b.record(evidence=rows)).expected == "key k7 on the request"


def test_c1_is_not_exercised_where_no_key_travels() -> None:
    assert b.result("C1", story(b.exchange(1, "invoice", BODY))).judgement is Judgement.NOT_EXERCISED


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_request_turned_away_at_the_door_had_no_key_that_anybody_read(status: int) -> None:
    away = b.exchange(1, "invoice", BODY, response=b.Response(status=status, notes=b.Notes(operation="invoice")))
    assert b.passes("C1", story(away, b.exchange(2, "invoice", BODY, "k1")))
    read = b.exchange(1, "invoice", BODY, response=b.Response(status=500, notes=b.Notes(operation="invoice")))
    assert b.the_finding("C1", story(read, b.exchange(2, "invoice", BODY, "k1"))).actual == "key k1"
