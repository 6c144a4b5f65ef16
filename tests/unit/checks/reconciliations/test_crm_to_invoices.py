"""R1 turns red for each kind of break, joins by reference only, and compares what the CRM shows."""

from __future__ import annotations

import pytest

from simharness.checks.reconciliations.crm_to_invoices import crm_to_invoices
from simharness.checks.scope import Judged
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

UNPAID = {"billing_status": "invoiced", "outstanding": b.usd("4410.50")}


def test_missing_right_a_deal_without_invoice() -> None:
    found = b.the_finding("R1", b.record(books=b.ledger(documents=())))
    assert found.key == "R1:missing-right:D1:invoice:1"
    assert (found.expected, found.actual) == ("deals in the CRM: USD 4,410.50", "documents in the ledger: nothing")
    assert found.at_risk == b.usd("4410.50")


def test_missing_left_an_invoice_that_no_deal_calls_for() -> None:
    stray = b.invoice(id="9", number="1009", note="crm:deal:D9:v1 lines:X")
    found = b.the_finding("R1", b.record(books=b.ledger(documents=(b.invoice(), stray))))
    assert found.key == "R1:missing-left:D9:invoice:1"
    assert found.at_risk == b.usd("4410.50")


def test_missing_left_an_invoice_of_the_connector_without_reference() -> None:
    bare = b.invoice(id="9", number="1009", note="")
    found = b.the_finding("R1", b.record(books=b.ledger(documents=(b.invoice(), bare))))
    assert found.message.endswith("the connector wrote this invoice without naming a deal")


def test_an_equal_amount_never_stands_in_for_a_reference() -> None:
    decoy = b.invoice(note="", created_by="controller")
    found = b.findings("R1", b.record(books=b.ledger(documents=(decoy,))))
    assert [each.key for each in found] == ["R1:missing-right:D1:invoice:1"]


def test_amount() -> None:
    found = b.the_finding("R1", b.record(books=b.ledger(documents=(b.invoice(total=b.usd("4410.49")),))))
    assert (found.key, found.at_risk) == ("R1:amount:D1:invoice:1", b.usd("0.01"))


def test_date() -> None:
    found = b.the_finding("R1", b.record(books=b.ledger(documents=(b.invoice(date=b.day("2026-01-13")),))))
    assert (found.key, found.expected) == ("R1:date:D1:invoice:1", "deals in the CRM: 2026-01-12")


def test_duplicate() -> None:
    paid = b.crm(outstanding=b.usd("6821.00"))
    twin = b.invoice(id="7", number="1002")
    found = b.the_finding("R1", b.record(books=b.ledger(documents=(b.invoice(), twin)), source=paid))
    assert found.key == "R1:duplicate:D1:invoice:1:7"


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ({"outstanding": b.usd("4410.50")}, "shows USD 4,410.50, its invoices have USD 3,410.50 open"),
        ({"outstanding": None}, "shows no outstanding amount, its invoices have USD 3,410.50 open"),
        ({"billing_status": "paid"}, "shows billing status 'paid', its invoices have USD 3,410.50 open"),
    ],
)
def test_a_status_that_the_ledger_does_not_bear_out(shown: dict[str, object], message: str) -> None:
    assert message in b.the_finding("R1", b.record(source=b.crm(**shown))).message


def test_a_connector_that_writes_no_status_is_not_asked_for_it() -> None:
    story = b.with_connector(b.record(source=b.crm(outstanding=None, billing_status="")), writes_status=False)
    assert b.passes("R1", story)


def test_two_empty_sides_pass_only_where_the_story_declares_it() -> None:
    empty = b.record(books=b.ledger(documents=()), told=(b.entered(), b.rest(4, "2026-01-12")))
    scope = Judged(empty).settled
    assert crm_to_invoices(scope).judgement is Judgement.NOT_EXERCISED
    assert crm_to_invoices(scope, nothing_expected=True).judgement is Judgement.PASSED


def test_a_declaration_of_nothing_does_not_excuse_something() -> None:
    story = b.record(told=(b.entered(), b.rest(4, "2026-01-12")))
    assert crm_to_invoices(Judged(story).settled, nothing_expected=True).judgement is Judgement.FOUND


def test_a_refund_answers_to_the_gateway_and_one_that_names_nothing_to_nobody() -> None:
    assert b.passes("R1", m.record())
    nameless = m.ledger(documents=(b.invoice(), m.receipt(note="")), entries=m.replacing("11"))
    assert b.the_finding("R1", m.record(books=nameless)).key == "R1:missing-left:unreferenced:refund_receipt:11"
