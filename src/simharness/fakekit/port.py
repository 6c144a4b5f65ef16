"""The fault port: the one place where a fault acts between a door and a fake. Without a plan it passes everything
through.

`World.exchange` calls `FaultPort.pass_through` and `World` hands deliveries to `FaultPort.deliver`; a plan's port
(`fakekit.faults.Injector`) overrides them (decide before, act after, change the delivery).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from simharness.core.clock import Clock
from simharness.core.errors import HarnessFault
from simharness.domain.exchange import COMPLETE, Delivery, DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault, Struck
from simharness.fakekit.fake import Fake

if TYPE_CHECKING:
    from simharness.fakekit.faults.standing import Condition

#: Keeps an attempt in the record: the request, what was answered, how it travelled, and the kind of fault that acted.
Keep = Callable[[Request, Response | None, Delivery, str], None]
_NEVER_CAME = Delivery(kind=DeliveryKind.RESET_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Hands attempts of one fake to whoever listens, and keeps each in the record with the fault that acted on it."""

    fake: Fake
    receive: Callable[[Request], Response | None]
    keep: Keep

    def __call__(self, request: Request, *, fault: str = "", arrives: bool = True) -> Response | None:
        """The answer to one attempt; None to one that does not arrive, or that nobody answers."""
        answer = self.receive(request) if arrives else None
        self.keep(request, answer, COMPLETE if arrives else _NEVER_CAME, fault)
        return answer


class FaultPort:
    """Passes a request to its fake and returns the complete answer. Subclasses interfere; the fake stays pure.

    `zone` is where the days of the world's books begin.
    """

    zone: str = "UTC"

    def attach(self, clock: Clock, advance_to: Callable[[datetime], None]) -> None:
        """Learn the clock of the world it serves, and how that world is moved on."""

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Let the fake answer and deliver the answer completely."""
        return Outcome(response=fake.handle(request))

    def deliver(self, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Hand a webhook attempt to whoever listens and give the vendor what was answered.

        Raises `PutOff` for one that leaves later than the vendor meant.
        """
        return hand(request)

    def add(self, fault: Fault) -> None:
        """Let a further fault act; its trigger counts from now on."""
        raise HarnessFault(f"{fault} cannot be added to a world without faults")

    def stand(self, condition: Condition) -> None:
        """Let a condition of a vendor stand from now on."""
        raise HarnessFault(f"{condition.fault} cannot be added to a world without faults")

    def end(self, vendor: str) -> None:
        """Let nothing strike any longer that was added about a vendor, and none of its conditions stand."""

    @property
    def said(self) -> tuple[Fault, ...]:
        """The faults that were planned or added, in order, whether or not they can still strike."""
        return ()

    def clear(self) -> None:
        """Let nothing strike any longer. What struck stays in the log."""

    @property
    def blocked(self) -> bool:
        """Whether a condition stands under which nothing at all can be done with some vendor."""
        return False

    @property
    def lagging(self) -> bool:
        """Whether some vendor does not show all that it has."""
        return False

    @property
    def withheld(self) -> bool:
        """Whether news did not arrive that will not come soon either: only a poll finds what it told."""
        return False

    @property
    def refused(self) -> bool:
        """Whether a vendor was turned away over a fault and has not been heard since: it may try again."""
        return False

    def found(self) -> None:
        """A poll has found what was withheld so far."""

    @property
    def struck(self) -> tuple[Struck, ...]:
        """What acted so far, in order."""
        return ()
