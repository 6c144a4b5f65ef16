"""What is repeated, how long it waits, and when it is given up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import httpx
import pytest

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.vendors import http
from simharness.reference.vendors.http import Caller, Request
from simharness.reference.vendors.hubspot import HubSpot
from simharness.reference.vendors.quickbooks import QuickBooks
from simharness.reference.vendors.tokens import Grant, Tokens

Answer = httpx.Response | Exception
URL = "https://vendor.test/things"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(http.time, "sleep", waits.append)
    return waits


class Script(httpx.BaseTransport):
    """Answers in order, the last one for ever; keeps what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.sent = list(answers), []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def caller(script: Script, refresh: Callable[[], bool] = lambda: False) -> Caller:
    return Caller(
        "vendor",
        httpx.Client(transport=script),
        authorize=lambda: "Bearer t",
        refresh=refresh,
        explain=lambda answer: (str(answer.status_code), answer.text),
    )


OK = httpx.Response(200, json={"net": 0.10})


@pytest.mark.parametrize("first", [408, 409, 429, 500, 502, 503, 504])
def test_transient_answers_are_repeated_with_the_same_body(first: int, slept: list[float]) -> None:
    script = Script(httpx.Response(first), OK)
    body = caller(script).json(Request(method="POST", url=URL, content=b'{"a":1}', key="k"))
    assert body == {"net": Decimal("0.1")}
    assert [request.content for request in script.sent] == [b'{"a":1}'] * 2
    assert len(slept) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no"), httpx.ReadTimeout("late"), httpx.RemoteProtocolError("cut")]
)
def test_transport_errors_are_repeated(error: Exception, slept: list[float]) -> None:
    script = Script(error, error, OK)
    caller(script).json(Request(method="GET", url=URL))
    assert len(script.sent) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 422, 501])
def test_definite_answers_are_never_repeated(status: int, slept: list[float]) -> None:
    script = Script(httpx.Response(status, text="no"))
    with pytest.raises(Refused) as caught:
        caller(script).json(Request(method="POST", url=URL))
    assert (caught.value.status, len(script.sent), slept) == (status, 1, [])


def test_repetition_is_bounded_and_backs_off(slept: list[float]) -> None:
    script = Script(httpx.Response(503))
    with pytest.raises(Unavailable) as caught:
        caller(script).json(Request(method="POST", url=URL, key="k"))
    assert (len(script.sent), caught.value.attempts) == (5, 5)
    assert len(slept) == 4
    for number, wait_s in enumerate(slept):
        assert 0.25 * 2**number <= wait_s <= 0.5 * 2**number


def test_waits_of_one_request_can_be_repeated_and_differ_between_requests(slept: list[float]) -> None:
    for key in ("a", "a", "b"):
        with pytest.raises(Unavailable):
            caller(Script(httpx.Response(503))).json(Request(method="POST", url=URL, key=key))
    assert slept[:4] == slept[4:8] != slept[8:]


def test_retry_after_is_honoured(slept: list[float]) -> None:
    script = Script(httpx.Response(429, headers={"retry-after": "7"}), OK)
    caller(script).json(Request(method="GET", url=URL))
    assert slept == [7]


def test_a_wait_that_is_too_long_for_a_sleep_is_left_to_a_later_pass(slept: list[float]) -> None:
    script = Script(httpx.Response(429, headers={"retry-after": "3600"}))
    with pytest.raises(Unavailable) as caught:
        caller(script).json(Request(method="GET", url=URL))
    assert (caught.value.retry_after_s, len(script.sent), slept) == (3600, 1, [])


def test_an_expired_token_is_refreshed_once(slept: list[float]) -> None:
    asked = []
    script = Script(httpx.Response(401), OK)
    caller(script, lambda: asked.append(1) is None).json(Request(method="GET", url=URL))
    assert len(asked) == 1
    with pytest.raises(Refused):  # there is nothing to renew with: nobody will be let in later either
        caller(Script(httpx.Response(401)), lambda: False).json(Request(method="GET", url=URL))


def test_what_is_refused_with_a_new_token_too_is_nothing_against_what_was_asked(slept: list[float]) -> None:
    script = Script(httpx.Response(401))
    with pytest.raises(Unavailable):
        caller(script, lambda: True).json(Request(method="GET", url=URL))
    assert len(script.sent) == 2


@pytest.mark.parametrize("refusal", [401, 403])
def test_a_question_that_was_refused_is_not_asked_again_in_a_pass(refusal: int, slept: list[float]) -> None:
    script = Script(httpx.Response(refusal))
    asker = caller(script, lambda: True)
    for _ in range(3):
        with pytest.raises((Refused, Unavailable)) as caught:
            asker.json(Request(method="GET", url=URL))
    asked = len(script.sent)
    assert (asked, isinstance(caught.value, Refused)) == ((1, True) if refusal == 403 else (2, False))
    with pytest.raises((Refused, Unavailable)):
        asker.json(Request(method="GET", url=URL, params=[("query", "another")]))
    assert len(script.sent) == 2 * asked, "another question is asked"
    asker.begin()
    with pytest.raises((Refused, Unavailable)):
        asker.json(Request(method="GET", url=URL))
    assert len(script.sent) == 3 * asked, "the next pass asks again"


def test_a_posting_that_was_refused_goes_out_again_when_it_is_taken_up(slept: list[float]) -> None:
    script = Script(httpx.Response(403), OK)
    asker = caller(script)
    with pytest.raises(Refused):
        asker.json(Request(method="POST", url=URL, key="k"))
    assert asker.json(Request(method="POST", url=URL, key="k"))


class Vault:
    """Grants in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, str, str, int]] = {}

    def load_grant(self, vendor: str) -> tuple[str, str, str, int] | None:
        return self.kept.get(vendor)

    def save_grant(self, vendor: str, access: str, refresh: str, origin: str, expires_at: int) -> None:
        self.kept[vendor] = (access, refresh, origin, expires_at)


def grant(refresh: str = "r1") -> Grant:
    return Grant(client_id="c", client_secret="s", access_token="a1", refresh_token=refresh, origin=refresh)


def test_a_rotated_refresh_token_survives_a_restart_until_a_new_one_is_configured(slept: list[float]) -> None:
    vault = Vault()
    script = Script(
        httpx.Response(401),
        httpx.Response(200, json={"access_token": "a2", "refresh_token": "r2", "expires_in": 3600}),
        httpx.Response(200, json={"QueryResponse": {}}),
    )
    client = httpx.Client(transport=script)
    ledger = QuickBooks(client, URL, URL, "1", Tokens("quickbooks", vault, grant()))
    assert list(ledger.query("Item")) == []
    assert [request.headers["authorization"].split()[0] for request in script.sent] == ["Bearer", "Basic", "Bearer"]
    assert vault.kept["quickbooks"][:3] == ("a2", "r2", "r1")
    restarted = Tokens("quickbooks", vault, grant())
    assert restarted.authorization(lambda granted: granted) == "Bearer a2"
    assert Tokens("quickbooks", vault, grant("new")).authorization(lambda granted: granted) == "Bearer a1"


def test_the_rolling_limit_of_hubspot_waits_for_its_window(slept: list[float]) -> None:
    limited = httpx.Response(429, json={"policyName": "TEN_SECONDLY_ROLLING", "message": "slow down"})
    script = Script(limited, httpx.Response(200, json={"results": []}))
    crm = HubSpot(httpx.Client(transport=script), URL, Tokens("hubspot", Vault(), grant()))
    assert crm.read("companies", ["1"], ["name"]) == {}
    assert slept == [10]


def partial(category: str) -> httpx.Response:
    error = {"status": "error", "category": category, "message": "try again", "context": {"ids": ["2"]}}
    return httpx.Response(207, json={"results": [{"id": "1"}], "errors": [error]})


def test_what_a_batch_did_not_come_to_is_not_taken_for_gone() -> None:
    crm = HubSpot(httpx.Client(transport=Script(partial("INTERNAL_ERROR"))), URL, Tokens("hubspot", Vault(), grant()))
    with pytest.raises(Unavailable, match="try again"):
        crm.read("line_items", ["1", "2"], ["name"])
    crm = HubSpot(httpx.Client(transport=Script(partial("OBJECT_NOT_FOUND"))), URL, Tokens("hubspot", Vault(), grant()))
    assert crm.read("line_items", ["1", "2"], ["name"]).keys() == {"1"}


def test_a_table_that_fails_in_a_batch_is_asked_for_alone() -> None:
    fault = {"Error": [{"Message": "try again", "code": "10000"}], "type": "SystemFault"}
    items = [{"bId": "q0", "Fault": fault}, {"bId": "q1", "QueryResponse": {"Item": [{"Id": "7"}]}}]
    script = Script(
        httpx.Response(200, json={"BatchItemResponse": items}),
        httpx.Response(200, json={"QueryResponse": {"Account": [{"Id": "1"}]}}),
    )
    ledger = QuickBooks(httpx.Client(transport=script), URL, URL, "1", Tokens("quickbooks", Vault(), grant()))
    assert ledger.tables("Account", "Item") == {"Account": [{"Id": "1"}], "Item": [{"Id": "7"}]}


def test_a_long_query_is_read_page_by_page() -> None:
    rows = [{"Id": str(number)} for number in range(1500)]
    pages = [httpx.Response(200, json={"QueryResponse": {"Item": rows[:1000]}}),
             httpx.Response(200, json={"QueryResponse": {"Item": rows[1000:]}})]  # fmt: skip
    script = Script(*pages)
    ledger = QuickBooks(httpx.Client(transport=script), URL, URL, "1", Tokens("quickbooks", Vault(), grant()))
    assert [row["Id"] for row in ledger.query("Item")] == [row["Id"] for row in rows]
    assert "startposition 1001 maxresults 1000" in httpx.QueryParams(script.sent[1].url.query)["query"]
