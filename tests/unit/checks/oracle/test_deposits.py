"""What deposits and final invoices should be, from facts, dictionary and policy alone; figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import structs

from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.model import ExpectedBooks, ExpectedDocument
from simharness.checks.oracle.rulebook import Rulebook
from simharness.core.money import Money
from simharness.domain.crm import DealLine
from simharness.domain.dictionary import AccountSpec, Dictionary, Region, RegionTax, TaxCode, TaxComponent
from simharness.domain.fact import CreditApproved, DealChanged, DealDelivered, PaymentRefunded
from simharness.domain.policy import DealEditPolicy, DepositTax
from tests.unit.checks import builders as b

KIOSK = DealLine(id="L1", product="Badge printer", quantity=Decimal(1), unit_price=b.usd("10000.00"))


def dictionary(**policy: Any) -> Dictionary:
    """22 % until the end of January, 24 % from February, each under a code of its own."""
    codes = tuple(
        TaxCode(
            name=f"V {percent}", account="2200", components=(TaxComponent(authority="V", percent=Decimal(percent)),)
        )
        for percent in (22, 24)
    )
    taxes = (
        RegionTax(category="goods", code="V 22", valid_until=date(2026, 1, 31)),
        RegionTax(category="goods", code="V 24", valid_from=date(2026, 2, 1)),
    )
    given: dict[str, Any] = {"tax_model": "global", "deposit_tax": DepositTax.ON_RECEIPT}
    base = b.dictionary(**(given | policy))
    deposits = AccountSpec(number="2310", name="Customer deposits", kind="current_liability", role="deposits")
    return structs.replace(
        base,
        accounts=(*base.accounts, deposits),
        tax_codes=codes,
        regions=(Region(code="US-CA-SF", name="There", taxes=taxes),),
    )


def books(*facts: Any, **policy: Any) -> ExpectedBooks:
    return expected_books(facts, Rulebook(dictionary(**policy)))


def entered(**changes: Any) -> Any:
    return b.deal_entered(**({"lines": (KIOSK,), "deposit_percent": Decimal(30)} | changes))


def delivered(step: int, on: str = "2026-02-10") -> DealDelivered:
    told = {"deal": "Rollout", "deal_id": "D1", "delivered_on": date.fromisoformat(on)}
    return DealDelivered(**(b.mark(step, "crm.deal_delivered", on) | told))


def changed(step: int, on: str, **changes: Any) -> DealChanged:
    told = {"deal": "Rollout", "deal_id": "D1", "lines": (KIOSK,)}
    return DealChanged(**(b.mark(step, "crm.deal_changed", on) | told | changes))


def refunded(step: int, amount: str, reason: str = "deposit", on: str = "2026-01-25") -> PaymentRefunded:
    told = {"refund": "re1", "payment": "P-1", "customer": "Globex", "company_id": "C1", "charge_id": "ch1"}
    told |= {"refund_id": "re1", "reason": reason, "deal": "Rollout", "invoice_number": "1001"}
    amounts = {"amount": b.usd(amount), "fee": b.usd("0.00")}
    return PaymentRefunded(**(b.mark(step, "gateway.refunds", on) | told | amounts))


def parts(document: ExpectedDocument) -> list[tuple[str, str, str]]:
    return [(line.line_id, f"{line.net:.2f}", line.tax_code) for line in document.lines]


def figures(document: ExpectedDocument) -> tuple[str, int, str, str]:
    return document.kind, document.version, f"{document.net:.2f}", f"{document.tax:.2f}"


START = (b.entered(), entered(), b.won(), b.rest(4, "2026-01-12"))
DEPOSIT, FINAL = ("invoice", 0, "3000.00", "660.00"), ("invoice", 1, "7000.00", "1680.00")


def test_the_deposit_comes_first_and_nothing_else_until_delivery() -> None:
    expected = books(*START, changed(5, "2026-01-20"), b.rest(6, "2026-01-20"))
    assert [figures(document) for document in expected.documents] == [DEPOSIT]
    assert [(line.account, line.tax_code) for line in expected.documents[0].lines] == [("2310", "V 22")]
    assert str(expected.documents[0]) == "deposit invoice of deal 'Rollout'"
    assert [str(deposit.left) for deposit in expected.deposits] == ["3000.00"]


def test_the_final_invoice_takes_the_deposit_off_at_the_rate_it_bore() -> None:
    expected = books(*START, delivered(5), b.rest(6, "2026-02-10"))
    assert [figures(document) for document in expected.documents] == [DEPOSIT, FINAL]
    final = expected.documents[1]
    assert final.dated == date(2026, 2, 10)
    assert parts(final) == [("L1", "3000.00", "V 22"), ("L1", "7000.00", "V 24"), ("", "-3000.00", "V 22")]
    assert {group.code: f"{group.tax:.2f}" for group in final.groups} == {"V 22": "0.00", "V 24": "1680.00"}
    assert [str(deposit.left) for deposit in expected.deposits] == ["0.00"]


def test_a_reduction_takes_from_both_parts_in_proportion_and_again_from_what_is_left() -> None:
    told = (*START, delivered(5), b.rest(6, "2026-02-10"))
    first = (changed(7, "2026-03-02", discount_percent=Decimal(10)), b.rest(8, "2026-03-02"))
    second = (changed(9, "2026-03-09", discount_percent=Decimal(30)), b.rest(10, "2026-03-09"))
    documents = books(*told, *first, *second).documents
    assert parts(documents[2]) == [("L1", "300.00", "V 22"), ("L1", "700.00", "V 24")]
    assert figures(documents[2]) == ("credit_memo", 2, "1000.00", "234.00")
    assert parts(documents[3]) == [("L1", "600.00", "V 22"), ("L1", "1400.00", "V 24")]
    assert figures(documents[3]) == ("credit_memo", 3, "2000.00", "468.00")


def test_billing_anew_keeps_what_was_taxed_with_the_deposit() -> None:
    told = (*START, delivered(5), b.rest(6, "2026-02-10"))
    smaller = structs.replace(KIOSK, unit_price=b.usd("8000.00"))
    edit = (changed(7, "2026-03-02", lines=(smaller,)), b.rest(8, "2026-03-02"))
    credit, invoice = books(*told, *edit, deal_edits=DealEditPolicy.CREDIT_AND_REBILL).documents[2:]
    assert parts(credit) == [("L1", "3000.00", "V 22"), ("L1", "7000.00", "V 24")]
    assert parts(invoice) == [("L1", "3000.00", "V 22"), ("L1", "5000.00", "V 24")]


def test_tax_that_is_due_at_the_sale_leaves_the_deposit_alone() -> None:
    facts = (*START, delivered(5), b.rest(6, "2026-02-10"))
    documents = books(*facts, deposit_tax=DepositTax.AT_SALE).documents
    assert [figures(document)[2:] for document in documents] == [("3000.00", "0.00"), ("7000.00", "2400.00")]


def test_what_went_back_of_a_deposit_is_not_taken_off() -> None:
    told = (*START, b.paid(), refunded(6, "1220.00"), b.rest(7, "2026-01-25"))  # 1,000.00 and 220.00 of tax
    expected = books(*told)
    assert [str(deposit.left) for deposit in expected.deposits] == ["2000.00"]
    final = books(*told, delivered(8), b.rest(9, "2026-02-10")).documents[1]
    assert parts(final) == [("L1", "2000.00", "V 22"), ("L1", "8000.00", "V 24"), ("", "-2000.00", "V 22")]


def test_a_credit_of_the_deposit_invoice_is_one_of_the_deposit_and_of_no_other_invoice() -> None:
    told = b.mark(5, "crediting.credit", "2026-01-25")
    told |= {"customer": "Globex", "company_id": "C1", "deal": "Rollout", "invoice_number": "1001", "reason": "x"}
    credit = CreditApproved(**told, amount=b.usd("3660.00"))
    left = [str(deposit.left) for deposit in books(*START, credit, b.rest(6, "2026-01-25")).deposits]
    assert left == ["0.00"]
    other = structs.replace(credit, invoice_ordinal=2)
    assert [str(deposit.left) for deposit in books(*START, other, b.rest(6, "2026-01-25")).deposits] == ["3000.00"]


def test_never_more_is_taken_off_than_was_sold() -> None:
    small = structs.replace(KIOSK, unit_price=b.usd("2000.00"))
    told = (*START, changed(5, "2026-01-20", lines=(small,)), delivered(6), b.rest(7, "2026-02-10"))
    expected = books(*told)
    assert figures(expected.documents[1]) == ("invoice", 1, "0.00", "0.00")
    assert not expected.documents[1].optional
    assert [str(deposit.left) for deposit in expected.deposits] == ["1000.00"]


def test_a_deposit_above_the_deal_and_one_whose_code_changed_its_rate_are_refused() -> None:
    above = (b.entered(), entered(deposit_percent=None, deposit_amount=Money("10000.01", "USD")), *START[2:])
    assert [refusal.reason for refusal in books(*above).refusals] == [
        "the deposit is nothing, or more than the deal comes to"
    ]
    one_code = TaxCode(
        name="V 22",
        account="2200",
        components=(
            TaxComponent(authority="V", percent=Decimal(22), valid_until=date(2026, 1, 31)),
            TaxComponent(authority="V", percent=Decimal(24), valid_from=date(2026, 2, 1)),
        ),
    )
    region = Region(code="US-CA-SF", name="There", taxes=(RegionTax(category="goods", code="V 22"),))
    there = structs.replace(dictionary(), tax_codes=(one_code,), regions=(region,))
    expected = expected_books((*START, delivered(5), b.rest(6, "2026-02-10")), Rulebook(there))
    assert [refusal.reason for refusal in expected.refusals] == [
        "the deposit was taxed under V 22, which has another rate by now"
    ]


def test_what_is_delivered_before_a_deposit_was_asked_for_is_billed_at_once() -> None:
    expected = books(*START[:3], delivered(4, "2026-02-10"), b.rest(5, "2026-02-10"))
    assert [figures(document) for document in expected.documents] == [("invoice", 1, "10000.00", "2400.00")]
    assert expected.deposits == ()


def test_a_deposit_in_a_foreign_currency_is_refused() -> None:
    line = structs.replace(KIOSK, unit_price=Money("10000.00", "EUR"))
    told = (b.entered(currency="EUR"), entered(currency="EUR", lines=(line,)), *START[2:])
    assert ["would be taken off at another day" in each.reason for each in books(*told, currencies=("EUR",)).refusals]
    assert books(*told, currencies=("EUR",)).documents == ()
