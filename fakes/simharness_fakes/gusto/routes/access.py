"""What a token may do, and how it is renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import companies
from simharness_fakes.gusto.routes.answers import answer

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def token_info(fake: Gusto, call: Call) -> Response:
    """The scopes of the token, the company that it opens, and whose it is."""
    company = fake.state.company.id
    return answer(
        {
            "scope": " ".join(call.credential.scopes or fake.every_scope()),
            "resource": {"type": "Company", "uuid": company},
            "resource_owner": {"type": "CompanyAdmin", "uuid": fake.admin},
        }
    )


def token(fake: Gusto, call: Call) -> Response:
    """A new pair of tokens for a refresh token, which is used up by it."""
    body = call.body
    if (body["client_id"], body["client_secret"]) != (fake.tokens.client_id, fake.tokens.client_secret):
        return _refused(401, "invalid_client", "no app has this client_id and client_secret")
    grant = fake.tokens.book.grant(body["refresh_token"])
    issued = fake.tokens.refresh(body["refresh_token"])
    if grant is None or issued is None:
        return _refused(401, "invalid_grant", "the refresh token is invalid, expired or was used already")
    companies.of_uuid(fake, grant.entity).issued = issued
    return answer(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": int(fake.profile.token_lifetime.total_seconds()),
            "refresh_token": issued.refresh_token,
            "scope": " ".join(issued.scopes),
            "created_at": str(issued.created_at),
        }
    )


def _refused(status: int, code: str, told: str) -> Response:
    return answer({"error": code, "error_description": told}, status)
