"""The in-process door: an httpx transport, synchronous and asynchronous from one implementation."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType

import httpx

from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request
from simharness.world.world import World

#: httpx waits this long if the client sets no timeout of its own.
_PATIENCE_S = 5.0

_BROKEN = MappingProxyType(
    {
        DeliveryKind.LOST: (httpx.RemoteProtocolError, "server disconnected without sending a response"),
        DeliveryKind.RESET_BEFORE: (httpx.ConnectError, "connection reset by peer"),
    }
)


class Fenced(httpx.TransportError):
    """The connector that holds this transport was killed; nothing it does reaches the world any more."""


class WorldTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Carries httpx requests into a world and enacts how the answer is delivered.

    A host outside the world is recorded and refused as a failed connection. An answer that never comes moves the
    world's clock by the client's own read timeout.
    """

    def __init__(self, world: World, *, client: str = "connector") -> None:
        self._world = world
        self._client = client
        self._fenced = False

    @property
    def fenced(self) -> bool:
        """Whether the connector behind it was killed."""
        return self._fenced

    def fence(self) -> None:
        """Refuse every later call, and give no answer to one that is under way."""
        self._fenced = True

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request synchronously."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request for an asynchronous client; the world itself never waits."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        if self._fenced:
            raise Fenced("this connector was killed", request=request)
        outcome = self._world.exchange(as_request(request, body), client=self._client)
        if self._fenced:  # it was killed while it waited for this answer
            raise Fenced("this connector was killed", request=request)
        if outcome is None:
            raise httpx.ConnectError(f"no system of this world answers at {request.url.host}", request=request)
        return self._deliver(request, outcome)

    def _deliver(self, request: httpx.Request, outcome: Outcome) -> httpx.Response:
        delivery, response = outcome.delivery, outcome.response
        if delivery.kind is not DeliveryKind.COMPLETE:
            self._disturb(request, delivery, response.body)
        # httpx takes bytes as they are and would encode texts one by one.
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers.items()]
        if response.body and "content-length" not in response.headers:
            headers.append((b"Content-Length", b"%d" % len(response.body)))
        # As a stream the body is read once, by the client, like one that comes over a connection.
        return httpx.Response(response.status, headers=headers, stream=httpx.ByteStream(response.body), request=request)

    def _disturb(self, request: httpx.Request, delivery: Delivery, content: bytes) -> None:
        """Raise what a client meets whose answer does not come whole, or let the time pass until it comes."""
        if delivery.kind in _BROKEN:
            kind, message = _BROKEN[delivery.kind]
            raise kind(message, request=request)
        patience = _patience(request)
        if delivery.kind is DeliveryKind.NO_ANSWER or _too_late(delivery, patience):
            self._world.advance(patience)
            raise httpx.ReadTimeout("the read operation timed out", request=request)
        if delivery.kind is DeliveryKind.AFTER:
            self._world.advance(delivery.delay)
        if delivery.kind is DeliveryKind.CUT_AT:
            got = min(delivery.cut_bytes, len(content))
            raise httpx.RemoteProtocolError(
                f"peer closed connection without sending complete message body (received {got} bytes, "
                f"expected {len(content)})",
                request=request,
            )


def as_request(request: httpx.Request, body: bytes) -> Request:
    """An httpx request as the world reads it."""
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = dict(_texts(tuple(request.headers.raw)))
    return Request(
        method=request.method, host=request.url.host, path=path or "/", query=query, headers=headers, body=body
    )


@lru_cache(maxsize=512)
def _texts(raw: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    # A client sends the same few headers again and again.
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)


def _patience(request: httpx.Request) -> timedelta:
    timeout_s = request.extensions.get("timeout", {}).get("read")
    return timedelta(seconds=_PATIENCE_S if timeout_s is None else timeout_s)


def _too_late(delivery: Delivery, patience: timedelta) -> bool:
    return delivery.kind is DeliveryKind.AFTER and delivery.delay > patience
