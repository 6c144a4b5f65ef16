"""What a bank debit does: it is processing for days, then its money is there or it does not come, or it goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simharness.core.money import Money
from simharness.domain.acts import (
    ActRefused,
    CloseDispute,
    DisputePayment,
    FailPayment,
    RefundPayment,
    ReturnPayment,
    TakePayment,
)
from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import act, events, gateway, holds, pay, usd


def debit(account: Account, bank: str = "success", amount: int = 150_000, **more: object) -> dict[str, object]:
    """A confirmed intent paid by a test bank account."""
    wish = {"payment_method": f"pm_usBankAccount_{bank}", "payment_method_types": ["us_bank_account"]}
    return account.post("payment_intents", amount=amount, currency="usd", confirm=True, **wish, **more)


def settled(account: Account) -> None:
    """Let the bank answer."""
    account.clock.advance(timedelta(days=7))


# 0.8 % of 1,500.00 is 12.00, more than the 5.00 it may cost; of 100.00 it is 0.80.
@pytest.mark.parametrize(("amount", "fee"), [(150_000, 500), (10_000, 80), (62_500, 500), (62_000, 496)])
def test_a_debit_is_processing_moves_nothing_and_then_succeeds(amount: int, fee: int) -> None:
    account = Account()
    intent = debit(account, amount=amount)
    charge = account.get(f"charges/{intent['latest_charge']}")
    assert (intent["status"], charge["status"], charge["paid"]) == ("processing", "pending", False)
    assert charge["id"].startswith("py_")
    assert charge["payment_method_details"]["us_bank_account"]["last4"] == "6789"
    assert account.get("balance_transactions")["data"] == []
    account.clock.advance(timedelta(days=3, hours=15))  # Friday, the fourth business day, before its ninth hour
    assert account.get(f"payment_intents/{intent['id']}")["status"] == "processing"
    account.clock.advance(timedelta(hours=1))
    done = account.get(f"payment_intents/{intent['id']}", expand=["latest_charge.balance_transaction"])
    line = done["latest_charge"]["balance_transaction"]
    assert (done["status"], done["amount_received"]) == ("succeeded", amount)
    assert (line["type"], line["amount"], line["fee"], line["status"]) == ("payment", amount, fee, "available")
    assert line["reporting_category"] == "charge"
    assert events(account, "charge", "payment_intent") == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.parametrize(
    ("bank", "code"),
    [
        ("insufficientFunds", "insufficient_funds"),
        ("accountClosed", "account_closed"),
        ("noAccount", "no_account"),
        ("debitNotAuthorized", "debit_not_authorized"),
    ],
)
def test_a_debit_that_the_bank_refuses_moves_nothing(bank: str, code: str) -> None:
    account = Account()
    intent = debit(account, bank)
    assert intent["status"] == "processing"
    settled(account)
    after = account.get(f"payment_intents/{intent['id']}", expand=["latest_charge"])
    assert (after["status"], after["last_payment_error"]["code"]) == ("requires_payment_method", code)
    assert (after["latest_charge"]["status"], after["latest_charge"]["failure_code"]) == ("failed", code)
    assert account.get("balance_transactions")["data"] == []
    assert events(account, "payment_intent")[-1] == "payment_intent.payment_failed"
    assert gateway(account).charges[0].status == "failed"


@pytest.mark.parametrize(
    ("bank", "kinds"), [("success", ["payment"]), ("noAccount", ["payment", "payment_failure_refund"])]
)
def test_by_option_a_debit_is_pending_on_the_balance_from_its_submission_on(bank: str, kinds: list[str]) -> None:
    account = Account(options={"ach_booked": "submission"})
    intent = debit(account, bank, amount=10_000)
    assert intent["status"] == "processing"
    seen = gateway(account)
    assert (seen.pending, seen.available) == ((usd("99.20"),), (usd("0.00"),))
    assert seen.charges[0].status == "pending"
    refused = account.ask("POST", "refunds", {"charge": intent["latest_charge"]})
    assert refused.error["code"] == "charge_not_refundable"
    settled(account)
    seen = gateway(account)
    assert [line.kind for line in seen.balance_lines] == kinds
    assert seen.available == ((usd("99.20"),) if bank == "success" else (usd("0.00"),))
    assert seen.charges[0].status == ("succeeded" if bank == "success" else "failed")
    assert seen.disputes == ()


def test_one_test_account_never_answers() -> None:
    account = Account()
    intent = debit(account, "processing")
    account.clock.advance(timedelta(days=60))
    assert account.get(f"payment_intents/{intent['id']}")["status"] == "processing"
    assert account.ask("POST", f"payment_intents/{intent['id']}/cancel").status == 400


def test_an_act_pays_by_debit_and_tells_the_fee_to_come() -> None:
    account = Account()
    event = act(account, TakePayment(amount=usd("100.00"), customer_name="Globex", method="ach"), "customer")
    assert event.fee == usd("0.80")
    assert (gateway(account).charges[0].status, gateway(account).charges[0].method) == ("pending", "ach")
    assert holds(account) == usd("0.00")
    settled(account)
    assert gateway(account).charges[0].status == "succeeded"
    assert holds(account) == usd("99.20")
    with pytest.raises(ActRefused, match="eur"):
        act(account, TakePayment(amount=Money("1.00", "EUR"), customer_name="Globex", method="ach"))
    with pytest.raises(ActRefused, match="cheque"):
        act(account, TakePayment(amount=usd("1.00"), customer_name="Globex", method="cheque"))


def test_a_debit_that_comes_back_takes_everything_and_costs_a_fee() -> None:
    account = Account()
    charge = pay(account, "100.00", method="ach")
    settled(account)
    event = act(account, ReturnPayment(charge_id=charge), "bank")
    assert (event.amount, event.fee) == (usd("100.00"), usd("4.00"))
    assert holds(account) == usd("-4.80")  # 99.20 − 100.00 − 4.00
    told = account.get(f"charges/{charge}", expand=["failure_balance_transaction", "payment_intent"])
    line = told["failure_balance_transaction"]
    assert (told["status"], told["paid"], told["failure_code"]) == ("failed", False, "insufficient_funds")
    assert (line["type"], line["net"], line["source"]) == ("payment_failure_refund", -10_400, charge)
    assert told["payment_intent"]["status"] == "requires_payment_method"
    assert events(account)[-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_in_neutral_words_a_return_is_a_dispute_lost_at_once() -> None:
    account = Account()
    charge = pay(account, "100.00", method="ach")
    settled(account)
    event = act(account, ReturnPayment(charge_id=charge, code="account_closed"), "bank")
    seen = gateway(account)
    (dispute,) = seen.disputes
    assert (dispute.id, dispute.charge, dispute.status) == (event.dispute_id, charge, "lost")
    assert (dispute.is_return, dispute.amount, dispute.fee) == (True, usd("100.00"), usd("4.00"))
    assert seen.charges[0].status == "succeeded"
    assert seen.balance_lines[-1].source == dispute.id


def test_only_a_whole_debit_that_succeeded_comes_back_once() -> None:
    account = Account()
    card, pending = pay(account, "100.00"), pay(account, "100.00", method="ach")
    for charge in (card, pending, "py_none"):
        with pytest.raises(ActRefused):
            act(account, ReturnPayment(charge_id=charge))
    settled(account)
    with pytest.raises(ActRefused, match="bored"):
        act(account, ReturnPayment(charge_id=pending, code="bored"))
    act(account, ReturnPayment(charge_id=pending))
    for again in (
        ReturnPayment(charge_id=pending),
        RefundPayment(charge_id=pending),
        DisputePayment(charge_id=pending),
    ):
        with pytest.raises(ActRefused):
            act(account, again)
    refunded = pay(account, "100.00", method="ach")
    settled(account)
    act(account, RefundPayment(charge_id=refunded, amount=usd("1.00")))
    with pytest.raises(ActRefused, match="refunded"):
        act(account, ReturnPayment(charge_id=refunded))


def test_the_refund_of_a_debit_is_pending_first() -> None:
    account = Account()
    charge = pay(account, "100.00", method="ach")
    assert account.ask("POST", "refunds", {"charge": charge}).error["code"] == "charge_not_refundable"
    settled(account)
    refund = account.post("refunds", charge=charge, expand=["balance_transaction"])
    assert refund["id"].startswith("pyr_")
    assert (refund["status"], refund["balance_transaction"]["type"]) == ("pending", "payment_refund")
    assert holds(account) == usd("-0.80")
    settled(account)
    assert account.get(f"refunds/{refund['id']}")["status"] == "succeeded"
    assert events(account)[-1] == "refund.updated"


def test_a_disputed_debit_is_lost_at_once() -> None:
    account = Account()
    charge = pay(account, "100.00", method="ach")
    settled(account)
    dispute = act(account, DisputePayment(charge_id=charge, reason="debit_not_authorized")).dispute_id
    assert account.get(f"disputes/{dispute}")["status"] == "lost"
    with pytest.raises(ActRefused):
        act(account, CloseDispute(dispute_id=dispute, won=True))


def test_a_bank_account_is_a_payment_method_like_others() -> None:
    account = Account()
    customer = account.post("customers", name="Globex")["id"]
    number = {"routing_number": "110000000", "account_number": "000123456789", "account_holder_type": "company"}
    method = account.post("payment_methods", type="us_bank_account", us_bank_account=number)
    assert (method["type"], method["us_bank_account"]["account_holder_type"]) == ("us_bank_account", "company")
    account.post(f"payment_methods/{method['id']}/attach", customer=customer)
    account.post("payment_methods/pm_card_visa/attach", customer=customer)
    kinds = [m["type"] for m in account.get("payment_methods", customer=customer)["data"]]
    assert sorted(kinds) == ["card", "us_bank_account"]
    (only,) = account.get("payment_methods", customer=customer, type="us_bank_account")["data"]
    assert only["id"] == method["id"]
    mandate = {"customer_acceptance": {"type": "offline"}}
    paid = account.post(
        "payment_intents",
        amount=500, currency="usd", customer=customer, payment_method=only["id"], confirm=True, mandate_data=mandate,
    )  # fmt: skip
    assert paid["status"] == "processing"


@pytest.mark.parametrize(
    "wish",
    [
        {"currency": "eur"},
        {"payment_method_types": ["card"]},
        {"capture_method": "manual"},
        {"payment_method": "pm_usBankAccount_none"},
    ],
)
def test_a_debit_that_cannot_be_is_refused(wish: dict[str, object]) -> None:
    account = Account()
    good = {"amount": 500, "currency": "usd", "payment_method": "pm_usBankAccount_success", "confirm": True}
    assert account.ask("POST", "payment_intents", good).status == 200
    assert account.ask("POST", "payment_intents", {**good, **wish}).status == 400


@pytest.mark.parametrize(
    ("number", "param"),
    [
        ({"routing_number": "110000001", "account_number": "000123456789"}, "us_bank_account[routing_number]"),
        ({"routing_number": "110000000", "account_number": "000123456780"}, "us_bank_account[account_number]"),
    ],
)
def test_test_mode_has_test_accounts_only(number: dict[str, str], param: str) -> None:
    answer = Account().ask("POST", "payment_methods", {"type": "us_bank_account", "us_bank_account": number})
    assert (answer.status, answer.error["param"]) == (400, param)


def test_a_debit_on_its_way_fails_and_its_money_never_comes() -> None:
    account = Account()
    charge = pay(account, "100.00", method="ach")
    with pytest.raises(ActRefused, match="no debit fails for 'bored'"):
        act(account, FailPayment(charge_id=charge, code="bored"), "bank")
    failed = act(account, FailPayment(charge_id=charge, code="no_account"), "bank")
    assert (failed.charge_id, failed.amount) == (charge, usd("100.00"))
    settled(account)
    seen = account.get(f"charges/{charge}")
    assert (seen["status"], seen["failure_code"], holds(account)) == ("failed", "no_account", usd("0"))
    assert account.get("balance_transactions")["data"] == []
    assert events(account, "charge") == ["charge.pending", "charge.failed"]


def test_what_succeeded_fails_no_more() -> None:
    account = Account()
    card, debited = pay(account, "100.00"), pay(account, "100.00", method="ach")
    settled(account)
    for charge in (card, debited):
        with pytest.raises(ActRefused, match="only a bank debit that is on its way fails"):
            act(account, FailPayment(charge_id=charge), "bank")
