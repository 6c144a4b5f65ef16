"""Plaid's webhooks: a JWT (ES256) beside the body, under a key that Plaid shows to whoever asks for it by its id."""

from __future__ import annotations

import hashlib
import hmac

from simharness.reference.errors import NotGenuine, Refused
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.jose import verified
from simharness.reference.vendors.plaid import Plaid
from simharness.reference.webhooks.signatures import fresh


class PlaidTokens:
    """Verifies tokens; keys are asked for once."""

    def __init__(self, plaid: Plaid) -> None:
        self._plaid = plaid
        self._keys: dict[str, Json] = {}

    def verify(self, token: str, body: bytes, now_s: int) -> None:
        """Raise `NotGenuine` unless the token is Plaid's, fresh, and about this very body; `Unavailable` where the key
        cannot be asked for now.
        """
        claims = verified(token, self._key)
        issued = claims.get("iat")
        if not isinstance(issued, int):
            raise NotGenuine("it does not say when it was signed")
        fresh(issued, now_s)
        if not hmac.compare_digest(
            str(claims.get("request_body_sha256")).encode(), hashlib.sha256(body).hexdigest().encode()
        ):
            raise NotGenuine("the body is not the one that was signed")

    def _key(self, key_id: str) -> Json:
        if key_id not in self._keys:
            try:
                self._keys[key_id] = self._plaid.verification_key(key_id)
            except Refused as refused:
                raise NotGenuine(f"Plaid knows no key {key_id!r}") from refused
        return self._keys[key_id]
