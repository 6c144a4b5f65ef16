"""transactions/sync: pages, cursors, and what makes a loop begin again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.plaid.sandbox import MUTATION, Follower, Refused, Sandbox

SYNC = "/transactions/sync"


def ids(page: dict[str, list[dict[str, str]]], kind: str) -> list[str]:
    return [each["transaction_id"] for each in page[kind]]


def test_pages_tell_every_line_once_in_the_order_in_which_it_came(sandbox: Sandbox) -> None:
    lines = [sandbox.move(f"USD {n}.00") for n in range(1, 8)]
    found, cursor, sizes = [], "", []
    while True:
        page = sandbox.about(SYNC, count=3, **({"cursor": cursor} if cursor else {}))
        found += ids(page, "added")
        sizes.append(len(page["added"]))
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert found == lines
    assert sizes == [3, 3, 1]
    again = sandbox.about(SYNC, cursor=cursor)
    assert (again["added"], again["has_more"], again["next_cursor"]) == ([], False, cursor)


def test_posting_removes_the_pending_line_and_adds_another_that_names_it(sandbox: Sandbox) -> None:
    pending = sandbox.move("USD -25.00", pending=True, description="CARD 1234")
    cursor = sandbox.about(SYNC)["next_cursor"]
    sandbox.clock.advance(timedelta(days=2))
    posted = sandbox.post(pending)
    page = sandbox.about(SYNC, cursor=cursor)
    assert ids(page, "removed") == [pending]
    (new,) = page["added"]
    assert (new["transaction_id"], new["pending_transaction_id"], new["pending"]) == (posted, pending, False)
    assert (new["amount"], new["date"], new["authorized_date"]) == (Decimal("25.00"), "2026-01-07", "2026-01-05")
    assert posted != pending


def test_a_line_that_came_and_went_between_two_loops_is_not_told(sandbox: Sandbox) -> None:
    cursor = sandbox.about(SYNC)["next_cursor"]
    sandbox.post(sandbox.move("USD 5.00", pending=True), drop=True)
    page = sandbox.about(SYNC, cursor=cursor)
    assert (page["added"], page["modified"], page["removed"]) == ([], [], [])


def test_a_change_between_two_pages_ends_the_loop_until_it_begins_again(sandbox: Sandbox) -> None:
    for n in range(1, 5):
        sandbox.move(f"USD {n}.00")
    page = sandbox.about(SYNC, count=2)
    assert page["has_more"]
    sandbox.move("USD 9.00")
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            sandbox.about(SYNC, count=2, cursor=page["next_cursor"])
        assert (refused.value.status, refused.value.kind, refused.value.code) == (400, "TRANSACTIONS_ERROR", MUTATION)
    follower = Follower(sandbox, sandbox.token, count=2)
    follower.finish()
    assert len(follower.known) == 5


def test_a_page_can_be_asked_for_again_while_nothing_changes(sandbox: Sandbox) -> None:
    for n in range(1, 5):
        sandbox.move(f"USD {n}.00")
    cursor = sandbox.about(SYNC, count=2)["next_cursor"]
    one, two = (sandbox.about(SYNC, count=2, cursor=cursor) for _ in range(2))
    assert {**one, "request_id": ""} == {**two, "request_id": ""}


def test_an_empty_cursor_says_that_transactions_are_not_there_yet(make: Callable[..., Sandbox]) -> None:
    sandbox = make(ready_after_s="600")
    line = sandbox.move("USD 5.00")
    early = sandbox.about(SYNC)
    assert (early["next_cursor"], early["has_more"], early["added"]) == ("", False, [])
    assert early["transactions_update_status"] == "NOT_READY"
    with pytest.raises(Refused, match="PRODUCT_NOT_READY"):
        sandbox.about("/transactions/get", start_date="2026-01-01", end_date="2026-01-31")
    sandbox.clock.advance(timedelta(seconds=600))
    ready = sandbox.about(SYNC, cursor="")
    assert ids(ready, "added") == [line]
    assert ready["transactions_update_status"] == "HISTORICAL_UPDATE_COMPLETE"


def test_plaid_sees_the_bank_at_its_turns_or_when_it_is_asked_to(make: Callable[..., Sandbox]) -> None:
    sandbox = make(update_interval_s="21600")
    sandbox.move("USD 5.00")
    assert sandbox.about(SYNC)["added"] == []
    assert sandbox.about("/accounts/get")["accounts"][0]["balances"]["current"] == 0
    assert sandbox.about("/accounts/balance/get")["accounts"][0]["balances"]["current"] == 5
    sandbox.clock.advance(timedelta(hours=6))
    assert len(sandbox.about(SYNC)["added"]) == 1
    sandbox.move("USD 6.00")
    assert len(sandbox.about(SYNC)["added"]) == 1
    sandbox.about("/transactions/refresh")
    assert len(sandbox.about(SYNC)["added"]) == 2
    assert sandbox.about("/accounts/get")["accounts"][0]["balances"]["current"] == 11


def test_a_counterparty_that_is_recognised_later_modifies_the_line(make: Callable[..., Sandbox]) -> None:
    sandbox = make(enrich_after_s="60")
    line = sandbox.move("USD 5.00", counterparty="Globex")
    page = sandbox.about(SYNC)
    assert page["added"][0]["merchant_name"] is None
    sandbox.clock.advance(timedelta(seconds=60))
    later = sandbox.about(SYNC, cursor=page["next_cursor"])
    assert ids(later, "modified") == [line]
    assert later["modified"][0]["payment_meta"]["payer"] == "Globex"


def test_a_cursor_of_one_account_tells_that_account_only(make: Callable[..., Sandbox]) -> None:
    sandbox = make(second_currency="EUR")
    dollars, euros = sandbox.bank.accounts
    sandbox.move("USD 5.00")
    line = sandbox.move("EUR 6.00", account=euros.id)
    page = sandbox.about(SYNC, options={"account_id": euros.id})
    assert ids(page, "added") == [line]
    assert [account["account_id"] for account in page["accounts"]] == [euros.id]
    with pytest.raises(Refused, match="INVALID_FIELD"):
        sandbox.about(SYNC, cursor=page["next_cursor"], options={"account_id": dollars.id})
    with pytest.raises(Refused, match="INVALID_ACCOUNT_ID"):
        sandbox.about(SYNC, options={"account_id": "none"})


def test_the_cursor_now_leaves_out_what_was(sandbox: Sandbox) -> None:
    sandbox.move("USD 5.00")
    page = sandbox.about(SYNC, cursor="now")
    assert page["added"] == []
    line = sandbox.move("USD 6.00")
    assert ids(sandbox.about(SYNC, cursor=page["next_cursor"]), "added") == [line]


def test_a_cursor_that_was_not_given_is_refused(sandbox: Sandbox) -> None:
    cursor = sandbox.about(SYNC)["next_cursor"]
    for made_up in ("abc", "x" * 100, cursor[:-2], cursor[::-1]):
        with pytest.raises(Refused, match="INVALID_FIELD"):
            sandbox.about(SYNC, cursor=made_up)
    other = sandbox.call("/sandbox/public_token/create", institution_id="ins_109508", initial_products=["transactions"])
    token = sandbox.call("/item/public_token/exchange", public_token=other["public_token"])["access_token"]
    with pytest.raises(Refused, match="INVALID_FIELD"):
        sandbox.call(SYNC, access_token=token, cursor=cursor)
    assert len(cursor) <= 256
