"""Who uses the portal: tokens, owners, and what the portal says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from simharness.domain.exchange import Response
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.state.refusals import NoSuchDefinition, NoSuchObject

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot

_USER_ID = 9001001
_HUB_DOMAIN = "sales-team.example"
_USER = "admin@sales-team.example"


def create_token(fake: Hubspot, call: Call) -> Response:
    """A new access token for a refresh token; the refresh token stays as it is."""
    body, app = call.body or {}, fake.app
    grant_type = body.get("grant_type", "")
    if grant_type not in ("refresh_token", "authorization_code"):
        return _refused(fake, "BAD_GRANT_TYPE", "missing or unknown grant_type")
    if body.get("client_id") != app.client_id:
        return _refused(fake, "BAD_CLIENT_ID", "missing or unknown client id")
    if body.get("client_secret") != app.client_secret:
        return _refused(fake, "BAD_CLIENT_SECRET", "missing or invalid client secret")
    if grant_type == "authorization_code":
        # Nobody can have been given a code: there is no page here on which a person would grant one.
        return _refused(fake, "BAD_AUTH_CODE", "missing or unknown auth code")
    grant = fake.tokens.grant(body.get("refresh_token", ""))
    if grant is None or grant.client_id != body["client_id"]:
        return _refused(fake, "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
    lifetime_s = fake.number("access_token_lifetime_s")
    issued = fake.tokens.issue(grant, fake.new_access_token(), timedelta(seconds=lifetime_s))
    return wire.answer(
        {
            "token_type": "bearer",
            "refresh_token": grant.refresh_token,
            "access_token": issued.token,
            "expires_in": lifetime_s,
        }
    )


def get_access_token(fake: Hubspot, call: Call) -> Response:
    """What an access token is good for, and for how long."""
    found = fake.tokens.find(call.path["token"])
    if not isinstance(found, Credential):
        raise NoSuchDefinition("access token not found")
    left = found.expires_at - fake.setup.clock.now if found.expires_at is not None else timedelta(0)
    body = {
        **_holder(fake, found.scopes),
        "token": found.token,
        "token_type": "access",
        "app_id": fake.app.app_id,
        "expires_in": int(left.total_seconds()),
    }
    return wire.answer(body)


def get_refresh_token(fake: Hubspot, call: Call) -> Response:
    """What a refresh token is good for."""
    grant = fake.tokens.grant(call.path["token"])
    if grant is None:
        raise NoSuchDefinition("refresh token not found")
    body = {
        **_holder(fake, grant.scopes),
        "token": grant.refresh_token,
        "token_type": "refresh",
        "client_id": grant.client_id,
    }
    return wire.answer(body)


def delete_refresh_token(fake: Hubspot, call: Call) -> Response:
    """The refresh token is good for nothing any more; access tokens that were issued live on."""
    if fake.tokens.grant(call.path["token"]) is None:
        raise NoSuchDefinition("refresh token not found")
    fake.tokens.revoke(call.path["token"])
    return wire.nothing()


def list_owners(fake: Hubspot, call: Call) -> Response:
    """A page of the portal's users."""
    query = call.query
    archived = bool(query.get("archived", False))
    owners = [] if archived else [o for o in fake.portal.owners if query.get("email") in (None, "", o.email)]
    after, limit = query.get("after", ""), query.get("limit", 100)
    start = next((n + 1 for n, one in enumerate(owners) if one.id == after), 0) if after else 0
    page = owners[start : start + limit]
    body: dict[str, Json] = {"results": [wire.owner(one) for one in page]}
    if start + limit < len(owners):
        body["paging"] = wire.paging(page[-1].id)
    return wire.answer(body)


def get_owner(fake: Hubspot, call: Call) -> Response:
    """One user, by owner id or by user id."""
    by_user = call.query.get("idProperty") == "userId"
    wanted = call.path["ownerId"]
    found = next((o for o in fake.portal.owners if wanted == (str(o.user_id) if by_user else o.id)), None)
    if found is None:
        raise NoSuchObject("owners", wanted)
    return wire.answer(wire.owner(found))


def get_account(fake: Hubspot, call: Call) -> Response:
    """What the portal says of itself: its id, currency and time zone."""
    profile = fake.portal.profile
    offset = fake.setup.clock.now.astimezone(ZoneInfo(profile.time_zone)).utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return wire.answer(
        {
            "portalId": profile.portal_id,
            "accountType": "STANDARD",
            "timeZone": profile.time_zone,
            "companyCurrency": profile.currency,
            "additionalCurrencies": [],
            "utcOffset": f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}",
            "utcOffsetMilliseconds": minutes * 60_000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
    )


def _holder(fake: Hubspot, scopes: tuple[str, ...]) -> dict[str, Json]:
    return {
        "hub_id": fake.portal.profile.portal_id,
        "hub_domain": _HUB_DOMAIN,
        "user_id": _USER_ID,
        "user": _USER,
        "scopes": list(scopes),
    }


def _refused(fake: Hubspot, status: str, message: str) -> Response:
    return fake.words.error(400, message, "", kind=status)


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "createToken": create_token,
        "getAccessToken": get_access_token,
        "getRefreshToken": get_refresh_token,
        "deleteRefreshToken": delete_refresh_token,
        "listOwners": list_owners,
        "getOwner": get_owner,
        "getAccount": get_account,
    }
)
