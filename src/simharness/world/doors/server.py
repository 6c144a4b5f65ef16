"""The socket door's server: uvicorn in a thread of its own, a port a fake and one shared port routed by `Host`."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from simharness.core.errors import HarnessFault, UsageError
from simharness.world.doors.asgi import TRANSPORT, Connection, Receive, Scope, Send, SocketDoor
from simharness.world.doors.host import WorldHost

_START_TIMEOUT_S = 10.0
_POLL_S = 0.01


class SeamProtocol(H11Protocol):
    """uvicorn's HTTP protocol with the connection put into the ASGI scope: the seam through which answers get lost."""

    def connection_made(self, transport: Any) -> None:
        """Remember the connection for every request that comes over it."""
        connection = Connection(transport)
        super().connection_made(cast("asyncio.Transport", connection))
        inner = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = connection
            await inner(scope, receive, send)

        self.app = with_transport


class Served:
    """A world on real sockets, loopback only. Use as a context manager; `urls` maps vendor to base URL.

    `ports` asks for fixed ports by vendor (0 or absent: any free one); `shared_port` (None: none) routes by `Host`.
    Raises `UsageError` when a port is taken.
    """

    def __init__(
        self,
        host: WorldHost,
        *,
        ports: Mapping[str, int] | None = None,
        shared_port: int | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self._host = host
        self._doors: list[tuple[socket.socket, SocketDoor]] = []
        self.urls: dict[str, str] = {}
        self.shared_url = ""
        try:
            for family, fake in host.world.fakes.items():
                bound = _bind(address, (ports or {}).get(fake.vendor, 0))
                self._doors.append((bound, SocketDoor(host, family)))
                self.urls[fake.vendor] = _url(bound)
            if shared_port is not None:
                bound = _bind(address, shared_port)
                self._doors.append((bound, SocketDoor(host)))
                self.shared_url = _url(bound)
        except BaseException:
            self._close_sockets()
            raise
        self._servers = [uvicorn.Server(settings(door)) for _, door in self._doors]
        self._thread = threading.Thread(target=self._run, name="simharness-doors", daemon=True)

    def __enter__(self) -> Served:
        """Start serving; returns when every port answers."""
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(_START_TIMEOUT_S / _POLL_S)):
            if all(server.started for server in self._servers):
                return self
            if not self._thread.is_alive():
                break
            waited.wait(_POLL_S)
        self._stop()
        raise HarnessFault("the doors of the world did not open")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every port."""
        self._stop()

    def _run(self) -> None:
        async def serve() -> None:
            pairs = zip(self._servers, self._doors, strict=True)
            await asyncio.gather(*(server.serve(sockets=[bound]) for server, (bound, _) in pairs))

        asyncio.run(serve())

    def _stop(self) -> None:
        for server in self._servers:
            server.should_exit = True
            server.force_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout=_START_TIMEOUT_S)
        self._close_sockets()

    def _close_sockets(self) -> None:
        for bound, _ in self._doors:
            bound.close()


def settings(app: Callable[..., Any]) -> uvicorn.Config:
    """How the server serves an application."""
    return uvicorn.Config(
        app,
        http=SeamProtocol,
        loop="asyncio",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )


def _bind(address: str, port: int) -> socket.socket:
    # Only for a socket that names its protocol does asyncio switch Nagle's algorithm off; with it, an answer that is
    # sent in two parts waits forty milliseconds for the client's acknowledgement.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
        bound.listen(256)
    except (OSError, OverflowError) as error:
        bound.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        what = "is in use" if taken else f"cannot be used: {error}"
        raise UsageError(
            f"port {port} of {address} {what}", mend="choose another port, or 0 for any free one"
        ) from error
    return bound


def _url(bound: socket.socket) -> str:
    address, port = bound.getsockname()[:2]
    return f"http://{address}:{port}"
