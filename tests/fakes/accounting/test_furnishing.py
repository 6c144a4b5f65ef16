"""The books hold what finance's dictionary lists, once; a fork shares nothing that can change."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from simharness.core.ids import Ids
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain.acts import ActRefused, ClosePeriod, EditParty, Furnish, WinDeal
from simharness.domain.dictionary import (
    AccountSpec,
    Dictionary,
    Dimension,
    ProductSpec,
    Region,
    RegionTax,
    RevenueType,
    TaxCode,
    TaxComponent,
    Terms,
)
from simharness.domain.events import Furnished, PartySaved, PeriodClosed
from simharness.domain.policy import BooksPolicy, TaxCalculator, TaxPolicy
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.books import Books
from simharness_fakes.accounting.documents import Apply, ItemLine, PaymentDraft, SaleDraft
from tests.fakes.accounting.company import BY, D, company


def dictionary(**policy: Any) -> Dictionary:
    return Dictionary(
        name="small",
        version="1",
        entity="main",
        currency="USD",
        time_zone="America/Chicago",
        policy=BooksPolicy(tax=TaxPolicy.PER_COMPONENT, **policy),
        accounts=(
            AccountSpec(number="1000", name="Bank", kind="bank", role="bank"),
            AccountSpec(number="1100", name="Receivable", kind="receivable", role="receivable"),
            AccountSpec(number="1200", name="Undeposited", kind="undeposited", role="undeposited"),
            AccountSpec(number="2200", name="Sales tax", kind="current_liability", role="tax_payable"),
            AccountSpec(number="4010", name="Hardware", kind="income"),
            AccountSpec(number="4020", name="Services", kind="income"),
        ),
        revenue_types=(RevenueType(name="goods", account="4010"), RevenueType(name="time", account="4020")),
        products=(
            ProductSpec(name="Kiosk", sku="K1", tax_category="goods", revenue_type="goods"),
            ProductSpec(name="Hour", sku="H1", tax_category="services", revenue_type="time"),
        ),
        tax_codes=(
            TaxCode(
                name="TX Austin",
                account="2200",
                components=(
                    TaxComponent(authority="Texas", percent=D("6.25")),
                    TaxComponent(authority="Austin", percent=D(1), valid_until=date(2025, 12, 31)),
                    TaxComponent(authority="Austin", percent=D(2), valid_from=date(2026, 1, 1)),
                ),
            ),
        ),
        regions=(Region(code="US-TX", name="Texas", taxes=(RegionTax(category="goods", code="TX Austin"),)),),
        terms=(Terms(name="Net 30", days=30),),
        cost_centres=(Dimension(code="CC-10", name="Sales West"),),
        locations=(Dimension(code="SF", name="San Francisco office"),),
    )


def furnished(**policy: Any) -> Books:
    books = Books(chart.Settings(), Ids(Rng(1)))
    assert books.operate(Furnish(dictionary=dictionary(**policy)), BY) == (Furnished(dictionary="small"),)
    return books


def test_a_bank_account_may_be_kept_in_another_currency() -> None:
    base = dictionary()
    gain = AccountSpec(number="7100", name="Exchange", kind="other_income", role="exchange_gain")
    euro = AccountSpec(number="1010", name="Euro account", kind="bank", currency="EUR")
    books = Books(chart.Settings(), Ids(Rng(1)))
    books.operate(Furnish(dictionary=msgspec.structs.replace(base, accounts=(*base.accounts, gain, euro))), BY)
    found = books.accounts.by_number("1010")
    assert found is not None
    assert (found.kind, found.currency) == ("bank", "EUR")


def one_invoice(books: Books) -> str:
    customer = books.customers.create(chart.Customer(name="Globex", region="US-TX"), BY).id
    code, kiosk, hour, west, office = (
        books.tax_codes.by_name("TX Austin"),
        books.items.by_name("Kiosk"),
        books.items.by_name("Hour"),
        books.classes.by_name("Sales West"),
        books.departments.by_name("San Francisco office"),
    )
    assert code
    assert kiosk
    assert hour
    assert west
    assert office
    draft = SaleDraft(
        customer=customer,
        date=date(2026, 1, 12),
        tax_code=code.id,
        lines=(ItemLine(item=kiosk.id, amount=D(1000)), ItemLine(item=hour.id, amount=D(500))),
        cost_centre=west.id,
        location=office.id,
        note="ours",
    )
    return books.invoices.create(draft, BY).id


def test_income_accounts_come_from_revenue_types_and_taxability_from_categories() -> None:
    books = furnished()
    kiosk, hour = books.items.by_name("Kiosk"), books.items.by_name("Hour")
    assert kiosk
    assert hour
    assert books.accounts.get(kiosk.income_account).number == "4010"
    assert books.accounts.get(hour.income_account).number == "4020"
    assert (kiosk.taxable, hour.taxable) == (True, False)


def test_several_components_of_one_authority_are_its_history() -> None:
    books = furnished()
    assert [rate.name for rate in books.tax_rates.all()] == ["TX Austin Texas", "TX Austin Austin"]
    invoice = books.invoices.get(one_invoice(books))
    assert [(line.percent, line.tax) for line in invoice.taxes] == [(D("6.25"), D("62.50")), (D(2), D("20.00"))]


def test_policies_become_settings() -> None:
    settings = furnished(tax_calculator=TaxCalculator.LEDGER).settings
    assert (settings.automated_tax, settings.tax_policy, settings.time_zone, settings.entity) == (
        True,
        TaxPolicy.PER_COMPONENT,
        "America/Chicago",
        "main",
    )


def test_furnishing_twice_changes_nothing() -> None:
    books = furnished()
    before = books.changes_since(BY.at)
    books.operate(Furnish(dictionary=dictionary()), BY)
    assert books.changes_since(BY.at) == before


def test_furnishing_keeps_what_the_dictionary_does_not_speak_of() -> None:
    books = furnished()
    kiosk = books.items.by_name("Kiosk")
    assert kiosk
    changed = chart.Item(name="Kiosk", income_account=kiosk.income_account, sku="other", description="ours")
    books.items.update(kiosk.id, changed, BY)
    books.operate(Furnish(dictionary=dictionary()), BY)
    again = books.items.get(kiosk.id)
    assert (again.sku, again.description) == ("K1", "ours")


def test_the_snapshot_tells_the_books_in_canonical_words() -> None:
    books = furnished()
    invoice = one_invoice(books)
    payment = PaymentDraft(
        customer=books.invoices.get(invoice).customer,
        date=date(2026, 1, 20),
        amount=D(600),
        applications=(Apply(document=invoice, amount=D("582.5")),),
    )
    books.payments.create(payment, BY)
    told = books.snapshot("somebody")
    (document,) = told.documents
    assert (document.net, document.tax, document.open) == (
        Money("1500", "USD"),
        Money("82.50", "USD"),
        Money("1000", "USD"),
    )
    assert (document.status, document.cost_centre, document.location) == ("partly_paid", "CC-10", "SF")
    assert [(line.item, line.tax_code, line.cost_centre) for line in document.lines] == [
        ("Kiosk", "TAX", "CC-10"),
        ("Hour", "NON", "CC-10"),
    ]
    (paid,) = told.payments
    assert (paid.unapplied, paid.applications[0].amount) == (Money("17.50", "USD"), Money("582.50", "USD"))
    assert told.parties[0].balance == Money("982.50", "USD")
    for entry in told.entries:
        assert sum(line.amount.amount for line in entry.lines) == D(0)
        assert (entry.created_by, {line.location for line in entry.lines}) in (("tester", {"SF"}), ("tester", {""}))


def test_applications_in_the_snapshot_always_leave_what_is_unapplied() -> None:
    c = company()
    invoice, memo = c.invoice(c.line("100"), tax_mode="none"), c.credit_memo(c.line("30"), tax_mode="none")
    c.pay("50", (invoice.id, "60"), (memo.id, "30"))
    (payment,) = c.books.snapshot("somebody").payments
    applied = sum((each.amount.amount for each in payment.applications), D(0))
    assert payment.unapplied.amount == payment.amount.amount - applied == D(20)


def test_acts_of_a_ledger_are_done_and_others_are_refused() -> None:
    books = furnished()
    until = date(2026, 1, 31)
    assert books.operate(ClosePeriod(until=until), BY) == (PeriodClosed(until="2026-01-31"),)
    assert books.settings.closed_until == until
    customer = books.customers.create(chart.Customer(name="Globex", email="a@example.com"), BY).id
    assert books.operate(EditParty(party_id=customer, phone="555"), BY) == (PartySaved(party_id=customer),)
    assert (books.customers.get(customer).phone, books.customers.get(customer).email) == ("555", "a@example.com")
    with pytest.raises(ActRefused):
        books.operate(WinDeal(deal_id="1"), BY)


def test_a_fork_and_its_origin_do_not_see_each_other() -> None:
    books = furnished()
    invoice = one_invoice(books)
    twin = books.fork()
    before = twin.snapshot("x")
    kept = books.invoices.get(invoice)
    books.invoices.update(invoice, kept.draft, BY)
    books.invoices.create(kept.draft, BY)
    books.close(date(2026, 6, 30), BY)
    assert twin.snapshot("x") == before
    ours = books.snapshot("x")
    second = twin.invoices.create(kept.draft, BY)
    twin.payments.create(PaymentDraft(customer=kept.customer, date=kept.date, amount=D(1)), BY)
    twin.invoices.void(invoice, BY)
    assert books.snapshot("x") == ours
    assert second.id == ours.documents[-1].id  # both continue with the same next ids
    assert [each.id for each in twin.invoices.by_customer(kept.customer)] == [invoice, second.id]
    assert twin.invoices.by_number(second.number) == (second,)
