"""Connectors that are wrong about deposits, in exactly one way each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import Change, Wire, in_body, posts, rewritten, twice


def sold(body: Any) -> list[Any]:
    return [line for line in body["Line"] if line["DetailType"] == "SalesItemLineDetail"]


def advances(body: Any) -> list[Any]:
    return [line for line in sold(body) if "eposit, deal " in line.get("Description", "")]


def _untold(body: Any) -> None:
    """Without the tax that was worked out: the ledger works it out from the lines."""
    body.pop("TxnTaxDetail", None)


def of_the_final(edit: Callable[[Any], None]) -> Callable[[Any], None]:
    """Edit only invoices that take a deposit off."""

    def change(body: Any) -> None:
        if any(line["Amount"] < 0 for line in advances(body)):
            edit(body)
            _untold(body)

    return change


def everything_at_the_new_rate(body: Any) -> None:
    code = next(line for line in sold(body)[1:] if line["Amount"] > 0)["SalesItemLineDetail"]["TaxCodeRef"]
    for line in sold(body):
        if line["Amount"] > 0:
            line["SalesItemLineDetail"]["TaxCodeRef"] = code


def nothing_taken_off(body: Any) -> None:
    body["Line"] = [line for line in body["Line"] if line not in advances(body)]


def deposits_as_revenue(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """The item of deposits posts to where hardware is sold."""
    if not posts(request, "item") or json.loads(request.content).get("Name") != "Customer deposit":
        return None
    url = request.url.copy_with(path=request.url.path.removesuffix("/item") + "/query")
    url = url.copy_remove_param("requestid").copy_set_param("query", "select * from Account where AcctNum = '4010'")
    headers = {n: v for n, v in request.headers.items() if n.lower() not in ("content-length", "content-type")}
    answer = wire.inner.handle_request(httpx.Request("GET", url, headers=headers))
    account = json.loads(answer.read())["QueryResponse"]["Account"][0]["Id"]
    body = json.loads(request.content)
    body["IncomeAccountRef"] = {"value": account}
    return rewritten(request, body)


def _no_tax_back(body: Any) -> None:
    """The whole amount is taken off the deposit, and the tax that it bore is kept."""
    sold(body)[0]["Amount"] = sum(line["Amount"] for line in sold(body)) + body["TxnTaxDetail"]["TotalTax"]
    body["GlobalTaxCalculation"] = "NotApplicable"
    _untold(body)


DEPOSITS: Mapping[str, Change] = {
    "books deposits as revenue": deposits_as_revenue,
    "taxes all of a final invoice at the new rate": in_body("invoice", of_the_final(everything_at_the_new_rate)),
    "takes no deposit off": in_body("invoice", of_the_final(nothing_taken_off)),
    "keeps the tax of a deposit that goes back": in_body("refundreceipt", _no_tax_back),
    "asks for a deposit twice": twice("invoice"),
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    fault = env["FAULT"]
    return reference(env, state_dir, Wire(transport, DEPOSITS[fault]) if fault in DEPOSITS else transport)
