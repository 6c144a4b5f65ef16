"""How each kind of the wire acts on one exchange: what the vendor does, what travels back, what it did to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec.structs import replace

from simharness.core.clock import Clock
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault, Trigger
from simharness.fakekit.auth import Credential
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.behind import Behind
from simharness.fakekit.faults.standing import Condition, Down
from simharness.fakekit.faults.turns import next_turn
from simharness.fakekit.problems import Forbidden, Throttled, Trouble

#: How long a vendor asks to wait that is asked too often, and how long a slow one takes.
RETRY_AFTER_S = 7
SLOW_S = 3
#: How long a vendor is not there, where a plan says nothing.
OUTAGE_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a fault acts: the fake, the request, the clock with the zone of its calendar, how the world is moved on,
    and how a condition is set that meets what comes later. `answer` lets the vendor answer, as the conditions leave it
    that stand already.
    """

    fake: Fake
    request: Request
    fault: Fault
    clock: Clock
    advance_to: Callable[[datetime], None]
    stand: Callable[[Condition], None]
    answer: Callable[[], Outcome]
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What came of it: the outcome, and what was done to the world itself in words."""

    outcome: Outcome
    acts: str = ""


Act = Callable[[Edge], Effect | None]


def act_alone(edge: Edge) -> Effect | None:
    """Do to the world what a fault would do to it, after the exchange and without the fault: what a run with the fault
    is compared with. None for a kind that does nothing to the world, or that cannot meet the request.
    """
    fake, request = edge.fake, edge.request
    deed = {"conflict": fake.meddle, "page_shift": fake.shift_page}.get(edge.fault.kind, _nothing)(request)
    if edge.fault.kind != "clock_jump" and deed is None:
        return None
    outcome = edge.answer()
    acts = deed() if deed is not None else _jump(edge)
    return Effect(outcome=outcome, acts=acts)


def _nothing(request: Request) -> None:
    del request


def _delivered(kind: DeliveryKind) -> Act:
    def act(edge: Edge) -> Effect:
        response = edge.answer().response
        delivery = Delivery(kind=kind, cut_bytes=len(response.body) // 2)
        return Effect(outcome=Outcome(response=response, delivery=delivery))

    return act


def _never_arrived(kind: DeliveryKind) -> Act:
    def act(edge: Edge) -> Effect:
        response = Response(status=503, notes=edge.fake.notes_of(edge.request))
        return Effect(outcome=Outcome(response=response, delivery=Delivery(kind=kind)))

    return act


def _trouble(status: int, *, committed: bool = False) -> Act:
    def act(edge: Edge) -> Effect:
        done = edge.answer().response if committed else None
        response = edge.fake.fail(Trouble(status=status), edge.request)
        if done is not None:
            response = replace(response, notes=done.notes)
            edge.fake.answered_instead(response)
        return Effect(outcome=Outcome(response=response))

    return act


def _throttled(*, told: bool) -> Act:
    def act(edge: Edge) -> Effect:
        wait_s = edge.fault.amount or RETRY_AFTER_S
        response = edge.fake.fail(Throttled(limit="", retry_after_s=wait_s), edge.request)
        headers = {name: value for name, value in response.headers.items() if name.lower() != "retry-after"}
        if told:
            headers["retry-after"] = str(wait_s)
        return Effect(outcome=Outcome(response=replace(response, headers=headers)))

    return act


def _token_expired(edge: Edge) -> Effect | None:
    fake, operation = edge.fake, edge.fake.operation_for(edge.request)
    if _immune(edge) or operation is None or operation.open:
        return None
    if not isinstance(fake.authenticate(edge.request, operation), Credential):
        return None
    fake.expire_tokens()
    if isinstance(fake.authenticate(edge.request, operation), Credential):
        return None  # a key that does not expire opens this operation
    return Effect(outcome=edge.answer())


def _forbidden(edge: Edge) -> Effect | None:
    operation = edge.fake.operation_for(edge.request)
    if _immune(edge) or operation is None or operation.open:
        return None
    scope = edge.fake.scope_of(operation, edge.request) or operation.id
    return Effect(outcome=Outcome(response=edge.fake.fail(Forbidden(scope=scope), edge.request)))


def _conflict(edge: Edge) -> Effect | None:
    deed = None if _immune(edge) else edge.fake.meddle(edge.request)
    if deed is None:
        return None
    acts = deed()
    return Effect(outcome=edge.answer(), acts=acts)


def _stale_read(edge: Edge) -> Effect | None:
    if _immune(edge) or not edge.fake.lags(edge.request):
        return None
    span = timedelta(seconds=edge.fault.amount) if edge.fault.amount else edge.fake.stale_for
    behind = Behind(_of_vendor(edge, edge.fault.amount), edge.clock.now, span)
    edge.stand(behind)
    outcome = behind.before(edge.fake, edge.request, edge.clock.now)
    return Effect(outcome=outcome) if outcome is not None else None


def _partial_batch(edge: Edge) -> Effect | None:
    answer = None if _immune(edge) else edge.fake.partly(edge.request)
    return None if answer is None else Effect(outcome=Outcome(response=answer()))


def _slow(edge: Edge) -> Effect:
    response = edge.answer().response
    delay = timedelta(seconds=edge.fault.amount or SLOW_S)
    return Effect(outcome=Outcome(response=response, delivery=Delivery(kind=DeliveryKind.AFTER, delay=delay)))


def _page_shift(edge: Edge) -> Effect | None:
    deed = None if _immune(edge) else edge.fake.shift_page(edge.request)
    if deed is None:
        return None
    acts = deed()
    return Effect(outcome=edge.answer(), acts=acts)


def _outage(edge: Edge) -> Effect | None:
    down = Down(_of_vendor(edge, edge.fault.amount or OUTAGE_S), edge.clock.now)
    edge.stand(down)
    outcome = down.before(edge.fake, edge.request, edge.clock.now)
    return Effect(outcome=outcome) if outcome is not None else None


def _clock_jump(edge: Edge) -> Effect | None:
    if edge.fake.ends_by(edge.request, next_turn(edge.clock.now, edge.zone).at):
        return None  # nobody but a person could go on: that is no matter of the calendar
    acts = _jump(edge)
    return Effect(outcome=edge.answer(), acts=acts)


def _jump(edge: Edge) -> str:
    turn = next_turn(edge.clock.now, edge.zone)
    edge.advance_to(turn.at)
    return f"time went on to {turn.at:%Y-%m-%dT%H:%MZ}, when {turn.what}"


def _immune(edge: Edge) -> bool:
    return edge.fault.kind in edge.fake.immune


def _of_vendor(edge: Edge, amount: int) -> Fault:
    """The fault as a condition of its vendor, whatever call it struck first."""
    return replace(edge.fault, trigger=Trigger(vendor=edge.fake.vendor), amount=amount)


#: The kinds of the wire. One whose hook a fake does not have passes the request through and did not strike.
ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "reply_lost": _delivered(DeliveryKind.LOST),
        "reply_truncated": _delivered(DeliveryKind.CUT_AT),
        "timeout_after_commit": _delivered(DeliveryKind.NO_ANSWER),
        "timeout_before_commit": _never_arrived(DeliveryKind.NO_ANSWER),
        "reset_before": _never_arrived(DeliveryKind.RESET_BEFORE),
        "error_500_after_commit": _trouble(500, committed=True),
        "error_500": _trouble(500),
        "error_502": _trouble(502),
        "error_503": _trouble(503),
        "throttled": _throttled(told=True),
        "throttled_silent": _throttled(told=False),
        "token_expired": _token_expired,
        "forbidden": _forbidden,
        "conflict": _conflict,
        "stale_read": _stale_read,
        "partial_batch": _partial_batch,
        "slow": _slow,
        "page_shift": _page_shift,
        "outage": _outage,
        "clock_jump": _clock_jump,
    }
)
