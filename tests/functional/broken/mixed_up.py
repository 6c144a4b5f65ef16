"""Connectors that mix entities up, in exactly one way each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import Change, Wire, in_body, rewritten


def into_the_first(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """One ledger company for all: whatever another entity writes or reads goes to the first one's."""
    found = re.match(r"/v3/company/(\d+)/", request.url.path)
    if found is None:
        return None
    realm, _, login = wire.learnt.partition(" ")
    if realm in ("", found[1]):
        wire.learnt = f"{found[1]} {request.headers['authorization']}"  # it is renewed now and then
        return None
    other = rewritten(request)
    other.url = other.url.copy_with(path=other.url.path.replace(found[1], realm))
    other.headers["authorization"] = login
    return other


def owes_nobody(body: Any) -> None:
    """What is taken for another entity is in clearing, and nothing is owed for it."""
    if body.get("PrivateNote", "").startswith("stripe:charge:"):
        clearing, owed = body["Line"]
        owed["JournalEntryLineDetail"]["AccountRef"] = clearing["JournalEntryLineDetail"]["AccountRef"]


def owes_less(body: Any) -> None:
    """The gateway's fee is kept back from what is owed, as if the other entity bore it."""
    if body.get("PrivateNote", "").startswith("stripe:charge:"):
        for line in body["Line"]:
            line["Amount"] = float(line["Amount"]) - 31.87


def keeps_the_money(body: Any) -> None:
    """The entity books its customer's money as if it had it."""
    body.pop("DepositToAccountRef", None)


GROUP: Mapping[str, Change] = {
    "books everything into the first entity": into_the_first,
    "owes the other entity nothing": in_body("journalentry", owes_nobody),
    "lets the other entity bear the fee": in_body("journalentry", owes_less),
    "takes what is due for received": in_body("payment", keeps_the_money),
}


#: What opens a company at the payroll provider.
_PAYROLL = ("GUSTO_COMPANY_ID", "GUSTO_ACCESS_TOKEN", "GUSTO_REFRESH_TOKEN")


def pays_for_the_second(env: Mapping[str, str]) -> Mapping[str, str]:
    """The first entity is connected to the second's company at the payroll provider, as the second is."""
    return {**env, **{name: env[f"{name}_2"] for name in _PAYROLL}}


def pays_crosswise(env: Mapping[str, str]) -> Mapping[str, str]:
    """Each entity is connected to the company of the other."""
    return {**pays_for_the_second(env), **{f"{name}_2": env[name] for name in _PAYROLL}}


PAYROLLS: Mapping[str, Callable[[Mapping[str, str]], Mapping[str, str]]] = {
    "books the second company's payroll into the first entity": pays_for_the_second,
    "books each company's payroll into the other entity": pays_crosswise,
}


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one without a fault."""
    fault = env["FAULT"]
    if fault in PAYROLLS:
        return reference(PAYROLLS[fault](env), state_dir, transport)
    return reference(env, state_dir, Wire(transport, GROUP[fault]) if fault in GROUP else transport)
