"""Gusto's dialect: date-based versions, pages, reports that are asked for and fetched later, rotating OAuth tokens.

This connector only reads there. Amounts are decimal texts; of what names people nothing leaves the readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

import httpx
import msgspec

from simharness.reference.vendors.http import Caller, Json, Patience, Request, token_answer
from simharness.reference.vendors.tokens import Grant, Tokens

#: The API version this client was written against; every request names it.
VERSION = "2024-04-01"
PAGE = 100
#: What is asked for of a payroll beside its own fields.
_INCLUDE = "benefits,deductions,taxes"


class Gusto:
    """One company of the payroll provider."""

    def __init__(
        self, client: httpx.Client, base_url: str, company_id: str, tokens: Tokens, *, patience: Patience | None = None
    ) -> None:
        self._base, self._company = base_url.rstrip("/"), f"/v1/companies/{company_id}"
        self._client, self._tokens = client, tokens
        self._caller = Caller(
            "gusto",
            client,
            authorize=lambda: tokens.authorization(self._refresh),
            refresh=lambda: tokens.refresh(self._refresh),
            explain=_explain,
            patience=patience,
        )

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._caller.begin()

    def processed(self, first: date, last: date) -> Iterator[Json]:
        """Processed payrolls whose days of service touch those from a first to a last, a year at most, page by page."""
        return self._payrolls("processed", "regular,off_cycle", first, last)

    def unprocessed(self, first: date, last: date) -> Iterator[Json]:
        """Regular payrolls that were not processed, of the days that `processed` would ask for."""
        return self._payrolls("unprocessed", "regular", first, last)

    def _payrolls(self, status: str, types: str, first: date, last: date) -> Iterator[Json]:
        which = [
            ("processing_statuses", status),
            ("payroll_types", types),
            ("start_date", first.isoformat()),
            ("end_date", last.isoformat()),
        ]
        page = 1
        while True:
            answer = self._send("GET", f"{self._company}/payrolls", [*which, ("page", str(page)), ("per", str(PAGE))])
            yield from msgspec.json.decode(answer.content, type=list[Json])
            if page >= int(answer.headers.get("x-total-pages", "1")):
                return
            page += 1

    def payroll(self, payroll_id: str) -> Json:
        """One payroll as it stands, with what everybody was paid, and its taxes."""
        return self._get(f"{self._company}/payrolls/{payroll_id}", [("include", _INCLUDE)])

    def receipt(self, payroll_id: str) -> Json:
        """What a processed payroll took from the company, and when."""
        return self._get(f"/v1/payrolls/{payroll_id}/receipt", [])

    def pay_stubs(self, employee_id: str) -> list[Json]:
        """What somebody was paid, each with the id of the payment and that of its payroll."""
        answer = self._send("GET", f"/v1/employees/{employee_id}/pay_stubs", [])
        return msgspec.json.decode(answer.content, type=list[Json])

    def ask_for_report(self, payroll_id: str) -> str:
        """Ask for the general ledger report of a payroll by department; gives the id of the request."""
        answer = self._send(
            "POST",
            f"/v1/payrolls/{payroll_id}/reports/general_ledger",
            [],
            content=msgspec.json.encode({"aggregation": "department"}),
        )
        return str(msgspec.json.decode(answer.content, type=Json)["request_uuid"])

    def report(self, request_id: str) -> Json:
        """How a report stands: `status` pending, succeeded or failed, and `report_urls` where it can be fetched."""
        return self._get(f"/v1/reports/{request_id}", [])

    def document(self, url: str) -> Json:
        """A report that is ready, from the address that was given for it, which is its own permission."""
        return Caller("gusto", self._client, explain=_explain).json(Request(method="GET", url=url))

    def _get(self, path: str, params: list[tuple[str, str]]) -> Json:
        return self._caller.json(Request(method="GET", url=self._base + path, params=params, headers=_HEADERS))

    def _send(
        self, method: str, path: str, params: list[tuple[str, str]], content: bytes | None = None
    ) -> httpx.Response:
        return self._caller.send(
            Request(method=method, url=self._base + path, params=params, content=content, headers=_HEADERS)
        )

    def _refresh(self, grant: Grant) -> Grant:
        answer = self._client.post(
            f"{self._base}/oauth/token",
            data={
                "client_id": grant.client_id,
                "client_secret": grant.client_secret,
                "refresh_token": grant.refresh_token,
                "grant_type": "refresh_token",
            },
            headers={"Accept": "application/json"},
        )
        return grant.renewed(token_answer("gusto", answer, _explain))


_HEADERS = MappingProxyType({"X-Gusto-API-Version": VERSION})


def _explain(answer: httpx.Response) -> tuple[str, str]:
    """Category and message of the first error."""
    try:
        body = answer.json()
        errors = body.get("errors") or []
        if errors:
            return str(errors[0].get("category") or ""), str(errors[0].get("message") or answer.reason_phrase)
        return str(body.get("error") or ""), str(body.get("error_description") or answer.reason_phrase)
    except (ValueError, AttributeError, LookupError):
        return "", answer.reason_phrase
