"""Signed claims as vendors send them: JWTs (ES256) under a key that the vendor shows as a JWK."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from simharness.reference.errors import NotGenuine
from simharness.reference.vendors.http import Json

_WIDTH = 32


def verified(token: str, key_of: Callable[[str], Json]) -> Mapping[str, Any]:
    """The claims of a token whose signature holds; `key_of` gives the vendor's key of an id. Raises `NotGenuine`, and
    whatever `key_of` raises.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise NotGenuine("it bears no token")
    header, claims = _object(parts[0]), _object(parts[1])
    if header.get("alg") != "ES256":
        raise NotGenuine(f"the token is signed by {header.get('alg')!r}, not ES256")
    _verify(key_of(str(header.get("kid") or "")), f"{parts[0]}.{parts[1]}".encode(), _raw(parts[2]))
    return claims


def _verify(key: Json, signed: bytes, signature: bytes) -> None:
    # The library is heavy, and most connectors of a run never see a token.
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
