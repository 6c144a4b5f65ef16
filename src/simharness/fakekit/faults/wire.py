"""How each kind of the wire acts on one exchange: what the vendor does, what travels back, what it did to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from simharness.core.clock import Clock
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault
from simharness.fakekit.fake import Fake
from simharness.fakekit.problems import Forbidden, Throttled, Trouble

#: How long a vendor asks to wait that is asked too often, and how long a slow one takes.
RETRY_AFTER_S = 7
SLOW_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a fault acts: the fake, the request, the clock, and how the world is moved on."""

    fake: Fake
    request: Request
    fault: Fault
    clock: Clock
    advance_to: Callable[[datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What came of it: the outcome, and what was done to the world itself in words."""

    outcome: Outcome
    acts: str = ""


def _delivered(kind: DeliveryKind) -> Callable[[Edge], Effect]:
    def act(edge: Edge) -> Effect:
        response = edge.fake.handle(edge.request)
        delivery = Delivery(kind=kind, cut_bytes=len(response.body) // 2)
        return Effect(outcome=Outcome(response=response, delivery=delivery))

    return act


def _never_arrived(kind: DeliveryKind) -> Callable[[Edge], Effect]:
    def act(edge: Edge) -> Effect:
        return Effect(outcome=Outcome(response=Response(status=503), delivery=Delivery(kind=kind)))

    return act


def _trouble(status: int, *, committed: bool = False) -> Callable[[Edge], Effect]:
    def act(edge: Edge) -> Effect:
        if committed:
            edge.fake.handle(edge.request)
        response = edge.fake.fail(Trouble(status=status), edge.request)
        if committed:
            edge.fake.answered_instead(response)
        return Effect(outcome=Outcome(response=response))

    return act


def _throttled(*, told: bool) -> Callable[[Edge], Effect]:
    def act(edge: Edge) -> Effect:
        wait_s = edge.fault.amount or RETRY_AFTER_S
        response = edge.fake.fail(Throttled(limit="fault", retry_after_s=wait_s), edge.request)
        headers = {name: value for name, value in response.headers.items() if name.lower() != "retry-after"}
        if told:
            headers["retry-after"] = str(wait_s)
        return Effect(outcome=Outcome(response=msgspec.structs.replace(response, headers=headers)))

    return act


def _token_expired(edge: Edge) -> Effect:
    edge.fake.expire_tokens()
    return Effect(outcome=Outcome(response=edge.fake.handle(edge.request)))


def _forbidden(edge: Edge) -> Effect:
    return Effect(outcome=Outcome(response=edge.fake.fail(Forbidden(scope="fault"), edge.request)))


def _slow(edge: Edge) -> Effect:
    response = edge.fake.handle(edge.request)
    delay = timedelta(seconds=edge.fault.amount or SLOW_S)
    return Effect(outcome=Outcome(response=response, delivery=Delivery(kind=DeliveryKind.AFTER, delay=delay)))


#: The kinds of the wire. One whose hook a fake does not have passes the request through and did not strike.
ACTS: Mapping[str, Callable[[Edge], Effect | None]] = MappingProxyType(
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
        "slow": _slow,
    }
)
