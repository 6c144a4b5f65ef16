"""What the alert system is told is stored with what it tells of, and sent in order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.notices import Notices
from simharness.reference.memory.store import Store
from simharness.reference.vendors.alerts import AlertSink


class Sink:
    """Remembers what it was sent; `answers` are raised one after the other first."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Mapping[str, Any]]] = []
        self.answers: list[Exception] = []

    def send(self, action: str, incident: str, payload: Mapping[str, Any]) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append((action, incident, payload))


class Office:
    """A store with its evidence and notices; `again` is the same after a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sink = folder, Sink()
        self.open()

    def open(self) -> None:
        self.store = Store(f"sqlite:///{self.folder / 'state.db'}")
        self.notices = Notices(self.store, cast("AlertSink", self.sink))
        self.evidence = Evidence(
            self.store, self.folder / "evidence.ndjson", currency="USD", owner="finance", notices=self.notices
        )

    def again(self) -> None:
        self.store.close()
        self.open()

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(action, incident) for action, incident, _ in self.sink.sent]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_incident_is_told_once_with_item_amount_and_owner_and_its_end_once(office: Office) -> None:
    for _ in range(3):
        office.evidence.alert("posting:1", "deal:1", "no answer", Decimal("12.5"))
        office.notices.deliver()
    office.evidence.recovered("deal:1")
    office.evidence.recovered("deal:1")
    office.notices.deliver()
    office.notices.deliver()
    assert office.told == [("trigger", "posting:1"), ("resolve", "posting:1")]
    payload = office.sink.sent[0][2]
    assert payload["custom_details"] == {"item": "deal:1", "owner": "finance", "amount": "USD 12.50"}
    assert payload["summary"] == "no answer"
    assert not office.notices.busy()


def test_what_could_not_be_told_goes_first_after_a_restart(office: Office) -> None:
    office.sink.answers = [Unavailable("alerts", "no answer", attempts=2)]
    for name in ("a", "b"):
        office.evidence.alert(name, f"deal:{name}", "refused")
    office.evidence.recovered("deal:a")
    office.notices.deliver()
    assert (office.told, office.notices.busy()) == ([], True)
    office.again()
    assert office.notices.busy()
    office.notices.deliver()
    assert office.told == [("trigger", "a"), ("trigger", "b"), ("resolve", "a")]


def test_an_alert_that_was_rolled_back_is_told_to_nobody(office: Office) -> None:
    def alert_and_fail() -> None:
        with office.store.transaction():
            office.evidence.alert("a", "deal:a", "refused")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        alert_and_fail()
    office.notices.deliver()
    assert office.told == []


def test_a_refused_notice_holds_up_nobody_and_is_sent_again_by_its_incident(office: Office) -> None:
    office.sink.answers = [Refused("alerts", 400, "invalid event", "no"), Refused("alerts", 400, "invalid event", "no")]
    for name in ("a", "b", "c"):
        office.evidence.alert(name, f"deal:{name}", "refused")
    office.notices.deliver()
    assert office.told == [("trigger", "c")]
    assert [row["incident"] for row in office.notices.refused()] == ["a", "b"]
    assert not office.notices.busy()
    office.notices.replay("b")
    office.notices.deliver()
    office.notices.replay("")
    office.notices.deliver()
    assert office.told == [("trigger", "c"), ("trigger", "b"), ("trigger", "a")]
