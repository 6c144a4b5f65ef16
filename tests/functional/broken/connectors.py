"""Connectors that are wrong in exactly one way: the reference connector behind a wire that changes what it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.tampering import TAMPERINGS, Deaf, Idle, Tampering

Change = Callable[["Wire", httpx.Request], httpx.Request | None]


@dataclass
class Wire(httpx.BaseTransport):
    """Passes requests on; `change` may replace one, or send more of its own first."""

    inner: httpx.BaseTransport
    change: Change
    seen: dict[str, int] = field(default_factory=dict)
    #: What a change learnt from an earlier request.
    learnt: str = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self.inner.handle_request(self.change(self, request) or request)

    def first(self, name: str) -> bool:
        """Whether this is the first time under a name."""
        self.seen[name] = self.seen.get(name, 0) + 1
        return self.seen[name] == 1


def posts(request: httpx.Request, entity: str) -> bool:
    return request.method == "POST" and request.url.path.endswith(f"/{entity}") and "intuit" in request.url.host


def rewritten(request: httpx.Request, body: Any = None, **query: str | None) -> httpx.Request:
    """The same request with another body or other query parameters (None removes one)."""
    url = request.url
    for name, value in query.items():
        url = url.copy_remove_param(name) if value is None else url.copy_set_param(name, value)
    headers = {n: v for n, v in request.headers.items() if n.lower() != "content-length"}
    content = request.content if body is None else json.dumps(body).encode()
    return httpx.Request(request.method, url, headers=headers, content=content, extensions=request.extensions)


def in_body(entity: str, edit: Callable[[Any], None], *, of: str = "intuit") -> Change:
    """Edit the JSON body of every post of an entity."""

    def change(wire: Wire, request: httpx.Request) -> httpx.Request | None:
        if not posts(request, entity):
            return None
        body = json.loads(request.content)
        edit(body)
        return rewritten(request, body)

    return change


def twice(entity: str) -> Change:
    """Post an entity a second time under another key, as a blind retry does."""

    def change(wire: Wire, request: httpx.Request) -> httpx.Request | None:
        if posts(request, entity) and "Id" not in json.loads(request.content) and wire.first(entity):
            wire.inner.handle_request(rewritten(request, requestid="another-key"))
        return None

    return change


def without_key(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    return rewritten(request, requestid=None) if posts(request, "invoice") else None


def phones_home(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    if posts(request, "invoice"):
        try:
            wire.inner.handle_request(httpx.Request("POST", "https://telemetry.example/events", json={"n": 1}))
        except httpx.ConnectError:
            return None
    return None


def explores(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    if posts(request, "invoice"):
        extra = httpx.Request("GET", request.url.copy_with(path="/v3/company/1/unheardof"), headers=request.headers)
        wire.inner.handle_request(extra)
    return None


def edits_the_deal(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    if (
        request.method in ("PATCH", "POST")
        and b"billing_status" in request.content
        and b"search" not in request.url.raw_path
    ):
        body = json.loads(request.content)
        for part in body.get("inputs", [body]):
            if "billing_status" in part.get("properties", {}) and isinstance(part["properties"], dict):
                part["properties"]["dealname"] = "renamed by the connector"
        return rewritten(request, body)
    return None


def tells_its_own_estimate(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """Sales is told the total that was sent, whatever the ledger made of it."""
    if posts(request, "invoice"):
        body = json.loads(request.content, parse_float=Decimal)
        wire.learnt = str(sum(line["Amount"] for line in _lines(body)) + body["TxnTaxDetail"]["TotalTax"])
    elif b"outstanding_amount" in request.content and b"search" not in request.url.raw_path:
        body = json.loads(request.content)
        for part in body["inputs"]:
            part["properties"]["outstanding_amount"] = wire.learnt
        return rewritten(request, body)
    return None


def forgets_the_phone(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """A full update where a sparse one is due: what is not sent is emptied."""
    if posts(request, "customer") and "Id" in (body := json.loads(request.content)):
        body["sparse"] = False
        return rewritten(request, body)
    return None


def _lines(body: Any) -> list[Any]:
    return [line for line in body["Line"] if line["DetailType"] == "SalesItemLineDetail"]


def a_cent_more(body: Any) -> None:
    line = _lines(body)[0]
    line["Amount"] = float(line["Amount"]) + 0.01
    line["SalesItemLineDetail"].pop("UnitPrice", None)
    line["SalesItemLineDetail"].pop("Qty", None)


def a_day_late(body: Any) -> None:
    body["TxnDate"] = body["TxnDate"][:-2] + f"{int(body['TxnDate'][-2:]) + 1:02d}"


def no_class(body: Any) -> None:
    for line in _lines(body):
        line["SalesItemLineDetail"].pop("ClassRef", None)


def another_product(body: Any) -> None:
    """The second item of the ledger, a badge roll, instead of what was sold."""
    for line in _lines(body):
        line["SalesItemLineDetail"]["ItemRef"] = {"value": "2"}


def no_reference(body: Any) -> None:
    body.pop("PrivateNote", None)


def no_reason(body: Any) -> None:
    body.pop("CustomerMemo", None)


def own_number(body: Any) -> None:
    body["DocNumber"] = f"2{len(json.dumps(body)):04d}"


def other_reference(body: Any) -> None:
    body["PrivateNote"] = re.sub(r"deal:\d+", "deal:1", body["PrivateNote"])


def a_cent_less_received(body: Any) -> None:
    body["TotalAmt"] = float(body["TotalAmt"]) - 0.01
    for line in body.get("Line", []):
        line["Amount"] = float(line["Amount"]) - 0.01


def not_applied(body: Any) -> None:
    body.pop("Line", None)


# --- money that comes and goes ----------------------------------------------------------------------------------------


def of_source(noun: str, edit: Callable[[Any], None]) -> Callable[[Any], None]:
    """Edit only bodies whose note names a source of a noun."""

    def change(body: Any) -> None:
        if f":{noun}:" in body.get("PrivateNote", "") or body.get("PrivateNote", "").startswith(f"{noun}:"):
            edit(body)

    return change


def of_links(edit: Callable[[Any], None]) -> Callable[[Any], None]:
    """An edit of payments of nothing, which only apply a credit."""

    def change(body: Any) -> None:
        if str(body.get("PrivateNote", "")).endswith("applied"):
            edit(body)

    return change


def a_cent_more_in_the_journal(body: Any) -> None:
    for line in body["Line"]:
        line["Amount"] = float(line["Amount"]) + 0.01


def a_cent_more_moved(body: Any) -> None:
    body["Amount"] = float(body["Amount"]) + 0.01


def no_source(body: Any) -> None:
    body["PrivateNote"] = "a posting"


def another_customer(body: Any) -> None:
    """The first two customers of the ledger change places, wherever a body names one."""
    for name in ("CustomerRef", "EntityRef"):
        if name in body:
            body[name] = {"value": "2" if body[name]["value"] == "1" else "1"}
    for inner in body.values():
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                another_customer(each)


def swapped_sides(body: Any) -> None:
    for line in body["Line"]:
        detail = line["JournalEntryLineDetail"]
        detail["PostingType"] = "Debit" if detail["PostingType"] == "Credit" else "Credit"


def blended(body: Any) -> None:
    """The average rate of the whole invoice instead of each line's own."""
    net = sum(line["Amount"] for line in _lines(body))
    body["TxnTaxDetail"] = {**body.get("TxnTaxDetail", {}), "TotalTax": round(float(net) * 88.75 / 1500, 2)}
    body["TxnTaxDetail"].pop("TaxLine", None)


def out_of_clearing_again(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """What arrives at the bank is taken from where the payout was taken from already."""
    if not posts(request, "transfer"):
        return None
    body = json.loads(request.content)
    if ":payout:" in body["PrivateNote"]:
        wire.learnt = body["FromAccountRef"]["value"]
        return None
    body["FromAccountRef"] = {"value": wire.learnt}
    return rewritten(request, body)


def silent(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """Nobody is ever told: what goes to the alert system gets lost on the way."""
    if request.url.path.endswith("/v2/enqueue"):
        raise httpx.ConnectError("the alert system is not there", request=request)
    return None


def tells_no_amount(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    if request.url.path.endswith("/v2/enqueue"):
        body = json.loads(request.content)
        body.get("payload", {}).pop("custom_details", None)
        return rewritten(request, body)
    return None


def anew(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """A refund that was sent before is sent under another key."""
    if not posts(request, "refundreceipt") or wire.first(json.loads(request.content)["PrivateNote"]):
        return None
    return rewritten(request, requestid=f"again-{len(wire.seen)}")


MONEY: Mapping[str, Change] = {
    "makes refunds anew under another key": anew,
    "books a fee a cent too high": in_body("journalentry", of_source("fee", a_cent_more_in_the_journal)),
    "books a fee twice": twice("journalentry"),
    "names no source of a fee": in_body("journalentry", of_source("fee", no_source)),
    "books a dispute the wrong way round": in_body("journalentry", of_source("dispute", swapped_sides)),
    "books a refund twice": twice("refundreceipt"),
    "refunds at a blended rate": in_body("refundreceipt", blended),
    "refunds without cost centre": in_body("refundreceipt", no_class),
    "dates a refund a day late": in_body("refundreceipt", a_day_late),
    "credits without cost centre": in_body("creditmemo", no_class),
    "gives a sale back to another customer": in_body("refundreceipt", another_customer),
    "gives too much back to another customer": in_body("journalentry", of_source("refund", another_customer)),
    "claims a dispute from another customer": in_body("journalentry", of_source("dispute", another_customer)),
    "credits another product": in_body("creditmemo", another_product),
    "refunds another product": in_body("refundreceipt", another_product),
    "dates a credit a day late": in_body("creditmemo", a_day_late),
    "dates a loss a day late": in_body("journalentry", of_source("write_off", a_day_late)),
    "dates a wire a day late": in_body("payment", of_source("bank_line", a_day_late)),
    "applies credits a day late": in_body("payment", of_links(a_day_late)),
    "names no source of a wire": in_body("payment", of_source("bank_line", no_source)),
    "dates a settlement discount a day late": in_body("creditmemo", of_source("bank_line", a_day_late)),
    "grants a cent more": in_body("creditmemo", of_source("bank_line", a_cent_more)),
    "credits a cent more": in_body("creditmemo", a_cent_more),
    "books a payout a cent too high": in_body("transfer", of_source("payout", a_cent_more_moved)),
    "books a payout twice": twice("transfer"),
    "takes a payout out of clearing twice": out_of_clearing_again,
    "books a stranger's money twice": twice("deposit"),
    "names no bank line": in_body("deposit", no_source),
    "alerts nobody": silent,
    "alerts without the amount": tells_no_amount,
}

# --- several currencies -----------------------------------------------------------------------------------------------


def at_no_rate(*notes: str) -> Callable[[Any], None]:
    """What a note begins is left to the ledger's own rate of the day."""

    def edit(body: Any) -> None:
        if body.get("PrivateNote", "").startswith(notes):
            body.pop("ExchangeRate", None)

    return edit


def account_id(wire: Wire, request: httpx.Request, number: str) -> str:
    """The ledger's id of an account, asked for under the credential of a request."""
    company = request.url.path.rpartition("/")[0]
    url = request.url.copy_with(path=f"{company}/query").copy_remove_param("requestid")
    url = url.copy_set_param("query", "select * from Account maxresults 1000")
    headers = {n: v for n, v in request.headers.items() if n.lower() not in ("content-length", "content-type")}
    answer = wire.inner.handle_request(httpx.Request("GET", url, headers=headers))
    accounts = json.loads(answer.read())["QueryResponse"]["Account"]
    return next(str(each["Id"]) for each in accounts if each.get("AcctNum") == number)


def gains_as_revenue(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """What is gained or lost on the exchange of a refund stands where services are sold."""
    if not posts(request, "journalentry") or ":exchange" not in json.loads(request.content).get("PrivateNote", ""):
        return None
    body = json.loads(request.content)
    body["Line"][1]["JournalEntryLineDetail"]["AccountRef"] = {"value": account_id(wire, request, "4020")}
    return rewritten(request, body)


def gains_forgotten(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """What a refund is worth by the gateway's rate is booked against itself."""
    if not posts(request, "journalentry") or ":exchange" not in json.loads(request.content).get("PrivateNote", ""):
        return None
    body = json.loads(request.content)
    body["Line"][0]["JournalEntryLineDetail"]["AccountRef"] = body["Line"][1]["JournalEntryLineDetail"]["AccountRef"]
    return rewritten(request, body)


def on_the_first(currency: str) -> Callable[[Any], None]:
    """Everything in euro is written on the customer's first record, in a currency."""

    def edit(body: Any) -> None:
        if body["CurrencyRef"]["value"] == "EUR":
            body["CustomerRef"] = {"value": "1"}
            body["CurrencyRef"] = {"value": currency}
            body.pop("ExchangeRate", None)

    return edit


def one_more_in_euro(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """The record in euro is made again under another name."""
    if posts(request, "customer"):
        body = json.loads(request.content)
        if "Id" not in body and body["CurrencyRef"]["value"] == "EUR" and wire.first("again"):
            again = {**body, "DisplayName": f"{body['DisplayName']} 2"}
            wire.inner.handle_request(rewritten(request, again, requestid="another-key"))
    return None


def euro_among_dollars(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """Whatever arrives is put on the first bank account."""
    if not posts(request, "deposit"):
        return None
    body = json.loads(request.content)
    body["DepositToAccountRef"] = {"value": account_id(wire, request, "1000")}
    return rewritten(request, body)


def at_todays_worth(body: Any) -> None:
    body["ExchangeRate"] = 1.16


CURRENCIES: Mapping[str, Change] = {
    "bills at a rate of its own": in_body("invoice", lambda body: body.update(ExchangeRate=1.2)),
    "takes charges at the ledger's rate of the day": in_body("payment", at_no_rate("stripe:charge:")),
    "takes wires at the ledger's rate of the day": in_body("payment", at_no_rate("plaid:")),
    "credits at the ledger's rate of the day": in_body("creditmemo", at_no_rate("credit:")),
    "refunds at the gateway's rate of the day": in_body("refundreceipt", at_todays_worth),
    "posts what an exchange brought to revenue": gains_as_revenue,
    "forgets what the exchange of a refund brought": gains_forgotten,
    "bills euro on the record in dollars": in_body("invoice", on_the_first("EUR")),
    "bills euro as dollars": in_body("invoice", on_the_first("USD")),
    "makes the record in euro twice": one_more_in_euro,
    "puts euro on the account in dollars": euro_among_dollars,
}

WIRES: Mapping[str, Change] = {
    **CURRENCIES,
    **MONEY,
    "posts an invoice twice": twice("invoice"),
    "posts a payment twice": twice("payment"),
    "posts without a key": without_key,
    "phones home": phones_home,
    "calls what no contract knows": explores,
    "writes into a field of the CRM": edits_the_deal,
    "tells its own estimate of the tax": tells_its_own_estimate,
    "empties a field of the ledger": forgets_the_phone,
    "bills a cent more": in_body("invoice", a_cent_more),
    "dates an invoice a day late": in_body("invoice", a_day_late),
    "bills another product": in_body("invoice", another_product),
    "drops the cost centre": in_body("invoice", no_class),
    "leaves no reference": in_body("invoice", no_reference),
    "leaves no reason for an exemption": in_body("invoice", no_reason),
    "numbers invoices itself": in_body("invoice", own_number),
    "names another deal": in_body("invoice", other_reference),
    "books a cent less than was paid": in_body("payment", a_cent_less_received),
    "applies no payment": in_body("payment", not_applied),
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one without a fault."""
    fault = env["FAULT"]
    if fault == "does nothing":
        return Idle()
    if fault == "takes silence for success":
        return reference(env, state_dir, Deaf(transport))
    if fault in WIRES:
        return reference(env, state_dir, Wire(transport, WIRES[fault]))
    app = reference(env, state_dir, transport)
    return Tampering(app, TAMPERINGS[fault], state_dir) if fault in TAMPERINGS else app
