"""V7 turns red for codes, bases, reasons and a liability that documents do not explain."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.domain.crm import Certificate, DealLine
from simharness.domain.policy import DiscountPresentation
from tests.unit.checks import builders as b

CERTIFICATE = Certificate(number="CA-77", jurisdictions=("US-CA",), reason="Resale")


def story(document: b.Document, **changes: Any) -> b.RunRecord:
    return b.record(books=b.ledger(documents=(document,)), **changes)


def test_a_tax_code_that_was_exchanged() -> None:
    group = b.TaxGroup(
        code="TX Austin",
        rate="Texas",
        percent=b.Decimal("8.25"),
        base=b.usd("3600.00"),
        tax=b.usd("310.50"),
        account="a2200",
    )
    found = b.the_finding("V7", story(b.invoice(taxes=(group,), tax_code="TX Austin")))
    assert found.expected == "CA San Francisco USD 310.50 on USD 3,600.00"
    assert found.actual == "TX Austin USD 310.50 on USD 3,600.00"
    assert found.at_risk == b.usd("310.50")


def test_a_base_that_took_in_an_untaxed_line() -> None:
    found = b.the_finding("V7", story(b.invoice(taxes=b.tax_groups("4100.00"))))
    assert found.actual == "CA San Francisco USD 310.50 on USD 4,100.00"


def test_groups_that_do_not_sum_to_the_tax() -> None:
    found = b.findings("V7", story(b.invoice(taxes=b.tax_groups(city="49.49"))))
    assert (found[0].expected, found[0].actual) == ("groups USD 310.49", "tax USD 310.50")


def test_a_liability_that_the_documents_do_not_explain() -> None:
    entry = b.entry(
        "invoice", "1", "2026-01-12", b.posting("a1100", "4410.50", party="p1"), b.posting("a4010", "-3649.50"),
        b.posting("a4020", "-500.00"), b.posting("a2200", "-261.00"),
    )  # fmt: skip
    found = b.the_finding("V7", b.record(books=b.ledger(entries=(entry, b.payment_entry()))))
    assert found.expected == "charged USD 310.50, settled USD 0.00, closing USD 310.50"
    assert (found.actual, found.at_risk) == ("closing USD 261.00", b.usd("49.50"))


def test_a_settlement_of_the_liability_is_part_of_the_roll_forward() -> None:
    settled = b.entry("journal", "5", "2026-01-20", b.posting("a2200", "300.00"), b.posting("a1000", "-300.00"))
    assert b.passes("V7", b.record(books=b.ledger(entries=(b.invoice_entry(), b.payment_entry(), settled))))


def exempt(memo: str, **changes: Any) -> b.RunRecord:
    """The same deal under a resale certificate: 4,100.00 and no tax."""
    given: dict[str, Any] = {
        "taxes": (), "tax": b.usd("0.00"), "total": b.usd("4100.00"), "open": b.usd("3100.00"), "memo": memo,
    }  # fmt: skip
    entry = b.entry(
        "invoice", "1", "2026-01-12", b.posting("a1100", "4100.00", party="p1"), b.posting("a4010", "-3600.00"),
        b.posting("a4020", "-500.00"),
    )  # fmt: skip
    books = b.ledger(documents=(b.invoice(**(given | changes)),), entries=(entry, b.payment_entry()))
    return b.record(books=books, told=(b.entered(certificates=(CERTIFICATE,)), *b.facts()[1:]))


@pytest.mark.parametrize("memo", ["Tax exempt: Resale (certificate CA-77)", "Exempt under resale, see file"])
def test_an_exempt_sale_with_its_reason_is_right(memo: str) -> None:
    assert b.passes("V7", exempt(memo))


@pytest.mark.parametrize("memo", ["", "Thank you", "Tax exempt: Charity (certificate TX-1)"])
def test_an_exempt_sale_without_its_own_reason(memo: str) -> None:
    found = b.the_finding("V7", exempt(memo))
    assert found.expected == "reason Resale (certificate CA-77)"
    assert found.actual == f"memo {memo!r}"
    assert found.at_risk == b.usd("4100.00")


def test_the_reason_may_stand_on_the_customer() -> None:
    story = exempt("")
    ledger = story.checkpoints[-1].world.ledgers[0]
    told = structs.replace(ledger, parties=(b.party(exemption_number="CA-77"),))
    world = structs.replace(story.checkpoints[-1].world, ledgers=(told,))
    checkpoint = structs.replace(story.checkpoints[-1], world=world)
    assert b.passes("V7", structs.replace(story, checkpoints=(checkpoint,)))


def test_an_exempt_customer_who_was_taxed() -> None:
    taxed = b.record(told=(b.entered(certificates=(CERTIFICATE,)), *b.facts()[1:]))
    keys = [found.key for found in b.findings("V7", taxed)]
    assert "V7:D1:invoice:1:exempt" in keys
    assert next(f for f in b.findings("V7", taxed) if f.key.endswith(":exempt")).at_risk == b.usd("310.50")


def test_an_exempt_product_needs_a_reason_too() -> None:
    loop = DealLine(id="L2", product="Hearing loop", quantity=b.Decimal(1), unit_price=b.usd("500.00"))
    told = (b.entered(), b.deal_entered(lines=(b.LINES[0], loop)), *b.facts()[2:])
    found = b.the_finding("V7", story(b.invoice(), told=told))
    assert found.expected == "reason Assistive device"
    assert b.passes("V7", story(b.invoice(memo="Tax exempt: Assistive device"), told=told))


def test_a_credit_may_show_the_rate_of_the_day_beside_the_tax_of_its_original() -> None:
    groups = tuple(structs.replace(group, percent=group.percent + 1) for group in b.tax_groups())
    assert b.passes("V7", story(b.invoice(taxes=groups)))


def test_shares_of_two_authorities_that_were_exchanged() -> None:
    found = b.the_finding("V7", story(b.invoice(taxes=b.tax_groups(california="261.01", city="49.49"))))
    assert found.actual == "CA San Francisco USD 310.50 on USD 3,600.00"


def test_a_credit_may_show_the_rate_of_the_day_but_bears_its_originals_tax() -> None:
    """The city's rate is printed as 1.25 %; what is charged is 1.375 %, to the cent."""
    later = tuple(
        structs.replace(group, percent=b.Decimal("1.25")) if group.rate == "San Francisco" else group
        for group in b.tax_groups()
    )
    assert b.passes("V7", story(b.invoice(taxes=later)))
    short = (later[0], structs.replace(later[1], tax=b.usd("49.49")))
    assert b.findings("V7", story(b.invoice(taxes=short))), "the groups no longer make the tax"
    moved = tuple(structs.replace(group, base=b.usd("3599.99")) for group in later)
    assert b.the_finding("V7", story(b.invoice(taxes=moved))).actual == "CA San Francisco USD 310.50 on USD 3,599.99"


def gross(*discounts: b.DocumentLine, base: str = "3600.00") -> b.RunRecord:
    """The deal with income at list price, 400.00 of discount on the contra account, and a base for its tax."""
    lines = (
        b.document_line("1", "Badge printer", "4000.00", "a4010"),
        *discounts,
        b.untaxed_line("3", "Onboarding", "500.00", "a4020"),
    )
    document = b.invoice(lines=lines, taxes=b.tax_groups(base))
    return b.with_policy(story(document), discounts=DiscountPresentation.CONTRA)


def test_the_base_of_a_discount_on_a_line_of_its_own_is_judged_to_the_cent() -> None:
    own = b.document_line("2", "Badge printer discount", "-400.00", "a4900")
    assert b.passes("V7", gross(own))
    # 400.00 spread over 4,000.00 and 500.00 would take 355.56 off the printers
    assert b.the_finding("V7", gross(own, base="3644.44")).expected == "CA San Francisco USD 310.50 on USD 3,600.00"


def test_how_the_ledger_spreads_its_own_discount_line_is_not_judged() -> None:
    spread = b.document_line("2", "", "400.00", "a4900", kind="discount")
    assert b.passes("V7", gross(spread, base="3644.44"))
