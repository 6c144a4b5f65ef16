"""What a later capture does: nothing moves before it, the rest is released, and time ends what nobody captures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import events, gateway, holds, usd


def held(account: Account, amount: int = 10_000, currency: str = "usd") -> str:
    """An authorised intent's path."""
    return f"payment_intents/{account.pay(amount, currency, capture_method='manual')['id']}"


def test_an_authorisation_moves_nothing() -> None:
    account = Account()
    intent = account.get(held(account), expand=["latest_charge"])
    assert (intent["status"], intent["amount_capturable"], intent["amount_received"]) == ("requires_capture", 10_000, 0)
    charge = intent["latest_charge"]
    assert (charge["captured"], charge["amount_captured"], charge["balance_transaction"]) == (False, 0, None)
    assert gateway(account).charges[0].status == "pending"
    assert holds(account) == usd("0.00")
    assert events(account)[-1] == "payment_intent.amount_capturable_updated"


@pytest.mark.parametrize(
    ("wish", "taken", "net"), [({}, 10_000, "96.80"), ({"amount_to_capture": 7_000}, 7_000, "67.67")]
)  # 2.9 % of 70.00 is 2.03, and 0.30
def test_a_capture_takes_what_it_says_and_costs_its_fee(wish: dict[str, int], taken: int, net: str) -> None:
    account = Account()
    path = held(account)
    intent = account.post(f"{path}/capture", **wish, expand=["latest_charge"])
    assert (intent["status"], intent["amount_received"], intent["amount_capturable"]) == ("succeeded", taken, 0)
    assert intent["latest_charge"]["amount_captured"] == taken
    assert holds(account) == usd(net)
    assert gateway(account).charges[0].amount.to_minor() == taken
    assert events(account)[-2:] == ["charge.captured", "payment_intent.succeeded"]
    again = account.ask("POST", f"{path}/capture")
    assert (again.status, again.error["code"]) == (400, "payment_intent_unexpected_state")
    charge = intent["latest_charge"]["id"]
    assert account.ask("POST", "refunds", {"charge": charge, "amount": taken + 1}).status == 400
    assert account.post("refunds", charge=charge)["amount"] == taken


@pytest.mark.parametrize(("currency", "bad"), [("usd", 10_001), ("usd", 0), ("kwd", 9_995), ("isk", 9_950)])
def test_more_or_finer_than_was_authorised_is_not_captured(currency: str, bad: int) -> None:
    account = Account()
    path = held(account, currency=currency)
    answer = account.ask("POST", f"{path}/capture", {"amount_to_capture": bad})
    assert (answer.status, answer.error["param"]) == (400, "amount_to_capture")
    assert account.get(path)["status"] == "requires_capture"


def test_a_cancel_releases_what_was_held() -> None:
    account = Account()
    path = held(account)
    gone = account.post(f"{path}/cancel", expand=["latest_charge"])
    assert (gone["status"], gone["amount_capturable"]) == ("canceled", 0)
    assert (gone["latest_charge"]["refunded"], gone["latest_charge"]["captured"]) == (True, False)
    assert account.ask("POST", f"{path}/capture").status == 400
    assert gateway(account).charges[0].status == "failed"
    account.clock.advance(timedelta(days=30))
    assert events(account).count("payment_intent.canceled") == 1
    assert "charge.expired" not in events(account)


def test_what_nobody_captures_in_time_ends() -> None:
    account = Account()
    path = held(account)
    account.clock.advance(timedelta(days=6, hours=23))
    assert account.get(path)["status"] == "requires_capture"
    account.clock.advance(timedelta(hours=1))
    intent = account.get(path)
    assert (intent["status"], intent["cancellation_reason"]) == ("canceled", "automatic")
    assert events(account)[-2:] == ["charge.expired", "payment_intent.canceled"]
    assert holds(account) == usd("0.00")


def test_what_was_captured_does_not_end() -> None:
    account = Account()
    path = held(account)
    account.post(f"{path}/capture")
    account.clock.advance(timedelta(days=30))
    assert account.get(path)["status"] == "succeeded"


def test_what_is_captured_at_once_cannot_be_captured() -> None:
    account = Account()
    assert account.ask("POST", f"payment_intents/{account.pay(500)['id']}/capture").status == 400
