"""What a dispute does: money and fee leave at once, come back only when it is won, and no refund gets between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simharness.domain.acts import ActRefused, CloseDispute, DisputePayment, RefundPayment
from tests.fakes.stripe.account import MONDAY, Account
from tests.fakes.stripe.till import act, events, gateway, holds, pay, usd


def disputed(account: Account, amount: str = "100.00") -> str:
    """A payment that its customer contests; the dispute's id."""
    return str(act(account, DisputePayment(charge_id=pay(account, amount)), "customer").dispute_id)


def test_a_dispute_withdraws_amount_and_fee_as_one_adjustment() -> None:
    account = Account()
    charge = pay(account, "100.00")  # 96.80 net
    event = act(account, DisputePayment(charge_id=charge, reason="product_not_received"))
    assert (event.amount, event.fee) == (usd("100.00"), usd("15.00"))
    dispute = account.get(f"disputes/{event.dispute_id}", expand=["charge"])
    (line,) = dispute["balance_transactions"]
    assert (line["type"], line["reporting_category"], line["source"]) == ("adjustment", "dispute", dispute["id"])
    assert (line["amount"], line["fee"], line["net"]) == (-10_000, 1_500, -11_500)
    assert line["fee_details"][0]["description"] == "Dispute fee"
    assert (dispute["reason"], dispute["status"]) == ("product_not_received", "needs_response")
    assert dispute["evidence_details"]["due_by"] == int((MONDAY + timedelta(days=9)).timestamp())
    assert dispute["charge"]["disputed"] is True
    assert holds(account) == usd("-18.20")
    assert events(account, "charge.dispute") == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


@pytest.mark.parametrize(("returned", "fee", "after"), [("no", "0.00", "81.80"), ("yes", "15.00", "96.80")])
def test_a_dispute_that_is_won_gives_the_money_back(returned: str, fee: str, after: str) -> None:
    account = Account(options={"dispute_fee_returned": returned})
    dispute = disputed(account)
    event = act(account, CloseDispute(dispute_id=dispute, won=True), "bank")
    assert (event.won, event.amount, event.fee) == (True, usd("100.00"), usd(fee))
    lines = account.get(f"disputes/{dispute}")["balance_transactions"]
    assert [line["reporting_category"] for line in lines] == ["dispute", "dispute_reversal"]
    assert holds(account) == usd(after)
    (seen,) = gateway(account).disputes
    assert (seen.status, seen.fee) == ("won", usd("15.00") - usd(fee))
    assert events(account, "charge.dispute")[2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]


def test_a_dispute_that_is_lost_gives_nothing_back() -> None:
    account = Account()
    dispute = disputed(account)
    event = act(account, CloseDispute(dispute_id=dispute, won=False), "bank")
    assert (event.amount, event.fee) == (usd("0.00"), usd("0.00"))
    assert holds(account) == usd("-18.20")
    with pytest.raises(ActRefused, match="lost already"):
        act(account, CloseDispute(dispute_id=dispute, won=True), "bank")


def test_a_disputed_charge_is_not_refunded_and_not_disputed_again() -> None:
    account = Account()
    charge = pay(account, "100.00")
    dispute = act(account, DisputePayment(charge_id=charge, amount=usd("60.00"))).dispute_id
    for _ in range(2):
        refused = account.ask("POST", "refunds", {"charge": charge, "amount": 100})
        assert (refused.status, refused.error["code"]) == (400, "charge_disputed")
        with pytest.raises(ActRefused, match="disputed"):
            act(account, DisputePayment(charge_id=charge))
        if gateway(account).disputes[0].status == "needs_response":
            act(account, CloseDispute(dispute_id=dispute, won=False))
    assert len(gateway(account).disputes) == 1


def test_a_dispute_has_one_of_the_known_reasons() -> None:
    account = Account()
    with pytest.raises(ActRefused, match="bored"):
        act(account, DisputePayment(charge_id=pay(account, "100.00"), reason="bored"))
    assert gateway(account).disputes == ()


def test_what_is_won_back_can_be_refunded() -> None:
    account = Account()
    charge = pay(account, "100.00")
    act(account, CloseDispute(dispute_id=act(account, DisputePayment(charge_id=charge)).dispute_id, won=True))
    assert act(account, RefundPayment(charge_id=charge)).amount == usd("100.00")


def test_only_what_a_refund_left_is_disputed() -> None:
    account = Account()
    charge = pay(account, "100.00")
    act(account, RefundPayment(charge_id=charge, amount=usd("30.00")))
    with pytest.raises(ActRefused):
        act(account, DisputePayment(charge_id=charge, amount=usd("70.01")))
    assert act(account, DisputePayment(charge_id=charge)).amount == usd("70.00")


def test_evidence_is_staged_and_submitted_once() -> None:
    account = Account()
    path = f"disputes/{disputed(account)}"
    staged = account.post(path, evidence={"product_description": "badges"}, submit=False)
    assert (staged["status"], staged["evidence"]["product_description"]) == ("needs_response", "badges")
    assert staged["evidence_details"]["has_evidence"] is True
    sent = account.post(path, evidence={"customer_name": "Ada"})
    assert (sent["status"], sent["evidence_details"]["submission_count"]) == ("under_review", 1)
    assert sent["evidence"]["product_description"] == "badges"
    assert account.ask("POST", path, {"evidence": {"customer_name": "Bob"}}).status == 400
    assert account.post(path, metadata={"case": "7"})["metadata"] == {"case": "7"}
    assert gateway(account).disputes[0].status == "under_review"


@pytest.mark.parametrize(("text", "status", "after"), [("winning", "won", "81.80"), ("losing", "lost", "-18.20")])
def test_test_evidence_decides_at_once(text: str, status: str, after: str) -> None:
    account = Account()
    path = f"disputes/{disputed(account)}"
    assert account.post(path, evidence={"uncategorized_text": f"{text}_evidence"})["status"] == status
    assert holds(account) == usd(after)


def test_an_accepted_dispute_is_lost_for_good() -> None:
    account = Account()
    path = f"disputes/{disputed(account)}"
    assert account.post(f"{path}/close")["status"] == "lost"
    assert account.ask("POST", f"{path}/close").status == 400
    assert account.ask("POST", path, {"evidence": {"customer_name": "Ada"}}).status == 400
    assert account.ask("POST", "disputes/dp_none/close").status == 404


def test_evidence_as_a_file_is_not_modelled_and_says_so() -> None:
    account = Account()
    path = f"disputes/{disputed(account)}"
    assert account.ask("POST", path, {"evidence": {"receipt": "file_1"}}).status == 501


def test_a_test_card_disputes_by_itself() -> None:
    account = Account()
    wish = {"amount": 10_000, "currency": "usd", "payment_method": "pm_card_createDispute", "confirm": True}
    charge = account.post("payment_intents", **wish)["latest_charge"]
    account.clock.advance(timedelta(minutes=1))
    (dispute,) = account.get("disputes", charge=charge)["data"]
    assert (dispute["reason"], dispute["amount"]) == ("fraudulent", 10_000)


def test_the_price_of_a_dispute_is_an_option() -> None:
    account = Account(options={"dispute_fee": "USD 20.00"})
    disputed(account)
    assert holds(account) == usd("-23.20")
