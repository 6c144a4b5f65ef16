"""Connectors that are wrong about a close, in exactly one way each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from simharness.reference.connector import Connector
from tests.functional.broken.connectors import Change, Wire, in_body, posts

_LATE = re.compile(r"^(.*) dated (\d{4}-\d{2}-\d{2})$")


def into_the_closed_month(body: Any) -> None:
    """The ledger would take it: its closing date is not set yet."""
    if late := _LATE.match(body.get("PrivateNote", "")):
        body["TxnDate"], body["PrivateNote"] = late[2], late[1]


def on_the_next_open_day(body: Any) -> None:
    if body.get("PrivateNote", "").startswith("close:adjustment:"):
        body["TxnDate"] = "2026-02-03"


def takes_another_for_what_is_late(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """What comes too late is never sent; the answer is the invoice that is there."""
    if not posts(request, "invoice") or not _LATE.match(json.loads(request.content).get("PrivateNote", "")):
        return None
    headers = {n: v for n, v in request.headers.items() if n.lower() not in ("content-length", "content-type")}
    url = request.url.copy_with(path=f"{request.url.path}/1").copy_remove_param("requestid")
    return httpx.Request("GET", url, headers=headers, extensions=request.extensions)


WIRED: Mapping[str, Change] = {
    "posts into a closed month": in_body("invoice", into_the_closed_month),
    "moves adjustments to an open day": in_body("journalentry", on_the_next_open_day),
    "loses what came too late": takes_another_for_what_is_late,
}


@dataclass
class Careless:
    """The reference connector behind somebody who approves everything, or never publishes a month again."""

    app: Connector
    fault: str
    reopened: bool = False

    def trigger(self, name: str) -> None:
        if name == "publish" and self.reopened and self.fault == "publishes a month once":
            return
        self.app.trigger(name)

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        return self.app.deliver(method, path, headers, body)

    def quiet(self) -> bool:
        return self.app.quiet()

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        self.reopened = self.reopened or action == "reopen"
        if self.fault == "approves adjustments itself" and action == "adjust":
            args = {**args, "approver": args["approver"] or "the connector"}
        self.app.operate(action, args)

    def close(self) -> None:
        self.app.close()


CLOSERS = (*WIRED, "approves adjustments itself", "publishes a month once")


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    fault = env["FAULT"]
    if fault in WIRED:
        return reference(env, state_dir, Wire(transport, WIRED[fault]))
    return Careless(reference(env, state_dir, transport), fault)  # type: ignore[arg-type]  # one entity, so no group
