"""A request with its outcome: what went over the wire between the connector and a vendor.

Header names are lower case. Bodies are the bytes of the wire.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta

from simharness.domain.base import Record

#: The response header that says loudly that an operation, field or parameter is not modelled (with status 501).
UNMODELLED = "x-simharness-unmodelled"


class Request(Record, frozen=True, kw_only=True):
    """One HTTP request as a door received it; `query` is the raw text after `?`, `path` is still percent-encoded."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Notes(Record, frozen=True, kw_only=True):
    """What a fake knows about the request beside its answer; never on the wire.

    `scope` is what the operation asks a key for, `lacks` the scope for want of which it was refused. `again` says of a
    refusal when the request may be sent again: `stale` after a look at the object, `later` after a while, "" by status.
    """

    operation: str = ""
    actor: str = ""
    inert: tuple[str, ...] = ()
    unmodelled: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    idempotency_key: str = ""
    replayed: bool = False
    scope: str = ""
    lacks: str = ""
    again: str = ""


class Response(Record, frozen=True, kw_only=True):
    """One HTTP response as the fake means it; `notes` stay in the record of the run."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""
    notes: Notes = Notes()


#: What `Notes.again` says: the object is another by now; somebody holds a lock, or a limit is reached.
STALE, LATER = "stale", "later"


class DeliveryKind(enum.Enum):
    """What becomes of a response on its way to the connector."""

    COMPLETE = "complete"
    LOST = "lost"
    RESET_BEFORE = "reset_before"
    CUT_AT = "cut_at"
    NO_ANSWER = "no_answer"
    AFTER = "after"


class Delivery(Record, frozen=True, kw_only=True):
    """How a response travels: complete, lost, cut after `cut_bytes` of the body, or complete after `delay`."""

    kind: DeliveryKind = DeliveryKind.COMPLETE
    cut_bytes: int = 0
    delay: timedelta = timedelta(0)


COMPLETE = Delivery()


class Outcome(Record, frozen=True, kw_only=True):
    """Response plus delivery: what a door has to enact. `fault` is the kind of fault that acted, "" for none."""

    response: Response
    delivery: Delivery = COMPLETE
    fault: str = ""


class Exchange(Record, frozen=True, kw_only=True):
    """One line of the exchange log. `vendor` is empty and `outside` true when the host belongs to no fake of the world.

    `sequence` counts from 1 over the whole run; `at` is virtual time. Spilled bodies are empty here and named in
    `spilled`. `fault` is the kind of fault that acted on it, "" for none.
    """

    sequence: int
    at: datetime
    vendor: str
    request: Request
    response: Response | None
    delivery: Delivery = COMPLETE
    outside: bool = False
    client: str = "connector"
    spilled: str = ""
    fault: str = ""
