"""What refunding does: never more than is left, the fee kept or given back to the cent, failures that undo it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, RefundPayment
from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import act, events, gateway, holds, pay, usd


def test_a_refund_takes_its_amount_off_the_balance_and_keeps_the_fee() -> None:
    account = Account()
    charge = account.pay(150_000)["latest_charge"]  # fee 43.50 + 0.30 = 43.80
    refund = account.post("refunds", charge=charge, amount=50_000, expand=["balance_transaction", "charge"])
    line = refund["balance_transaction"]
    assert (line["type"], line["amount"], line["fee"], line["net"]) == ("refund", -50_000, 0, -50_000)
    assert (line["source"], line["reporting_category"]) == (refund["id"], "refund")
    assert (refund["charge"]["amount_refunded"], refund["charge"]["refunded"]) == (50_000, False)
    assert holds(account) == usd("956.20")  # 1,500.00 − 43.80 − 500.00


def test_what_is_left_goes_back_without_an_amount_and_then_nothing_more() -> None:
    account = Account()
    intent = account.pay(10_000)
    account.post("refunds", payment_intent=intent["id"], amount=3_333)
    last = account.post("refunds", payment_intent=intent["id"])
    assert last["amount"] == 6_667
    assert account.get(f"charges/{intent['latest_charge']}")["refunded"] is True
    again = account.ask("POST", "refunds", {"charge": intent["latest_charge"]})
    assert (again.status, again.error["code"]) == (400, "charge_already_refunded")


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"charge": "CHARGE", "amount": 10_001}, "amount"),
        ({"charge": "CHARGE", "amount": 0}, "amount"),
        ({"charge": "ch_none"}, "charge"),
        ({"payment_intent": "pi_none"}, "payment_intent"),
        ({}, "charge"),
        ({"charge": "CHARGE", "payment_intent": "pi_none"}, "charge"),
        ({"charge": "CHARGE", "reason": "sale"}, "reason"),
        ({"charge": "CHARGE", "colour": "red"}, "colour"),
    ],
)
def test_a_refund_that_cannot_be_is_refused_and_changes_nothing(wish: dict[str, object], param: str) -> None:
    account = Account()
    charge = account.pay(10_000)["latest_charge"]
    answer = account.ask("POST", "refunds", {k: charge if v == "CHARGE" else v for k, v in wish.items()})
    assert answer.status in (400, 404)
    assert answer.error["param"] == param
    assert account.get("refunds")["data"] == []
    assert holds(account) == usd("96.80")


def test_a_declined_and_an_uncaptured_charge_hold_nothing_to_refund() -> None:
    account = Account()
    wish = {"amount": 900, "currency": "usd", "payment_method": "pm_card_chargeDeclined", "confirm": True}
    declined = account.ask("POST", "payment_intents", wish).error["charge"]
    held = account.pay(900, capture_method="manual")["latest_charge"]
    for charge in (declined, held):
        assert account.ask("POST", "refunds", {"charge": charge}).error["code"] == "charge_not_refundable"


@given(st.integers(50, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_fees_that_are_given_back_in_parts_are_together_the_fee(amount: int, parts: list[int]) -> None:
    account = Account(options={"refund_fee_returned": "yes"})
    charge = account.pay(amount)["latest_charge"]
    left = amount
    for wish in [*parts, amount]:
        if part := min(wish, left):
            account.post("refunds", charge=charge, amount=part)
        left -= part
    assert left == 0
    assert holds(account) == usd("0.00")


def test_a_refund_that_costs_something_costs_it_each_time() -> None:
    account = Account(options={"refund_fee": "USD 0.25"})
    charge = pay(account, "100.00")  # 96.80 net
    event = act(account, RefundPayment(charge_id=charge, amount=usd("40.00")))
    assert event.fee == usd("0.25")
    assert holds(account) == usd("56.55")


def test_an_act_names_the_reason_in_stripes_word_where_it_has_one() -> None:
    account = Account()
    charge = pay(account, "100.00")
    for reason, stripes in (("sale", None), ("duplicate", "duplicate")):
        references = (("reason", reason), ("lines", "1=10.00"))
        event = act(account, RefundPayment(charge_id=charge, amount=usd("10.00"), references=references))
        refund = account.get(f"refunds/{event.refund_id}")
        assert refund["reason"] == stripes
        assert refund["metadata"] == {"lines": "1=10.00", "reason": reason}
    assert gateway(account).charges[0].refunded == usd("20.00")
    assert [r.amount for r in gateway(account).refunds] == [usd("10.00"), usd("10.00")]


@pytest.mark.parametrize(
    "wish",
    [
        {"amount": usd("100.01")},
        {"amount": usd("0.00")},
        {"amount": usd("-1.00")},
        {"amount": usd("0.001")},
        {"amount": Money("1.00", "EUR")},
        {"charge_id": "ch_none"},
    ],
)
def test_an_act_beyond_the_payment_is_refused(wish: dict[str, object]) -> None:
    account = Account()
    charge = pay(account, "100.00")
    with pytest.raises(ActRefused):
        act(account, RefundPayment(**{"charge_id": charge, **wish}))
    assert gateway(account).refunds == ()


def test_only_metadata_of_a_refund_changes() -> None:
    account = Account()
    refund = account.post("refunds", charge=account.pay(500)["latest_charge"], metadata={"a": "1"})
    changed = account.post(f"refunds/{refund['id']}", metadata={"a": "", "b": "2"})
    assert changed["metadata"] == {"b": "2"}
    assert account.ask("POST", f"refunds/{refund['id']}", {"amount": 1}).status == 400
    assert account.ask("POST", f"refunds/{refund['id']}/cancel").status == 400
    assert account.get(f"refunds/{refund['id']}")["status"] == "succeeded"
    told = account.get("events", type="charge.refund.updated")["data"]
    assert [e["data"]["previous_attributes"] for e in told] == [{"metadata": {"a": "1"}}]


def test_refunds_are_listed_by_charge_and_intent() -> None:
    account = Account()
    one, two = account.pay(500), account.pay(700)
    first = account.post("refunds", charge=one["latest_charge"], amount=100)["id"]
    second = account.post("refunds", charge=two["latest_charge"])["id"]
    assert [r["id"] for r in account.get("refunds")["data"]] == [second, first]
    assert [r["id"] for r in account.get("refunds", charge=one["latest_charge"])["data"]] == [first]
    assert [r["id"] for r in account.get("refunds", payment_intent=two["id"])["data"]] == [second]


def test_a_refund_of_pending_money_is_pending_as_long() -> None:
    account = Account()
    charge = pay(account, "100.00")
    act(account, RefundPayment(charge_id=charge))
    seen = gateway(account)
    assert (seen.available, seen.pending) == ((usd("0.00"),), (usd("-3.20"),))
    account.clock.advance(timedelta(days=2))
    assert gateway(account).available == (usd("-3.20"),)


def test_by_option_a_refund_leaves_what_is_available_at_once() -> None:
    account = Account(options={"reversal_availability": "at_once"})
    act(account, RefundPayment(charge_id=pay(account, "100.00")))
    seen = gateway(account)
    assert (seen.available, seen.pending) == ((usd("-100.00"),), (usd("96.80"),))


def test_a_refund_that_the_bank_refuses_later_is_undone() -> None:
    account = Account()
    wish = {"amount": 10_000, "currency": "usd", "payment_method": "pm_card_refundFail", "confirm": True}
    charge = account.post("payment_intents", **wish)["latest_charge"]
    refund = account.post("refunds", charge=charge)["id"]
    assert holds(account) == usd("-3.20")
    account.clock.advance(timedelta(days=7))
    failed = account.get(f"refunds/{refund}", expand=["failure_balance_transaction"])
    assert (failed["status"], failed["failure_balance_transaction"]["type"]) == ("failed", "refund_failure")
    assert account.get(f"charges/{charge}")["amount_refunded"] == 0
    assert holds(account) == usd("96.80")
    assert account.ask("POST", "refunds", {"charge": charge}).status == 200
    assert "refund.failed" in events(account)


def test_a_pending_refund_succeeds_when_the_bank_took_it() -> None:
    account = Account()
    wish = {"amount": 10_000, "currency": "usd", "payment_method": "pm_card_pendingRefund", "confirm": True}
    refund = account.post("refunds", charge=account.post("payment_intents", **wish)["latest_charge"])
    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    account.clock.advance(timedelta(days=7))
    assert account.get(f"refunds/{refund['id']}")["status"] == "succeeded"


# KWD 12.340 costs 0.360, JPY 1,050 costs 30.45 + 30 = 60; both refunds are in the currency's own least units.
@pytest.mark.parametrize(
    ("amount", "currency", "part", "bad", "left"),
    [(12_340, "kwd", 2_340, 2_345, "KWD 9.640"), (1_050, "jpy", 50, 1_051, "JPY 940"), (1_000, "isk", 300, 350, "")],
)
def test_refunds_keep_to_the_units_of_their_currency(
    amount: int, currency: str, part: int, bad: int, left: str
) -> None:
    account = Account()
    charge = account.pay(amount, currency)["latest_charge"]
    refused = account.ask("POST", "refunds", {"charge": charge, "amount": bad})
    assert (refused.status, refused.error["param"]) == (400, "amount")
    assert account.post("refunds", charge=charge, amount=part)["amount"] == part
    if left:
        assert holds(account, currency.upper()) == Money.parse(left)
    net = sum(line.net.amount for line in gateway(account).balance_lines)
    assert Decimal(net) == holds(account, currency.upper()).amount


def test_a_refund_is_told_in_order_with_what_changed() -> None:
    account = Account()
    charge = account.pay(1_000)["latest_charge"]
    account.post("refunds", charge=charge, amount=400)
    assert events(account, "refund", "charge.refund") == ["refund.created", "charge.refunded"]
    told = account.get("events", type="charge.refunded")["data"][0]["data"]
    assert (told["object"]["amount_refunded"], told["previous_attributes"]) == (400, {"amount_refunded": 0})
