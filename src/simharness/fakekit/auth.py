"""Credentials of a fake: access tokens with actor, scopes and lifetime, and refresh tokens that may rotate."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from simharness.core.clock import Clock
from simharness.domain.base import Record
from simharness.fakekit.problems import Forbidden, Unauthenticated


class Credential(Record, frozen=True, kw_only=True):
    """A token and whom it stands for. Empty `scopes` mean every scope; `entity` is the company it
    belongs to ("" any).
    """

    token: str
    actor: str
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    entity: str = ""

    def lacks(self, scope: str) -> Forbidden | None:
        """The problem if a scope is needed that this credential does not carry."""
        if not scope or not self.scopes or scope in self.scopes:
            return None
        return Forbidden(scope=scope)


class Grant(Record, frozen=True, kw_only=True):
    """A refresh token and what it may be exchanged for."""

    refresh_token: str
    actor: str
    client_id: str
    scopes: tuple[str, ...] = ()
    entity: str = ""
    expires_at: datetime | None = None


class TokenBook:
    """The credentials one fake accepts. Lookups are by exact token; expiry is judged on virtual time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._credentials: dict[str, Credential] = {}
        self._grants: dict[str, Grant] = {}
        self._revoked: set[str] = set()

    def add(self, credential: Credential) -> Credential:
        """Accept a credential from now on."""
        self._credentials[credential.token] = credential
        return credential

    def add_grant(self, grant: Grant) -> Grant:
        """Accept a refresh token from now on."""
        self._grants[grant.refresh_token] = grant
        return grant

    def find(self, token: str) -> Credential | Unauthenticated:
        """The credential of a token, or why it is none."""
        if not token:
            return Unauthenticated(cause="missing")
        if token in self._revoked:
            return Unauthenticated(cause="revoked", token=token)
        credential = self._credentials.get(token)
        if credential is None:
            return Unauthenticated(cause="unknown", token=token)
        if credential.expires_at is not None and credential.expires_at <= self._clock.now:
            return Unauthenticated(cause="expired", token=token)
        return credential

    def grant(self, refresh_token: str) -> Grant | None:
        """The live grant of a refresh token; None if unknown, revoked or past its lifetime."""
        grant = self._grants.get(refresh_token)
        if grant is None or refresh_token in self._revoked:
            return None
        if grant.expires_at is not None and grant.expires_at <= self._clock.now:
            return None
        return grant

    def ends_by(self, refresh_token: str, at: datetime) -> bool:
        """Whether a refresh token is good now and past its lifetime at an instant."""
        grant = self.grant(refresh_token)
        return grant is not None and grant.expires_at is not None and grant.expires_at <= at

    def issue(self, grant: Grant, token: str, lifetime: timedelta) -> Credential:
        """A new access token under a grant."""
        expires_at = self._clock.now + lifetime
        return self.add(
            Credential(token=token, actor=grant.actor, scopes=grant.scopes, expires_at=expires_at, entity=grant.entity)
        )

    def revoke(self, token: str) -> None:
        """Refuse an access or refresh token from now on."""
        self._revoked.add(token)

    def revoke_all(self, actor: str) -> None:
        """Refuse every access and refresh token of somebody from now on."""
        self._revoked.update(token for token, each in self._credentials.items() if each.actor == actor)
        self._revoked.update(token for token, each in self._grants.items() if each.actor == actor)

    def expire(self, actor: str) -> None:
        """Let every access token that somebody was issued under a grant expire now; the grants stay good."""
        granted = {grant.actor for grant in self._grants.values()}
        for token, each in self._credentials.items():
            if each.actor == actor and actor in granted:
                self._credentials[token] = replace(each, expires_at=self._clock.now)

    def credentials(self) -> tuple[Credential, ...]:
        """Every credential ever added, in order."""
        return tuple(self._credentials.values())

    def fork(self, clock: Clock) -> TokenBook:
        """An independent copy on another clock."""
        twin = TokenBook(clock)
        twin._credentials = dict(self._credentials)
        twin._grants = dict(self._grants)
        twin._revoked = set(self._revoked)
        return twin
