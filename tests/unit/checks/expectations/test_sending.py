"""Expectations on attempts, their key and the log turn red for every word that does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.claims import LogNames, OneKey, WasAttempted
from simharness.domain.exchange import Delivery, DeliveryKind, Exchange
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong

BODY = b'{"PrivateNote": "crm:deal:D1:v1 lines:L1,L2"}'
LOST = Delivery(kind=DeliveryKind.LOST)


def attempt(sequence: int, key: str = "k1", **changes: Any) -> Exchange:
    return b.exchange(sequence, "invoice", BODY, key, **changes)


TWICE = (attempt(1, delivery=LOST), attempt(2))


def sent(*exchanges: Exchange) -> b.RunRecord:
    return b.record(exchanges=exchanges)


def logged(**changes: Any) -> b.RunRecord:
    told = b.log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.50", "k1", by="worker")
    row = b.structs.replace(told, **changes)
    written = b.write("invoice", "1", "create", "total", family="accounting", vendor="quickbooks")
    return b.record(evidence=(row,), writes=(written,))


@pytest.mark.parametrize(
    "expectation",
    [
        said(WasAttempted, subject="Rollout", times=2),
        said(WasAttempted, subject="P-1", times=0),
        said(OneKey, subject="Rollout"),
    ],
)
def test_what_is_true_passes(expectation: Any) -> None:
    assert judged(expectation, sent(*TWICE)).judgement is Judgement.PASSED


def test_attempts_are_counted_whatever_became_of_them() -> None:
    found = wrong(said(WasAttempted, subject="Rollout", times=1), sent(*TWICE))
    assert found.expected == "1 times"
    assert found.actual.startswith("2 times: invoice at 2026-01-12 18:00:00 UTC, answered 200 that did not arrive; ")


def test_what_was_never_attempted_is_told_so() -> None:
    assert wrong(said(WasAttempted, subject="P-1", times=1), sent(*TWICE)).actual == "never"


def test_a_request_of_somebody_else_is_no_attempt_of_the_connector() -> None:
    assert wrong(said(WasAttempted, subject="Rollout", times=1), sent(attempt(1, client="billing"))).actual == "never"


@pytest.mark.parametrize(("second", "shown"), [("k2", "k1, k2"), ("", "k1, no key")])
def test_another_key_or_none_is_found(second: str, shown: str) -> None:
    found = wrong(said(OneKey, subject="Rollout"), sent(attempt(1), attempt(2, second)))
    assert (found.expected, found.actual) == ("one key", shown)


def test_one_key_of_no_attempt_is_no_success() -> None:
    assert wrong(said(OneKey, subject="Rollout"), sent()).message == "nothing was attempted for 'Rollout'"


def test_a_log_that_names_who_what_and_when_passes() -> None:
    assert judged(said(LogNames, subject="Rollout"), logged()).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"by": ""}, "the log does not tell who sent quickbooks:invoice:1"),
        ({"target": "quickbooks:invoice:9"}, "the log names quickbooks:invoice:9, which nobody wrote"),
        ({"at": b.at("2026-01-11")}, "the log says that quickbooks:invoice:1 was sent before it was"),
        ({"outcome": "failed"}, "the log does not tell that 'Rollout' was sent"),
    ],
)
def test_a_log_that_does_not_is_found(changed: dict[str, Any], message: str) -> None:
    assert wrong(said(LogNames, subject="Rollout"), logged(**changed)).message == message
