"""HubSpot's dialect: CRM v3 search and batches, v4 associations, OAuth refresh."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import httpx
import msgspec

from simharness.reference.errors import Unavailable
from simharness.reference.vendors.http import Caller, Json, Patience, Request, token_answer
from simharness.reference.vendors.tokens import Grant, Tokens

#: Objects a batch takes and a search page holds. Source: HubSpot's CRM API reference.
BATCH, PAGE = 100, 100
#: A search never gives more; the reader then searches again from the last instant it saw.
SEARCH_CEILING = 10_000
#: Searches an account takes in a second; the client paces itself a little below. Source: HubSpot's usage guidelines.
SEARCHES_PER_S = 4
#: The category of an error in a batch for what does not exist, or has no associations.
_NOT_THERE = "OBJECT_NOT_FOUND"
#: The rolling policy tells no Retry-After: its window is ten seconds.
_ROLLING_MS: Mapping[str, int] = MappingProxyType({"TEN_SECONDLY_ROLLING": 10_000, "SECONDLY": 1_000})


class HubSpot:
    """The portal's CRM."""

    def __init__(
        self, client: httpx.Client, base_url: str, tokens: Tokens, *, patience: Patience | None = None
    ) -> None:
        self._base = base_url.rstrip("/")
        self._client, self._tokens = client, tokens
        self._searches_s: deque[float] = deque(maxlen=SEARCHES_PER_S)
        self._caller = Caller(
            "hubspot",
            client,
            authorize=lambda: tokens.authorization(self._refresh),
            refresh=lambda: tokens.refresh(self._refresh),
            explain=_explain,
            wait_ms_of=_wait_ms_of,
            patience=patience,
        )

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._caller.begin()

    def search(
        self, kind: str, filters: Sequence[Mapping[str, object]], properties: Sequence[str], sort: str
    ) -> Iterator[Json]:
        """Objects that match every filter, ascending by `sort`, page by page; at most the vendor's ceiling of
        results.
        """
        body: Json = {
            "filterGroups": [{"filters": list(filters)}],
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": PAGE,
        }
        seen = 0
        while True:
            self._pace()
            page = self._post(f"/crm/v3/objects/{kind}/search", body)
            yield from page["results"]
            seen += len(page["results"])
            after = page.get("paging", {}).get("next", {}).get("after")
            if after is None or seen >= SEARCH_CEILING:
                return
            body["after"] = after

    def read(self, kind: str, ids: Sequence[str], properties: Sequence[str]) -> dict[str, Json]:
        """Objects by id; those that do not exist are absent. Raises `Unavailable` where some were not looked at."""
        found: dict[str, Json] = {}
        for start in range(0, len(ids), BATCH):
            inputs = [{"id": each} for each in ids[start : start + BATCH]]
            answer = self._post(
                f"/crm/v3/objects/{kind}/batch/read", {"inputs": inputs, "properties": list(properties)}
            )
            _is_whole(answer)
            found |= {each["id"]: each for each in answer["results"]}
        return found

    def associated(self, kind: str, to: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the associated objects of each id, in the order given; an id without any is absent. Raises
        `Unavailable` as `read` does.
        """
        found: dict[str, list[str]] = {}
        for start in range(0, len(ids), BATCH):
            inputs = [{"id": each} for each in ids[start : start + BATCH]]
            answer = self._post(f"/crm/v4/associations/{kind}/{to}/batch/read", {"inputs": inputs})
            _is_whole(answer)
            for each in answer["results"]:
                found.setdefault(str(each["from"]["id"]), []).extend(str(a["toObjectId"]) for a in each["to"])
        return found

    def update(self, kind: str, inputs: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
        """Set properties of several objects; gives the message of each that was refused."""
        refused: dict[str, str] = {}
        for start in range(0, len(inputs), BATCH):
            part = inputs[start : start + BATCH]
            answer = self._post(
                f"/crm/v3/objects/{kind}/batch/update",
                {"inputs": [{"id": each, "properties": dict(properties)} for each, properties in part]},
            )
            for error in answer.get("errors", ()):
                for each in error.get("context", {}).get("ids", ()):
                    refused[str(each)] = error.get("message", "refused")
        return refused

    def _post(self, path: str, body: Json) -> Json:
        return self._caller.json(Request(method="POST", url=self._base + path, content=msgspec.json.encode(body)))

    def _pace(self) -> None:
        """Wait until the second that began with the oldest of the last searches is over."""
        if len(self._searches_s) == SEARCHES_PER_S:
            rest_s = self._searches_s[0] + 1 - time.time()
            if 0 < rest_s <= 1:
                time.sleep(rest_s)
        self._searches_s.append(time.time())

    def _refresh(self, grant: Grant) -> Grant:
        form = {
            "grant_type": "refresh_token",
            "client_id": grant.client_id,
            "client_secret": grant.client_secret,
            "refresh_token": grant.refresh_token,
        }
        answer = self._client.post(f"{self._base}/oauth/v1/token", data=form)
        return grant.renewed(token_answer("hubspot", answer, _explain))


def _is_whole(answer: Json) -> None:
    """A batch names what is not there, and what it did not come to. The second is no news about anything: who takes it
    for the first removes what is still sold.
    """
    for error in answer.get("errors", ()):
        if error.get("category") != _NOT_THERE:
            raise Unavailable("hubspot", f"a part of a batch was not read: {error.get('message', '')}")


def _explain(answer: httpx.Response) -> tuple[str, str]:
    body = _object(answer)
    return str(body.get("category") or body.get("errorType") or ""), str(body.get("message") or answer.reason_phrase)


def _wait_ms_of(answer: httpx.Response) -> int | None:
    return _ROLLING_MS.get(str(_object(answer).get("policyName", ""))) if answer.status_code == 429 else None


def _object(answer: httpx.Response) -> Json:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
