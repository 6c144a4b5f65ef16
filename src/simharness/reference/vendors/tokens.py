"""OAuth tokens of one vendor, kept in the state database because a refresh token that rotates must survive a
restart.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from simharness.reference.errors import Refused, Unavailable

#: Renewed this early, so that a token does not die under way.
_MARGIN_S = 60
#: So many failures in a row are enough, and for so long nobody asks again then.
_PATIENCE, _REST_S = 5, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a vendor granted.

    `expires_at` is unix seconds, 0 when unknown; `origin` is the refresh token it descends from.
    """

    client_id: str
    client_secret: str
    access_token: str
    refresh_token: str
    origin: str
    expires_at: int = 0

    def renewed(self, answer: Mapping[str, Any]) -> Grant:
        """The grant after a token answer; the vendor may or may not have rotated the refresh token."""
        return replace(
            self,
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or self.refresh_token),
            expires_at=int(datetime.now(UTC).timestamp()) + int(answer.get("expires_in", 0)),
        )


class Vault(Protocol):
    """Where grants are kept."""

    def load_grant(self, vendor: str) -> tuple[str, str, str, int] | None:
        """Access token, refresh token, origin and expiry, or None."""

    def save_grant(self, vendor: str, access: str, refresh: str, origin: str, expires_at: int) -> None:
        """Kept at once: the old refresh token may already be dead."""

    def get_setting(self, name: str, default: str = "") -> str:
        """A remembered value."""

    def set_setting(self, name: str, value: str) -> None:
        """Remember a value."""


class Tokens:
    """The current grant of one vendor. A newly configured refresh token replaces what descends from the old one."""

    def __init__(self, vendor: str, vault: Vault, configured: Grant) -> None:
        self._vendor, self._vault = vendor, vault
        self._grant = configured
        self._refused: Refused | None = None
        self._failures = 0
        self._failed_s = 0.0
        kept = vault.load_grant(vendor)
        if kept is not None and kept[2] == configured.origin:
            self._grant = replace(configured, access_token=kept[0], refresh_token=kept[1], expires_at=kept[3])

    def authorization(self, ask: Callable[[Grant], Grant]) -> str:
        """The header's value; a token that is known to be at its end is renewed by `ask` first."""
        expires_at = self._grant.expires_at
        if expires_at and datetime.now(UTC).timestamp() > expires_at - _MARGIN_S:
            self.refresh(ask)
        return f"Bearer {self._grant.access_token}"

    def keep_alive(self, ask: Callable[[Grant], Grant], idle_s: int) -> None:
        """Renew a grant that nobody needed for so many seconds: its refresh token dies some time after the last use.

        The age of a configured grant is not known; it counts from the first time that this is asked.
        """
        now, name = (
            int(datetime.now(UTC).timestamp()),
            f"grant.{self._vendor}.{zlib.crc32(self._grant.origin.encode())}",
        )
        since = self._grant.expires_at or int(self._vault.get_setting(name, "0"))
        if not since:
            self._vault.set_setting(name, str(now))
        elif now - since > idle_s:
            self.refresh(ask)

    def refresh(self, ask: Callable[[Grant], Grant]) -> bool:
        """Renew by `ask` and keep the result; False when there is nothing to renew with.

        Every call that needs a new token comes here, so patience is counted here: after a refusal for good, or several
        failures in a row, the vendor is not asked again for a while. Raises what `ask` does, or `Unavailable`.
        """
        if not self._grant.refresh_token:
            return False
        self._rest()
        try:
            self._grant = grant = ask(self._grant)
        except Exception as error:
            self._failed_s = datetime.now(UTC).timestamp()
            self._failures += 1
            self._refused = error if isinstance(error, Refused) else None
            raise
        self._failures = 0
        self._vault.save_grant(self._vendor, grant.access_token, grant.refresh_token, grant.origin, grant.expires_at)
        return True

    def _rest(self) -> None:
        """Leave a vendor alone that refused, or gave no answer, just now."""
        if datetime.now(UTC).timestamp() - self._failed_s >= _REST_S:
            self._refused, self._failures = None, 0
        elif self._refused is not None:
            raise self._refused
        elif self._failures >= _PATIENCE:
            raise Unavailable(self._vendor, "no new token was given just now", attempts=self._failures)
