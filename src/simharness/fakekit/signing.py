"""A key that signs as vendors do who publish theirs: ES256, the same for the same world, and signatures without chance
(RFC 6979).

A signature that drew randomness would make two records of one run differ.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from simharness.core.rng import Rng

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

#: The order of the group of P-256. Source: FIPS 186-4, appendix D.1.2.3.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_WIDTH = 32


class SigningKey:
    """One key pair with its id, drawn from the stream of that name. The library behind it is loaded when something is
    signed or shown.
    """

    def __init__(self, rng: Rng, stream: str, key_id: str) -> None:
        self.key_id = key_id
        self._scalar = rng.stream(stream).getrandbits(256) % (_ORDER - 1) + 1

    def public(self) -> Mapping[str, str]:
        """The public key as a JWK without its times."""
        point = self._private().public_key().public_numbers()
        return {
            "alg": "ES256",
            "crv": "P-256",
            "kid": self.key_id,
            "kty": "EC",
            "use": "sig",
            "x": _text(point.x.to_bytes(_WIDTH, "big")),
            "y": _text(point.y.to_bytes(_WIDTH, "big")),
        }

    def token(self, claims: Mapping[str, object]) -> str:
        """The claims as a signed JWT."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        header = {"alg": "ES256", "kid": self.key_id, "typ": "JWT"}
        signed = f"{_text(msgspec.json.encode(header))}.{_text(msgspec.json.encode(claims))}"
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = utils.decode_dss_signature(self._private().sign(signed.encode(), algorithm))
        return f"{signed}.{_text(r.to_bytes(_WIDTH, 'big') + s.to_bytes(_WIDTH, 'big'))}"

    def _private(self) -> EllipticCurvePrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ec

        return ec.derive_private_key(self._scalar, ec.SECP256R1())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
