"""R3 turns red for each kind of break between the gateway's balance and the clearing account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def keys(entries: tuple[Any, ...], **changes: Any) -> list[str]:
    return [found.key for found in b.findings("R3", m.record(books=m.ledger(entries=entries), **changes))]


def test_every_balance_line_and_fee_finds_its_posting() -> None:
    found = b.result("R3", m.record())
    # the charge, its fee, the refund and the payout
    assert (found.examined, found.reason, found.findings) == (8, "4 matched, 0 broken", ())


@pytest.mark.parametrize(
    ("source_id", "key"),
    [("12", "R3:missing-right:fee:txn1"), ("11", "R3:missing-right:re1"), ("13", "R3:missing-right:po1")],
)
def test_missing_right(source_id: str, key: str) -> None:
    assert keys(m.replacing(source_id)) == [key]


def test_missing_left() -> None:
    ghost = m.moving("journal", "19", "2026-01-22", "a1100", "a1150", "100.00", "pay:refund:re9")
    assert keys((*m.entries(), ghost)) == ["R3:missing-left:re9"]


def test_a_posting_on_clearing_that_names_nothing() -> None:
    ghost = m.moving("journal", "19", "2026-01-22", "a6100", "a1150", "29.30")
    assert keys((*m.entries(), ghost)) == ["R3:missing-left:unreferenced:journal:19"]
    assert not keys((*m.entries(), b.structs.replace(ghost, created_by="bookkeeper")))


def test_amount_one_cent_off() -> None:
    fee = m.moving("journal", "12", "2026-01-20", "a6100", "a1150", "29.31", "pay:fee:txn1")
    found = b.the_finding("R3", m.record(books=m.ledger(entries=m.replacing("12", fee))))
    assert (found.key, found.at_risk) == ("R3:amount:fee:txn1", b.usd("0.01"))
    assert found.expected == "the gateway: USD -29.30"


def test_date() -> None:
    payout = m.moving("transfer", "13", "2026-01-25", "a1160", "a1150", "800.00", "pay:payout:po1")
    assert keys(m.replacing("13", payout)) == ["R3:date:po1"]


def test_duplicate() -> None:
    again = m.moving("journal", "19", "2026-01-20", "a6100", "a1150", "29.30", "pay:fee:txn1")
    assert keys((*m.entries(), again)) == ["R3:duplicate:fee:txn1:19"]


def test_equal_amounts_of_other_references_do_not_match() -> None:
    """Two refunds of 100.00, and both postings name the same one."""
    lines = (*m.balance_lines(), m.balance_line("txn4", "refund", "-100.00", "re2", "2026-01-22"))
    again = m.moving("journal", "19", "2026-01-22", "a1100", "a1150", "100.00", "pay:refund:re1")
    found = keys((*m.entries(), again), cash=m.gateway(balance_lines=lines))
    assert found[:2] == ["R3:duplicate:re1:19", "R3:missing-right:re2"]


def test_a_dispute_that_is_won_has_two_lines_and_two_postings() -> None:
    lines = (
        *m.balance_lines(),
        m.balance_line("txn4", "adjustment", "-1000.00", "dp1", "2026-01-24", "15.00"),
        m.balance_line("txn5", "adjustment", "1000.00", "dp1", "2026-01-26", "-15.00"),
    )
    entries = (
        *m.entries(),
        m.moving("journal", "20", "2026-01-24", "a1100", "a1150", "1000.00", "pay:dispute:dp1"),
        m.moving("journal", "21", "2026-01-24", "a6100", "a1150", "15.00", "pay:fee:txn4"),
        m.moving("journal", "22", "2026-01-26", "a1150", "a1100", "1000.00", "pay:dispute:dp1:won"),
        m.moving("journal", "23", "2026-01-26", "a1150", "a6100", "15.00", "pay:fee:txn5"),
    )
    cash = m.gateway(balance_lines=lines)
    assert not keys(entries, cash=cash)
    assert keys(entries[:-2], cash=cash) == ["R3:missing-right:dp1", "R3:missing-right:fee:txn5"]


def test_a_rejected_refund_is_no_break_and_an_unlisted_one_is() -> None:
    books = m.ledger(documents=(b.invoice(),), entries=m.replacing("11"))
    listed = (*m.evidence(), m.reject("stripe:refund:re1"))
    assert not b.findings("R3", m.record(books=books, evidence=listed))


def test_a_connector_that_posts_charges_net_of_the_fee_says_so_by_having_no_noun_for_fees() -> None:
    """Its one posting of the charge is 970.70; only the payment as a record is not the gross amount."""
    rules = tuple(rule for rule in m.CONNECTOR.references if rule.noun != "fee")
    net = m.moving("payment", "2", "2026-01-20", "a1150", "a1100", "970.70")
    entries = tuple(item for item in m.replacing("12") if item.source_id != "2")
    story = b.with_connector(m.record(books=m.ledger(entries=(*entries, net))), references=rules)
    assert not b.findings("R3", story)
    assert b.passes("V10", story)


@pytest.mark.parametrize(
    ("source_id", "entry", "key", "left"),
    [
        ("12", ("journal", "12", "2026-01-20", "a4020", "a1150", "29.30", "pay:fee:txn1"), "txn1", "6100 Gateway fees"),
        ("11", ("journal", "11", "2026-01-22", "a1100", "a1150", "100.00", "pay:refund:re1"), "re1", "revenue, tax"),
        (
            "13",
            ("transfer", "13", "2026-01-24", "a1000", "a1150", "800.00", "pay:payout:po1"),
            "po1",
            "1160 Payouts in transit",
        ),
    ],
)
def test_the_other_side_on_another_account(source_id: str, entry: tuple[str, ...], key: str, left: str) -> None:
    found = b.the_finding("R3", m.record(books=m.ledger(entries=m.replacing(source_id, m.moving(*entry)))))
    assert (found.key, found.expected) == (f"R3:amount:{key}:account", f"the gateway: {left}")


def test_a_refund_of_an_overpayment_touches_no_revenue() -> None:
    told = tuple(
        b.structs.replace(fact, reason="overpayment", lines=()) if fact == m.refunded() else fact for fact in m.facts()
    )
    found = b.the_finding("R3", m.record(told=told))
    assert (found.key, found.expected) == ("R3:amount:re1:account", "the gateway: receivable")
    assert found.message == "amount: refund re1 of an overpayment stands on another account than it belongs on"


def test_a_debit_that_comes_back_has_the_id_of_its_charge_and_is_a_line_of_its_own() -> None:
    """The money came into the balance four days after the customer paid; the payment bears that day."""
    debit = b.structs.replace(m.balance_lines()[0], kind="payment", created_at=b.at("2026-01-24"))
    back = m.balance_line("txn4", "payment_failure_refund", "-1000.00", "ch1", "2026-01-26")
    cash = m.gateway(balance_lines=(debit, *m.balance_lines()[1:], back))
    fee = m.moving("journal", "12", "2026-01-24", "a6100", "a1150", "29.30", "pay:fee:txn1")
    returned = m.moving("journal", "20", "2026-01-26", "a1100", "a1150", "1000.00", "pay:dispute:ch1")

    def red(*entries: Any, paid: str = "2026-01-24") -> list[str]:
        books = m.ledger(entries=entries, payments=(b.payment(date=b.day(paid)),))
        return [found.key for found in b.findings("R3", m.record(books=books, cash=cash))]

    assert not red(*m.replacing("12", fee), returned)
    assert red(*m.replacing("12", fee)) == ["R3:missing-right:ch1"]
    assert red(*m.replacing("12", fee), returned, paid="2026-01-20") == ["R3:date:ch1"]


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_debit_on_its_way_is_no_payment_yet(status: str) -> None:
    told = (*m.facts()[:-1], b.paid(step=10, charge_id="ch2", payment="P-2"), b.rest(11, "2026-01-26"))
    cash = m.gateway(charges=(*m.gateway().charges, b.structs.replace(m.gateway().charges[0], id="ch2", status=status)))
    for check in ("R3", "V20", "V8"):
        assert not b.findings(check, m.record(told=told, cash=cash))
        missing = {"R3": 1, "V20": 1, "V8": 0}[check]
        assert len(b.findings(check, m.record(told=told))) == missing
