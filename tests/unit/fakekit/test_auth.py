"""Credentials live on virtual time, carry scopes and end when they are revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simharness.core.clock import Clock
from simharness.fakekit.auth import Credential, Grant, TokenBook
from simharness.fakekit.problems import Forbidden, Unauthenticated

START = datetime(2026, 1, 5, tzinfo=UTC)


def book() -> tuple[Clock, TokenBook]:
    clock = Clock(START)
    return clock, TokenBook(clock)


def cause(found: Credential | Unauthenticated) -> str:
    return found.cause if isinstance(found, Unauthenticated) else "valid"


def test_everything_of_one_actor_can_be_refused_at_once() -> None:
    _, tokens = book()
    for actor in ("connector", "bi"):
        tokens.add(Credential(token=f"t-{actor}", actor=actor))
        tokens.add_grant(Grant(refresh_token=f"r-{actor}", actor=actor, client_id="c"))
    tokens.revoke_all("connector")
    assert isinstance(tokens.find("t-connector"), Unauthenticated)
    assert tokens.grant("r-connector") is None
    assert isinstance(tokens.find("t-bi"), Credential)
    assert tokens.grant("r-bi") is not None


def test_a_token_is_missing_unknown_valid_expired_or_revoked() -> None:
    clock, tokens = book()
    tokens.add(Credential(token="t", actor="connector", expires_at=START + timedelta(hours=1)))
    assert [cause(tokens.find(token)) for token in ("", "T", "t")] == ["missing", "unknown", "valid"]
    clock.advance(timedelta(minutes=59, seconds=59))
    assert cause(tokens.find("t")) == "valid"
    clock.advance(timedelta(seconds=1))
    assert cause(tokens.find("t")) == "expired"
    tokens.revoke("t")
    assert cause(tokens.find("t")) == "revoked"


def test_a_refresh_token_issues_access_for_its_actor_and_scopes() -> None:
    clock, tokens = book()
    grant = tokens.add_grant(
        Grant(
            refresh_token="r",
            actor="connector",
            client_id="app",
            scopes=("read",),
            entity="e",
            expires_at=START + timedelta(days=1),
        )
    )
    issued = tokens.issue(grant, "t2", timedelta(minutes=30))
    assert (issued.actor, issued.scopes, issued.entity) == ("connector", ("read",), "e")
    assert issued.expires_at == START + timedelta(minutes=30)
    assert tokens.find("t2") == issued
    assert tokens.grant("r") == grant
    clock.advance(timedelta(days=1))
    assert tokens.grant("r") is None
    assert tokens.grant("other") is None


def test_a_revoked_refresh_token_is_no_grant() -> None:
    _, tokens = book()
    tokens.add_grant(Grant(refresh_token="r", actor="a", client_id="app"))
    tokens.revoke("r")
    assert tokens.grant("r") is None


@pytest.mark.parametrize(
    ("scopes", "scope", "lacks"),
    [((), "write", False), (("read",), "read", False), (("read",), "", False), (("read",), "write", True)],
)
def test_a_scope_is_lacked_only_by_a_limited_credential(scopes: tuple[str, ...], scope: str, lacks: bool) -> None:
    found = Credential(token="t", actor="a", scopes=scopes).lacks(scope)
    assert found == (Forbidden(scope=scope) if lacks else None)


def test_a_fork_revokes_for_itself() -> None:
    clock, tokens = book()
    tokens.add(Credential(token="t", actor="a", expires_at=START + timedelta(hours=1)))
    other = Clock(START)
    twin = tokens.fork(other)
    twin.revoke("t")
    assert (cause(tokens.find("t")), cause(twin.find("t"))) == ("valid", "revoked")
    third = tokens.fork(other)
    other.advance(timedelta(hours=1))
    assert (cause(tokens.find("t")), cause(third.find("t"))) == ("valid", "expired")
    assert clock.now == START
