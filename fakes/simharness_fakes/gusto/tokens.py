"""OAuth as Gusto does it: an access token for a company, and a refresh token that is replaced each time it is used.

The replaced one stays good until the access token that came with the new one is first used, as Gusto's reference says:
who lost the answer of a refresh asks again.
"""

from __future__ import annotations

from datetime import timedelta

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.domain.base import Record
from simharness.fakekit.auth import Credential, Grant, TokenBook
from simharness.fakekit.problems import Unauthenticated


class Issued(Record, frozen=True, kw_only=True):
    """A pair of tokens as they are to be used from now on."""

    access_token: str
    refresh_token: str
    scopes: tuple[str, ...]
    created_at: int


class Tokens:
    """One app's credentials and what it was issued for the company."""

    def __init__(self, clock: Clock, ids: Ids, lifetime: timedelta) -> None:
        self._clock, self._ids, self._lifetime = clock, ids, lifetime
        self.book = TokenBook(clock)
        self._replaced: dict[str, str] = {}  # by access token the refresh token that its first use ends
        self.client_id = ids.token("gusto client", 43)
        self.client_secret = ids.token("gusto secret", 43)

    def fork(self, clock: Clock, ids: Ids) -> Tokens:
        """An independent copy on another clock."""
        twin = Tokens.__new__(Tokens)
        twin._clock, twin._ids, twin._lifetime = clock, ids, self._lifetime
        twin.book = self.book.fork(clock)
        twin._replaced = dict(self._replaced)
        twin.client_id, twin.client_secret = self.client_id, self.client_secret
        return twin

    def grant(self, actor: str, scopes: tuple[str, ...], company: str) -> Issued:
        """The first pair of tokens; it lives until it is refreshed."""
        return self._pair(actor, scopes, company, lasting=True)

    def refresh(self, refresh_token: str) -> Issued | None:
        """A new pair for a refresh token; None where it is dead. It dies with the first use of the new access token."""
        grant = self.book.grant(refresh_token)
        if grant is None:
            return None
        issued = self._pair(grant.actor, grant.scopes, grant.entity, lasting=False)
        self._replaced[issued.access_token] = refresh_token
        return issued

    def used(self, access_token: str) -> Credential | Unauthenticated:
        """The credential of an access token that somebody uses, or why it is none."""
        found = self.book.find(access_token)
        if isinstance(found, Credential) and access_token in self._replaced:
            self.book.revoke(self._replaced.pop(access_token))
        return found

    def _pair(self, actor: str, scopes: tuple[str, ...], company: str, *, lasting: bool) -> Issued:
        access, refresh = self._ids.token("gusto access", 43), self._ids.token("gusto refresh", 43)
        expires = None if lasting else self._clock.now + self._lifetime
        self.book.add(Credential(token=access, actor=actor, scopes=scopes, expires_at=expires, entity=company))
        self.book.add_grant(
            Grant(refresh_token=refresh, actor=actor, client_id=self.client_id, scopes=scopes, entity=company)
        )
        created = int(self._clock.now.timestamp())
        return Issued(access_token=access, refresh_token=refresh, scopes=scopes, created_at=created)
