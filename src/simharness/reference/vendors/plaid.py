"""Plaid's dialect: every call is a POST of JSON; what changed since a cursor comes in pages.

Amounts are positive when money leaves the account; they stay exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import msgspec

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.vendors.http import Caller, Json, Patience, Request

#: The dialect this client was written against.
VERSION = "2020-09-14"
#: Updates a page holds at most. Source: Plaid's reference of transactions/sync.
PAGE = 500
LOGIN_REQUIRED, MUTATED = "ITEM_LOGIN_REQUIRED", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"
#: How often the pages are begun again when the bank keeps changing under them.
_LOOPS = 5


@dataclass(slots=True)
class Changes:
    """What changed since a cursor: new lines, lines told again, ids that are gone; `cursor` is where to go on.

    `accounts` are the names of the accounts by id.
    """

    cursor: str
    added: list[Json] = field(default_factory=list)
    modified: list[Json] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)


class Plaid:
    """One item: a login at one bank."""

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        client_id: str,
        secret: str,
        access_token: str,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._base, self._access_token = base_url.rstrip("/"), access_token
        self._headers = {"PLAID-CLIENT-ID": client_id, "PLAID-SECRET": secret, "Plaid-Version": VERSION}
        self._caller = Caller("plaid", client, authorize=lambda: "", explain=_explain, patience=patience)

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._caller.begin()

    def changes(self, cursor: str) -> Changes:
        """Everything since a cursor ("" is the beginning).

        Where lines changed between two pages, the pages are begun again with the first cursor. Raises as the caller
        does; `Refused` with `LOGIN_REQUIRED` where the account holder has to log in again.
        """
        for _ in range(_LOOPS):
            try:
                return self._pages(cursor)
            except Refused as refused:
                if refused.code != MUTATED:
                    raise
        raise Unavailable("plaid", "transactions keep changing while they are listed", attempts=_LOOPS)

    def verification_key(self, key_id: str) -> Json:
        """The public key (a JWK) that signs webhooks under an id. Raises `Refused` where there is none."""
        key: Json = self._post("/webhook_verification_key/get", {"key_id": key_id})["key"]
        return key

    def _pages(self, cursor: str) -> Changes:
        found = Changes(cursor)
        while True:
            page = self._post("/transactions/sync", self._question(found.cursor))
            found.added += page["added"]
            found.modified += page["modified"]
            found.accounts |= {str(each["account_id"]): str(each["name"]) for each in page.get("accounts", ())}
            found.removed += [str(each["transaction_id"]) for each in page["removed"]]
            found.cursor = str(page["next_cursor"])
            if not page["has_more"]:
                return found

    def _question(self, cursor: str) -> Json:
        question: Json = {
            "access_token": self._access_token,
            "count": PAGE,
            "options": {"include_original_description": True},
        }
        return {**question, "cursor": cursor} if cursor else question

    def _post(self, path: str, body: Json) -> Json:
        content = msgspec.json.encode(body)
        return self._caller.json(Request(method="POST", url=self._base + path, content=content, headers=self._headers))


def _explain(answer: httpx.Response) -> tuple[str, str]:
    try:
        body = answer.json()
        return str(body.get("error_code") or ""), str(body.get("error_message") or answer.reason_phrase)
    except (ValueError, AttributeError):
        return "", answer.reason_phrase
