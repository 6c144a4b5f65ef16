"""What the books should be, from facts, dictionary and policy alone; figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.model import ExpectedBooks, ExpectedDocument
from simharness.checks.oracle.rulebook import Rulebook
from simharness.core.money import Money
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.fact import CustomerChanged, DealChanged, DealReopened
from simharness.domain.policy import DealEditPolicy
from tests.unit.checks import builders as b


def books(*facts: Any, **policy: Any) -> ExpectedBooks:
    return expected_books(facts, Rulebook(b.dictionary(**policy)))


def figures(document: ExpectedDocument) -> tuple[str, int, str, str, str]:
    return (document.kind, document.version, f"{document.net:.2f}", f"{document.tax:.2f}", f"{document.total:.2f}")


def changed(step: int, *lines: DealLine, on: str = "2026-02-03", **changes: Any) -> DealChanged:
    return DealChanged(
        **(b.mark(step, "crm.deal_changed", on) | {"deal": "Rollout", "deal_id": "D1", "lines": lines} | changes)
    )


def reopened(step: int) -> DealReopened:
    return DealReopened(**(b.mark(step, "crm.deal_reopened", "2026-01-20") | {"deal": "Rollout", "deal_id": "D1"}))


PRINTER, ONBOARDING = b.LINES
START = (b.entered(), b.deal_entered(), b.won(), b.rest(4, "2026-01-12"))


def test_a_won_deal_is_billed_once_at_its_own_terms() -> None:
    document = books(*START).documents[0]
    assert figures(document) == ("invoice", 1, "4100.00", "310.50", "4410.50")
    assert (document.dated, document.latest, document.terms_days) == (date(2026, 1, 12), date(2026, 1, 12), 30)
    assert [(line.account, line.tax_code, line.cost_centre) for line in document.lines] == [
        ("4010", "CA San Francisco", "CC-10"),
        ("4020", "", "CC-20"),
    ]
    assert [(share.authority, share.tax) for share in document.groups[0].shares] == [
        ("California", Decimal("261.00")),
        ("San Francisco", Decimal("49.50")),
    ]


def test_nothing_is_expected_before_the_connector_came_to_rest() -> None:
    assert books(*START[:3]).documents == ()


def test_winning_again_and_reopening_without_a_change_bill_nothing_new() -> None:
    again = (b.won(5, on="2026-01-15"), b.rest(6, "2026-01-15"), reopened(7), b.rest(8, "2026-01-20"))
    assert len(books(*START, *again, b.won(9, on="2026-01-21"), b.rest(10, "2026-01-21")).documents) == 1


def test_what_happens_between_two_rests_is_billed_as_it_stands_at_the_second() -> None:
    early = changed(4, structs.replace(PRINTER, quantity=Decimal(2)), on="2026-01-12")
    found = books(*START[:3], early, b.rest(5, "2026-01-12")).documents
    # 2 × 4,000.00 less 10 % is 7,200.00; 7.25 % is 522.00, 1.375 % is 99.00.
    assert [figures(document) for document in found] == [("invoice", 1, "7200.00", "621.00", "7821.00")]


def test_a_deal_that_goes_up_is_invoiced_for_the_difference() -> None:
    more = changed(5, structs.replace(PRINTER, quantity=Decimal(2)), ONBOARDING)
    document = books(*START, more, b.rest(6, "2026-02-04")).documents[1]
    assert figures(document) == ("invoice", 2, "3600.00", "310.50", "3910.50")
    assert (document.dated, document.latest) == (date(2026, 2, 3), date(2026, 2, 4))
    assert [line.line_id for line in document.lines] == ["L1"]


def test_a_deal_that_goes_down_is_credited_at_the_rate_of_its_invoice() -> None:
    earlier = (b.entered(), b.deal_entered(), b.won(on="2025-12-30"), b.rest(4, "2025-12-30"))
    less = changed(5, structs.replace(PRINTER, discount_percent=Decimal(20)), ONBOARDING)
    found = books(*earlier, less, b.rest(6, "2026-02-03"), cut_over=None).documents
    # Until 2025 the city took 1.25 %: 3,600.00 bear 261.00 + 45.00, the 400.00 credited 29.00 + 5.00.
    assert [figures(document) for document in found] == [
        ("invoice", 1, "4100.00", "306.00", "4406.00"),
        ("credit_memo", 2, "400.00", "34.00", "434.00"),
    ]


def test_up_and_down_are_two_documents_of_one_version() -> None:
    both = changed(5, structs.replace(PRINTER, quantity=Decimal(2)), structs.replace(ONBOARDING, quantity=Decimal(1)))
    found = books(*START, both, b.rest(6, "2026-02-03")).documents[1:]
    assert [figures(document) for document in found] == [
        ("credit_memo", 2, "250.00", "0.00", "250.00"),
        ("invoice", 2, "3600.00", "310.50", "3910.50"),
    ]


def test_a_line_that_vanished_is_credited_whole() -> None:
    found = books(*START, changed(5, PRINTER), b.rest(6, "2026-02-03")).documents[1:]
    assert [figures(document) for document in found] == [("credit_memo", 2, "500.00", "0.00", "500.00")]


def test_credit_and_rebill_credits_all_and_bills_anew() -> None:
    less = changed(5, structs.replace(PRINTER, discount_percent=Decimal(20)), ONBOARDING)
    found = books(*START, less, b.rest(6, "2026-02-03"), deal_edits=DealEditPolicy.CREDIT_AND_REBILL).documents[1:]
    # 3,200.00 bear 232.00 + 44.00.
    assert [figures(document) for document in found] == [
        ("credit_memo", 2, "4100.00", "310.50", "4410.50"),
        ("invoice", 2, "3700.00", "276.00", "3976.00"),
    ]


def test_books_that_refuse_edits_expect_a_reject_and_no_document() -> None:
    less = changed(5, PRINTER)
    found = books(*START, less, b.rest(6, "2026-02-03"), deal_edits=DealEditPolicy.REFUSE)
    assert len(found.documents) == 1
    assert [(refusal.is_change, refusal.amount) for refusal in found.refusals] == [(True, b.usd("500.00"))]


def test_a_document_discount_is_spread_so_that_each_line_bears_its_share() -> None:
    deal = b.deal_entered(discount_percent=Decimal(5))
    document = books(b.entered(), deal, b.won(), b.rest(4, "2026-01-12")).documents[0]
    # 5 % of 4,100.00 is 205.00: 180.00 and 25.00. 3,420.00 bear 247.95 and 47.025 → 47.03.
    assert [line.net for line in document.lines] == [Decimal("3420.00"), Decimal("475.00")]
    assert figures(document) == ("invoice", 1, "3895.00", "294.98", "4189.98")


def certificate(**changes: Any) -> Certificate:
    given: dict[str, Any] = {"number": "CA-77", "jurisdictions": ("US-CA",), "reason": "Resale"}
    return Certificate(**(given | changes))


@pytest.mark.parametrize(
    ("held", "tax", "reasons"),
    [
        (certificate(), "0.00", ("Resale",)),
        (certificate(valid_until=date(2026, 1, 11)), "310.50", ()),
        (certificate(jurisdictions=("US-TX",)), "310.50", ()),
    ],
    ids=["valid", "expired the day before", "another jurisdiction"],
)
def test_a_certificate_exempts_only_where_and_while_it_is_valid(
    held: Certificate, tax: str, reasons: tuple[str, ...]
) -> None:
    document = books(b.entered(certificates=(held,)), *START[1:]).documents[0]
    assert f"{document.tax:.2f}" == tax
    assert document.exempt_reasons == reasons


def test_an_exempt_product_is_untaxed_with_its_reason() -> None:
    loop = DealLine(id="L9", product="Hearing loop", quantity=Decimal(1), unit_price=b.usd("100.00"))
    document = books(b.entered(), b.deal_entered(lines=(PRINTER, loop)), *START[2:]).documents[0]
    assert figures(document) == ("invoice", 1, "3700.00", "310.50", "4010.50")
    assert document.exempt_reasons == ("Assistive device",)
    assert document.exempt_by == ""


def test_a_deal_won_before_the_cut_over_is_never_billed() -> None:
    found = books(b.entered(), b.deal_entered(), b.won(on="2025-12-31"), b.rest(4, "2026-01-05"))
    assert (found.documents, found.refusals, found.out_of_scope) == ((), (), ("D1",))


def test_the_close_date_is_the_invoice_date_where_that_is_declared() -> None:
    won = b.won(close_date=date(2026, 1, 9))
    assert books(*START[:2], won, START[3], invoice_date="close_date").documents[0].dated == date(2026, 1, 9)
    assert books(*START[:2], won, START[3]).documents[0].dated == date(2026, 1, 12)


@pytest.mark.parametrize(
    ("customer", "deal", "reason"),
    [
        ({"region": ""}, {}, "the customer has no tax region"),
        ({"region": "US-NV"}, {}, "the region 'US-NV' is not in the dictionary"),
        ({"terms": "Net 99"}, {}, "the payment terms 'Net 99' are not in the dictionary"),
        ({}, {"lines": ()}, "the deal has no lines"),
        ({}, {"currency": "EUR"}, "the deal is in EUR, the books are in USD"),
        ({}, {"lines": (structs.replace(PRINTER, product="Ghost"),)}, "the product 'Ghost' is not in the dictionary"),
        ({}, {"lines": (structs.replace(PRINTER, revenue_type="X"),)}, "the revenue type 'X' is not in the dictionary"),
        ({}, {"lines": (structs.replace(PRINTER, quantity=Decimal(-1)),)}, "the deal totals less than nothing"),
    ],
)
def test_what_cannot_be_billed_without_guessing_is_refused(
    customer: dict[str, Any], deal: dict[str, Any], reason: str
) -> None:
    found = books(b.entered(**customer), b.deal_entered(**deal), *START[2:])
    assert found.documents == ()
    assert [refusal.reason for refusal in found.refusals] == [reason]


def test_a_foreign_currency_is_billed_where_it_is_declared_whatever_the_customers_own() -> None:
    in_euro = b.deal_entered(currency="EUR", lines=())
    priced = structs.replace(PRINTER, unit_price=Money("600.00", "EUR"))
    in_euro = structs.replace(in_euro, lines=(priced,))
    (document,) = books(b.entered(currency="EUR"), in_euro, *START[2:], currencies=("EUR",)).documents
    assert (document.currency, document.net) == ("EUR", Decimal("540.00"))  # 600.00 less its ten per cent
    (second,) = books(b.entered(currency="USD"), in_euro, *START[2:], currencies=("EUR",)).documents
    assert second.money(second.net) == Money("540.00", "EUR")  # a customer of the ledger for each currency
    (refusal,) = books(b.entered(currency="USD"), in_euro, *START[2:]).refusals
    assert refusal.reason == "the deal is in EUR, the books are in USD"


def test_a_refused_deal_may_be_billed_once_its_customer_was_corrected() -> None:
    given = b.mark(5, "crm.customer_changed", "2026-01-15")
    mended = CustomerChanged(
        **given, customer="Globex", company_id="C1", name="Globex", region="US-CA-SF", terms="Net 30"
    )
    found = books(b.entered(region=""), *START[1:], mended, b.rest(6, "2026-01-15"))
    assert [document.optional for document in found.documents] == [True]
    assert found.refusals == ()


def test_payments_are_expected_gross_once_the_connector_could_see_them() -> None:
    seen = books(*b.facts()).payments
    assert [(payment.amount, payment.dated, payment.invoice_number) for payment in seen] == [
        (b.usd("1000.00"), date(2026, 1, 20), "1001")
    ]
    assert books(*b.facts()[:-1]).payments == ()
