"""The kinds of faults: what the connector sees, what the vendor did, and what each may change in the end.

Two columns decide about the judgement of a case: `acts` (the kind does something to the world itself, so that the
baseline is the clean run with that act in it), and `survivable` (whether the connector can still succeed; where it can
not, the item must end rejected, listed and alerted, and nothing half-written).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from simharness.domain.base import Record


class Place(enum.Enum):
    """Where a kind acts."""

    WIRE = "wire"
    DELIVERY = "delivery"
    PROCESS = "process"


class Target(enum.Enum):
    """Which calls a kind can meet at all: it is not placed elsewhere, since it could not differ from no fault there."""

    ANY = "any call"
    WRITE = "calls that write"
    READ = "calls that read"
    PAGED = "reads that give pages"
    BATCH = "batches"
    UPDATE = "updates of an object that has a version"
    DELIVERY = "deliveries"


class FaultKind(Record, frozen=True, kw_only=True):
    """One kind. `committed`: whether the vendor did what was asked, None where that is no question. `takes`: what there
    has to be so that it can strike at all, where its target does not say so.
    """

    name: str
    place: Place
    target: Target
    sees: str
    committed: bool | None = None
    acts: bool = False
    survivable: bool = True
    takes: str = ""


_WIRE, _DELIVERY, _PROCESS = Place.WIRE, Place.DELIVERY, Place.PROCESS
_ANY, _WRITE, _READ = Target.ANY, Target.WRITE, Target.READ


#: What a delivery that suffers has to be.
_THAT_MANY = "as many deliveries of the vendor as its number says"
_FOLLOWED = (
    "two deliveries of the vendor under way at once: a second one within five minutes, while the first one waits"
)
_OF_A_STATE = "news that tells the state of an object which had another one before, and is still there"


def _kind(name: str, place: Place, target: Target, sees: str, **more: bool | str | None) -> FaultKind:
    return FaultKind(name=name, place=place, target=target, sees=sees, **more)  # type: ignore[arg-type]  # survivable and acts are no None


_ALL = (
    _kind("reply_lost", _WIRE, _ANY, "connection closed without an answer", committed=True),
    _kind("reply_truncated", _WIRE, _ANY, "headers and half a body, then closed", committed=True),
    _kind("timeout_after_commit", _WIRE, _WRITE, "nothing until its own timeout", committed=True),
    _kind("timeout_before_commit", _WIRE, _ANY, "nothing until its own timeout", committed=False),
    _kind("reset_before", _WIRE, _ANY, "connection reset", committed=False),
    _kind("error_500_after_commit", _WIRE, _WRITE, "the vendor's own 500", committed=True),
    _kind("error_500", _WIRE, _ANY, "the vendor's own 500", committed=False),
    _kind("error_502", _WIRE, _ANY, "the vendor's own 502", committed=False),
    _kind("error_503", _WIRE, _ANY, "the vendor's own 503", committed=False),
    _kind("throttled", _WIRE, _ANY, "429 in the vendor's form with Retry-After", committed=False),
    _kind("throttled_silent", _WIRE, _ANY, "429 in the vendor's form without Retry-After", committed=False),
    _kind("token_expired", _WIRE, _ANY, "401 in the vendor's form until refreshed", committed=False),
    _kind("forbidden", _WIRE, _ANY, "403, scope missing", committed=False, survivable=False),
    _kind("conflict", _WIRE, Target.UPDATE, "the object changed under it", committed=False, acts=True),
    _kind("stale_read", _WIRE, _READ, "a list or search that misses the latest writes for a while"),
    _kind("partial_batch", _WIRE, Target.BATCH, "some items of a batch succeed, others fail"),
    _kind("slow", _WIRE, _ANY, "the answer after some seconds", committed=True),
    _kind("page_shift", _WIRE, Target.PAGED, "an item inserted or removed between two pages", acts=True),
    _kind("outage", _WIRE, _ANY, "everything of one vendor fails for a while", committed=False),
    _kind("clock_jump", _WIRE, _ANY, "month end, DST or year end passes between two calls", committed=True, acts=True),
    _kind("crash_before", _PROCESS, _ANY, "it is killed before the call and restarted", committed=False),
    _kind("crash_after", _PROCESS, _ANY, "it is killed after the call and restarted", committed=True),
    _kind("webhook_duplicate", _DELIVERY, Target.DELIVERY, "the same delivery again", takes=_THAT_MANY),
    _kind("webhook_reorder", _DELIVERY, Target.DELIVERY, "a delivery after the one that follows it", takes=_FOLLOWED),
    _kind("webhook_delay", _DELIVERY, Target.DELIVERY, "a delivery late", takes=_THAT_MANY),
    _kind("webhook_lost", _DELIVERY, Target.DELIVERY, "no delivery at all", takes=_THAT_MANY),
    _kind(
        "webhook_stale",
        _DELIVERY,
        Target.DELIVERY,
        "a delivery older than what its object says now",
        acts=True,
        takes=_OF_A_STATE,
    ),
    _kind(
        "webhook_tampered", _DELIVERY, Target.DELIVERY, "a delivery whose body is not what was signed", takes=_THAT_MANY
    ),
)

#: Every kind by its name, in the order of the table.
KINDS: Mapping[str, FaultKind] = MappingProxyType({kind.name: kind for kind in _ALL})


def it_takes(kinds: Iterable[str]) -> str:
    """What there would have to be so that faults of these kinds strike, in words that follow what they did not do; ""
    where their targets say it all.
    """
    told = dict.fromkeys(KINDS[name].takes for name in kinds if name in KINDS)
    return "".join(f"; it takes {each}" for each in told if each)


#: What lasts from an instant on, as only a story sets it: no case is placed at a call of these.
CONDITIONS: Mapping[str, FaultKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _kind("quota", _WIRE, _ANY, "429 with Retry-After above so many requests in a window", committed=False),
            _kind(
                "credentials_refused", _WIRE, _ANY, "credentials that were revoked", committed=False, survivable=False
            ),
            _kind("malformed", _WIRE, _READ, "a record with a value that cannot be read", survivable=False),
        )
    }
)
