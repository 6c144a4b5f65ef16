"""From a public token to an item, and how an item ends or needs a login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.plaid.sandbox import Refused, Sandbox

READERS = (
    ("/transactions/sync", {}),
    ("/transactions/get", {"start_date": "2026-01-01", "end_date": "2026-01-31"}),
    ("/transactions/refresh", {}),
    ("/accounts/get", {}),
    ("/accounts/balance/get", {}),
)


def public_token(sandbox: Sandbox, **options: Any) -> str:
    made = sandbox.call(
        "/sandbox/public_token/create",
        institution_id="ins_109508",
        initial_products=["transactions"],
        **({"options": options} if options else {}),
    )
    return str(made["public_token"])


def test_a_public_token_leads_to_an_item_once(sandbox: Sandbox) -> None:
    token = public_token(sandbox, webhook="https://receiver.example/plaid")
    linked = sandbox.call("/item/public_token/exchange", public_token=token)
    item = sandbox.call("/item/get", access_token=linked["access_token"])["item"]
    assert (item["item_id"], item["webhook"]) == (linked["item_id"], "https://receiver.example/plaid")
    assert linked["access_token"] != sandbox.token
    with pytest.raises(Refused, match="INVALID_PUBLIC_TOKEN"):
        sandbox.call("/item/public_token/exchange", public_token=token)


def test_whether_a_public_token_can_be_exchanged_again_is_an_option(make: Callable[..., Sandbox]) -> None:
    sandbox = make(public_token_again="repeat")
    token = public_token(sandbox)
    one, two = (sandbox.call("/item/public_token/exchange", public_token=token) for _ in range(2))
    assert one["access_token"] == two["access_token"]


def test_a_public_token_ends_after_half_an_hour(sandbox: Sandbox) -> None:
    token = public_token(sandbox)
    sandbox.clock.advance(timedelta(minutes=30))
    with pytest.raises(Refused, match="INVALID_PUBLIC_TOKEN"):
        sandbox.call("/item/public_token/exchange", public_token=token)


def test_a_removed_item_is_gone_for_good(sandbox: Sandbox) -> None:
    sandbox.about("/item/remove")
    for path, body in (*READERS, ("/item/get", {}), ("/item/remove", {})):
        with pytest.raises(Refused, match="ITEM_NOT_FOUND"):
            sandbox.about(path, **body)


def test_an_access_token_that_was_not_given_leads_nowhere(sandbox: Sandbox) -> None:
    with pytest.raises(Refused) as refused:
        sandbox.call("/item/get", access_token="access-sandbox-none")
    assert (refused.value.kind, refused.value.code) == ("INVALID_INPUT", "INVALID_ACCESS_TOKEN")


def test_after_a_lost_login_nothing_is_read_until_somebody_logs_in_again(sandbox: Sandbox) -> None:
    assert sandbox.about("/sandbox/item/reset_login")["reset_login"] is True
    sandbox.move("USD 5.00")
    for path, body in READERS:
        with pytest.raises(Refused) as refused:
            sandbox.about(path, **body)
        assert (refused.value.kind, refused.value.code) == ("ITEM_ERROR", "ITEM_LOGIN_REQUIRED")
        assert refused.value.json["display_message"]
    assert sandbox.about("/item/get")["item"]["error"]["error_code"] == "ITEM_LOGIN_REQUIRED"
    sandbox.about(
        "/link/token/create",
        client_name="Books",
        language="en",
        country_codes=["US"],
        user={"client_user_id": "1"},
    )
    sandbox.clock.advance(timedelta(seconds=59))
    with pytest.raises(Refused, match="ITEM_LOGIN_REQUIRED"):
        sandbox.about("/transactions/sync")
    sandbox.clock.advance(timedelta(seconds=1))
    assert len(sandbox.about("/transactions/sync")["added"]) == 1
    assert sandbox.about("/item/get")["item"]["error"] is None


def test_a_new_link_works_while_the_old_item_needs_a_login(sandbox: Sandbox) -> None:
    sandbox.about("/sandbox/item/reset_login")
    token = sandbox.call("/item/public_token/exchange", public_token=public_token(sandbox))["access_token"]
    assert sandbox.call("/accounts/get", access_token=token)["accounts"]
    with pytest.raises(Refused, match="ITEM_LOGIN_REQUIRED"):
        sandbox.about("/accounts/get")


def test_a_link_token_lasts_four_hours_and_needs_a_product(sandbox: Sandbox) -> None:
    body = {"client_name": "Books", "language": "en", "country_codes": ["US"], "user": {"client_user_id": "1"}}
    made = sandbox.call("/link/token/create", **body, products=["transactions"])
    assert made["expiration"] == "2026-01-05T21:00:00Z"
    with pytest.raises(Refused, match="MISSING_FIELDS"):
        sandbox.call("/link/token/create", **body)


def test_there_is_one_institution(sandbox: Sandbox) -> None:
    found = sandbox.call("/institutions/get_by_id", institution_id="ins_109508", country_codes=["US"])
    assert found["institution"]["name"] == "First Platypus Bank"
    with pytest.raises(Refused, match="INVALID_INSTITUTION"):
        sandbox.call("/institutions/get_by_id", institution_id="ins_1", country_codes=["US"])
    with pytest.raises(Refused, match="INVALID_INSTITUTION"):
        sandbox.call("/sandbox/public_token/create", institution_id="ins_1", initial_products=["transactions"])
