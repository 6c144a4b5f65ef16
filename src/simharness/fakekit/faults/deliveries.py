"""How each kind of fault of a delivery acts on one attempt: what arrives when, and what the vendor believes.

Attempts are counted by vendor, repeated ones included; a copy, and an attempt that was put off, count no second time.
What leaves later is made anew and so signed at that instant, as vendors sign each attempt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from simharness.core.clock import Clock
from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Request, Response
from simharness.domain.fault import Fault, Plan, Struck
from simharness.domain.fault_kinds import KINDS, Place
from simharness.fakekit.port import Hand
from simharness.fakekit.webhooks import PutOff

#: The kinds of faults of deliveries, by name.
KINDS_OF_DELIVERY = tuple(kind.name for kind in KINDS.values() if kind.place is Place.DELIVERY)

#: How often a delivery comes beyond the first time, where a plan says nothing.
COPIES = 2
#: For how long a delivery is late, where a plan says nothing: longer than anybody who waits for rest waits.
LATE_S = 4 * 3600
#: Copies bear the signature of the first, so none comes later than vendors' tolerance of five minutes.
_BETWEEN_COPIES, _LAST_COPY = timedelta(minutes=1), timedelta(minutes=4)
#: How long a delivery waits to be overtaken; where none follows meanwhile, there is no order to be changed.
_OVERTAKEN_WITHIN = timedelta(minutes=5)
_AFTERWARDS = timedelta(seconds=1)
#: What comes later than this is waited for by nobody.
_SOON = timedelta(minutes=10)
#: What a vendor believes that was answered.
_TAKEN = Response(status=200)
_LAST_DIGIT = re.compile(rb"\d(?!\d)")


class Deliveries:
    """Carries the faults of deliveries out. `note` keeps each that acted; `clock` is the world's. With `only_acts` all
    arrives as it was sent, and only what a kind does to the world itself is done.
    """

    def __init__(self, plan: Plan, note: Callable[[Struck], None], *, only_acts: bool = False) -> None:
        self.clock: Clock | None = None
        self.only_acts = only_acts
        self._note = note
        self._faults: list[Fault] = []
        self._planned = 0
        self._seen: list[int] = []
        self._held: dict[str, tuple[Fault, Callable[[], None]]] = {}
        self._returning: str | None = None
        self._missing: list[Fault] = []
        self._refused: set[str] = set()
        for fault in plan.faults:
            if KINDS[fault.kind].place is Place.DELIVERY:
                self.add(fault)
        self._planned = len(self._faults)

    def add(self, fault: Fault, *, seen: int = 0) -> None:
        """Let a further fault act; its trigger counts from now on, or has `seen` so many attempts already."""
        self._faults.append(fault)
        self._seen.append(seen)

    def end(self, vendor: str) -> None:
        """Let nothing act any longer that was added about a vendor beside the plan."""
        for number, fault in enumerate(self._faults):
            if number >= self._planned and fault.trigger.vendor == vendor:
                self._seen[number] = fault.trigger.nth + fault.times

    def clear(self) -> None:
        """Let nothing act any longer; what is on its way already still comes."""
        self._faults.clear()
        self._seen.clear()
        self._planned = 0

    @property
    def withheld(self) -> bool:
        """Whether something did not arrive that will not come soon either."""
        return bool(self._missing)

    @property
    def refused(self) -> bool:
        """Whether a vendor was turned away over a fault and has not been heard since: it may try again."""
        return bool(self._refused)

    def found(self) -> None:
        """What was withheld so far is known from elsewhere."""
        self._missing.clear()

    def deliver(self, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Hand an attempt over, unless a fault has its turn; gives what the vendor hears of it."""
        returning, self._returning = self._returning, None
        self._refused.discard(vendor)
        if returning is not None:
            return hand(request, fault=returning)
        fault = self._due(vendor)
        idle = fault is not None and self.only_acts and not KINDS[fault.kind].acts
        if fault is None or idle or (fault.kind == "webhook_reorder" and vendor in self._held):
            answer = hand(request)
        else:
            answer = self._act(fault, vendor, request, hand)
        self._overtaken(vendor)
        return answer

    def _due(self, vendor: str) -> Fault | None:
        """Count the attempt for every fault that it fits, and give the first whose turn it is."""
        found: Fault | None = None
        for number, fault in enumerate(self._faults):
            if not fault.trigger.matches(vendor, ""):
                continue
            self._seen[number] += 1
            nth = fault.trigger.nth
            if found is None and nth <= self._seen[number] < nth + fault.times:
                found = fault
        return found

    def _act(self, fault: Fault, vendor: str, request: Request, hand: Hand) -> Response | None:
        match fault.kind:
            case "webhook_duplicate":
                return self._duplicate(fault, vendor, request, hand)
            case "webhook_lost":
                self._struck(fault, vendor, "it never arrived, and the vendor believes that it did")
                self._missing.append(fault)
                hand(request, fault=fault.kind, arrives=False)
                return _TAKEN
            case "webhook_tampered":
                self._struck(fault, vendor, "every number in its body was changed after it was signed")
                answer = hand(replace(request, body=_tampered(request.body)), fault=fault.kind)
                if answer is None or answer.status >= 300:  # whoever takes it has heard something, rightly or not
                    self._missing.append(fault)
                    self._refused.add(vendor)
                return answer
            case "webhook_stale":
                return self._stale(fault, vendor, request, hand)
            case "webhook_delay":
                raise PutOff(lambda again: self._delay(fault, vendor, again))
            case "webhook_reorder":
                raise PutOff(lambda again: self._hold(fault, vendor, again))
        raise HarnessFault(f"{fault.kind} is no fault of deliveries")

    def _stale(self, fault: Fault, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Somebody changes the object first, and what arrives tells a state from before. `only_acts`: what arrives is
        as it was sent, and the object is changed after it.
        """
        older, deed = hand.fake.older_news(request), hand.fake.move_on(request)
        if older is None or deed is None:
            return hand(request)
        answer = hand(request) if self.only_acts else None
        acts = deed()
        self._struck(fault, vendor, "it told the state before the latest", acts)
        return answer if self.only_acts else hand(older, fault=fault.kind)

    def _duplicate(self, fault: Fault, vendor: str, request: Request, hand: Hand) -> Response | None:
        """One copy at once, before anybody looked at the first; each further one a minute later."""
        copies = fault.amount or COPIES
        self._struck(fault, vendor, f"it came {copies + 1} times")

        def once_more() -> None:
            hand(request, fault=fault.kind)

        answer = hand(request)
        once_more()
        for number in range(1, copies):
            wait = min(_BETWEEN_COPIES * number, _LAST_COPY)
            self._after(wait, once_more, f"{vendor} webhook once more")
        return answer

    def _delay(self, fault: Fault, vendor: str, again: Callable[[], None]) -> None:
        late = timedelta(seconds=fault.amount or LATE_S)
        self._struck(fault, vendor, f"it left {late} late")
        if late > _SOON:
            self._missing.append(fault)

        def leave() -> None:
            if fault in self._missing:
                self._missing.remove(fault)
            self._return(fault.kind, again)

        self._after(late, leave, f"{vendor} webhook late")

    def _hold(self, fault: Fault, vendor: str, again: Callable[[], None]) -> None:
        held = self._held[vendor] = (fault, again)

        def leave() -> None:
            if self._held.get(vendor) is held:
                del self._held[vendor]
                self._return("", again)

        self._after(_OVERTAKEN_WITHIN, leave, f"{vendor} webhook that nothing overtook")

    def _overtaken(self, vendor: str) -> None:
        """Something of the vendor has arrived: what was held back comes after it."""
        if vendor not in self._held:
            return
        fault, again = self._held.pop(vendor)
        self._struck(fault, vendor, "it came after the one that followed it")
        self._after(_AFTERWARDS, lambda: self._return(fault.kind, again), f"{vendor} webhook out of order")

    def _return(self, kind: str, again: Callable[[], None]) -> None:
        """Let an attempt that was put off leave without a further fault; it is kept as one of this kind."""
        self._returning = kind
        try:
            again()
        finally:
            self._returning = None

    def _after(self, wait: timedelta, action: Callable[[], None], label: str) -> None:
        if self.clock is None:
            raise HarnessFault("an injector that serves no world cannot put a delivery off")
        self.clock.after(wait, action, label, awaited=True)

    def _struck(self, fault: Fault, vendor: str, told: str, acts: str = "") -> None:
        self._note(Struck(fault=fault, sequence=0, vendor=vendor, operation="", told=told, acts=acts))


def _tampered(body: bytes) -> bytes:
    """A body of the same form in which every number is another one."""
    return _LAST_DIGIT.sub(lambda found: b"%d" % ((int(found[0]) + 1) % 10), body) + (
        b"" if _LAST_DIGIT.search(body) else b" "
    )
