"""What the identity provider signs, a program can verify by its published key, and with nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import jwt
import pytest

from simharness.domain.acts import ActRefused, SignIn, TellAgain
from simharness.domain.events import SignedIn
from simharness.domain.exchange import Request, Response
from simharness.world.world import World

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(now=START, stack={"identity": "signon"})


def signed(world: World, *, second_factor: bool = False) -> SignedIn:
    act = SignIn(person="Dana Scully", roles=("controller",), second_factor=second_factor)
    (event,) = world.operate("identity", act, "Dana Scully")
    assert isinstance(event, SignedIn)
    return event


def send(world: World, method: str, path: str, form: dict[str, str] | None = None) -> Response:
    headers = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
    body = urlencode(form).encode() if form is not None else b""
    return world.fake("identity").handle(
        Request(method=method, host="signon.example", path=path, headers=headers, body=body)
    )


def exchange(world: World, code: str, **changes: str) -> Response:
    known = world.fake("identity").connection("")
    given = {
        "grant_type": "authorization_code",
        "client_id": known["client_id"],
        "client_secret": known["client_secret"],
    }
    return send(world, "POST", "/oauth2/v1/token", {**given, "code": code, **changes})


def claims(world: World, token: str) -> dict[str, object]:
    (key,) = json.loads(send(world, "GET", "/oauth2/v1/keys").body)["keys"]
    audience = world.fake("identity").connection("")["client_id"]
    found: dict[str, object] = jwt.decode(
        token,
        jwt.PyJWK(key),
        algorithms=["ES256"],
        audience=audience,
        options={"verify_exp": False, "verify_iat": False},
    )
    return found


def test_a_token_says_who_in_which_roles_when_and_how(world: World) -> None:
    told = claims(world, signed(world, second_factor=True).token)
    assert (told["sub"], told["roles"], told["amr"]) == ("Dana Scully", ["controller"], ["pwd", "otp", "mfa"])
    assert told["auth_time"] == int(START.timestamp())
    assert claims(world, signed(world).token)["amr"] == ["pwd"]


def test_a_code_gives_the_same_session_once_and_for_a_minute(world: World) -> None:
    first = signed(world, second_factor=True)
    world.advance(timedelta(seconds=60))
    answer = exchange(world, first.code)
    assert answer.status == 200
    told = claims(world, json.loads(answer.body)["id_token"])
    assert (told["auth_time"], told["iat"]) == (int(START.timestamp()), int(START.timestamp()) + 60)
    assert json.loads(exchange(world, first.code).body)["error"] == "invalid_grant"
    late = signed(world)
    world.advance(timedelta(seconds=61))
    assert json.loads(exchange(world, late.code).body)["error"] == "invalid_grant"


def test_another_client_and_another_kind_of_grant_are_refused(world: World) -> None:
    code = signed(world).code
    assert exchange(world, code, client_secret="wrong").status == 401
    assert json.loads(exchange(world, code, grant_type="password").body)["error"] == "unsupported_grant_type"
    assert exchange(world, code).status == 200


def test_discovery_names_where_keys_and_tokens_are(world: World) -> None:
    told = json.loads(send(world, "GET", "/.well-known/openid-configuration").body)
    assert told["jwks_uri"] == f"{told['issuer']}/oauth2/v1/keys"
    assert told["issuer"] == world.fake("identity").connection("")["issuer"]


def test_the_same_world_signs_the_same_and_another_seed_does_not(world: World) -> None:
    twin = World(now=START, stack={"identity": "signon"})
    other = World(now=START, stack={"identity": "signon"}, rng_seed=1)
    assert signed(world).token == signed(twin).token
    with pytest.raises(jwt.InvalidTokenError):
        claims(other, signed(world).token)


def test_the_acts_of_other_families_are_refused(world: World) -> None:
    with pytest.raises(ActRefused, match="TellAgain"):
        world.operate("identity", TellAgain(), "somebody")
