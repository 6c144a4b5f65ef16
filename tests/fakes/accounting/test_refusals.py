"""What the ledger refuses, with which figures, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest

from simharness_fakes.accounting import chart, refusals
from simharness_fakes.accounting.documents import (
    DiscountLine,
    ItemLine,
    JournalDraft,
    JournalLine,
    PaymentDraft,
)
from tests.fakes.accounting.company import BY, DAY, Company, D, company

CLOSED = date(2025, 12, 31)
BEFORE = date(2025, 12, 15)


def refused(kind: type[refusals.Refusal], act: Callable[[], object], c: Company) -> Any:
    """Do something that must be refused, and hold that the books are as they were."""
    before, changes = c.books.snapshot("test"), len(c.books.changes_since(BY.at))
    with pytest.raises(kind) as caught:
        act()
    assert c.books.snapshot("test") == before
    assert len(c.books.changes_since(BY.at)) == changes
    return caught.value


def test_quantity_times_price_must_be_the_amount() -> None:
    c = company()
    line = c.line("10.02", quantity=D("2.5"), unit_price=D("4.01"))  # 10.025 rounds to 10.03
    error = refused(refusals.AmountMismatch, lambda: c.invoice(line, tax_mode="none"), c)
    assert (error.line, error.given, error.expected) == (1, D("10.02"), D("10.03"))


def test_an_amount_finer_than_a_cent_is_refused() -> None:
    c = company()
    refused(refusals.BadValue, lambda: c.invoice(c.line("10.005"), tax_mode="none"), c)
    refused(refusals.BadValue, lambda: c.pay("10.005"), c)


def test_a_document_below_zero_is_refused() -> None:
    c = company()
    refused(refusals.BadValue, lambda: c.invoice(c.line("-1"), tax_mode="none"), c)
    refused(refusals.BadValue, lambda: c.invoice(c.line("5"), DiscountLine(amount=D(6)), tax_mode="none"), c)


def test_a_discount_covers_item_lines_only() -> None:
    c = company()
    refused(
        refusals.BadValue, lambda: c.invoice(c.line("5"), DiscountLine(amount=D(1), covers=(1,)), tax_mode="none"), c
    )


def test_names_are_unique_whatever_their_case() -> None:
    c = company()
    error = refused(refusals.DuplicateName, lambda: c.customer(" GLOBEX "), c)
    assert error.other == c.globex


def test_a_number_is_taken_once_and_only_where_the_company_wants_it() -> None:
    c = company()
    first = c.invoice(c.line("5"), tax_mode="none", number="A-1")
    error = refused(refusals.DuplicateNumber, lambda: c.invoice(c.line("5"), tax_mode="none", number="A-1"), c)
    assert (error.number, error.other) == ("A-1", first.id)
    c.books.invoices.update(first.id, c.draft(c.line("6"), tax_mode="none", number="A-1"), BY)
    c.credit_memo(c.line("5"), tax_mode="none", number="A-1")
    c.books.change_settings(msgspec.structs.replace(c.books.settings, unique_numbers=False), BY)
    assert c.invoice(c.line("5"), tax_mode="none", number="A-1").id != first.id
    assert len(c.books.invoices.by_number("A-1")) == 2


def test_automatic_numbers_step_over_those_taken() -> None:
    c = company()
    c.invoice(c.line("5"), tax_mode="none", number="1002")
    numbers = [c.invoice(c.line("5"), tax_mode="none").number for _ in range(2)]
    assert numbers == ["1001", "1003"]


def test_a_refused_document_takes_no_number() -> None:
    c = company()
    refused(refusals.BadReference, lambda: c.invoice(ItemLine(item="99", amount=D(1))), c)
    assert c.invoice(c.line("5"), tax_mode="none").number == "1001"


def test_references_exist_and_are_active() -> None:
    c = company()
    refused(refusals.BadReference, lambda: c.invoice(c.line("5"), customer="99"), c)
    refused(refusals.BadReference, lambda: c.invoice(c.line("5", cost_centre="99"), tax_mode="none"), c)
    refused(refusals.BadReference, lambda: c.invoice(c.line("5"), tax_mode="none", location="99"), c)
    refused(refusals.BadReference, lambda: c.pay("5", deposit_account="99"), c)
    refused(refusals.BadReference, lambda: c.pay("5", ("99", "5")), c)
    c.books.customers.update(c.globex, chart.Customer(name="Globex", active=False), BY)
    assert refused(refusals.Inactive, lambda: c.invoice(c.line("5"), tax_mode="none"), c).id == c.globex


def test_only_what_names_a_customer_posts_to_a_receivable() -> None:
    c = company()
    receivable = c.accounts["receivable"]
    refused(refusals.BadValue, lambda: c.invoice(c.line("5", account=receivable), tax_mode="none"), c)
    discount = DiscountLine(amount=D(1), account=receivable)
    refused(refusals.BadValue, lambda: c.invoice(c.line("5"), discount, tax_mode="none"), c)
    refused(refusals.BadValue, lambda: c.pay("5", deposit_account=receivable), c)
    item = chart.Item(name="Odd", income_account=receivable)
    refused(refusals.BadValue, lambda: c.books.items.create(item, BY), c)


def test_a_company_with_one_code_a_document_refuses_mixed_rates() -> None:
    c = company(tax_model="us")
    one, other = c.code("CA", "7.25"), c.code("TX", "6.25")
    error = refused(refusals.MixedRates, lambda: c.invoice(c.line("5", other), tax_code=one), c)
    assert error.codes == ("CA", "TX")


def test_a_company_with_a_code_a_line_refuses_a_line_without() -> None:
    c = company()
    refused(refusals.Missing, lambda: c.invoice(c.line("5")), c)


def test_tax_without_a_code_is_refused() -> None:
    c = company(tax_model="us")
    refused(refusals.TaxWithoutCode, lambda: c.invoice(c.line("5"), tax_override=D("0.44")), c)


def test_a_rate_without_percentage_on_the_tax_date_is_refused() -> None:
    c = company()
    code = c.code("S19", "19")
    rate = c.books.tax_rates.by_name("S19 1")
    assert rate is not None
    periods = (chart.RatePeriod(percent=D(19), valid_from=date(2026, 2, 1)),)
    c.books.tax_rates.update(rate.id, msgspec.structs.replace(rate, periods=periods), BY)
    assert refused(refusals.NoRate, lambda: c.invoice(c.line("5", code)), c).day == DAY


def test_documents_are_in_the_customers_currency() -> None:
    c = company()
    refused(refusals.CurrencyMismatch, lambda: c.invoice(c.line("5"), tax_mode="none", currency="EUR"), c)
    refused(refusals.CurrencyMismatch, lambda: c.customer("Euro AG", currency="EUR"), c)


def test_no_more_is_applied_than_is_open_and_than_was_paid() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    error = refused(refusals.OverApplied, lambda: c.pay("200", (invoice.id, "100.01")), c)
    assert (error.document, error.given, error.available) == (invoice.id, D("100.01"), D(100))
    error = refused(refusals.OverApplied, lambda: c.pay("60", (invoice.id, "70")), c)
    assert (error.document, error.given, error.available) == ("", D(70), D(60))
    c.pay("60", (invoice.id, "60"))
    refused(refusals.OverApplied, lambda: c.pay("60", (invoice.id, "60")), c)


def test_a_credit_is_used_up_only_to_settle_something() -> None:
    c = company()
    memo = c.credit_memo(c.line("30"), tax_mode="none")
    refused(refusals.OverApplied, lambda: c.pay("0", (memo.id, "30")), c)


def test_a_payment_settles_its_own_customers_documents() -> None:
    c = company()
    other = c.customer("Initech")
    invoice = c.invoice(c.line("100"), tax_mode="none", customer=other)
    assert refused(refusals.WrongCustomer, lambda: c.pay("100", (invoice.id, "100")), c).customer == other


def test_a_settled_invoice_keeps_its_customer_and_at_least_what_was_paid() -> None:
    c = company()
    other = c.customer("Initech")
    invoice = c.invoice(c.line("100"), tax_mode="none")
    c.pay("60", (invoice.id, "60"))
    update = c.books.invoices.update
    refused(refusals.OverApplied, lambda: update(invoice.id, c.draft(c.line("59"), tax_mode="none"), BY), c)
    draft = c.draft(c.line("100"), tax_mode="none", customer=other)
    refused(refusals.HasLinks, lambda: update(invoice.id, draft, BY), c)
    changed = update(invoice.id, c.draft(c.line("60"), tax_mode="none"), BY)
    assert changed.open == D(0)


def test_a_linked_document_is_not_deleted() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    payment = c.pay("60", (invoice.id, "60"))
    error = refused(refusals.HasLinks, lambda: c.books.invoices.delete(invoice.id, BY), c)
    assert error.links == (payment.id,)
    c.books.payments.delete(payment.id, BY)
    c.books.invoices.delete(invoice.id, BY)
    assert c.balances() == {}


def test_a_void_document_is_neither_changed_nor_settled() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    c.books.invoices.void(invoice.id, BY)
    draft = c.draft(c.line("100"), tax_mode="none")
    refused(refusals.IsVoid, lambda: c.books.invoices.update(invoice.id, draft, BY), c)
    refused(refusals.IsVoid, lambda: c.pay("1", (invoice.id, "1")), c)


def closed_company() -> tuple[Company, dict[str, tuple[Any, Any, str]]]:
    """Books with one document of each kind in December, then closed: kind → (port, draft of a day, id)."""
    c = company()

    def sale(day: date) -> object:
        return c.draft(c.line("10"), tax_mode="none", date=day)

    def payment(day: date) -> object:
        return PaymentDraft(customer=c.globex, date=day, amount=D(10))

    def journal(day: date) -> object:
        lines = (
            JournalLine(account=c.accounts["bank"], amount=D(5)),
            JournalLine(account=c.accounts["equity"], amount=D(-5)),
        )
        return JournalDraft(date=day, lines=lines)

    ports: dict[str, tuple[Any, Any]] = {
        "invoice": (c.books.invoices, sale),
        "credit_memo": (c.books.credit_memos, sale),
        "payment": (c.books.payments, payment),
        "journal": (c.books.journals, journal),
    }
    kinds = {kind: (port, draft, port.create(draft(BEFORE), BY).id) for kind, (port, draft) in ports.items()}
    c.books.close(CLOSED, BY)
    return c, kinds


@pytest.mark.parametrize("operation", ["create", "update", "update into", "update out of", "void", "delete"])
@pytest.mark.parametrize("kind", ["invoice", "credit_memo", "payment", "journal"])
def test_nothing_is_written_into_a_closed_period(kind: str, operation: str) -> None:
    c, kinds = closed_company()
    port, draft, id = kinds[kind]
    if operation == "update into":
        id = port.create(draft(DAY), BY).id
    acts: dict[str, Callable[[], object]] = {
        "create": lambda: port.create(draft(CLOSED), BY),
        "update": lambda: port.update(id, draft(BEFORE), BY),
        "update into": lambda: port.update(id, draft(CLOSED), BY),
        "update out of": lambda: port.update(id, draft(DAY), BY),
        "void": lambda: port.void(id, BY),
        "delete": lambda: port.delete(id, BY),
    }
    error = refused(refusals.PeriodClosed, acts[operation], c)
    assert error.closed_until == CLOSED


@pytest.mark.parametrize("kind", ["invoice", "credit_memo", "payment", "journal"])
def test_the_day_after_the_closing_date_is_open(kind: str) -> None:
    _, kinds = closed_company()
    port, draft, _ = kinds[kind]
    assert port.create(draft(date(2026, 1, 1)), BY).version == 0


def test_an_invoice_of_a_closed_period_can_still_be_paid() -> None:
    c, kinds = closed_company()
    invoice = kinds["invoice"][2]
    c.pay("10", (invoice, "10"))
    assert c.books.invoices.get(invoice).open == D(0)
