"""Expectations on alerts and the error queue turn red for what nobody was told and for what still waits."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.domain.evidence import Alert, DeadLetter, Evidence, Reject
from simharness.domain.expectation import AlertIs, ErrorQueueEmpty, ErrorQueueHolds, OpenAlerts
from simharness.domain.finding import Judgement
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong

ALERT = RaisedAlert(
    id="A1",
    incident="unmatched:D1",
    raised_at=b.at("2026-01-12"),
    owner="finance",
    item="crm:deal:D1",
    text="no tax region",
    amount=b.usd("5.00"),
)
REJECT = Reject(at=b.at("2026-01-12"), source="crm:deal:D1", code="no_region", reason="The customer has no tax region")
DEAD = DeadLetter(at=b.at("2026-01-13"), source="pay:charge:ch1", reason="closed", attempts=5)
TOLD = Alert(at=b.at("2026-01-12"), incident="reject:D1", source="crm:deal:D1", owner="finance", reason="no tax region")


def with_alerts(*alerts: RaisedAlert) -> b.RunRecord:
    story = b.record()
    before, after = story.checkpoints
    world = structs.replace(after.world, operations=OperationsSnapshot(vendor="alerts", alerts=alerts))
    return structs.replace(story, checkpoints=(before, structs.replace(after, world=world)))


def with_evidence(*rows: Evidence) -> b.RunRecord:
    return b.record(evidence=(*b.evidence(), *rows))


@pytest.mark.parametrize(
    "stated",
    [
        {"about": "Rollout"},
        {"about": "Rollout", "owner": "finance", "amount": b.usd("5.00"), "cleared": False},
        {"about": "Tax Region"},
    ],
)
def test_an_alert_is_found_by_what_it_names(stated: dict[str, Any]) -> None:
    assert judged(said(AlertIs, **stated), with_alerts(ALERT)).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    "stated",
    [
        {"about": "Globex"},
        {"about": "another matter"},
        {"about": "Rollout", "owner": "sales"},
        {"about": "Rollout", "amount": b.usd("6.00")},
        {"about": "Rollout", "cleared": True},
    ],
)
def test_an_alert_that_says_something_else_does_not_count(stated: dict[str, Any]) -> None:
    assert "finance: crm:deal:D1 USD 5.00 (no tax region)" in wrong(said(AlertIs, **stated), with_alerts(ALERT)).actual


def test_without_an_alert_system_nobody_was_alerted() -> None:
    assert wrong(said(AlertIs, about="Rollout")).actual == "no alert system"


def test_open_alerts_are_counted_and_cleared_ones_are_not() -> None:
    over = structs.replace(ALERT, id="A2", cleared_at=b.at("2026-01-13"))
    assert judged(said(OpenAlerts, count=1), with_alerts(ALERT, over)).judgement is Judgement.PASSED
    assert wrong(said(OpenAlerts, count=0), with_alerts(ALERT, over)).actual.startswith("1: finance")
    assert judged(said(OpenAlerts, count=0), with_alerts(over)).judgement is Judgement.PASSED


@pytest.mark.parametrize(("row", "subject", "because"), [(REJECT, "Rollout", "TAX region"), (DEAD, "P-1", "closed")])
def test_what_waits_is_in_the_error_queue(row: Evidence, subject: str, because: str) -> None:
    story = with_evidence(row)
    assert judged(said(ErrorQueueHolds, subject=subject, because=because), story).judgement is Judgement.PASSED
    assert wrong(said(ErrorQueueHolds, subject=subject, because="another reason"), story).actual.startswith(row.source)
    assert row.source in wrong(said(ErrorQueueEmpty), story).actual


@pytest.mark.parametrize(
    ("row", "end", "subject"),
    [
        (REJECT, structs.replace(TOLD, cleared_at=b.at("2026-01-13")), "Rollout"),
        (DEAD, structs.replace(DEAD, replayed_at=b.at("2026-01-14")), "P-1"),
    ],
)
def test_what_was_mended_is_no_longer_there(row: Evidence, end: Evidence, subject: str) -> None:
    story = with_evidence(row, end)
    assert judged(said(ErrorQueueEmpty), story).judgement is Judgement.PASSED
    assert wrong(said(ErrorQueueHolds, subject=subject), story).actual == "nothing"


def test_an_alert_that_is_still_open_mends_nothing() -> None:
    assert judged(said(ErrorQueueHolds, subject="Rollout"), with_evidence(REJECT, TOLD)).judgement is Judgement.PASSED


def test_what_is_mended_after_the_step_still_waits_at_the_step() -> None:
    late = structs.replace(TOLD, cleared_at=b.at("2026-03-01"))
    assert judged(said(ErrorQueueHolds, subject="Rollout"), with_evidence(REJECT, late)).judgement is Judgement.PASSED
