"""Idempotency by requestid, limits, tokens, and who may ask."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import read_json
from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.driving import misfits
from tests.fakes.quickbooks.driving import Client, ledger_of


def customers(client: Client) -> int:
    return int(client.query("select count(*) from Customer")["totalCount"])


def test_a_repeated_requestid_gives_the_first_answer_and_does_nothing(client: Client) -> None:
    first = client.call("POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})
    again = client.call("POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})
    other = client.call("POST", "customer", {"DisplayName": "Initech"}, query={"requestid": "r-1"})
    assert first.body == again.body == other.body
    assert [r.notes.replayed for r in (first, again, other)] == [False, True, True]
    assert first.notes.idempotency_key == "r-1"
    assert customers(client) == 1


def test_a_refused_request_leaves_its_requestid_free(client: Client) -> None:
    client.fault("6080", "POST", "customer", {"CompanyName": "x"}, query={"requestid": "r-1"})
    client.ok("POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})
    assert customers(client) == 1


def test_the_header_request_id_protects_nothing(client: Client) -> None:
    line = client.line("Badge printer", "1.00")
    body = client.sale(client.customer(), line)
    for _ in range(2):
        response = client.call("POST", "invoice", body, headers={"request-id": "same"})
        assert "header.request-id" in response.notes.inert
    assert client.query("select count(*) from Invoice")["totalCount"] == 2


def test_a_requestid_has_at_most_fifty_characters(client: Client) -> None:
    client.fault("2050", "POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r" * 51})


def test_a_requestid_with_another_body_can_be_made_a_refusal(us_saas: Any) -> None:
    client = Client(ledger_of(furnished(us_saas, quickbooks={"requestid_other_body": "refuse"})))
    client.ok("POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})
    client.fault("600", "POST", "customer", {"DisplayName": "Initech"}, query={"requestid": "r-1"})


def test_a_requestid_can_be_made_to_lapse(us_saas: Any) -> None:
    world = furnished(us_saas, quickbooks={"requestid_window_s": "60"})
    client = Client(ledger_of(world))
    client.ok("POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})
    world.advance(timedelta(seconds=60))
    client.fault("6240", "POST", "customer", {"DisplayName": "Globex"}, query={"requestid": "r-1"})


def test_the_five_hundred_and_first_request_of_a_minute_is_throttled(client: Client, world: World) -> None:
    for _ in range(500):
        assert client.call("GET", "preferences").status == 200
    throttled = client.call("GET", "preferences")
    fault = read_json(throttled.body)["fault"]
    assert (throttled.status, fault["type"], fault["error"][0]["code"]) == (429, "THROTTLE", "3001")
    assert "errorCode=003001" in fault["error"][0]["message"]
    assert "retry-after" not in throttled.headers
    world.advance(timedelta(minutes=1))
    assert client.call("GET", "preferences").status == 200


def test_batches_have_a_limit_of_their_own(us_saas: Any) -> None:
    client = Client(ledger_of(furnished(us_saas, quickbooks={"batches_per_minute": "1", "retry_after": "yes"})))
    body = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}
    client.ok("POST", "batch", body)
    throttled = client.call("POST", "batch", body)
    assert (throttled.status, throttled.headers["retry-after"]) == (429, "60")
    client.ok("GET", "preferences")


def auth(response: Response) -> tuple[int, str, str]:
    fault = read_json(response.body)["fault"]
    return response.status, fault["type"], fault["error"][0]["code"]


def test_a_token_that_is_none_or_dead_is_refused_by_the_gateway(client: Client, world: World) -> None:
    assert auth(Client(client.fake, token="nobody's").call("GET", "preferences")) == (401, "AUTHENTICATION", "3200")
    world.advance(timedelta(seconds=3599))
    assert client.call("GET", "preferences").status == 200
    world.advance(timedelta(seconds=1))
    assert auth(client.call("GET", "preferences")) == (401, "AUTHENTICATION", "3200")


def test_a_token_of_one_company_opens_no_other(client: Client) -> None:
    other = Client(client.fake, realm="123")
    assert auth(other.call("GET", "preferences")) == (403, "AUTHORIZATION", "3100")


def test_every_answer_carries_a_transaction_id_of_its_own(client: Client) -> None:
    ids = {client.call("GET", "preferences").headers["intuit_tid"] for _ in range(3)}
    assert len(ids) == 3


# --- the OAuth server -------------------------------------------------------------------------------------------------


def oauth(client: Client, path: str, form: dict[str, str], *, secret: str = "", media_type: str = "") -> Response:
    connection = client.fake.connection("")
    pair = f"{connection['client_id']}:{secret or connection['client_secret']}"
    headers = {
        "authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        "content-type": media_type or "application/x-www-form-urlencoded",
    }
    response = client.fake.handle(
        Request(
            method="POST", host="oauth.platform.intuit.com", path=path, headers=headers, body=urlencode(form).encode()
        )
    )
    operation = client.fake.contract.operations[response.notes.operation]
    assert misfits(operation, response) == () or not response.body
    return response


def refresh(client: Client, token: str, **more: str) -> Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return oauth(client, "/oauth2/v1/tokens/bearer", form, **more)


def test_a_refresh_gives_a_token_that_works(client: Client, world: World) -> None:
    old = client.fake.connection("")["refresh_token"]
    world.advance(timedelta(hours=2))
    answer = read_json(refresh(client, old).body)
    assert (answer["token_type"], answer["expires_in"], answer["refresh_token"]) == ("bearer", 3600, old)
    assert Client(client.fake, token=answer["access_token"]).call("GET", "preferences").status == 200


def test_a_refresh_token_a_day_old_is_replaced_and_dies_a_day_later(client: Client, world: World) -> None:
    old = client.fake.connection("")["refresh_token"]
    world.advance(timedelta(days=1))
    new = read_json(refresh(client, old).body)["refresh_token"]
    assert new != old
    # An answer that got lost can be asked for again while the old token lives.
    world.advance(timedelta(hours=23, minutes=59))
    assert read_json(refresh(client, old).body)["refresh_token"] == new
    world.advance(timedelta(minutes=1))
    dead = refresh(client, old)
    assert (dead.status, read_json(dead.body)["error"]) == (400, "invalid_grant")
    assert refresh(client, new).status == 200


def test_the_grace_of_a_replaced_token_is_an_option(us_saas: Any) -> None:
    options = {"refresh_rotation_s": "0", "refresh_grace_s": "0"}
    client = Client(ledger_of(furnished(us_saas, quickbooks=options)))
    old = client.fake.connection("")["refresh_token"]
    new = read_json(refresh(client, old).body)["refresh_token"]
    assert refresh(client, old).status == 400
    assert refresh(client, new).status == 200


def test_a_refresh_token_lives_a_hundred_and_one_days_at_most(client: Client, world: World) -> None:
    token = client.fake.connection("")["refresh_token"]
    world.advance(timedelta(seconds=8726400))
    assert read_json(refresh(client, token).body)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password", "refresh_token": "x"}, "unsupported_grant_type"),
        ({"refresh_token": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_the_token_endpoint_refuses_as_oauth_says(client: Client, form: dict[str, str], error: str) -> None:
    response = oauth(client, "/oauth2/v1/tokens/bearer", form)
    assert (response.status, read_json(response.body)["error"]) == (400, error)


def test_a_wrong_secret_is_no_client(client: Client) -> None:
    response = refresh(client, client.fake.connection("")["refresh_token"], secret="wrong")
    assert (response.status, read_json(response.body)["error"]) == (401, "invalid_client")


def test_revoking_ends_the_connection(client: Client) -> None:
    token = client.fake.connection("")["refresh_token"]
    assert oauth(client, "/v2/oauth2/tokens/revoke", {"token": token}).status == 200
    assert client.call("GET", "preferences").status == 401
    assert refresh(client, token).status == 400
