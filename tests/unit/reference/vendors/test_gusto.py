"""Payrolls come page by page under a pinned version; a report is fetched without the company's token."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from simharness.reference.errors import Refused
from simharness.reference.vendors.gusto import VERSION, Gusto
from simharness.reference.vendors.http import Patience
from simharness.reference.vendors.tokens import Grant, Tokens

RENEWED = {"access_token": "new", "refresh_token": "r2", "expires_in": 7200}


class Kept:
    """Grants, kept nowhere else."""

    saved: tuple[str, str] = ("", "")

    def load_grant(self, vendor: str) -> None:
        assert vendor == "gusto"

    def save_grant(self, vendor: str, access: str, refresh: str, origin: str, expires_at: int) -> None:
        self.saved = (access, refresh)


class Script(httpx.BaseTransport):
    """Answers by path; keeps what was asked."""

    def __init__(self, answers: dict[str, list[httpx.Response]]) -> None:
        self.answers, self.asked = answers, list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        return self.answers[request.url.path].pop(0)


def gusto(answers: dict[str, list[httpx.Response]]) -> tuple[Gusto, Script, Kept]:
    script, kept = Script(answers), Kept()
    grant = Grant(client_id="app", client_secret="s", access_token="old", refresh_token="r1", origin="r1")
    tokens = Tokens("gusto", kept, grant)
    client = httpx.Client(transport=script)
    return Gusto(client, "https://pay.test/", "c1", tokens, patience=Patience(attempts=1)), script, kept


def test_processed_payrolls_of_every_type_come_page_by_page() -> None:
    pages = [
        httpx.Response(200, json=[{"payroll_uuid": "1"}], headers={"X-Total-Pages": "2"}),
        httpx.Response(200, json=[{"payroll_uuid": "2"}], headers={"X-Total-Pages": "2"}),
    ]
    client, script, _ = gusto({"/v1/companies/c1/payrolls": pages})
    found = client.processed(date(2026, 1, 1), date(2026, 4, 1))
    assert [each["payroll_uuid"] for each in found] == ["1", "2"]
    first = script.asked[0]
    assert dict(first.url.params) == {
        "processing_statuses": "processed", "payroll_types": "regular,off_cycle", "start_date": "2026-01-01",
        "end_date": "2026-04-01", "page": "1", "per": "100",
    }  # fmt: skip
    assert (first.headers["x-gusto-api-version"], first.headers["authorization"]) == (VERSION, "Bearer old")
    assert script.asked[1].url.params["page"] == "2"


def test_a_report_is_asked_for_by_department_and_fetched_without_a_credential() -> None:
    client, script, _ = gusto(
        {
            "/v1/payrolls/p1/reports/general_ledger": [httpx.Response(200, json={"request_uuid": "q1"})],
            "/v1/reports/q1": [httpx.Response(200, json={"status": "succeeded", "report_urls": ["https://f.test/q1"]})],
            "/q1": [httpx.Response(200, json={"data": []})],
        }
    )
    request = client.ask_for_report("p1")
    (url,) = client.report(request)["report_urls"]
    assert client.document(url) == {"data": []}
    assert script.asked[0].content == b'{"aggregation":"department"}'
    assert "authorization" not in script.asked[2].headers


def test_a_dead_token_is_renewed_once_and_the_new_pair_is_kept() -> None:
    client, script, kept = gusto(
        {
            "/v1/payrolls/p1/receipt": [httpx.Response(401, json={}), httpx.Response(200, json={"payroll_uuid": "p1"})],
            "/oauth/token": [httpx.Response(200, json=RENEWED)],
        }
    )
    assert client.receipt("p1") == {"payroll_uuid": "p1"}
    assert kept.saved == ("new", "r2")
    assert script.asked[-1].headers["authorization"] == "Bearer new"


def test_a_refusal_tells_the_vendors_category_and_words() -> None:
    errors = {"errors": [{"error_key": "base", "category": "not_found", "message": "it is not there"}]}
    client, _, _ = gusto({"/v1/payrolls/p1/receipt": [httpx.Response(404, json=errors)]})
    with pytest.raises(Refused, match="it is not there") as caught:
        client.receipt("p1")
    assert (caught.value.status, caught.value.code) == (404, "not_found")
