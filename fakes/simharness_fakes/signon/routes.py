"""Operation id → handler: discovery, the public keys, and the exchange of a code for an ID token."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.signon.errors import JSON, refused

if TYPE_CHECKING:
    from simharness_fakes.signon.fake import Signon


def discovery(fake: Signon, call: Call) -> Response:
    """Where the provider is, and what it does."""
    del call
    base = fake.issuer
    return _answer(
        {
            "issuer": base,
            "token_endpoint": f"{base}/oauth2/v1/token",
            "jwks_uri": f"{base}/oauth2/v1/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "claims_supported": ["iss", "sub", "aud", "iat", "exp", "auth_time", "amr", "roles"],
        }
    )


def keys(fake: Signon, call: Call) -> Response:
    """The public key by which ID tokens are verified."""
    del call
    return _answer({"keys": [dict(fake.key.public())]})


def token(fake: Signon, call: Call) -> Response:
    """An ID token for a code; a code is good once and for a minute."""
    if (call.body["client_id"], call.body["client_secret"]) != (fake.client_id, fake.client_secret):
        return refused(401, "invalid_client", "the client is not known, or its secret is another")
    session = fake.state.take(call.body["code"])
    if session is None or (fake.setup.clock.now - session.at).total_seconds() > fake.code_lifetime_s:
        return refused(400, "invalid_grant", "the code is unknown, used or too old")
    lifetime_s = fake.token_lifetime_s
    return _answer({"token_type": "Bearer", "expires_in": lifetime_s, "id_token": fake.id_token(session)})


def _answer(body: Json) -> Response:
    return Response(status=200, headers={"content-type": JSON, "cache-control": "no-store"}, body=write_json(body))


ROUTES: Mapping[str, Handler] = MappingProxyType({"discovery": discovery, "keys": keys, "token": token})
