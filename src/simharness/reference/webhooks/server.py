"""A small HTTP server that hands webhooks to the connector, for those who have no web server of their own.

It speaks plain HTTP and listens where it is told to: put whatever ends TLS in front of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from simharness.reference.errors import ConfigurationError

#: Hands over method, path, headers (lower case) and body; gives status, headers and body of the answer.
Deliver = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

#: No vendor's webhook is longer; whatever is, is refused unread.
LONGEST = 1_000_000
#: A client that says nothing for so many seconds is hung up on.
_PATIENCE_S = 10


@contextmanager
def listening(address: str, deliver: Deliver, heard: Callable[[], None]) -> Iterator[str]:
    """Listen at `HOST:PORT` (port 0: any that is free) until the end of the block; gives the address. `heard` is called
    after every webhook that was taken.

    Raises `ConfigurationError` for an address that cannot be listened at.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigurationError(
            f"{address!r} is no address to listen at", where="CONNECTOR_WEBHOOK_BIND", mend="write 127.0.0.1:8090"
        )

    class Handler(_Handler):
        """The handler of this server."""

    Handler.deliver, Handler.heard = staticmethod(deliver), staticmethod(heard)
    try:
        server = ThreadingHTTPServer((host, int(port)), Handler)
    except (OSError, OverflowError) as error:
        raise ConfigurationError(f"cannot listen at {address}: {error}", where="CONNECTOR_WEBHOOK_BIND") from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="webhooks", daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    deliver: Deliver
    heard: Callable[[], None]
    timeout = _PATIENCE_S
    server_version, sys_version = "webhooks", ""

    def do_POST(self) -> None:
        """A webhook, most likely."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._answer(411, {}, b"")
        elif int(length) > LONGEST:
            self._answer(413, {}, b"")
        else:
            self._deliver(self.rfile.read(int(length)))

    def do_GET(self) -> None:
        """Nothing is shown here."""
        self._deliver(b"")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what is taken and what is refused is evidence, not a line on a screen."""

    def _deliver(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answered, content = self.deliver(self.command, self.path, headers, body)
        self._answer(status, answered, content)
        if status < 300:
            self.heard()

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
