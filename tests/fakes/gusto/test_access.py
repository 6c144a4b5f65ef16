"""What a token may do, for how long, and how often."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import read_json
from tests.fakes.gusto.company import Company


def refreshed(c: Company, token: str) -> tuple[int, dict[str, str]]:
    values = c.fake.connection("")
    body = {
        "client_id": values["client_id"], "client_secret": values["client_secret"], "refresh_token": token,
        "grant_type": "refresh_token",
    }  # fmt: skip
    response = c.ask("POST", "/oauth/token", body, token="")
    return response.status, read_json(response.body)


def test_a_token_without_the_scope_is_refused_by_its_name() -> None:
    c = Company(scopes=("payrolls:read",))
    c.get("/v1/companies/{c}/payrolls")
    told = c.refused(403, "POST", "/v1/companies/{c}/departments", {"title": "Research"})
    assert told["category"] == "missing_oauth_scopes"
    assert "departments:write" in told["message"]
    assert c.get("/v1/token_info")["scope"] == "payrolls:read"


def test_a_refresh_token_is_used_up_by_the_first_use_of_what_came_of_it() -> None:
    c = Company()
    old = c.fake.connection("")["refresh_token"]
    lost = refreshed(c, old)[1]  # nobody reads this answer
    status, issued = refreshed(c, old)
    assert status == 200
    assert issued["refresh_token"] != lost["refresh_token"]
    assert c.ask("GET", "/v1/token_info", token=issued["access_token"]).status == 200
    assert refreshed(c, old)[0] == 401


def test_a_new_access_token_lives_for_two_hours() -> None:
    c = Company()
    _, issued = refreshed(c, c.fake.connection("")["refresh_token"])
    c.clock.advance(timedelta(hours=2))
    assert c.refused(401, "GET", "/v1/token_info", token=issued["access_token"])["category"] == "invalid_token"
    assert refreshed(c, issued["refresh_token"])[0] == 200


def test_a_refresh_may_come_as_a_form() -> None:
    c = Company()
    values = c.fake.connection("")
    names = ("client_id", "client_secret", "refresh_token")
    body = urlencode({**{name: values[name] for name in names}, "grant_type": "refresh_token"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = c.fake.handle(Request(method="POST", host="x", path="/oauth/token", headers=headers, body=body))
    assert answer.status == 200
    assert c.fake.connection("")["refresh_token"] == read_json(answer.body)["refresh_token"] != values["refresh_token"]


def test_the_limit_is_two_hundred_in_any_sixty_seconds() -> None:
    c = Company()
    first = c.ask("GET", "/v1/token_info")
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("200", "199")
    assert "retry-after" not in first.headers
    c.clock.advance(timedelta(seconds=20))
    for _ in range(199):
        c.get("/v1/token_info")
    limited = c.ask("GET", "/v1/token_info")
    assert (limited.status, limited.headers["retry-after"]) == (429, "40")
    assert limited.headers["x-ratelimit-remaining"] == "0"
    assert limited.headers["x-ratelimit-reset"] == "2026-01-05 17:01:00 UTC"
    c.clock.advance(timedelta(seconds=40))
    assert c.ask("GET", "/v1/token_info").status == 200
    assert c.ask("GET", "/v1/token_info").status == 429
    # Another token has a limit of its own.
    other = c.fake.issue("auditor", ())["authorization"].removeprefix("Bearer ")
    assert c.ask("GET", "/v1/token_info", token=other).status == 200


def test_another_company_is_not_found() -> None:
    c = Company()
    c.refused(404, "GET", "/v1/companies/somebody-elses")
    c.refused(404, "GET", "/v1/companies/somebody-elses/payrolls")
    c.refused(404, "POST", "/v1/companies/somebody-elses/departments", {"title": "Research"})
