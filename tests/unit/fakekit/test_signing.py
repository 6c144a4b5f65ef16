"""A signing key is the same for the same world, and what it signed is verified by its published half alone."""

from __future__ import annotations

import jwt
import pytest

from simharness.core.rng import Rng
from simharness.fakekit.signing import SigningKey

CLAIMS = {"iss": "https://signon.example", "iat": 1767632400}


def key(seed: int = 7, stream: str = "some key") -> SigningKey:
    return SigningKey(Rng(seed), stream, "key-1")


def verified(token: str, by: SigningKey) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(
        token, jwt.PyJWK(dict(by.public())), algorithms=["ES256"], options={"verify_iat": False}
    )
    return found


def test_two_worlds_of_one_seed_sign_the_same_bytes() -> None:
    assert key().token(CLAIMS) == key().token(CLAIMS)
    assert key().public() == key().public()


def test_what_is_signed_names_its_key_and_is_verified_by_the_published_half() -> None:
    token = key().token(CLAIMS)
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": "key-1", "typ": "JWT"}
    assert verified(token, key()) == CLAIMS


@pytest.mark.parametrize("other", [key(seed=8), key(stream="another key")])
def test_no_other_key_verifies_it(other: SigningKey) -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        verified(key().token(CLAIMS), other)
