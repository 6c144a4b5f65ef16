"""The fault port: the one place where a fault acts between a door and a fake. Without a plan it passes everything
through.

`World.exchange` calls `FaultPort.pass_through` and `World` hands deliveries to `FaultPort.deliver`; a plan's port
(`fakekit.faults.Injector`) overrides them (decide before, act after, change the delivery).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from simharness.core.clock import Clock
from simharness.domain.exchange import Outcome, Request, Response
from simharness.domain.fault import Struck
from simharness.fakekit.fake import Fake


class FaultPort:
    """Passes a request to its fake and returns the complete answer. Subclasses interfere; the fake stays pure."""

    def attach(self, clock: Clock, advance_to: Callable[[datetime], None]) -> None:
        """Learn the clock of the world it serves, and how that world is moved on."""

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Let the fake answer and deliver the answer completely."""
        return Outcome(response=fake.handle(request))

    def deliver(self, vendor: str, request: Request, hand: Callable[[Request], Response | None]) -> Response | None:
        """Hand a webhook attempt to whoever listens and give the vendor what was answered."""
        return hand(request)

    @property
    def struck(self) -> tuple[Struck, ...]:
        """What acted so far, in order."""
        return ()
