"""Answers that are lost after the vendor did what was asked: C3 over the whole way, with a connector that asks and one
that makes anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simharness.checks import judge
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from simharness.fakekit.fake import Fake
from simharness.fakekit.port import FaultPort
from simharness.stories.discovery import load
from simharness.stories.playing import session
from simharness.stories.session import opening
from simharness.world.world import World
from tests.functional.broken.attached import setting
from tests.functional.broken.test_broken_connectors import MONEY


class Forgetful(FaultPort):
    """The ledger does what it is asked; the first answer to each creation of one kind never arrives."""

    def __init__(self, kind: str, delivery: DeliveryKind) -> None:
        self._kind = kind
        self._delivery = delivery
        self.lost: set[str] = set()

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        outcome = super().pass_through(fake, request)
        if request.method != "POST" or not request.path.endswith(f"/{self._kind}") or b'"Id"' in request.body:
            return outcome
        source = json.loads(request.body)["PrivateNote"]
        if source in self.lost:
            return outcome
        self.lost.add(source)
        return Outcome(response=outcome.response, delivery=Delivery(kind=self._delivery, cut_bytes=10))


def played(folder: Path, fault: str, port: FaultPort) -> RunRecord:
    (story,) = load([MONEY])
    world = World(now=opening(story), stack=story.systems, port=port)
    with session(story, setting(folder, "connectors:build", fault), world=world) as run:
        for step in story.steps:
            run.do(step)
        return run.record()


def red(record: RunRecord) -> dict[str, set[str]]:
    """The messages of the findings by check."""
    return {result.check: {each.message for each in result.findings} for result in judge(record) if result.findings}


@pytest.mark.parametrize(
    ("kind", "delivery", "times"),
    [
        ("invoice", DeliveryKind.LOST, 2),
        ("payment", DeliveryKind.NO_ANSWER, 2),  # of the customer, and of nothing, which applies the credit
        ("refundreceipt", DeliveryKind.CUT_AT, 2),
        ("creditmemo", DeliveryKind.LOST, 1),
        ("transfer", DeliveryKind.NO_ANSWER, 2),  # to the bank, and off the way
        ("deposit", DeliveryKind.CUT_AT, 1),
        ("journalentry", DeliveryKind.LOST, 3),  # the fees of the charge and of the dispute, the dispute
    ],
)
def test_a_connector_that_finds_out_is_in_the_clear(
    tmp_path: Path, kind: str, delivery: DeliveryKind, times: int
) -> None:
    port = Forgetful(kind, delivery)
    record = played(tmp_path, "none", port)
    assert len(port.lost) == times
    (c3,) = [result for result in judge(record) if result.check == "C3"]
    assert (c3.judgement, c3.examined) == (Judgement.PASSED, times)
    assert red(record) == {}


def test_what_is_made_anew_after_a_lost_answer_is_found(tmp_path: Path) -> None:
    port = Forgetful("refundreceipt", DeliveryKind.LOST)
    found = red(played(tmp_path, "makes refunds anew under another key", port))
    assert {"C1", "C3", "V2", "V10"} <= found.keys()
    assert len(found["C3"]) == 2
    assert all("was sent anew without looking" in message for message in found["C3"])


def test_silence_that_is_taken_for_success_is_found(tmp_path: Path) -> None:
    port = Forgetful("transfer", DeliveryKind.NO_ANSWER)
    found = red(played(tmp_path, "takes silence for success", port))
    assert len(found["C3"]) == 2
    assert all("the connector rested without finding out" in message for message in found["C3"])
