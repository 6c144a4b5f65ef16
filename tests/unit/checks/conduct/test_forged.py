"""F3 turns red for a forged webhook that was taken."""

from __future__ import annotations

import pytest

from simharness.domain.exchange import Exchange, Request, Response
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b


def delivered(fault: str, status: int | None, sequence: int = 1) -> Exchange:
    response = Response(status=status) if status is not None else None
    request = Request(method="POST", host="connector.test", path="/hubspot", body=b"[]")
    return Exchange(
        sequence=sequence, at=b.at("2026-01-12"), vendor="hubspot", request=request, response=response,
        client="webhook", fault=fault,
    )  # fmt: skip


@pytest.mark.parametrize("status", [200, 204])
def test_f3_a_forged_webhook_that_was_taken_is_found_once_a_vendor(status: int) -> None:
    record = b.record(deliveries=(delivered("webhook_tampered", status), delivered("webhook_tampered", status, 2)))
    assert b.the_finding("F3", record).key == "F3:hubspot"


@pytest.mark.parametrize("status", [401, 500, None])
def test_f3_a_forged_webhook_that_nobody_took_is_as_it_should_be(status: int | None) -> None:
    assert b.passes("F3", b.record(deliveries=(delivered("webhook_tampered", status),)))


def test_f3_without_forgery_there_is_nothing_to_judge() -> None:
    record = b.record(deliveries=(delivered("", 200), delivered("webhook_stale", 200, 2)))
    assert b.result("F3", record).judgement is Judgement.NOT_APPLICABLE
