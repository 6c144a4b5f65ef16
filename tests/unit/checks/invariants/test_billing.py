"""V5 and V20 turn red for lines billed otherwise and for records lost on the way."""

from __future__ import annotations

from simharness.domain.evidence import Reject
from simharness.domain.policy import DiscountPresentation
from tests.unit.checks import builders as b


def story(*documents: b.Document, **changes: object) -> b.RunRecord:
    return b.record(books=b.ledger(documents=documents), **changes)


def test_v5_a_line_that_was_billed_short() -> None:
    lines = (
        b.document_line("1", "Badge printer", "3600.00", "a4010"),
        b.untaxed_line("2", "Onboarding", "250.00", "a4020"),
    )
    found = b.the_finding("V5", story(b.invoice(lines=lines, net=b.usd("3850.00"))))
    assert found.message == "deal line L2 (Onboarding) is not billed as the deal says"
    assert (found.expected, found.actual) == ("billed to date USD 500.00", "billed to date USD 250.00")
    assert found.at_risk == b.usd("250.00")
    assert found.objects == (
        "hubspot:deal:D1 (Rollout)",
        "hubspot:deal_line:L2",
        "quickbooks:invoice:1 (1001)",
    )


def test_v5_two_lines_whose_amounts_were_exchanged() -> None:
    swapped = b.invoice(note="crm:deal:D1:v1 lines:L2,L1")
    found = b.findings("V5", story(swapped))
    assert [(each.expected, each.actual) for each in found] == [
        ("billed to date USD 3,600.00", "billed to date USD 500.00"),
        ("billed to date USD 500.00", "billed to date USD 3,600.00"),
    ]


def test_v5_a_deal_that_was_not_billed() -> None:
    found = b.findings("V5", story())
    assert [each.expected for each in found] == ["billed to date USD 3,600.00", "billed to date USD 500.00"]


def test_v5_a_deal_that_was_billed_again() -> None:
    again = b.invoice(id="7", number="1002", note="crm:deal:D1:v2 lines:L1,L2")
    found = b.findings("V5", story(b.invoice(), again))
    assert [each.actual for each in found] == ["billed to date USD 7,200.00", "billed to date USD 1,000.00"]


def test_v5_a_credit_that_no_deal_change_called_for_is_a_reconciling_item() -> None:
    goodwill = b.credit_memo(note="", created_by="controller")
    assert b.passes("V5", story(b.invoice(), goodwill))


def test_v5_compares_the_deal_where_income_is_shown_gross() -> None:
    lines = (
        b.document_line("1", "Badge printer", "4000.00", "a4010"),
        b.untaxed_line("2", "Onboarding", "500.00", "a4020"),
        b.document_line("3", "", "400.00", "a4900", kind="discount"),
    )
    contra = {"discounts": DiscountPresentation.CONTRA}
    assert b.passes("V5", b.with_policy(story(b.invoice(lines=lines)), **contra))
    short = b.invoice(lines=lines[:2], net=b.usd("4500.00"))
    found = b.the_finding("V5", b.with_policy(story(short), **contra))
    assert (found.expected, found.actual) == ("billed to date USD 4,100.00", "billed to date USD 4,500.00")


def test_v5_compares_the_deal_where_the_reference_names_no_lines() -> None:
    assert b.passes("V5", story(b.invoice(note="crm:deal:D1:v1 lines:")))


def test_v20_a_deal_that_was_lost() -> None:
    found = b.the_finding("V20", story())
    assert (found.expected, found.actual) == (
        "1 documents, control total USD 4,410.50",
        "0 documents, control total USD 0.00",
    )
    assert found.objects == ("hubspot:deal:D1 (Rollout)",)
    assert found.at_risk == b.usd("4410.50")
    assert found.where == "scenarios/billing/globex.yaml:13"


def reject(source: str) -> Reject:
    return Reject(at=b.at("2026-01-12"), source=source, code="no_terms", reason="the customer has no terms")


def test_v20_a_listed_reject_is_not_lost() -> None:
    assert b.passes("V20", story(evidence=(reject("hubspot:deal:D1:v1"),)))


def test_v20_a_document_too_many() -> None:
    found = b.the_finding("V20", story(b.invoice(), b.invoice(id="7", number="1002")))
    assert found.actual == "2 documents, control total USD 8,821.00"


def test_v20_a_charge_that_was_lost() -> None:
    found = b.the_finding("V20", b.record(books=b.ledger(payments=())))
    assert found.objects == ("stripe:charge:ch1 (P-1)",)
    assert (found.expected, found.actual) == (
        "1 payments, control total USD 1,000.00",
        "0 payments, control total USD 0.00",
    )


def test_v20_a_control_total_that_is_off() -> None:
    found = b.the_finding("V20", b.record(books=b.ledger(payments=(b.payment(amount=b.usd("970.70")),))))
    assert found.at_risk == b.usd("29.30")


def unbillable(**changes: object) -> b.RunRecord:
    return b.record(books=b.ledger(documents=(), payments=()), told=(b.entered(region=""), *b.facts()[1:4]), **changes)


def test_v20_a_deal_that_cannot_be_billed_is_listed() -> None:
    found = b.the_finding("V20", unbillable(evidence=()))
    assert found.message == "deal 'Rollout' cannot be billed (the customer has no tax region) and no reject lists it"
    assert (found.expected, found.at_risk) == ("a reject of USD 4,100.00", b.usd("4100.00"))
    assert b.passes("V20", unbillable(evidence=(reject("hubspot:deal:D1:v1"),)))


def test_v20_does_not_ask_for_rejects_of_a_connector_that_offers_none() -> None:
    assert not b.findings("V20", b.with_connector(unbillable(evidence=()), evidence=("log",)))
