"""The control plane of a served world, under `/_sim/`: for people and test code in any language, never for a connector.

GET  /_sim/            who is served
GET  /_sim/clock       the world's instant and its agenda
POST /_sim/clock       {"advance_s": 60} or {"to": "2026-02-01T09:00:00Z"}
GET  /_sim/state       everything canonical in all systems
GET  /_sim/exchanges   ?after=SEQUENCE&limit=N of the exchange log
POST /_sim/operate     {"family": "crm", "actor": "sales", "act": {"type": "WinDeal", …}}
GET  /_sim/faults      what may go wrong, and what struck
POST /_sim/faults      {"plan": "error_503*2@quickbooks + reply_lost@stripe#1"}: counted from now on
DELETE /_sim/faults    nothing goes wrong any longer; what struck stays told
POST /_sim/reset       begin anew
"""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any, get_args
from urllib.parse import parse_qsl

import msgspec

from simharness.core.errors import HarnessError, UsageError
from simharness.domain.acts import Act
from simharness.domain.base import Record, decode, encode, to_builtins
from simharness.domain.exchange import Exchange, Response
from simharness.world.doors.host import WorldHost
from simharness.world.plans import read_plan

PREFIX = "/_sim/"
_MAX_EXCHANGES = 1000


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class _Move(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    advance_s: float | None = None
    to: datetime | None = None


class _Operate(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    family: str
    act: Act
    actor: str = "somebody"


class _Faults(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    plan: str


def control(host: WorldHost, method: str, path: str, query: str, body: bytes, client: str) -> Response:
    """Answer one request to the control plane; only loopback clients are served."""
    try:
        if not _is_loopback(client):
            raise _Refused(403, "the control plane answers to loopback clients only")
        action = _ACTIONS.get((method, path.removeprefix(PREFIX.rstrip("/")).removeprefix("/")))
        if action is None:
            raise _Refused(404, f"there is no {method} {path}; there are {_KNOWN}")
        return _json(200, action(host, query, body))
    except _Refused as error:
        return _json(error.status, {"error": str(error)})
    except OverflowError:
        return _json(400, {"error": "there is no such instant: the calendar ends with the year 9999"})
    except (msgspec.DecodeError, ValueError) as error:
        return _json(400, {"error": f"the request cannot be read: {error}", "see": _KNOWN})
    except HarnessError as error:
        return _json(409, {"error": str(error)})


def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


def _json(status: int, value: Any) -> Response:
    return Response(status=status, headers={"content-type": "application/json"}, body=encode(value) + b"\n")


def _about(host: WorldHost, query: str, body: bytes) -> Any:
    world = host.world
    return {
        "now": world.clock.now,
        "exchanges": len(world.exchange_log),
        "systems": {family: fake.vendor for family, fake in world.fakes.items()},
    }


def _clock(host: WorldHost, query: str, body: bytes) -> Any:
    agenda = [{"at": at, "what": label} for at, label in host.world.clock.pending()]
    return {"now": host.world.clock.now, "agenda": agenda}


def _move(host: WorldHost, query: str, body: bytes) -> Any:
    move = decode(body, _Move)
    if (move.advance_s is None) == (move.to is None):
        raise _Refused(400, 'say either {"advance_s": seconds} or {"to": instant}')
    if move.to is not None:
        if move.to.tzinfo is None:
            raise _Refused(400, "the instant needs a time zone, for example 2026-02-01T09:00:00Z")
        if move.to < host.world.clock.now:
            raise _Refused(409, f"time does not go back: it is {host.world.clock.now.isoformat()}")
        host.world.advance_to(move.to)
    elif move.advance_s is not None:
        if move.advance_s < 0:
            raise _Refused(409, "time does not go back")
        host.world.advance(timedelta(seconds=move.advance_s))
    return _clock(host, query, body)


def _state(host: WorldHost, query: str, body: bytes) -> Any:
    return host.world.snapshot()


def _exchanges(host: WorldHost, query: str, body: bytes) -> Any:
    asked = dict(parse_qsl(query))
    after, limit = int(asked.get("after", "0")), int(asked.get("limit", "100"))
    if after < 0 or not 0 < limit <= _MAX_EXCHANGES:
        raise _Refused(400, f"after is a sequence number, limit is 1 to {_MAX_EXCHANGES}")
    log = host.world.exchange_log
    chosen = list(islice(log, after, after + limit))
    return {"total": len(log), "exchanges": [_readable(exchange, log.bodies(exchange)) for exchange in chosen]}


def _readable(exchange: Exchange, bodies: tuple[bytes, bytes]) -> Any:
    """An exchange for people: bodies as text where they are text, else how many bytes they have."""
    told = to_builtins(exchange)
    for part, body in zip(("request", "response"), bodies, strict=True):
        if body:
            told[part]["body"] = _text(body)
    return told


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are no text"


def _operate(host: WorldHost, query: str, body: bytes) -> Any:
    try:
        asked = decode(body, _Operate)
    except msgspec.ValidationError as error:
        if not str(error).endswith("`$.act.type`"):
            raise
        raise _Refused(400, f"the request cannot be read: {error}; {_nearest_acts(body)}") from error
    return {"events": host.world.operate(asked.family, asked.act, asked.actor)}


def _nearest_acts(body: bytes) -> str:
    """The acts whose names are most like the one that was asked for."""
    word = str(msgspec.json.decode(body)["act"].get("type", ""))
    names = [kind.__name__ for kind in get_args(Act)]
    close = difflib.get_close_matches(word, names, n=3) or sorted(names)
    return f"{'did you mean' if len(close) <= 3 else 'there are'} {', '.join(close)}"


def _faults(host: WorldHost, query: str, body: bytes) -> Any:
    struck = [{**to_builtins(each), "fault": str(each.fault)} for each in host.world.struck]
    return {"faults": [str(fault) for fault in host.world.faults], "struck": struck}


def _add_faults(host: WorldHost, query: str, body: bytes) -> Any:
    try:
        plan = read_plan(decode(body, _Faults).plan, host.world.fakes.values(), has_connector=False)
    except UsageError as error:
        raise _Refused(400, str(error)) from error
    for fault in plan.faults:
        host.world.add_fault(fault)
    return _faults(host, query, body)


def _clear_faults(host: WorldHost, query: str, body: bytes) -> Any:
    host.world.clear_faults()
    return _faults(host, query, body)


def _reset(host: WorldHost, query: str, body: bytes) -> Any:
    host.reset()
    return _about(host, query, body)


_Action = Callable[[WorldHost, str, bytes], Any]
_ACTIONS: MappingProxyType[tuple[str, str], _Action] = MappingProxyType(
    {
        ("GET", ""): _about,
        ("GET", "clock"): _clock,
        ("POST", "clock"): _move,
        ("GET", "state"): _state,
        ("GET", "exchanges"): _exchanges,
        ("POST", "operate"): _operate,
        ("GET", "faults"): _faults,
        ("POST", "faults"): _add_faults,
        ("DELETE", "faults"): _clear_faults,
        ("POST", "reset"): _reset,
    }
)
_KNOWN = ", ".join(f"{method} {PREFIX}{path}" for method, path in _ACTIONS)
