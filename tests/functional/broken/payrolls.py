"""Connectors that are wrong about payroll, in exactly one way each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import posts, rewritten

#: A journal of a run as it is sent, and what is sent instead.
Fault = Callable[[Any], Any]
_RUN, _TAKEN_OVER = "gusto:payroll:", "gusto:remittance:"


class Runs(httpx.BaseTransport):
    """Passes requests on; the journals that bear a reference are changed, or sent again under another key."""

    def __init__(self, inner: httpx.BaseTransport, reference: str, fault: Fault | None) -> None:
        self._inner, self._reference, self._fault = inner, reference, fault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if not posts(request, "journalentry"):
            return self._inner.handle_request(request)
        body = json.loads(request.content)
        if not body.get("PrivateNote", "").startswith(self._reference):
            return self._inner.handle_request(request)
        if self._fault is None:
            self._inner.handle_request(rewritten(request, requestid="another-key"))
            return self._inner.handle_request(request)
        return self._inner.handle_request(rewritten(request, self._fault(body)))


def _everything_on_one_centre(body: Any) -> Any:
    """All expense is put on the first cost centre that is named."""
    details = [line["JournalEntryLineDetail"] for line in body["Line"]]
    first = next(each["ClassRef"] for each in details if "ClassRef" in each)
    for each in details:
        if "ClassRef" in each:
            each["ClassRef"] = first
    return body


def _net_and_withheld_only(body: Any) -> Any:
    """The employer's taxes, the smaller expense, are left out, and as much of what is owed."""
    by_account: dict[str, list[Any]] = {}
    for line in body["Line"]:
        if line["JournalEntryLineDetail"]["PostingType"] == "Debit":
            by_account.setdefault(line["JournalEntryLineDetail"]["AccountRef"]["value"], []).append(line)
    dropped = min(by_account.values(), key=lambda lines: sum(line["Amount"] for line in lines))
    left = sum(line["Amount"] for line in dropped)
    body["Line"] = [line for line in body["Line"] if line not in dropped]
    credits = [each for each in body["Line"] if each["JournalEntryLineDetail"]["PostingType"] == "Credit"]
    owed = sorted(credits, key=lambda line: line["Amount"])[-2]  # net pay is the largest, what the IRS is owed next
    owed["Amount"] = round(owed["Amount"] - left, 2)
    return body


def _dated_by_the_cheque(body: Any) -> Any:
    return {**body, "TxnDate": "2026-02-05"}


PAYROLLS: Mapping[str, tuple[str, Fault | None]] = {
    "puts all cost on one cost centre": (_RUN, _everything_on_one_centre),
    "leaves the employer's taxes out": (_RUN, _net_and_withheld_only),
    "posts a run twice": (_RUN, None),
    "dates a run by its cheques": (_RUN, _dated_by_the_cheque),
    "lets the provider take over twice": (_TAKEN_OVER, None),
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    fault = env["FAULT"]
    return reference(env, state_dir, Runs(transport, *PAYROLLS[fault]) if fault in PAYROLLS else transport)
