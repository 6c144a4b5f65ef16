"""Idempotency keys: what a vendor remembers of a request and how it answers the same key again.

A profile is data; a pack declares one, any can be swapped in. A key lives on virtual time: begun → finished.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from simharness.domain.base import Record
from simharness.domain.exchange import Response


class Again(enum.Enum):
    """How a key that was seen before is answered."""

    REPLAY = "replay"
    REFUSE = "refuse"
    EXECUTE = "execute"


class Stores(enum.Enum):
    """Which answers are remembered: none, successes only, or every answer once execution began."""

    NOTHING = "nothing"
    SUCCESS = "success"
    ALL = "all"


class Profile(Record, frozen=True, kw_only=True):
    """One vendor's habit. `window` None keeps keys for ever; `max_length` of the key; `refusal` names the vendor's
    error.
    """

    name: str
    same_body: Again
    other_body: Again
    in_flight: Again
    stores: Stores
    window: timedelta | None = None
    max_length: int = 255


#: Source: the vendors' documentation where marked so in each pack's README; a day is Stripe's stated minimum.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                name="stripe_v1",
                same_body=Again.REPLAY,
                other_body=Again.REFUSE,
                in_flight=Again.REFUSE,
                stores=Stores.ALL,
                window=timedelta(hours=24),
            ),
            Profile(
                name="quickbooks",
                same_body=Again.REPLAY,
                other_body=Again.REPLAY,
                in_flight=Again.REFUSE,
                stores=Stores.SUCCESS,
                max_length=50,
            ),
            Profile(
                name="none",
                same_body=Again.EXECUTE,
                other_body=Again.EXECUTE,
                in_flight=Again.EXECUTE,
                stores=Stores.NOTHING,
            ),
        )
    }
)


class Verdict(enum.Enum):
    """What the store says of a key when a request begins."""

    NEW = "new"
    REPLAY = "replay"
    MISMATCH = "mismatch"
    IN_FLIGHT = "in flight"


class _Entry(Record, frozen=True, kw_only=True):
    fingerprint: str
    begun: datetime
    response: Response | None = None


class KeyStore:
    """The keys one fake remembers, per scope (account, company). `begin`, then `finish` or `forget`."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._entries: dict[tuple[str, str], _Entry] = {}

    def begin(self, scope: str, key: str, fingerprint: str, now: datetime) -> tuple[Verdict, Response | None]:
        """Open a key, or say how a known one is to be answered (with the remembered response for a replay)."""
        if self.profile.stores is Stores.NOTHING:
            return Verdict.NEW, None
        entry = self._entries.get((scope, key))
        if entry is not None and self.profile.window is not None and now - entry.begun >= self.profile.window:
            entry = None
        if entry is None:
            self._entries[scope, key] = _Entry(fingerprint=fingerprint, begun=now)
            return Verdict.NEW, None
        if entry.response is None:
            return (Verdict.NEW if self.profile.in_flight is Again.EXECUTE else Verdict.IN_FLIGHT), None
        rule = self.profile.same_body if entry.fingerprint == fingerprint else self.profile.other_body
        if rule is Again.REPLAY:
            return Verdict.REPLAY, entry.response
        return (Verdict.MISMATCH if rule is Again.REFUSE else Verdict.NEW), None

    def finish(self, scope: str, key: str, response: Response) -> None:
        """Remember the answer if the profile remembers such answers, else forget the key."""
        entry = self._entries.get((scope, key))
        if entry is None:
            return
        keeps = self.profile.stores is Stores.ALL or (self.profile.stores is Stores.SUCCESS and response.status < 400)
        if keeps:
            self._entries[scope, key] = _Entry(fingerprint=entry.fingerprint, begun=entry.begun, response=response)
        else:
            self.forget(scope, key)

    def forget(self, scope: str, key: str) -> None:
        """Drop a key whose request never began to execute (a validation failure)."""
        self._entries.pop((scope, key), None)

    def keys(self) -> Iterator[tuple[str, str]]:
        """Every (scope, key) remembered, in order of first use."""
        return iter(self._entries)

    def fork(self) -> KeyStore:
        """An independent copy."""
        twin = KeyStore(self.profile)
        twin._entries = dict(self._entries)
        return twin
