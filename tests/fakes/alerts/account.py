"""An account of the alert sink on its own, every answer held against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness.domain.exchange import Request, Response
from simharness.domain.operations import OperationsSnapshot
from simharness.fakekit.bodies import read_json, write_json
from simharness.fakekit.pack import Setup
from simharness_fakes.alerts import PACK
from simharness_fakes.alerts.fake import Alerts
from tests.fakes.driving import misfits

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
PAYLOAD = {
    "summary": "invoice 1001 is refused",
    "source": "connector",
    "severity": "error",
    "custom_details": {"item": "stripe:charge:ch_1", "amount": "USD 1,086.25", "owner": "billing"},
}


@dataclass
class Account:
    """A fresh account; `send` sends an event as the connector would."""

    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(MONDAY)
        self.fake = self.built(self.clock)
        self.routing_key = self.fake.connection("")["routing_key"]

    def built(self, clock: Clock) -> Alerts:
        rng = Rng(11)
        self.setup = Setup(clock=clock, rng=rng, ids=Ids(rng), post=lambda _: None, options=self.options)
        fake = PACK.build(self.setup)
        assert isinstance(fake, Alerts)
        return fake

    def ask(self, body: bytes, content_type: str = "application/json") -> Response:
        request = Request(
            method="POST",
            host="events.pagerduty.com",
            path="/v2/enqueue",
            headers={"content-type": content_type},
            body=body,
        )
        response = self.fake.handle(request)
        assert misfits(self.fake.contract.operations["EnqueueEvent"], response) == ()
        return response

    def send(self, action: str, key: str = "", payload: Any = PAYLOAD, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer to an event."""
        event = {"routing_key": self.routing_key, "event_action": action, **more}
        event |= {"dedup_key": key} if key else {}
        event |= {"payload": payload} if action == "trigger" and payload is not None else {}
        response = self.ask(write_json(event))
        return response.status, read_json(response.body)

    @property
    def snapshot(self) -> OperationsSnapshot:
        (found,) = self.fake.snapshot()
        assert isinstance(found, OperationsSnapshot)
        return found
