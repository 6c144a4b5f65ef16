"""Credentials, scopes, limits, owners and the portal's own details."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simharness.domain.exchange import Request
from simharness.fakekit.auth import Credential
from tests.fakes.hubspot.portal import SalesTeam

DEALS = "/crm/v3/objects/deals"


def grant(team: SalesTeam, **wrong: str) -> dict[str, str]:
    known = team.fake.connection("")
    return {
        "grant_type": "refresh_token", "client_id": known["client_id"], "client_secret": known["client_secret"],
        "refresh_token": known["refresh_token"], "redirect_uri": "http://127.0.0.1/back", **wrong,
    }  # fmt: skip


def test_an_access_token_lives_half_an_hour_and_a_refresh_token_stays(team: SalesTeam) -> None:
    team.clock.advance(timedelta(seconds=1799))
    assert team.ask("GET", DEALS).status == 200
    team.clock.advance(timedelta(seconds=1))
    late = team.ask("GET", DEALS)
    assert (late.status, late.json["category"]) == (401, "EXPIRED_AUTHENTICATION")
    answer = team.form("/oauth/v1/token", **grant(team))
    assert (answer.status, answer.json["expires_in"], answer.json["token_type"]) == (200, 1800, "bearer")
    assert answer.json["refresh_token"] == team.fake.connection("")["refresh_token"]
    team.token = answer.json["access_token"]
    assert team.ask("GET", DEALS).status == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"refresh_token": "nope"}, "BAD_REFRESH_TOKEN"),
        ({"client_id": "nope"}, "BAD_CLIENT_ID"),
        ({"client_secret": "nope"}, "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
        ({"grant_type": "authorization_code", "code": "c"}, "BAD_AUTH_CODE"),
    ],
)
def test_a_token_is_given_only_for_what_was_granted(team: SalesTeam, wrong: dict[str, str], status: str) -> None:
    answer = team.form("/oauth/v1/token", **grant(team, **wrong))
    assert (answer.status, answer.json["status"]) == (400, status)


def test_tokens_say_what_they_are_good_for_until_they_are_revoked(team: SalesTeam) -> None:
    known = team.fake.connection("")
    info = team.ask("GET", f"/oauth/v1/access-tokens/{known['access_token']}").json
    assert (info["hub_id"], info["expires_in"]) == (int(known["portal_id"]), 1800)
    assert "crm.objects.deals.write" in info["scopes"]
    path = f"/oauth/v1/refresh-tokens/{known['refresh_token']}"
    assert team.ask("GET", path).json["client_id"] == known["client_id"]
    assert team.ask("DELETE", path).status == 204
    assert team.ask("GET", path).status == 404
    assert team.form("/oauth/v1/token", **grant(team)).json["status"] == "BAD_REFRESH_TOKEN"
    assert team.ask("GET", DEALS).status == 200  # what was issued lives on


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer nope"}, {"authorization": "Basic eDp5"}])
def test_nobody_gets_in_without_a_token(team: SalesTeam, header: dict[str, str]) -> None:
    answer = team.send(Request(method="GET", host="api.hubapi.com", path=DEALS, headers=header))
    assert (answer.status, answer.json["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_scope_that_was_not_granted_is_missing(team: SalesTeam) -> None:
    team.fake.tokens.add(Credential(token="reader", actor="reader", scopes=("crm.objects.deals.read",)))
    team.token = "reader"
    assert team.ask("GET", "/crm/v3/objects/0-3").status == 200
    refused = team.ask("POST", DEALS, {"properties": {"dealname": "A"}})
    assert (refused.status, refused.json["category"]) == (403, "MISSING_SCOPES")
    assert refused.json["errors"][0]["context"] == {"requiredGranularScopes": ["crm.objects.deals.write"]}
    assert team.ask("GET", "/crm/v3/objects/companies").status == 403
    assert team.ask("GET", "/crm/v3/owners/").status == 403


def test_the_eleventh_request_in_ten_seconds_is_one_too_many() -> None:
    team = SalesTeam(options={"rate_limit_per_10_s": "10"})
    for left in reversed(range(10)):
        answer = team.ask("GET", DEALS)
        assert answer.headers["x-hubspot-ratelimit-remaining"] == str(left)
    assert answer.headers["x-hubspot-ratelimit-max"] == "10"
    assert answer.headers["x-hubspot-ratelimit-interval-milliseconds"] == "10000"
    assert answer.headers["x-hubspot-ratelimit-daily-remaining"] == "249990"
    refused = team.ask("GET", DEALS)
    assert (refused.status, refused.json["policyName"]) == (429, "TEN_SECONDLY_ROLLING")
    assert (refused.json["errorType"], refused.json["status"]) == ("RATE_LIMIT", "error")
    assert "retry-after" not in refused.headers  # the rolling policy tells nobody how long
    team.clock.advance(timedelta(seconds=10))
    assert team.ask("GET", DEALS).status == 200


def test_searches_have_a_limit_of_their_own_and_tell_no_headers(team: SalesTeam) -> None:
    for _ in range(5):
        answer = team.search("deals")
        assert answer.status == 200
        assert not [name for name in answer.headers if "ratelimit" in name]
    refused = team.search("deals")
    assert (refused.status, refused.json["policyName"]) == (429, "SECONDLY")
    assert team.ask("GET", DEALS).status == 200
    team.clock.advance(timedelta(seconds=1))
    assert team.search("deals").status == 200


def test_a_day_has_its_limit() -> None:
    team = SalesTeam(options={"daily_limit": "2"})
    assert [team.ask("GET", DEALS).status for _ in range(3)] == [200, 200, 429]
    assert team.ask("GET", DEALS).json["policyName"] == "DAILY"
    team.later(hours=7)  # midnight in UTC
    assert team.ask("GET", DEALS).status == 200


def test_owners_are_found_by_address_and_by_either_id(team: SalesTeam) -> None:
    owners = team.ask("GET", "/crm/v3/owners/").json["results"]
    one = owners[1]
    assert team.ask("GET", "/crm/v3/owners", email=one["email"]).ids == [one["id"]]
    assert team.ask("GET", f"/crm/v3/owners/{one['id']}").json == one
    assert team.ask("GET", f"/crm/v3/owners/{one['userId']}", idProperty="userId").json == one
    assert team.ask("GET", f"/crm/v3/owners/{one['userId']}").status == 404
    first = team.ask("GET", "/crm/v3/owners", limit=1)
    assert team.ask("GET", "/crm/v3/owners", after=first.json["paging"]["next"]["after"]).ids == [one["id"]]


def test_the_portal_says_its_zone_and_currency(team: SalesTeam) -> None:
    details = team.ask("GET", "/account-info/v3/details").json
    assert (details["timeZone"], details["companyCurrency"]) == ("America/Los_Angeles", "USD")
    assert (details["utcOffset"], details["utcOffsetMilliseconds"]) == ("-08:00", -28_800_000)


def test_another_portal_knows_nothing_of_this_one(team: SalesTeam) -> None:
    team.company()
    assert SalesTeam().snapshot().companies == ()


def test_a_copy_goes_its_own_way(team: SalesTeam) -> None:
    company = team.company()
    twin = SalesTeam()
    twin.fake = team.fake.fork(twin.fake.setup)
    twin.token = team.token
    assert twin.snapshot() == team.snapshot()
    twin.ask("PATCH", f"/crm/v3/objects/companies/{company}", {"properties": {"name": "Other"}})
    twin.deal(company)
    assert [c.name for c in team.snapshot().companies] == ["Globex"]
    assert (len(team.snapshot().deals), len(twin.snapshot().deals)) == (0, 1)
