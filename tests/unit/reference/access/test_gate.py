"""Nobody passes the gate whose token, role or second factor is not what the mapping asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from simharness.reference.access.gate import Gate
from simharness.reference.errors import NotPermitted, Unavailable
from simharness.reference.mapping.model import Policies
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.signon import Signon

NOW = datetime(2026, 4, 7, 10, tzinfo=UTC)
KEY, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
POLICIES = Policies(
    tax_model="us",
    tax_calculator="connector",
    needs_second_factor={"write_off": "controller"},
    second_factor_minutes=15,
)


class Provider(Signon):
    """Shows one key; `fails` once it cannot be reached."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(httpx.Client(), "https://signon.example")
        self.fails, self.asked = fails, 0

    def keys(self) -> dict[str, Json]:
        self.asked += 1
        if self.fails:
            raise Unavailable("signon", "no answer")
        return {"k1": ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)}


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def token(key: ec.EllipticCurvePrivateKey = KEY, minutes: int = 15, kid: str = "k1", **changes: object) -> str:
    proved = int((NOW - timedelta(minutes=minutes)).timestamp())
    told = {
        "iss": "https://signon.example",
        "aud": "books",
        "sub": "Dana Scully",
        "exp": int(NOW.timestamp()) + 1,
        "auth_time": proved,
        "amr": ["pwd", "otp", "mfa"],
        "roles": ["controller"],
        **changes,
    }
    return jwt.encode(told, key, algorithm="ES256", headers={"kid": kid})


def gate(provider: Provider | None = None) -> Gate:
    return Gate(provider or Provider(), POLICIES, issuer="https://signon.example", audience="books")


def refusal(given: str, at: Gate | None = None) -> str:
    with pytest.raises(NotPermitted) as refused:
        (at or gate()).check("write_off", {"token": given})
    assert given not in str(refused.value) or not given
    return str(refused.value)


def test_a_controller_with_a_second_factor_of_a_quarter_of_an_hour_passes() -> None:
    assert gate().check("write_off", {"token": token()}) == "Dana Scully"


def test_an_act_that_asks_for_nothing_is_everybodys() -> None:
    provider = Provider()
    assert gate(provider).check("replay", {}) == ""
    assert provider.asked == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "nobody signed in"),
        (token(minutes=16), "older than 15 minutes"),
        (token(minutes=-1), "older than 15 minutes"),
        (token(amr=["pwd"]), "without a second factor"),
        (token(roles=["sales"]), "has not the role controller"),
        (token(roles="controller"), "has not the role controller"),
        (token(exp=int(NOW.timestamp())), "past its end"),
        (token(exp=None), "past its end"),
        (token(aud="another program"), "for another program"),
        (token(iss="https://elsewhere.example"), "another provider"),
        (token(OTHER), "the signature does not match"),
        (token(kid="k2"), "it knows no key 'k2'"),
        (jwt.encode({"sub": "x"}, "a secret of thirty-two characters", algorithm="HS256"), "not ES256"),
        ("a.b.c", "the token cannot be read"),
        ("nonsense", "it bears no token"),
    ],
)
def test_whatever_is_wanting_is_said(given: str, said: str) -> None:
    assert said in refusal(given)


def test_nobody_passes_while_the_provider_cannot_be_asked_or_there_is_none() -> None:
    assert "cannot be verified now" in refusal(token(), gate(Provider(fails=True)))
    assert "knows no key" in refusal(token(), Gate(None, POLICIES, issuer="", audience=""))


def test_the_key_is_asked_for_once() -> None:
    provider = Provider()
    at = gate(provider)
    at.check("write_off", {"token": token()})
    at.check("write_off", {"token": token()})
    assert provider.asked == 1
