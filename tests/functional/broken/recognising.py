"""Connectors that are wrong about deferred revenue and schedules, in exactly one way each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import Change, Wire, in_body, posts, rewritten


def _of(period: str, edit: Callable[[Any], None]) -> Callable[[Any], None]:
    """Edit only what is recognised in a period ("": in any)."""

    def change(body: Any) -> None:
        note = body.get("PrivateNote", "")
        if note.startswith("close:recognition:") and note.endswith(period):
            edit(body)

    return change


def _a_cent_more(body: Any) -> None:
    for line in body["Line"]:
        line["Amount"] = round(line["Amount"] + 0.01, 2)


def _without_class(body: Any) -> None:
    for line in body["Line"]:
        line["JournalEntryLineDetail"].pop("ClassRef", None)


def _looked_at_late(body: Any) -> None:
    if ":due-" in body["PrivateNote"]:
        body["TxnDate"] = "2026-02-03"


def twice_a_month(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """A month is recognised again, under another key."""
    if posts(request, "journalentry") and b":2026-02" in request.content and wire.first("february"):
        wire.inner.handle_request(rewritten(request, requestid="another-key"))
    return None


def credits_revenue(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """Everything a credit takes back is taken of revenue, as if all of it had been given."""
    if not posts(request, "creditmemo"):
        return None
    url = request.url.copy_with(path=request.url.path.removesuffix("/creditmemo") + "/query")
    url = url.copy_remove_param("requestid").copy_set_param("query", "select * from Item where Name = 'Access plan'")
    headers = {n: v for n, v in request.headers.items() if n.lower() not in ("content-length", "content-type")}
    answer = wire.inner.handle_request(httpx.Request("GET", url, headers=headers))
    item = json.loads(answer.read())["QueryResponse"]["Item"][0]["Id"]
    body = json.loads(request.content)
    for line in body["Line"]:
        line["SalesItemLineDetail"]["ItemRef"] = {"value": item}
    return rewritten(request, body)


RECOGNISING: Mapping[str, Change] = {
    "recognises a month twice": twice_a_month,
    "credits revenue before what is deferred": credits_revenue,
    "makes a cent too much of the last month": in_body("journalentry", _of("2026-03", _a_cent_more)),
    "forgets the cost centre of what it recognises": in_body("journalentry", _of("", _without_class)),
    "dates a month on the day it looks": in_body("invoice", _looked_at_late),
}

#: What its mapping says, where that is the fault.
MAPPED: Mapping[str, str] = {
    "recognises by months where days are declared": "{account: subscription_revenue, recognise: month}",
    "takes revenue for its own when it bills": "subscription_revenue",
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    fault = env["FAULT"]
    return reference(env, state_dir, Wire(transport, RECOGNISING[fault]) if fault in RECOGNISING else transport)
