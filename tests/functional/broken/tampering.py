"""What is done to the reference connector other than on its wire: after a pass, in its stead, or to its ears."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import httpx

from simharness.reference.connector import Connector


@dataclass
class Deaf(httpx.BaseTransport):
    """Where no answer to a transfer comes, it makes one up."""

    inner: httpx.BaseTransport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        try:
            return self.inner.handle_request(request)
        except httpx.TransportError:
            record = {**json.loads(request.content), "Id": "4711", "SyncToken": "0"}
            return httpx.Response(200, json={"Transfer": record}, request=request)


@dataclass
class Idle:
    """A connector that is started and then does nothing at all."""

    def trigger(self, name: str) -> None:
        return None

    def quiet(self) -> bool:
        return True

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        return None

    def close(self) -> None:
        return None


@dataclass
class Tampering:
    """The reference connector with something done after each of its passes."""

    app: Connector
    after: Callable[[str, Path], None]
    folder: Path

    def trigger(self, name: str) -> None:
        self.app.trigger(name)
        self.after(name, self.folder)

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        return self.app.deliver(method, path, headers, body)

    def quiet(self) -> bool:
        return self.app.quiet()

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        if self.after is cannot_rewind:
            raise RuntimeError("cannot rewind")
        if self.after is ignores_whom:
            args = {name: value for name, value in args.items() if name != "customer"}
        self.app.operate(action, args)

    def close(self) -> None:
        self.app.close()


def hides_a_row(name: str, folder: Path) -> None:
    """The log loses the row of the first invoice."""
    file = folder / "evidence.ndjson"
    rows = file.read_text().splitlines(keepends=True) if file.exists() else []
    first = next((n for n, row in enumerate(rows) if "quickbooks:invoice:" in row), None)
    if first is not None:
        file.write_text("".join(rows[:first] + rows[first + 1 :]))


def in_bi(statement: str) -> Callable[[str, Path], None]:
    """Every published version is changed before anybody reads it."""

    def after(name: str, folder: Path) -> None:
        for file in (folder.parent.parent / "bi").glob("*.duckdb"):
            connection = duckdb.connect(str(file))
            connection.execute(statement)
            connection.close()

    return after


def cannot_rewind(name: str, folder: Path) -> None:
    """Its passes are sound; asked to read its feeds anew it dies."""


def ignores_whom(name: str, folder: Path) -> None:
    """Its passes are sound; it never asks whose invoice it is that is credited."""


def dies(name: str, folder: Path) -> None:
    raise RuntimeError("the disk is full")


TAMPERINGS: Mapping[str, Callable[[str, Path], None]] = {
    "dies when its feeds are read anew": cannot_rewind,
    "credits whose invoice it may be": ignores_whom,
    "dies in the middle of its work": dies,
    "hides a row of its log": hides_a_row,
    "publishes an invoice a cent short": in_bi("UPDATE fct_document SET total = 1199.99 WHERE total = 1200"),
    "loses a journal line on the way to BI": in_bi("DELETE FROM fct_journal_line WHERE amount = -600"),
    "publishes revenue on another cost centre": in_bi(
        "UPDATE fct_journal_line SET cost_centre = 'CC-10' WHERE cost_centre = 'CC-30'"
    ),
}
