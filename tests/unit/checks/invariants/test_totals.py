"""V6 turns red for every figure of a document that policy would compute otherwise."""

from __future__ import annotations

from simharness.domain.policy import TaxCalculator, TaxPolicy
from tests.unit.checks import builders as b


def story(**changes: object) -> b.RunRecord:
    return b.record(books=b.ledger(documents=(b.invoice(**changes),)))


def test_a_tax_that_was_rounded_elsewhere() -> None:
    found = b.the_finding("V6", story(tax=b.usd("310.51"), total=b.usd("4410.51")))
    assert found.message == "the invoice of deal 'Rollout' (1001) has another tax and total"
    assert (found.expected, found.actual) == (
        "tax USD 310.50, total USD 4,410.50",
        "tax USD 310.51, total USD 4,410.51",
    )
    assert found.at_risk == b.usd("0.01")


def test_a_discount_that_was_dropped() -> None:
    lines = (
        b.document_line("1", "Badge printer", "4000.00", "a4010"),
        b.untaxed_line("2", "Onboarding", "500.00", "a4020"),
    )
    found = b.the_finding("V6", story(lines=lines, net=b.usd("4500.00"), tax=b.usd("345.00"), total=b.usd("4845.00")))
    assert found.expected == "net USD 4,100.00, tax USD 310.50, total USD 4,410.50"
    assert found.actual == "net USD 4,500.00, tax USD 345.00, total USD 4,845.00"
    assert found.at_risk == b.usd("434.50")


def test_a_wrong_tax_behind_a_right_total() -> None:
    lines = (
        b.document_line("1", "Badge printer", "3610.50", "a4010"),
        b.untaxed_line("2", "Onboarding", "500.00", "a4020"),
    )
    found = b.the_finding("V6", story(lines=lines, net=b.usd("4110.50"), tax=b.usd("300.00")))
    assert found.expected == "net USD 4,100.00, tax USD 310.50"
    assert found.at_risk == b.usd("10.50")


def test_net_and_tax_that_do_not_sum_to_the_total() -> None:
    found = b.findings("V6", story(total=b.usd("4410.00")))
    assert [each.key for each in found] == ["V6:D1:invoice:1", "V6:invoice:1:total"]
    assert (found[1].expected, found[1].actual) == ("net and tax USD 4,410.50", "total USD 4,410.00")


def test_lines_that_do_not_sum_to_the_net() -> None:
    found = b.the_finding("V6", story(lines=(b.document_line("1", "Badge printer", "3600.00", "a4010"),)))
    assert (found.expected, found.actual) == ("lines USD 3,600.00", "net USD 4,100.00")
    assert found.at_risk == b.usd("500.00")


def test_the_declared_policy_decides_not_a_habit() -> None:
    # Of 33.40, 8.625 % is 2.88 in one step, and 2.42 + 0.46 by authority.
    line = b.DealLine(id="L1", product="Badge printer", quantity=b.Decimal(1), unit_price=b.usd("33.40"))
    told = (b.entered(), b.deal_entered(lines=(line,)), *b.facts()[2:])
    kept = b.invoice(
        lines=(b.document_line("1", "Badge printer", "33.40", "a4010"),), net=b.usd("33.40"), tax=b.usd("2.88"),
        total=b.usd("36.28"), taxes=b.tax_groups("33.40", "2.42", "0.46"), note="crm:deal:D1:v1 lines:L1",
    )  # fmt: skip
    right = b.record(books=b.ledger(documents=(kept,)), told=told)
    assert b.passes("V6", right)
    assert b.passes("V6", b.with_policy(right, tax=TaxPolicy.PER_GROUP))
    assert b.passes("V6", b.with_policy(right, tax_calculator=TaxCalculator.LEDGER))


def test_a_document_without_deal_only_has_to_add_up() -> None:
    opening = b.invoice(id="9", note="", number="0900", created_by="controller")
    assert b.passes("V6", b.record(books=b.ledger(documents=(b.invoice(), opening))))


def test_v6_is_not_exercised_without_documents() -> None:
    assert b.result("V6", b.record(books=b.ledger(documents=()))).reason == "no document is there to compute"
