"""Invoices put into the books over the ledger's own wire, one request each."""

from __future__ import annotations

import json
from typing import Any

from simharness.domain.exchange import Request
from simharness.world.world import World

_VERSION = "minorversion=75"


class Ledger:
    """The accounting fake of a world, called as its connector's app would call it."""

    def __init__(self, world: World, base_url: str = "") -> None:
        self._fake = world.fake("accounting")
        connection = self._fake.connection(base_url)
        self._host = self._fake.pack.hosts[0]
        self._company = f"/v3/company/{connection['realm_id']}"
        self._token = connection["access_token"]

    def bill(self, count: int, *, customers: int = 50) -> None:
        """Enter so many invoices of one line of 100.00, in turn for so many customers."""
        parties = [self.customer(f"Growing customer {number}") for number in range(customers)]
        item = self.item()
        bodies = [invoice(party, item) for party in parties]
        for number in range(count):
            self.send("POST", "/invoice", bodies[number % customers])

    def customer(self, name: str) -> str:
        """Enter a customer and return its id."""
        return str(self.send("POST", "/customer", json.dumps({"DisplayName": name}).encode())["Customer"]["Id"])

    def item(self) -> str:
        """The id of some item of the furniture."""
        found = self.send("GET", "/query", query="query=select%20*%20from%20Item")
        return str(found["QueryResponse"]["Item"][0]["Id"])

    def request(self, method: str, path: str, body: bytes = b"", query: str = "") -> Request:
        """A request as a door would hand it over."""
        headers = {
            "host": self._host,
            "authorization": f"Bearer {self._token}",
            "accept": "application/json",
            "content-type": "application/json",
            "content-length": str(len(body)),
        }
        asked = f"{query}&{_VERSION}" if query else _VERSION
        return Request(
            method=method, host=self._host, path=self._company + path, query=asked, headers=headers, body=body
        )

    def send(self, method: str, path: str, body: bytes = b"", query: str = "") -> Any:
        """Send a request to the fake itself, past the exchange log, and return the answer's JSON."""
        response = self._fake.handle(self.request(method, path, body, query))
        assert response.status == 200, response.body.decode()
        return json.loads(response.body)


def invoice(party: str, item: str, note: str = "") -> bytes:
    """The body of an invoice of one line of 100.00."""
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 100.0,
        "SalesItemLineDetail": {"ItemRef": {"value": item}, "Qty": 1, "UnitPrice": 100.0},
    }
    body = {"CustomerRef": {"value": party}, "Line": [line]}
    return json.dumps({**body, "PrivateNote": note} if note else body).encode()


def on_the_wire(request: Request) -> bytes:
    """A request as the bytes of an HTTP/1.1 connection that stays open."""
    head = [f"{request.method} {request.path}?{request.query} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join([*head, "", ""]).encode() + request.body
