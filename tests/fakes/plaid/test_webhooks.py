"""Webhooks: when, to whom, signed how; verified with a library that shares nothing with the fake."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import read_json
from tests.fakes.plaid.sandbox import MONDAY, Refused, Sandbox

URL = "https://receiver.example/plaid?tenant=7"


def hooked(make: Callable[..., Sandbox], **options: str) -> Sandbox:
    return make(**{"webhook_url": URL, "classic_webhooks": "no", **options})


def codes(sandbox: Sandbox) -> list[str]:
    return [read_json(request.body)["webhook_code"] for request in sandbox.posted]


def verified(sandbox: Sandbox, request: Request) -> dict[str, Any]:
    """The claims of a webhook, as a receiver checks them."""
    token = request.headers["plaid-verification"]
    head = jwt.get_unverified_header(token)
    assert head["alg"] == "ES256"
    key = sandbox.call("/webhook_verification_key/get", key_id=head["kid"])["key"]
    claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["ES256"], options={"verify_iat": False})
    assert claims["request_body_sha256"] == hashlib.sha256(request.body).hexdigest()
    return dict(claims)


def test_news_are_told_only_after_a_first_sync(make: Callable[..., Sandbox]) -> None:
    sandbox = hooked(make)
    sandbox.move("USD 5.00")
    sandbox.clock.advance(timedelta(minutes=1))
    assert codes(sandbox) == []
    sandbox.about("/transactions/sync")
    sandbox.move("USD 6.00")
    sandbox.clock.advance(timedelta(seconds=1))
    (request,) = sandbox.posted
    assert (request.method, request.host, request.path, request.query) == (
        "POST", "receiver.example", "/plaid", "tenant=7",
    )  # fmt: skip
    assert read_json(request.body) == {
        "environment": "sandbox",
        "historical_update_complete": True,
        "initial_update_complete": True,
        "item_id": sandbox.fake.connection("")["item_id"],
        "webhook_code": "SYNC_UPDATES_AVAILABLE",
        "webhook_type": "TRANSACTIONS",
    }
    status = sandbox.about("/item/get")["status"]
    assert status["last_webhook"] == {"code_sent": "SYNC_UPDATES_AVAILABLE", "sent_at": "2026-01-05T17:01:01Z"}


def test_a_webhook_is_verified_and_a_changed_one_is_not(make: Callable[..., Sandbox]) -> None:
    sandbox = hooked(make)
    sandbox.about("/sandbox/item/fire_webhook", webhook_code="SYNC_UPDATES_AVAILABLE")
    sandbox.clock.advance(timedelta(seconds=1))
    (request,) = sandbox.posted
    claims = verified(sandbox, request)
    assert claims["iat"] == int(MONDAY.timestamp()) + 1
    assert b'\n  "item_id": ' in request.body
    other = make(webhook_url=URL)
    other.fake.key = type(other.fake.key)(type(other.setup.rng)(12), "another key", sandbox.fake.key.key_id)
    with pytest.raises(jwt.InvalidSignatureError):
        verified(other, request)
    with pytest.raises(Refused, match="INVALID_WEBHOOK_VERIFICATION_KEY_ID"):
        sandbox.call("/webhook_verification_key/get", key_id="other")


def test_equal_worlds_sign_equally_and_other_worlds_otherwise(make: Callable[..., Sandbox]) -> None:
    def sent(rng_seed: int) -> list[Request]:
        sandbox = Sandbox(hooked(make).dictionary, options={"webhook_url": URL}, rng_seed=rng_seed)
        sandbox.about("/transactions/sync")
        for number in range(1, 6):
            sandbox.move(f"USD {number}.00")
            sandbox.clock.advance(timedelta(seconds=5))
        return sandbox.posted

    assert len(sent(3)) > 5
    assert sent(3) == sent(3)
    assert sent(3)[0].headers["plaid-verification"] != sent(4)[0].headers["plaid-verification"]


def test_posting_a_pending_line_is_told_once_to_sync_and_in_parts_to_the_others(make: Callable[..., Sandbox]) -> None:
    sandbox = make(webhook_url=URL)
    pending = sandbox.move("USD -5.00", pending=True)
    sandbox.about("/transactions/sync")
    sandbox.clock.advance(timedelta(seconds=1))
    sandbox.posted.clear()
    sandbox.post(pending)
    sandbox.clock.advance(timedelta(seconds=1))
    assert codes(sandbox) == ["SYNC_UPDATES_AVAILABLE", "TRANSACTIONS_REMOVED", "DEFAULT_UPDATE"]
    _, removed, added = (read_json(request.body) for request in sandbox.posted)
    assert removed["removed_transactions"] == [pending]
    assert added["new_transactions"] == 1


def test_an_item_that_becomes_ready_says_so(make: Callable[..., Sandbox]) -> None:
    sandbox = make(webhook_url=URL, ready_after_s="60")
    sandbox.move("USD 5.00")
    sandbox.about("/transactions/sync")
    sandbox.clock.advance(timedelta(seconds=59))
    assert codes(sandbox) == []
    sandbox.clock.advance(timedelta(seconds=5))
    assert codes(sandbox) == ["SYNC_UPDATES_AVAILABLE", "INITIAL_UPDATE", "HISTORICAL_UPDATE"]


def test_an_unanswered_webhook_is_sent_again_with_a_new_signature_four_times_as_late(
    make: Callable[..., Sandbox],
) -> None:
    sandbox = hooked(make)
    sandbox.receiver = 500
    sandbox.about("/sandbox/item/fire_webhook", webhook_code="DEFAULT_UPDATE", options={"new_transactions": 3})
    sandbox.clock.advance(timedelta(hours=24))
    times = [verified(sandbox, request)["iat"] - int(MONDAY.timestamp()) for request in sandbox.posted]
    assert times == [1, 31, 151, 631, 2551, 10231, 40951]
    assert len({request.body for request in sandbox.posted}) == 1
    assert read_json(sandbox.posted[0].body)["new_transactions"] == 3


def test_nobody_is_told_of_a_removed_item(make: Callable[..., Sandbox]) -> None:
    sandbox = hooked(make)
    sandbox.receiver = None
    sandbox.about("/sandbox/item/fire_webhook", webhook_code="NEW_ACCOUNTS_AVAILABLE")
    sandbox.clock.advance(timedelta(seconds=1))
    sandbox.about("/item/remove")
    sandbox.clock.advance(timedelta(hours=24))
    assert len(sandbox.posted) == 1


def test_a_lost_login_is_told(make: Callable[..., Sandbox]) -> None:
    sandbox = hooked(make)
    sandbox.about("/sandbox/item/reset_login")
    sandbox.clock.advance(timedelta(seconds=1))
    (request,) = sandbox.posted
    told = read_json(request.body)
    assert (told["webhook_type"], told["webhook_code"]) == ("ITEM", "ERROR")
    assert told["error"]["error_code"] == "ITEM_LOGIN_REQUIRED"
    assert verified(sandbox, request)


def test_what_happens_while_a_login_is_lost_is_seen_and_told_when_somebody_logged_in_again(
    make: Callable[..., Sandbox],
) -> None:
    sandbox = hooked(make)
    sandbox.about("/transactions/sync")
    sandbox.about("/sandbox/item/reset_login")
    looked = sandbox.about("/item/get")["status"]["transactions"]["last_successful_update"]
    sandbox.clock.advance(timedelta(minutes=1))
    sandbox.move("USD 5.00")
    sandbox.clock.advance(timedelta(minutes=1))
    assert codes(sandbox) == ["ERROR"]
    assert sandbox.about("/item/get")["status"]["transactions"]["last_successful_update"] == looked
    body = {"client_name": "Books", "language": "en", "country_codes": ["US"], "user": {"client_user_id": "1"}}
    sandbox.about("/link/token/create", **body)
    sandbox.clock.advance(timedelta(minutes=2))
    assert codes(sandbox) == ["ERROR", "SYNC_UPDATES_AVAILABLE"]


def test_a_webhook_is_fired_only_where_there_is_one_to_send_to(sandbox: Sandbox) -> None:
    with pytest.raises(Refused) as refused:
        sandbox.about("/sandbox/item/fire_webhook", webhook_code="DEFAULT_UPDATE")
    assert (refused.value.kind, refused.value.code) == ("SANDBOX_ERROR", "SANDBOX_WEBHOOK_INVALID")
    with pytest.raises(Refused, match="SANDBOX_WEBHOOK_INVALID"):
        sandbox.about("/sandbox/item/fire_webhook", webhook_code="DEFAULT_UPDATE", webhook_type="ITEM")
    with pytest.raises(Refused, match="INVALID_FIELD"):
        sandbox.call(
            "/sandbox/public_token/create",
            institution_id="ins_109508",
            initial_products=["transactions"],
            options={"webhook": "ftp://receiver.example"},
        )
