"""OAuth 2 as Intuit does it: short access tokens, refresh tokens whose value is replaced now and then."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.domain.base import Record
from simharness.fakekit.auth import Credential, Grant, TokenBook
from simharness_fakes.quickbooks.options import Options

SCOPE = "com.intuit.quickbooks.accounting"
#: Intuit has the one scope, for reading and writing alike. That a key may be issued which only reads is ours: it is
#: what a company gets from a gateway that it puts in front.
READ = f"{SCOPE}.read"


class Issued(Record, frozen=True, kw_only=True):
    """What a refresh gives: both tokens as they are to be used from now on."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    refresh_expires_in_s: int


class Tokens:
    """One app's credentials: its secret, its grants to companies, and what it was issued."""

    def __init__(self, clock: Clock, ids: Ids, options: Options, scopes: tuple[str, ...] = ()) -> None:
        self._clock, self._ids, self._options = clock, ids, options
        self._scopes = _with_reading(scopes or (SCOPE,))
        self.book = TokenBook(clock)
        self.client_id = ids.token("quickbooks client", 50)
        self.client_secret = ids.token("quickbooks secret", 40)
        self.verifier_token = ids.token("quickbooks verifier", 36)
        self._successors: dict[str, str] = {}
        self._granted: dict[str, tuple[str, str]] = {}  # refresh token → actor and company

    def fork(self, clock: Clock, ids: Ids) -> Tokens:
        """An independent copy on another clock."""
        twin = Tokens.__new__(Tokens)
        twin._clock, twin._ids, twin._options, twin._scopes = clock, ids, self._options, self._scopes
        twin.book = self.book.fork(clock)
        twin.client_id, twin.client_secret = self.client_id, self.client_secret
        twin.verifier_token = self.verifier_token
        twin._successors, twin._granted = dict(self._successors), dict(self._granted)
        return twin

    def authorise(self, actor: str, realm: str) -> Issued:
        """Somebody grants the app access to a company: the first pair of tokens."""
        return self._issue(self._grant(actor, realm))

    def new_verifier_token(self) -> None:
        """Webhooks are signed under another token from now on."""
        self.verifier_token = self._ids.token("quickbooks verifier", 36)

    def key(self, actor: str, realm: str, scopes: tuple[str, ...]) -> Credential:
        """A further key to a company, with these scopes alone."""
        token = f"eyJlbmMi.{self._ids.token('quickbooks key', 64)}"
        held = _with_reading(scopes) or ("openid",)
        return self.book.add(Credential(token=token, actor=actor, scopes=held, entity=realm))

    def refresh(self, refresh_token: str) -> Issued | None:
        """A new access token, and the refresh token to use from now on; None where the token is dead.

        A token that is old enough is replaced; the one it replaces works for the grace period, and then gives the
        successor too, so that a client whose answer got lost can go on.
        """
        grant = self.book.grant(refresh_token)
        if grant is None:
            return None
        successor = self.book.grant(self._successors.get(refresh_token, ""))
        if successor is not None:
            return self._issue(successor)
        if self._age_s(grant) < self._options.refresh_rotation.total_seconds():
            return self._issue(grant)
        fresh = self._grant(grant.actor, grant.entity)
        self._successors[refresh_token] = fresh.refresh_token
        until = self._clock.now + self._options.refresh_grace
        self.book.add_grant(
            Grant(
                refresh_token=refresh_token, actor=grant.actor, client_id=grant.client_id, scopes=grant.scopes,
                entity=grant.entity, expires_at=until,
            )
        )  # fmt: skip
        return self._issue(fresh)

    def revoke(self, token: str) -> bool:
        """End a connection by either of its tokens: whatever the actor holds for the company is dead.

        False for a token that is not alive.
        """
        found = self.book.grant(token) or self.book.find(token)
        if not isinstance(found, Grant | Credential):
            return False
        self.disconnect(found.actor, found.entity)
        return True

    def disconnect(self, actor: str, realm: str) -> None:
        """Whatever an actor holds for a company is dead."""
        for credential in self.book.credentials():
            if (credential.actor, credential.entity) == (actor, realm):
                self.book.revoke(credential.token)
        for refresh_token, owner in self._granted.items():
            if owner == (actor, realm):
                self.book.revoke(refresh_token)

    def is_client(self, headers: Mapping[str, str]) -> bool:
        """Whether a request carries the app's own Basic credentials."""
        scheme, _, value = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError, UnicodeDecodeError):
            return False
        return text == f"{self.client_id}:{self.client_secret}"

    def _age_s(self, grant: Grant) -> float:  # a duration in seconds
        if grant.expires_at is None:
            return self._options.refresh_rotation.total_seconds()
        return (self._clock.now - (grant.expires_at - self._options.refresh_token)).total_seconds()

    def _grant(self, actor: str, realm: str) -> Grant:
        token = f"AB11{self._ids.token('quickbooks refresh', 46)}"
        expires_at = self._clock.now + self._options.refresh_token
        self._granted[token] = (actor, realm)
        return self.book.add_grant(
            Grant(
                refresh_token=token, actor=actor, client_id=self.client_id, scopes=self._scopes, entity=realm,
                expires_at=expires_at,
            )
        )  # fmt: skip

    def _issue(self, grant: Grant) -> Issued:
        token = f"eyJlbmMi.{self._ids.token('quickbooks access', 64)}"
        credential = self.book.issue(grant, token, self._options.access_token)
        left = grant.expires_at - self._clock.now if grant.expires_at else self._options.refresh_token
        return Issued(
            access_token=credential.token,
            refresh_token=grant.refresh_token,
            expires_in_s=int(self._options.access_token.total_seconds()),
            refresh_expires_in_s=int(left.total_seconds()),
        )


def _with_reading(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever may do everything in the books may read them."""
    return tuple(dict.fromkeys((*scopes, *(READ for each in scopes if each == SCOPE))))
