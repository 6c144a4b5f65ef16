"""Accounts, lines by day, and lines of one's own; amounts, signs and currencies to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.plaid.sandbox import Refused, Sandbox

JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}


def wish(amount: str, **more: Any) -> dict[str, Any]:
    return {
        "amount": Decimal(amount),
        "date_posted": "2026-01-05",
        "date_transacted": "2026-01-04",
        "description": "STRIPE PAYOUT",
        **more,
    }


def test_money_out_is_positive_and_exact_on_the_wire(sandbox: Sandbox) -> None:
    sandbox.move("USD 1234567.89")
    sandbox.move("USD -0.10")
    out, come_in = sandbox.about("/transactions/get", **JANUARY)["transactions"]
    assert (out["amount"], come_in["amount"]) == (Decimal("0.10"), Decimal("-1234567.89"))
    raw = sandbox.ask("/transactions/get", {"access_token": sandbox.token, **JANUARY}).body
    assert b'"amount":-1234567.89,' in raw
    assert b'"amount":0.10,' in raw


def test_a_line_tells_what_the_bank_knows(sandbox: Sandbox) -> None:
    sandbox.move("USD -12.00", reference="po_1", description="ACH DEBIT", counterparty="Globex")
    body = {**JANUARY, "options": {"include_original_description": True}}
    (found,) = sandbox.about("/transactions/get", **body)["transactions"]
    assert (found["name"], found["original_description"], found["merchant_name"]) == (
        "ACH DEBIT",
        "ACH DEBIT",
        "Globex",
    )
    meta = found["payment_meta"]
    assert (meta["reference_number"], meta["payee"], meta["payer"]) == ("po_1", "Globex", None)
    (plain,) = sandbox.about("/transactions/get", **JANUARY)["transactions"]
    assert plain["original_description"] is None


def test_the_list_is_of_local_days_the_latest_first_in_pages(make: Callable[..., Sandbox]) -> None:
    # 12:00, 19:30 and again 19:30 the day after in New York; the last two are past midnight in UTC.
    sandbox = make(time_zone="America/New_York")
    lines = [sandbox.move("USD 1.00"), sandbox.move("USD 2.00")]
    sandbox.clock.advance(timedelta(hours=7, minutes=30))
    lines.append(sandbox.move("USD 3.00"))
    sandbox.clock.advance(timedelta(hours=24))
    lines.append(sandbox.move("USD 4.00"))
    listed = sandbox.about("/transactions/get", **JANUARY)["transactions"]
    assert [(t["transaction_id"], t["date"]) for t in listed] == [
        (lines[3], "2026-01-06"), (lines[2], "2026-01-05"), (lines[1], "2026-01-05"), (lines[0], "2026-01-05"),
    ]  # fmt: skip
    part = sandbox.about("/transactions/get", **JANUARY, options={"count": 2, "offset": 1})
    assert [t["transaction_id"] for t in part["transactions"]] == [lines[2], lines[1]]
    assert part["total_transactions"] == 4
    first_day = {"start_date": "2026-01-05", "end_date": "2026-01-05"}
    assert sandbox.about("/transactions/get", **first_day)["total_transactions"] == 3
    with pytest.raises(Refused, match="INVALID_FIELD"):
        sandbox.about("/transactions/get", start_date="2026-02-01", end_date="2026-01-01")


def test_available_counts_what_is_pending_and_current_does_not(sandbox: Sandbox) -> None:
    sandbox.move("USD 100.00")
    sandbox.move("USD -30.00", pending=True)
    (account,) = sandbox.about("/accounts/get")["accounts"]
    assert (account["balances"]["current"], account["balances"]["available"]) == (100, 70)


def test_accounts_are_chosen_by_id_and_tell_their_currency(make: Callable[..., Sandbox]) -> None:
    sandbox = make(second_currency="EUR")
    dollars, euros = sandbox.bank.accounts
    sandbox.move("EUR 7.00", account=euros.id)
    (found,) = sandbox.about("/accounts/get", options={"account_ids": [euros.id]})["accounts"]
    assert found["balances"]["iso_currency_code"] == "EUR"
    assert found["mask"] == euros.number[-4:]
    listed = sandbox.about("/transactions/get", **JANUARY, options={"account_ids": [dollars.id]})
    assert listed["total_transactions"] == 0
    with pytest.raises(Refused, match="INVALID_ACCOUNT_ID"):
        sandbox.about("/accounts/balance/get", options={"account_ids": ["none"]})


def test_a_code_that_is_none_of_iso_is_unofficial() -> None:
    from simharness_fakes.plaid.wire.objects import codes

    assert codes("USD") == {"iso_currency_code": "USD", "unofficial_currency_code": None}
    assert codes("USDC") == {"iso_currency_code": None, "unofficial_currency_code": "USDC"}


def test_transactions_of_ones_own_are_booked_all_or_none(sandbox: Sandbox) -> None:
    sandbox.about("/sandbox/transactions/create", transactions=[wish("12.5"), wish("-100")])
    paid, received = sandbox.bank.lines
    assert (str(paid.amount), str(received.amount)) == ("USD -12.50", "USD 100.00")
    assert [write.actor for write in sandbox.setup.writes if write.dataset == "bank_line"] == ["connector"] * 2
    for bad in (
        wish("1", iso_currency_code="EUR"),
        wish("0"),
        wish("0.001"),
        wish("1", date_posted="2026-01-06"),
        wish("1", date_transacted="2023-12-01"),
    ):
        with pytest.raises(Refused, match="INVALID_FIELD"):
            sandbox.about("/sandbox/transactions/create", transactions=[wish("3"), bad])
    with pytest.raises(Refused, match="INVALID_ACCOUNT_ID"):
        sandbox.about("/sandbox/transactions/create", transactions=[wish("3", account_id="none")])
    assert len(sandbox.bank.lines) == 2
