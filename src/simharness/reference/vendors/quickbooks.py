"""QuickBooks Online's dialect: query language, creates with `requestid`, sparse updates, reports, rotating OAuth
tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal

import httpx
import msgspec

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.vendors.http import Caller, Json, Patience, Request, TryAgain, token_answer
from simharness.reference.vendors.tokens import Grant, Tokens

#: The dialect's yearly minor version this client was written against.
MINOR_VERSION = "75"
#: Rows a query page holds at most.
PAGE = 1000
#: A refresh token dies 100 days after its last use. Who is run at the ends of quarters only, 92 days apart, still has
#: it where no use is longer ago than a week when a run is over.
_IDLE_S = 7 * 86_400

STALE, DUPLICATE_NAME, CLOSED, NOT_FOUND = "5010", "6240", "6210", "610"


class QuickBooks:
    """One company (realm) of the ledger."""

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        oauth_url: str,
        realm_id: str,
        tokens: Tokens,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._company = f"{base_url.rstrip('/')}/v3/company/{realm_id}"
        self._oauth = f"{oauth_url.rstrip('/')}/oauth2/v1/tokens/bearer"
        self._client, self._tokens = client, tokens
        #: How many attempts the last successful write took.
        self.last_attempts = 0
        self._caller = Caller(
            "quickbooks",
            client,
            authorize=lambda: tokens.authorization(self._refresh),
            refresh=lambda: tokens.refresh(self._refresh),
            explain=_explain,
            patience=patience,
        )

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._caller.begin()

    def query(self, entity: str, where: str = "", *, columns: str = "*", start: int = 1) -> Iterator[Json]:
        """Every row of an entity that matches, by id, page by page."""
        while True:
            answer = self._get("query", [("query", _select(entity, where, columns, start))])
            rows: list[Json] = answer.get("QueryResponse", {}).get(entity, [])
            yield from rows
            if len(rows) < PAGE:
                return
            start += PAGE

    def tables(self, *entities: str) -> dict[str, list[Json]]:
        """Every row of several entities, by id: their first pages in one call, what is longer page by page."""
        items = [{"bId": f"q{n}", "Query": _select(each, "", "*", 1)} for n, each in enumerate(entities)]
        request = Request(
            method="POST",
            url=f"{self._company}/batch",
            params=[("minorversion", MINOR_VERSION)],
            content=msgspec.json.encode({"BatchItemRequest": items}),
        )
        answers = {each["bId"]: each for each in self._caller.json(request)["BatchItemResponse"]}
        found: dict[str, list[Json]] = {}
        for n, entity in enumerate(entities):
            answer = answers[f"q{n}"]
            if (
                "Fault" in answer
            ):  # one item of a batch may fail alone; what is wrong for good is told when it is asked alone
                found[entity] = list(self.query(entity))
                continue
            rows: list[Json] = answer.get("QueryResponse", {}).get(entity, [])
            more = self.query(entity, start=PAGE + 1) if len(rows) >= PAGE else ()
            found[entity] = [*rows, *more]
        return found

    def read(self, entity: str, record_id: str) -> Json:
        """One record as it stands."""
        body: Json = self._get(f"{entity.lower()}/{record_id}", [])[entity]
        return body

    def write(self, entity: str, body: bytes, key: str) -> Json:
        """Create or update; a repeat with the same key (at most 50 characters) gives the first answer again."""
        return self._send(entity, body, key)

    def void(self, entity: str, body: bytes, key: str) -> Json:
        """Make a document void, by id and version: it stays with its number, worth nothing. Repeats as `write`."""
        return self._send(entity, body, key, operation="void")

    def _send(self, entity: str, body: bytes, key: str, *, operation: str = "") -> Json:
        request = Request(
            method="POST",
            url=f"{self._company}/{entity.lower()}",
            params=[
                *((("operation", operation),) if operation else ()),
                ("requestid", key),
                ("minorversion", MINOR_VERSION),
            ],
            content=body,
            key=key,
        )
        answer = self._caller.json(request)
        self.last_attempts = request.attempts
        written: Json = answer[entity]
        return written

    def exchange_rate(self, currency: str, day: date, *, of_that_day: bool = False) -> Decimal | None:
        """What a unit of a currency is worth on a day by the ledger; None where it knows no rate.

        The ledger gives the last one that was set, and says for which day that was; `of_that_day` takes no earlier one.
        """
        try:
            found = self._get("exchangerate", [("sourcecurrencycode", currency), ("asofdate", day.isoformat())])
        except Refused as refused:
            if refused.code != NOT_FOUND:
                raise
            return None
        rate = found["ExchangeRate"]
        if of_that_day and str(rate.get("AsOfDate"))[:10] != day.isoformat():
            return None
        return Decimal(rate["Rate"])

    def closing_date(self) -> date | None:
        """The last day of the books that is closed; None while none is."""
        preferences = self._get("preferences", [])["Preferences"]
        until = preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate")
        return date.fromisoformat(until) if until else None

    def report(self, name: str, params: list[tuple[str, str]]) -> Json:
        """A report as the ledger prints it."""
        return self._get(f"reports/{name}", params)

    def keep_alive(self) -> None:
        """Renew what gives access, where the ledger was not needed for long. Trouble is left to the next call that is
        needed, which tells it.
        """
        with suppress(TryAgain, Refused, Unavailable, httpx.RequestError):
            self._tokens.keep_alive(self._refresh, _IDLE_S)

    def _get(self, path: str, params: list[tuple[str, str]]) -> Json:
        return self._caller.json(
            Request(method="GET", url=f"{self._company}/{path}", params=[*params, ("minorversion", MINOR_VERSION)])
        )

    def _refresh(self, grant: Grant) -> Grant:
        answer = self._client.post(
            self._oauth,
            data={"grant_type": "refresh_token", "refresh_token": grant.refresh_token},
            auth=(grant.client_id, grant.client_secret),
            headers={"Accept": "application/json"},
        )
        return grant.renewed(token_answer("quickbooks", answer, _explain))


def quoted(text: str) -> str:
    """A literal of the query language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _select(entity: str, where: str, columns: str, start: int) -> str:
    """The vendor's own query language: entity and columns are this program's, values go through `quoted`."""
    clause = f" where {where}" if where else ""
    return " ".join(("select", columns, "from", entity + clause, f"orderby Id startposition {start} maxresults {PAGE}"))


def _fault(body: Json) -> tuple[str, str]:
    """Code and message of an error body: the API's, the gateway's in small letters, or the token endpoint's."""
    fault = body.get("Fault") or body.get("fault") or {}
    error = (fault.get("Error") or fault.get("error") or [{}])[0]
    message = error.get("Detail") or error.get("detail") or error.get("Message") or error.get("message")
    return str(error.get("code") or body.get("error") or ""), str(message or body.get("error_description") or "")


def _explain(answer: httpx.Response) -> tuple[str, str]:
    try:
        return _fault(answer.json())
    except (ValueError, AttributeError, IndexError, KeyError):
        return "", answer.reason_phrase
