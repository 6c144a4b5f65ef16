"""Plaid's token counts if it is signed by ES256 under a key that Plaid knows, just now, about these very bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, cast

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from simharness.reference.errors import NotGenuine, Refused
from simharness.reference.webhooks.tokens import PlaidTokens

if TYPE_CHECKING:
    from simharness.reference.vendors.plaid import Plaid

BODY, NOW = b'{\n  "webhook_type": "TRANSACTIONS"\n}', 1_768_000_000
KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


class Keys:
    """Shows one key, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def verification_key(self, key_id: str) -> dict[str, Any]:
        self.asked += 1
        if key_id != "k1":
            raise Refused("plaid", 400, "INVALID_WEBHOOK_VERIFICATION_KEY_ID", "no such key")
        return cast(dict[str, Any], json.loads(ECAlgorithm.to_jwk(KEY.public_key())))


def token(*, key: ec.EllipticCurvePrivateKey = KEY, kid: str = "k1", at: int = NOW, body: bytes = BODY) -> str:
    claims = {"iat": at, "request_body_sha256": hashlib.sha256(body).hexdigest()}
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid})


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def tokens(keys: Keys) -> PlaidTokens:
    return PlaidTokens(cast("Plaid", keys))


def test_what_plaid_signed_is_genuine_and_its_key_is_asked_for_once(tokens: PlaidTokens, keys: Keys) -> None:
    for _ in range(3):
        tokens.verify(token(), BODY, NOW)
    assert keys.asked == 1


@pytest.mark.parametrize(
    "given",
    [
        token(key=OTHER),
        token(kid="k2"),
        token(at=NOW - 301),
        token(at=NOW + 301),
        token(body=BODY + b" "),
        token()[:-4],
        token().replace(".", "", 1),
        "",
        "a.b.c",
        jwt.encode({"iat": NOW}, "a secret that is long enough for this", algorithm="HS256", headers={"kid": "k1"}),
        jwt.encode({"iat": NOW}, None, algorithm="none"),
        jwt.encode({"x": 1}, KEY, algorithm="ES256", headers={"kid": "k1"}),
    ],
)
def test_anything_else_is_not(tokens: PlaidTokens, given: str) -> None:
    with pytest.raises(NotGenuine):
        tokens.verify(given, BODY, NOW)
