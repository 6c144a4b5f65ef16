"""The gate before an operator's acts: where the mapping asks for it, a person needs a role and a fresh second factor.

What is verified is an ID token (OpenID Connect): its signature by the provider's keys, issuer, audience and end; then
the role that the mapping names for the act, and how long ago the person proved a second factor (`amr` with `mfa`, and
`auth_time`). A token is never logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simharness.reference.errors import NotGenuine, NotPermitted, Refused, Unavailable
from simharness.reference.mapping.model import Policies
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.jose import verified
from simharness.reference.vendors.signon import Signon

#: The argument of an act that holds the token.
TOKEN = "token"  # noqa: S105 - the name of an argument
_FACTOR = "mfa"


class Gate:
    """Lets operators through, or not. Without a provider every act that needs a second factor is refused."""

    def __init__(self, provider: Signon | None, policies: Policies, *, issuer: str, audience: str) -> None:
        self._provider, self._policies = provider, policies
        self._issuer, self._audience = issuer, audience
        self._keys: dict[str, Json] = {}

    def check(self, action: str, args: Mapping[str, str]) -> str:
        """Who it is, "" where nobody asks. Raises `NotPermitted`, which says why in words."""
        role = self._policies.needs_second_factor.get(action, "")
        if not role:
            return ""
        if not args.get(TOKEN, ""):
            raise NotPermitted(f"{action} needs a person with the role {role} and a second factor; nobody signed in")
        claims = self._claims(args[TOKEN])
        now_s = int(datetime.now(UTC).timestamp())
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise NotPermitted("the token was made by another provider, or for another program")
        if not isinstance(claims.get("exp"), int) or claims["exp"] <= now_s:
            raise NotPermitted("the token is past its end: sign in again")
        who = str(claims.get("sub") or "")
        if role not in _texts(claims.get("roles")):
            raise NotPermitted(f"{who} has not the role {role} that {action} needs")
        if _FACTOR not in _texts(claims.get("amr")):
            raise NotPermitted(f"{who} signed in without a second factor, which {action} needs")
        proved_s, minutes = claims.get("auth_time"), self._policies.second_factor_minutes
        if not isinstance(proved_s, int) or not 0 <= now_s - proved_s <= minutes * 60:
            raise NotPermitted(f"the second factor of {who} is older than {minutes} minutes: prove it again")
        return who

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            return verified(token, self._key)
        except NotGenuine as error:
            raise NotPermitted(f"the token is not the identity provider's: {error}") from error
        except (Refused, Unavailable) as error:
            raise NotPermitted(f"who it is cannot be verified now: {error}") from error

    def _key(self, key_id: str) -> Json:
        if key_id not in self._keys and self._provider is not None:
            self._keys = self._provider.keys()
        if key_id not in self._keys:
            raise NotGenuine(f"it knows no key {key_id!r}")
        return self._keys[key_id]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
