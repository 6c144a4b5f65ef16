"""Connectors that are wrong at the end of a period, in exactly one way each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import posts, rewritten

#: The ledger as a fault sees it (it knows its accounts), a journal, and what is sent instead: None is nothing.
Fault = Callable[["Journals", Any], Any]


class Journals(httpx.BaseTransport):
    """Passes requests on; a journal may be changed, or kept from the ledger and confirmed all the same."""

    def __init__(self, inner: httpx.BaseTransport, fault: Fault) -> None:
        self._inner, self._fault = inner, fault
        self._request: httpx.Request | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if not posts(request, "journalentry"):
            return self._inner.handle_request(request)
        self._request = request
        body = self._fault(self, json.loads(request.content))
        if body is None:
            record = {**json.loads(request.content), "Id": "0", "SyncToken": "0", "TotalAmt": 0}
            return httpx.Response(200, json={"JournalEntry": record}, request=request)
        return self._inner.handle_request(rewritten(request, body))

    def account(self, number: str) -> str:
        """The ledger's id of an account."""
        assert self._request is not None
        url = self._request.url.copy_with(path=self._request.url.path.removesuffix("/journalentry") + "/query")
        url = url.copy_remove_param("requestid")
        url = url.copy_set_param("query", "select * from Account maxresults 1000")
        headers = {"Authorization": self._request.headers["Authorization"], "Accept": "application/json"}
        answer = self._inner.handle_request(httpx.Request("GET", url, headers=headers))
        accounts = json.loads(answer.read())["QueryResponse"]["Account"]
        return next(str(each["Id"]) for each in accounts if each.get("AcctNum") == number)


def of(note: str, edit: Callable[[Journals, Any], Any]) -> Fault:
    """Change the journals whose note has these words, and leave the others as they are."""
    return lambda ledger, body: edit(ledger, body) if note in body.get("PrivateNote", "") else body


def amounts(value: float) -> Callable[[Journals, Any], Any]:
    """Both sides of a journal come to something else."""

    def edit(_: Journals, body: Any) -> Any:
        return {**body, "Line": [{**line, "Amount": value} for line in body["Line"]]}

    return edit


def _on_deposits(ledger: Journals, body: Any) -> Any:
    """What a currency is worth more is put on what customers paid in advance."""
    valuation, deposits = ledger.account("1190"), ledger.account("2310")
    for line in body["Line"]:
        account = line["JournalEntryLineDetail"]["AccountRef"]
        account["value"] = deposits if account["value"] == valuation else account["value"]
    return body


def _a_day_early(_: Journals, body: Any) -> Any:
    return {**body, "TxnDate": "2026-01-30"}


PERIOD_ENDS: Mapping[str, Fault] = {
    "reverses nothing": of("close:reversal:", lambda _, __: None),
    "accrues by calendar days": of("accrual:", amounts(4285.71)),  # 8,333.33 x 18 / 35
    "keeps a cent in the last prepaid part": of("close:prepaid:insurance:2026-02", amounts(541.66)),
    "revalues a deposit": of("revaluation:", _on_deposits),
    "values at the rate of the day on which it posts": of("revaluation:2026-01:EUR", amounts(30.00)),
    "accrues before the end": of("close:accrual:", _a_day_early),
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    fault = env["FAULT"]
    return reference(env, state_dir, Journals(transport, PERIOD_ENDS[fault]) if fault in PERIOD_ENDS else transport)
