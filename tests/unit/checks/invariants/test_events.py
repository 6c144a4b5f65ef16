"""V2 and V27 turn red for second effects and second records."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.fact import CustomerChanged
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b


def test_v2_a_deal_that_was_invoiced_twice() -> None:
    twin = b.invoice(id="7", number="1002")
    found = b.the_finding("V2", b.record(books=b.ledger(documents=(b.invoice(), twin))))
    assert found.expected == "one, 1001 of USD 4,410.50"
    assert found.actual == "a further one, 1002 of USD 4,410.50"
    assert found.at_risk == b.usd("4410.50")
    assert "quickbooks:invoice:7 (1002)" in found.objects


def test_v2_a_charge_that_was_posted_twice() -> None:
    found = b.the_finding("V2", b.record(books=b.ledger(payments=(b.payment(), b.payment(id="8")))))
    assert (found.actual, found.at_risk) == ("2 payments", b.usd("1000.00"))


def test_v2_an_equal_invoice_of_another_deal_is_no_duplicate() -> None:
    decoy = b.invoice(id="7", number="1002", note="crm:deal:D2:v1 lines:L8,L9")
    assert b.passes("V2", b.record(books=b.ledger(documents=(b.invoice(), decoy))))


def test_v2_a_void_document_is_no_effect() -> None:
    void = b.invoice(id="7", number="1002", status="void")
    assert b.passes("V2", b.record(books=b.ledger(documents=(b.invoice(), void))))


@pytest.mark.parametrize("check", ["V2", "V5", "V27", "R3"])
def test_without_reference_rules_nothing_is_joined_by_guessing(check: str) -> None:
    found = b.result(check, b.with_connector(b.record(), references=()))
    assert found.judgement is Judgement.NOT_APPLICABLE
    assert "declares no reference rule" in found.reason


def test_v27_a_company_with_two_customers() -> None:
    found = b.the_finding("V27", b.record(books=b.ledger(parties=(b.party(), b.party(id="p2", name="Globex (2)")))))
    assert (found.expected, found.actual) == ("one customer", "'Globex', 'Globex (2)'")


def renamed(**changes: Any) -> b.RunRecord:
    fact = b.mark(5, "crm.customer_renamed", "2026-01-19")
    rename = CustomerChanged(
        **fact, customer="Globex", company_id="C1", name="Initech", region="US-CA-SF", terms="Net 30"
    )
    happened = (*b.facts()[:4], rename, *b.facts()[4:])
    return b.record(told=happened, **changes)


def test_v27_a_rename_that_did_not_arrive() -> None:
    found = b.the_finding("V27", renamed())
    assert (found.expected, found.actual) == ("Initech", "Globex")


@pytest.mark.parametrize("name", ["Initech", "INITECH (2)", "Initech, Inc."])
def test_v27_a_ledger_may_add_to_a_name(name: str) -> None:
    assert b.passes("V27", renamed(books=b.ledger(parties=(b.party(name=name),))))


def test_v27_an_invoice_on_another_customer() -> None:
    parties = (b.party(), b.party(id="p2", name="Decoy", note="crm:company:C2"))
    books = b.ledger(parties=parties, documents=(b.invoice(party="p2"),))
    found = b.the_finding("V27", b.record(books=books))
    assert (found.expected, found.actual, found.at_risk) == ("Globex", "C2", b.usd("4410.50"))


def test_v27_a_payment_on_another_customer() -> None:
    parties = (b.party(), b.party(id="p2", name="Decoy", note="crm:company:C2"))
    found = b.the_finding("V27", b.record(books=b.ledger(parties=parties, payments=(b.payment(party="p2"),))))
    assert found.message == "payment 'P-1' is on another customer"
    assert found.at_risk == b.usd("1000.00")
