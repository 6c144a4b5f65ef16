"""What the account holds: an alert desk, and the one service the connector sends to."""

from __future__ import annotations

from simharness.core.clock import Clock
from simharness_fakes.operations.desk import Desk, Service


class State:
    """The whole of one account."""

    def __init__(self, clock: Clock) -> None:
        self.desk = Desk(clock)

    def service(self, routing_key: str) -> Service | None:
        """The service a routing key leads to, or None."""
        return self.desk.services.get(routing_key)

    def fork(self, clock: Clock) -> State:
        """An independent copy on another clock."""
        twin = State(clock)
        twin.desk = self.desk.fork(clock)
        return twin
