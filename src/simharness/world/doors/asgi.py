"""The socket door as an ASGI application: carries requests into a world and enacts deliveries on the
real connection.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from simharness.domain.exchange import DeliveryKind, Outcome, Request
from simharness.world.doors.control import PREFIX, control
from simharness.world.doors.host import WorldHost

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Where the protocol puts the connection, so that an answer can be lost for real.
TRANSPORT = "simharness.transport"


#: What ends without a whole answer.
_UNFINISHED = frozenset({DeliveryKind.LOST, DeliveryKind.RESET_BEFORE, DeliveryKind.CUT_AT, DeliveryKind.NO_ANSWER})


class Connection:
    """The connection of a client. Between `hold` and `release` what is written is kept, then sent in one piece."""

    __slots__ = ("_held", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None

    def write(self, data: bytes) -> None:
        """Send, or keep what is to be sent together."""
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def hold(self) -> None:
        """Keep what is written from now on."""
        self._held = []

    def release(self) -> None:
        """Send what was kept."""
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))

    def close(self) -> None:
        """Send what was kept, then close."""
        self.release()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class SocketDoor:
    """One port of a served world: one family's fake, or (without a family) every fake by the `Host` header."""

    def __init__(self, host: WorldHost, family: str = "") -> None:
        self._host = host
        self._family = family

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if scope["path"].startswith(PREFIX) or scope["path"] == PREFIX.rstrip("/"):
            client = scope.get("client") or ("", 0)
            answer = control(
                self._host, scope["method"], scope["path"], scope["query_string"].decode(), body, client[0]
            )
            await _complete(send, answer.status, answer.headers, answer.body)
            return
        world = self._host.world
        request = _request(scope, body)
        fake = world.fake(self._family) if self._family else None
        outcome = world.exchange(request, fake=fake)
        if outcome is None:
            hint = f"no system of this world answers to the host name {request.host!r}\n".encode()
            await _complete(send, 421, {"content-type": "text/plain"}, hint)
            return
        await self._enact(outcome, scope, receive, send)

    async def _enact(self, outcome: Outcome, scope: Scope, receive: Receive, send: Send) -> None:
        delivery, response = outcome.delivery, outcome.response
        transport: Connection | None = scope.get(TRANSPORT)
        if delivery.kind is DeliveryKind.AFTER:
            # Whoever is on the other side of a real connection waits in real seconds.
            if await _left_within(delivery.delay.total_seconds(), receive):
                return
            self._host.world.advance(delivery.delay)
        if transport is None:
            await _complete(send, response.status, response.headers, response.body)
        elif delivery.kind in (DeliveryKind.COMPLETE, DeliveryKind.AFTER):
            transport.hold()
            await _complete(send, response.status, response.headers, response.body)
            transport.release()
        elif delivery.kind is DeliveryKind.LOST:
            transport.close()
        elif delivery.kind is DeliveryKind.RESET_BEFORE:
            _reset(transport)
        elif delivery.kind is DeliveryKind.CUT_AT:
            await _cut(send, outcome)
            transport.close()
        if transport is not None and delivery.kind in _UNFINISHED:
            # Whoever returns while the connection stands is taken by the server for an application that failed.
            await _wait_for_disconnect(receive)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    return Request(
        method=scope["method"],
        host=headers.get("host", ""),
        path=raw_path.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def _head(headers: Any, length: int) -> list[tuple[bytes, bytes]]:
    head = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return [*head, (b"content-length", str(length).encode())]


async def _complete(send: Send, status: int, headers: Any, body: bytes) -> None:
    head = _head(headers, len(body)) if status not in (204, 304) else _head(headers, 0)[:-1]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": b"" if status in (204, 304) else body})


async def _cut(send: Send, outcome: Outcome) -> None:
    response = outcome.response
    head = _head(response.headers, len(response.body))
    await send({"type": "http.response.start", "status": response.status, "headers": head})
    part = response.body[: outcome.delivery.cut_bytes]
    await send({"type": "http.response.body", "body": part, "more_body": True})


def _reset(transport: Connection) -> None:
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Hold an answer back for a while; whether the client went away meanwhile."""
    try:
        await asyncio.wait_for(_wait_for_disconnect(receive), seconds)
    except TimeoutError:
        return False
    return True


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
