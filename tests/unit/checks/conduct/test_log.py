"""C5 turns red where log and ledger say different things."""

from __future__ import annotations

import pytest

from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

INVOICE, PAYMENT = b.evidence()


def test_a_posting_that_was_not_logged() -> None:
    found = b.the_finding("C5", b.record(evidence=(INVOICE,)))
    assert (found.expected, found.actual) == ("one row", "no row")
    assert found.objects == ("quickbooks:payment:2",)
    assert found.at_risk == b.usd("1000.00")


def test_a_posting_that_was_logged_twice() -> None:
    assert b.the_finding("C5", b.record(evidence=(INVOICE, INVOICE, PAYMENT))).actual == "2 rows"


def test_a_row_for_something_that_is_not_there() -> None:
    ghost = b.log("hubspot:deal:D2:v1", "quickbooks:invoice:77", "12.00", "k3")
    found = b.the_finding("C5", b.record(evidence=(INVOICE, PAYMENT, ghost)))
    assert found.message.startswith("the log says that hubspot:deal:D2:v1 became quickbooks:invoice:77")
    assert found.at_risk == b.usd("12.00")


def test_an_amount_that_was_not_read_back() -> None:
    sent = b.log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.49", "k1")
    found = b.the_finding("C5", b.record(evidence=(sent, PAYMENT)))
    assert (found.expected, found.actual, found.at_risk) == ("USD 4,410.50", "USD 4,410.49", b.usd("0.01"))


def test_a_lookup_may_stand_for_the_posting_or_beside_it() -> None:
    looked_up = b.log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.50", "k1", outcome="found")
    assert b.passes("C5", b.record(evidence=(looked_up, PAYMENT)))
    assert b.passes("C5", b.record(evidence=(INVOICE, looked_up, PAYMENT)))


def test_a_failed_attempt_is_no_posting() -> None:
    failed = b.log("hubspot:deal:D2:v1", "quickbooks:invoice:77", "12.00", "k3", outcome="failed")
    assert b.passes("C5", b.record(evidence=(INVOICE, PAYMENT, failed)))


def test_what_somebody_else_posted_needs_no_row() -> None:
    manual = b.invoice(id="9", number="1002", note="", created_by="controller")
    assert b.passes("C5", b.record(books=b.ledger(documents=(b.invoice(), manual))))


def test_a_link_without_money_may_have_a_row_of_its_own_or_none() -> None:
    link = b.payment(id="4", amount=b.usd("0.00"), applications=())
    books = b.ledger(payments=(b.payment(), link))
    row = b.log("hubspot:deal:D1:v2", "quickbooks:payment:4", "50.00", "k4", action="apply")
    assert b.passes("C5", b.record(books=books))
    assert b.passes("C5", b.record(books=books, evidence=(INVOICE, PAYMENT, row)))


def test_a_connector_without_a_log_cannot_be_judged() -> None:
    found = b.result("C5", b.with_connector(b.record(evidence=()), evidence=()))
    assert (found.judgement, found.reason) == (Judgement.NOT_APPLICABLE, "the connector offers no log")


@pytest.mark.parametrize("kind", ["journal:12", "refund_receipt:11", "transfer:13", "deposit:15"])
def test_journals_receipts_transfers_and_deposits_are_logged_like_documents(kind: str) -> None:
    unlogged = tuple(row for row in m.evidence() if getattr(row, "target", "") != f"quickbooks:{kind}")
    found = b.the_finding("C5", m.record(evidence=unlogged))
    assert found.key == f"C5:quickbooks:{kind}:unlogged"
    ghost = m.log("stripe:fee:txn9", f"quickbooks:{kind}9", "1.00")
    assert b.the_finding("C5", m.record(evidence=(*m.evidence(), ghost))).key == f"C5:quickbooks:{kind}9:absent"
