"""Plaid's webhooks: a JWT (ES256) beside the body, under a key that Plaid shows to whoever asks for it by its id."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec

from simharness.reference.errors import NotGenuine, Refused
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.plaid import Plaid
from simharness.reference.webhooks.signatures import fresh

_WIDTH = 32


class PlaidTokens:
    """Verifies tokens; keys are asked for once."""

    def __init__(self, plaid: Plaid) -> None:
        self._plaid = plaid
        self._keys: dict[str, Json] = {}

    def verify(self, token: str, body: bytes, now_s: int) -> None:
        """Raise `NotGenuine` unless the token is Plaid's, fresh, and about this very body; `Unavailable` where the key
        cannot be asked for now.
        """
        parts = token.split(".")
        if len(parts) != 3:
            raise NotGenuine("it bears no token")
        header, claims = _object(parts[0]), _object(parts[1])
        if header.get("alg") != "ES256":
            raise NotGenuine(f"the token is signed by {header.get('alg')!r}, not ES256")
        _verify(self._key(str(header.get("kid") or "")), f"{parts[0]}.{parts[1]}".encode(), _raw(parts[2]))
        issued = claims.get("iat")
        if not isinstance(issued, int):
            raise NotGenuine("it does not say when it was signed")
        fresh(issued, now_s)
        if not hmac.compare_digest(
            str(claims.get("request_body_sha256")).encode(), hashlib.sha256(body).hexdigest().encode()
        ):
            raise NotGenuine("the body is not the one that was signed")

    def _key(self, key_id: str) -> Json:
        if key_id not in self._keys:
            try:
                self._keys[key_id] = self._plaid.verification_key(key_id)
            except Refused as refused:
                raise NotGenuine(f"Plaid knows no key {key_id!r}") from refused
        return self._keys[key_id]


def _verify(key: Json, signed: bytes, signature: bytes) -> None:
    # The library is heavy, and only a connector that hears of a bank needs it.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    if len(signature) != 2 * _WIDTH:
        raise NotGenuine("the signature does not match")
    r, s = (int.from_bytes(signature[at : at + _WIDTH], "big") for at in (0, _WIDTH))
    x, y = (int.from_bytes(_raw(str(key[name])), "big") for name in ("x", "y"))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        public.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise NotGenuine("the signature does not match") from error


def _object(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(_raw(text))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotGenuine("the token cannot be read") from error
    if not isinstance(found, dict):
        raise NotGenuine("the token cannot be read")
    return found


def _raw(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise NotGenuine("the token cannot be read") from error
