"""Who signed in how, and the codes that stand for it until they are exchanged. No HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simharness.domain.base import Record

PASSWORD, ONE_TIME_CODE, SEVERAL = "pwd", "otp", "mfa"


class Session(Record, frozen=True, kw_only=True):
    """Somebody proved who they are. `methods` are those of RFC 8176: pwd, and otp with mfa for a second factor."""

    person: str
    roles: tuple[str, ...]
    methods: tuple[str, ...]
    at: datetime


@dataclass(slots=True)
class State:
    """Sessions by the code that was handed out for each; a code is good for one exchange."""

    codes: dict[str, Session] = field(default_factory=dict)

    def take(self, code: str) -> Session | None:
        """The session of a code, which is used up by it."""
        return self.codes.pop(code, None)

    def fork(self) -> State:
        """An independent copy."""
        return State(dict(self.codes))


def claims(
    session: Session, *, issuer: str, audience: str, issued_at: datetime, lifetime_s: int
) -> Mapping[str, object]:
    """What an ID token says of a session; instants in unix seconds."""
    issued = int(issued_at.timestamp())
    return {
        "iss": issuer,
        "sub": session.person,
        "aud": audience,
        "iat": issued,
        "exp": issued + lifetime_s,
        "auth_time": int(session.at.timestamp()),
        "amr": list(session.methods),
        "roles": list(session.roles),
    }
