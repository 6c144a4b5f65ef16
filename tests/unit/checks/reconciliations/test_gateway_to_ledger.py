"""R3 turns red for each kind of break between charges and payments."""

from __future__ import annotations

from tests.unit.checks import builders as b


def story(*payments: b.Payment) -> b.RunRecord:
    return b.record(books=b.ledger(payments=payments))


def test_missing_right() -> None:
    found = b.the_finding("R3", story())
    assert (found.key, found.at_risk) == ("R3:missing-right:ch1", b.usd("1000.00"))


def test_missing_left() -> None:
    ghost = b.payment(id="8", note="pay:charge:ch9")
    assert b.the_finding("R3", story(b.payment(), ghost)).key == "R3:missing-left:ch9"


def test_amount_net_of_the_fee() -> None:
    found = b.the_finding("R3", story(b.payment(amount=b.usd("970.70"))))
    assert (found.key, found.at_risk) == ("R3:amount:ch1", b.usd("29.30"))


def test_date() -> None:
    assert b.the_finding("R3", story(b.payment(date=b.day("2026-01-21")))).key == "R3:date:ch1"


def test_duplicate() -> None:
    assert b.the_finding("R3", story(b.payment(), b.payment(id="8"))).key == "R3:duplicate:ch1:8"


def test_another_account_than_clearing() -> None:
    found = b.the_finding("R3", story(b.payment(account="a1000")))
    assert found.expected == "the gateway: 1150 Gateway clearing USD 1,000.00"
    assert found.actual == "the ledger: 1000 Bank USD 1,000.00"


def test_an_equal_payment_of_another_charge_is_a_break_on_both_sides() -> None:
    keys = [found.key for found in b.findings("R3", story(b.payment(note="pay:charge:ch9")))]
    assert keys == ["R3:missing-right:ch1", "R3:missing-left:ch9"]
