"""The fault port of a plan: counts what passes, and lets each fault of the plan act when its trigger is reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec

from simharness.core.clock import Clock
from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault, Plan, Struck
from simharness.domain.fault_kinds import KINDS, Place
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.deliveries import Deliveries
from simharness.fakekit.faults.standing import Condition, Standing
from simharness.fakekit.faults.wire import ACTS, Edge, act_alone
from simharness.fakekit.port import FaultPort, Hand


class Injector(FaultPort):
    """Carries a plan out on the exchanges that pass, deterministically. `on_crash` kills the connector.

    A fault acts at its trigger and on `times - 1` further matching exchanges; the first of a plan that fits an exchange
    is the one that acts on it, and what it lets the vendor answer is as the conditions leave it that stand. With
    `only_acts` nothing fails: what the plan does to the world itself is done after the exchange, and that is all.
    Raises `UsageError` for a kind that there is not.
    """

    def __init__(self, plan: Plan, on_crash: Callable[[], None] | None = None, *, only_acts: bool = False) -> None:
        for fault in plan.faults:
            known(fault.kind)
        self.plan = plan
        self.on_crash = on_crash
        self.only_acts = only_acts
        self._struck: list[Struck] = []
        self._said = list(plan.faults)
        self._planned = len(plan.faults)
        self._faults = list(plan.faults)
        self._seen = [0] * len(plan.faults)
        self._deliveries = Deliveries(plan, self._struck.append, only_acts=only_acts)
        self._standing = Standing(self._met)
        self._calls = 0
        self._clock: Clock | None = None
        self._advance_to: Callable[[datetime], None] | None = None

    @property
    def struck(self) -> tuple[Struck, ...]:
        """What acted so far, in order."""
        return tuple(self._struck)

    def attach(self, clock: Clock, advance_to: Callable[[datetime], None]) -> None:
        """Learn the clock of the world it serves, and how that world is moved on."""
        self._clock, self._advance_to = clock, advance_to
        self._deliveries.clock = clock

    def add(self, fault: Fault) -> None:
        """Let a further fault act; its trigger counts from now on."""
        known(fault.kind)
        self._said.append(fault)
        if KINDS[fault.kind].place is Place.DELIVERY:
            self._deliveries.add(fault)
        else:
            self._faults.append(fault)
            self._seen.append(0)

    def stand(self, condition: Condition) -> None:
        """Let a condition of a vendor stand from now on."""
        self._standing.add(condition)

    def end(self, vendor: str) -> None:
        """Let nothing strike any longer that was added about a vendor, and none of its conditions stand."""
        for number, fault in enumerate(self._faults):
            if number >= self._planned and fault.trigger.vendor == vendor:
                self._seen[number] = fault.trigger.nth + fault.times
        self._standing.end(vendor)
        self._deliveries.end(vendor)

    @property
    def said(self) -> tuple[Fault, ...]:
        """The faults of the plan and those that were added, in order, whether or not they can still strike."""
        return tuple(self._said)

    def clear(self) -> None:
        """Let nothing strike any longer, of the plan either. What struck stays in the log."""
        for each in (self._said, self._faults, self._seen):
            each.clear()
        self._planned = 0
        self._standing.clear()
        self._deliveries.clear()

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Let the fake answer, unless a fault of the plan has its turn."""
        self._calls += 1
        if not self._faults and not self._standing:
            return super().pass_through(fake, request)
        operation = fake.operation_of(request)
        fault = self._due(fake.vendor, operation)
        if fault is None:
            return self._stood(fake, request)
        return self.strike(fault, fake, request, operation)

    def strike(self, fault: Fault, fake: Fake, request: Request, operation: str) -> Outcome:
        """Let one fault act on one exchange."""
        if self.only_acts and not KINDS[fault.kind].acts:
            return self._stood(fake, request)
        if KINDS[fault.kind].place is Place.PROCESS:
            return self._crash(fault, fake, request, operation)
        if self._clock is None or self._advance_to is None:
            raise HarnessFault("an injector that serves no world cannot let a fault act")
        edge = Edge(
            fake=fake,
            request=request,
            fault=fault,
            clock=self._clock,
            advance_to=self._advance_to,
            stand=self._standing.add,
            answer=partial(self._stood, fake, request),
            zone=self.zone,
        )
        effect = act_alone(edge) if self.only_acts else ACTS[fault.kind](edge)
        if effect is None:  # a kind that says nothing about such a request
            return self._stood(fake, request)
        self._note(fault, fake.vendor, operation, effect.acts)
        return msgspec.structs.replace(effect.outcome, fault=fault.kind)

    def deliver(self, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Hand a webhook attempt over, unless a fault of the plan has its turn."""
        return self._deliveries.deliver(vendor, request, hand)

    @property
    def blocked(self) -> bool:
        """Whether a condition stands under which nothing at all can be done with some vendor."""
        return self._clock is not None and self._standing.blocked(self._clock.now)

    @property
    def lagging(self) -> bool:
        """Whether some vendor does not show all that it has."""
        return self._clock is not None and self._standing.lagging(self._clock.now)

    @property
    def withheld(self) -> bool:
        """Whether news did not arrive that will not come soon either: only a poll finds what it told."""
        return self._deliveries.withheld

    @property
    def refused(self) -> bool:
        """Whether a vendor was turned away over a fault and has not been heard since: it may try again."""
        return self._deliveries.refused

    def found(self) -> None:
        """A poll has found what was withheld so far."""
        self._deliveries.found()

    def _due(self, vendor: str, operation: str) -> Fault | None:
        """Count the exchange for every fault that it fits, and give the first whose turn it is."""
        found: Fault | None = None
        for number, fault in enumerate(self._faults):
            if KINDS[fault.kind].place is Place.DELIVERY or not fault.trigger.matches(vendor, operation):
                continue
            self._seen[number] += 1
            nth = fault.trigger.nth
            if found is None and nth <= self._seen[number] < nth + fault.times:
                found = fault
        return found

    def _crash(self, fault: Fault, fake: Fake, request: Request, operation: str) -> Outcome:
        if self.on_crash is None:
            raise HarnessFault(f"{fault} strikes, but no connector is there to be killed")
        committed = KINDS[fault.kind].committed
        response = self._stood(fake, request).response if committed else Response(status=503)
        self._note(fault, fake.vendor, operation)
        self.on_crash()
        kind = DeliveryKind.LOST if committed else DeliveryKind.RESET_BEFORE
        return Outcome(response=response, delivery=Delivery(kind=kind), fault=fault.kind)

    def _stood(self, fake: Fake, request: Request) -> Outcome:
        """The fake's answer as the conditions that stand leave it."""
        if not self._standing or self._clock is None:
            return super().pass_through(fake, request)
        answer = partial(FaultPort.pass_through, self, fake, request)
        return self._standing.around(fake, request, self._clock.now, answer)

    def _met(self, fault: Fault, fake: Fake, request: Request, told: str) -> None:
        operation = fake.operation_of(request)
        self._struck.append(
            Struck(fault=fault, sequence=self._calls, vendor=fake.vendor, operation=operation, told=told)
        )

    def _note(self, fault: Fault, vendor: str, operation: str, acts: str = "") -> None:
        told = KINDS[fault.kind].sees
        self._struck.append(
            Struck(fault=fault, sequence=self._calls, vendor=vendor, operation=operation, told=told, acts=acts)
        )


def known(kind: str) -> None:
    """Raises `UsageError` with the kinds there are, for one that there is not."""
    if kind not in KINDS:
        raise UsageError(f"there is no kind of fault {kind!r}", mend=f"use one of: {', '.join(KINDS)}")
