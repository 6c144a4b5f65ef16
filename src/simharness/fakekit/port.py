"""The fault port: the one place where a fault acts between a door and a fake. Without a plan it passes everything
through.

`World.exchange` calls `FaultPort.pass_through`; a plan's port overrides it (decide before, act after, change the
delivery).
"""

from __future__ import annotations

from simharness.domain.exchange import Outcome, Request
from simharness.fakekit.fake import Fake


class FaultPort:
    """Passes a request to its fake and returns the complete answer. Subclasses interfere; the fake stays pure."""

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Let the fake answer and deliver the answer completely."""
        return Outcome(response=fake.handle(request))
