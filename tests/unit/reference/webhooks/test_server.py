"""The connector's own door for webhooks hands over what is posted, and nothing that it would have to hold in memory."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import httpx
import pytest

from simharness.reference.errors import ConfigurationError
from simharness.reference.webhooks.server import LONGEST, listening


class App:
    """Keeps what it is handed and answers with a teapot to whoever asks for one."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, str, bytes]] = []
        self.rung = 0

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        self.got.append((method, path, headers.get("x-signature", ""), body))
        return (418, {"x-kind": "tea"}, b"short") if path == "/pot" else (200, {}, b"")

    def ring(self) -> None:
        self.rung += 1


def test_what_is_posted_is_handed_over_byte_by_byte_and_what_is_taken_rings() -> None:
    app = App()
    with listening("127.0.0.1:0", app.deliver, app.ring) as address:
        taken = httpx.post(f"http://{address}/hook?x=1", content=b'{"a": 1}\n', headers={"X-Signature": "s"})
        refused = httpx.post(f"http://{address}/pot", content=b"")
    assert (taken.status_code, refused.status_code) == (200, 418)
    assert (refused.headers["x-kind"], refused.content) == ("tea", b"short")
    assert app.got == [("POST", "/hook?x=1", "s", b'{"a": 1}\n'), ("POST", "/pot", "", b"")]
    assert app.rung == 1


def test_what_says_no_length_or_too_great_a_one_is_refused_unread() -> None:
    app = App()
    with listening("127.0.0.1:0", app.deliver, app.ring) as address:
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = f"POST /hook HTTP/1.1\r\nHost: {address}\r\nContent-Length: {LONGEST + 1}\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(100).startswith(b"HTTP/1.0 413 ")
        assert httpx.post(f"http://{address}/hook", content=iter([b"a", b"b"])).status_code == 411
    assert app.got == []


@pytest.mark.parametrize("address", ["8090", "localhost", "127.0.0.1:http", "127.0.0.1:99999", "203.0.113.7:8090"])
def test_an_address_that_cannot_be_listened_at_is_told(address: str) -> None:
    app = App()
    with pytest.raises(ConfigurationError, match="CONNECTOR_WEBHOOK_BIND"), listening(address, app.deliver, app.ring):
        pytest.fail("it listens")
