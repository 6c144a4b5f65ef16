"""Who decides the tax of a line: the document's code, the line's code, the jurisdiction, or the caller's own figure."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.domain.policy import TaxPolicy
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import DiscountLine
from tests.fakes.accounting.company import BY, DAY, Company, D, company


def test_the_flag_of_the_line_goes_before_the_flag_of_the_item() -> None:
    c = company(tax_model="us")
    code = c.code("CA", "10")
    item = c.books.items.get(c.thing)
    c.books.items.update(c.thing, msgspec.structs.replace(item, taxable=False), BY)
    invoice = c.invoice(c.line("100"), c.line("100", taxable=True), c.line("100", taxable=False), tax_code=code)
    assert invoice.tax == D(10)
    assert [line.tax_code for line in invoice.lines] == ["", code, ""]


def test_a_customer_who_is_not_taxable_pays_no_tax() -> None:
    c = company(tax_model="us")
    exempt = c.customer("School", taxable=False, exemption_reason="education")
    invoice = c.invoice(c.line("100"), tax_code=c.code("CA", "10"), customer=exempt)
    assert (invoice.tax, invoice.taxes) == (D(0), ())


def test_zero_rated_and_exempt_show_their_base_and_out_of_scope_does_not() -> None:
    c = company()
    zero, exempt = c.code("Zero", kind="zero_rated"), c.code("Exempt", kind="exempt")
    invoice = c.invoice(c.line("1", zero), c.line("2", exempt), c.line("4", c.code("Out", kind="out_of_scope")))
    assert [(line.code, line.base, line.tax) for line in invoice.taxes] == [(zero, D(1), D(0)), (exempt, D(2), D(0))]


def test_the_tax_date_decides_the_percentage() -> None:
    c = company()
    code = c.code("FI", "14")
    rate = c.books.tax_rates.by_name("FI 1")
    assert rate is not None
    periods = (
        chart.RatePeriod(percent=D(14), valid_until=date(2026, 3, 31)),
        chart.RatePeriod(percent=D("13.5"), valid_from=date(2026, 4, 1)),
    )
    c.books.tax_rates.update(rate.id, msgspec.structs.replace(rate, periods=periods), BY)
    on_last_day = c.invoice(c.line("100", code), date=date(2026, 3, 31))
    on_first_day = c.invoice(c.line("100", code), date=date(2026, 4, 1))
    credited_later = c.credit_memo(c.line("100", code), date=date(2026, 5, 1), tax_date=date(2026, 3, 31))
    assert [each.tax for each in (on_last_day, on_first_day, credited_later)] == [D(14), D("13.50"), D(14)]


def test_the_callers_tax_stands_and_is_spread_over_the_authorities() -> None:
    # 8.25 % of 1,000 is 82.50; the caller says 82.53: three cents more, 6.25 : 2 → 62.52 and 20.01.
    c = company(tax_model="us")
    invoice = c.invoice(c.line("1000"), tax_code=c.code("Austin", "6.25", "2"), tax_override=D("82.53"))
    assert (invoice.tax, invoice.total, invoice.tax_given) == (D("82.53"), D("1082.53"), True)
    assert [line.tax for line in invoice.taxes] == [D("62.52"), D("20.01")]


def test_the_callers_tax_in_an_inclusive_document_moves_the_net_and_not_the_total() -> None:
    c = company()
    invoice = c.invoice(c.line("119", c.code("S19", "19")), tax_mode="inclusive", tax_override=D("19.01"))
    assert (invoice.net, invoice.tax, invoice.total) == (D("99.99"), D("19.01"), D("119.00"))


class TestAutomatedTax:
    def books(self) -> tuple[Company, str, str]:
        c = company(tax_model="us", automated_tax=True, tax_policy=TaxPolicy.PER_COMPONENT)
        code = c.code("CA San Francisco", "7.25", "1.375")
        service = chart.Item(name="Hour", income_account=c.accounts["sales"], tax_category="services")
        hour = c.books.items.create(service, BY).id
        thing = c.books.items.get(c.thing)
        c.books.items.update(c.thing, msgspec.structs.replace(thing, tax_category="goods"), BY)
        region = chart.TaxRegion(name="US-CA-SF", rules=(chart.RegionRule(category="goods", code=code),))
        c.books.tax_regions.create(region, BY)
        customer = c.books.customers.get(c.globex)
        c.books.customers.update(c.globex, msgspec.structs.replace(customer, region="US-CA-SF"), BY)
        return c, code, hour

    def test_the_ledger_overrides_what_was_sent_and_says_so(self) -> None:
        c, code, hour = self.books()
        wrong = c.code("Wrong", "1")
        lines = (c.line("3600"), c.line("100", item=hour))
        invoice = c.invoice(*lines, tax_code=wrong, tax_override=D("36.00"))
        assert (invoice.tax, invoice.tax_overridden, invoice.tax_given) == (D("310.50"), True, False)
        assert (invoice.tax_code, {line.code for line in invoice.taxes}) == (code, {code})

    def test_the_same_figure_is_not_an_override(self) -> None:
        c, _, _ = self.books()
        assert c.invoice(c.line("3600"), tax_override=D("310.50")).tax_overridden is False
        assert c.invoice(c.line("3600")).tax_overridden is False

    def test_a_region_of_the_document_goes_before_the_customers(self) -> None:
        c, _, _ = self.books()
        c.books.tax_regions.create(chart.TaxRegion(name="US-OR"), BY)
        assert c.invoice(c.line("3600"), region="US-OR").tax == D(0)

    def test_the_code_of_a_category_is_that_of_the_day(self) -> None:
        c, code, _ = self.books()
        region = c.books.tax_regions.by_name("US-CA-SF")
        assert region is not None
        first, second = date(2026, 1, 31), date(2026, 2, 1)
        rules = (
            chart.RegionRule(category="goods", code=code, valid_until=first),
            chart.RegionRule(category="goods", code=c.code("New", "9"), valid_from=second),
        )
        c.books.tax_regions.update(region.id, msgspec.structs.replace(region, rules=rules), BY)
        assert [c.invoice(c.line("3600"), date=day).tax for day in (first, second)] == [D("310.50"), D("324.00")]

    def test_an_item_exempt_in_the_region_is_not_taxed(self) -> None:
        c, _, _ = self.books()
        region = c.books.tax_regions.by_name("US-CA-SF")
        assert region is not None
        exempting = msgspec.structs.replace(region, exempt_items=(c.thing,))
        c.books.tax_regions.update(region.id, exempting, BY)
        assert c.invoice(c.line("3600")).tax == D(0)


def test_a_discount_lowers_each_group_by_its_share() -> None:
    # 10.00 off 200.00 at 19 % and 100.00 at 7 %: shares 6.67 and 3.33; tax 36.73 and 6.77.
    c = company()
    high, low = c.code("S19", "19"), c.code("S7", "7")
    invoice = c.invoice(c.line("200", high), c.line("100", low), DiscountLine(amount=D(10)))
    assert [line.discount for line in invoice.lines[:2]] == [D("6.67"), D("3.33")]
    assert [(line.base, line.tax) for line in invoice.taxes] == [(D("193.33"), D("36.73")), (D("96.67"), D("6.77"))]


def test_due_follows_the_terms_of_the_document_then_of_the_customer() -> None:
    c = company()
    net15 = c.books.terms.create(chart.Term(name="Net 15", days=15), BY).id
    net30 = c.books.terms.create(chart.Term(name="Net 30", days=30), BY).id
    customer = c.customer("On terms", terms=net30)
    line = c.line("1")
    assert c.invoice(line, tax_mode="none").due == DAY
    assert c.invoice(line, tax_mode="none", customer=customer).due == date(2026, 2, 11)
    assert c.invoice(line, tax_mode="none", customer=customer, terms=net15).due == date(2026, 1, 27)
    assert c.invoice(line, tax_mode="none", customer=customer, due=date(2026, 5, 1)).due == date(2026, 5, 1)
    assert c.credit_memo(line, tax_mode="none", customer=customer).due is None
