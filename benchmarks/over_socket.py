"""Invoices created over a socket, beside an application that does nothing on the same server."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from benchmarks import setting
from benchmarks.figures import Figure
from benchmarks.invoices import Ledger, invoice, on_the_wire
from benchmarks.load import NUMBER
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served, settings

_CONNECTIONS = 16
_REQUESTS = 480
_ROUNDS = 20


def measure() -> list[Figure]:
    """Requests a second from a client process with 16 connections, best of many short rounds on both sides."""
    dictionary = setting.dictionary()
    host = WorldHost(lambda: setting.world(furnished=dictionary, options=setting.UNLIMITED))
    ledger = Ledger(host.world)
    request = on_the_wire(
        ledger.request("POST", "/invoice", invoice(ledger.customer("Socket customer"), ledger.item(), NUMBER.decode()))
    )
    created = empty = 0.0
    with Served(host) as served, _nothing() as url:
        # In turn, so that whatever else the machine does meets both.
        for _ in range(_ROUNDS):
            created = max(created, _rate(served.urls["quickbooks"], request))
            empty = max(empty, _rate(url, request))
    made = len(host.world.exchange_log)
    assert made == _ROUNDS * _REQUESTS, f"{made} exchanges for {_ROUNDS * _REQUESTS} requests"
    note = f"{created:,.0f} / {empty:,.0f} a second at {_CONNECTIONS} connections"
    return [Figure(name="validated invoice creates ÷ requests to an empty ASGI app", value=created / empty, goal=0.5,
                   at_least=True, note=note)]  # fmt: skip


def _rate(url: str, request: bytes) -> float:
    command = [sys.executable, "-m", "benchmarks.load", url, str(_CONNECTIONS), str(_REQUESTS)]
    client = subprocess.run(command, input=request, check=True, capture_output=True)  # noqa: S603 - our own module
    return float(client.stdout)


async def _empty(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def _nothing() -> Iterator[str]:
    """The same server with the same settings, serving nothing."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    bound.listen(256)
    server = uvicorn.Server(settings(_empty))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address, port = bound.getsockname()
    try:
        yield f"http://{address}:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)
        bound.close()
