"""The identity provider's dialect: OpenID Connect, as far as verifying somebody's ID token goes."""

from __future__ import annotations

import httpx

from simharness.reference.vendors.http import Caller, Json, Patience, Request


class Signon:
    """One provider. Its keys are open to everybody. Few attempts: a person is waiting."""

    def __init__(self, client: httpx.Client, base_url: str, *, attempts: int = 2) -> None:
        self._url = f"{base_url.rstrip('/')}/oauth2/v1/keys"
        self._caller = Caller("signon", client, explain=_explain, patience=Patience(attempts=attempts))

    def keys(self) -> dict[str, Json]:
        """The keys that sign tokens now, by id. Raises `Refused` or `Unavailable`."""
        answer = self._caller.json(Request(method="GET", url=self._url))
        return {str(each.get("kid")): each for each in answer.get("keys", ()) if isinstance(each, dict)}


def _explain(answer: httpx.Response) -> tuple[str, str]:
    try:
        body = answer.json()
        return str(body["error"]), str(body.get("error_description") or "")
    except (ValueError, KeyError, TypeError):
        return "", answer.reason_phrase
