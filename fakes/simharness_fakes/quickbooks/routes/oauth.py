"""The OAuth server: tokens, revocation, the discovery document that SDKs begin with."""

from __future__ import annotations

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.tokens import SCOPE

_REAL = "intuit.com"


def tokens(fake: Quickbooks, call: Call) -> Response:
    """Exchange a refresh token; the answer carries the refresh token to use from now on."""
    if not fake.tokens.is_client(call.request.headers):
        return _no_client(fake)
    issued = fake.tokens.refresh(call.body["refresh_token"])
    if issued is None:
        return fake.reply(
            {"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"}, status=400
        )
    return fake.reply(
        {
            "token_type": "bearer",
            "access_token": issued.access_token,
            "expires_in": issued.expires_in_s,
            "refresh_token": issued.refresh_token,
            "x_refresh_token_expires_in": issued.refresh_expires_in_s,
        }
    )


def revoke(fake: Quickbooks, call: Call) -> Response:
    """End a connection; the answer is empty."""
    if not fake.tokens.is_client(call.request.headers):
        return _no_client(fake)
    if not fake.tokens.revoke(call.body["token"]):
        return fake.reply({"error": "invalid_request", "error_description": "Unknown token"}, status=400)
    response = fake.reply({})
    return Response(status=200, headers={"intuit_tid": response.headers["intuit_tid"]})


def discovery(fake: Quickbooks, call: Call) -> Response:
    """Where the OAuth server is: the real hosts, or the one door that a client came through."""
    host = call.request.host
    real = host.partition(":")[0].endswith(_REAL)
    door = f"http://{host}"
    oauth = "https://oauth.platform.intuit.com" if real else door
    accounts = "https://accounts.platform.intuit.com" if real else door
    return fake.reply(
        {
            "issuer": f"{oauth}/op/v1",
            "authorization_endpoint": f"{'https://appcenter.intuit.com' if real else door}/connect/oauth2",
            "token_endpoint": f"{oauth}/oauth2/v1/tokens/bearer",
            "userinfo_endpoint": f"{accounts}/v1/openid_connect/userinfo",
            "revocation_endpoint": f"{'https://developer.api.intuit.com' if real else door}/v2/oauth2/tokens/revoke",
            "jwks_uri": f"{oauth}/op/v1/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": [SCOPE],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
        }
    )


def _no_client(fake: Quickbooks) -> Response:
    body = {"error": "invalid_client", "error_description": "The client is not known"}
    return fake.reply(body, status=401, headers={"www-authenticate": 'Basic realm="Intuit"'})
