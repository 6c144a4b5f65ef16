"""A vendor whose lists and searches run behind: for a while they show what was there before the latest writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from simharness.domain.exchange import Outcome, Request
from simharness.domain.fault import Fault
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.standing import Condition


class Behind(Condition):
    """Whatever lags at a vendor shows what was there a span before the condition began, and for as long as the span.

    What was written just before a read is not in it, as little as what is written meanwhile; a record that is read by
    its id is always the present one.
    """

    told = "a list or search without the latest writes"
    hides = True

    def __init__(self, fault: Fault, now: datetime, span: timedelta) -> None:
        super().__init__(fault)
        self._since, self._until = now - span, now + span

    def stands(self, now: datetime) -> bool:
        """Whether the time is not over yet."""
        return now < self._until

    def before(self, fake: Fake, request: Request, now: datetime) -> Outcome | None:
        """Answer a list or search from what there was; everything else is answered as ever."""
        self.over = not self.stands(now)
        if self.over or not fake.lags(request):
            return None
        return Outcome(response=fake.stale(request, self._since))
