"""The worked cases of the finance rules, section 2: every figure below is the table's, none is our own output."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simharness.domain.policy import InclusivePolicy, Rounding, TaxPolicy
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import DiscountLine, ItemLine, Sale
from tests.fakes.accounting.company import BY, Company, D, company


def nets(sale: Sale) -> list[D]:
    return [line.net for line in sale.lines if line.kind == "item"]


def tax_of(sale: Sale, code: str) -> tuple[D, D]:
    """Base and tax under a code."""
    lines = [line for line in sale.taxes if line.code == code]
    return lines[0].base, sum((line.tax for line in lines), D(0))


def test_charges_and_allowances_of_lines_and_document_reach_their_own_tax_group() -> None:
    c = company()
    s25, exempt = c.code("S25", "25"), c.code("Exempt", kind="exempt")
    invoice = c.invoice(
        c.line(code=s25, quantity=D(10), unit_price=D(410), adjustments=(D(1), D(-101))),
        c.line(code=exempt, quantity=D(10), unit_price=D(200), base_quantity=D(2)),
        c.line(code=s25, quantity=D(10), unit_price=D(100), adjustments=(D(1), D(-101))),
        c.line("200", s25, description="document charge"),
        DiscountLine(amount=D(200), covers=(0, 2, 3), description="document allowance"),
    )
    assert nets(invoice)[:3] == [D(4000), D(1000), D(900)]
    assert sum(nets(invoice)[:3]) == D(5900)
    assert tax_of(invoice, s25) == (D(4900), D(1225))
    assert tax_of(invoice, exempt) == (D(1000), D(0))
    assert invoice.total == D(7125)
    c.pay("1000", (invoice.id, "1000"))
    assert c.books.invoices.get(invoice.id).open == D(6125)


def test_two_rates_are_rounded_once_each() -> None:
    c = company()
    s25, s15 = c.code("S25", "25"), c.code("S15", "15")
    invoice = c.invoice(
        c.line(code=s25, quantity=D(10), unit_price=D(400)),
        c.line(code=s15, quantity=D(10), unit_price=D(200)),
        c.line(code=s25, quantity=D(10), unit_price=D(90)),
        c.line("200", s25, description="document charge"),
        DiscountLine(amount=D(100), covers=(0, 2, 3)),
    )
    assert sum(nets(invoice)[:3]) == D(6900)
    assert invoice.net == D(7000)
    assert tax_of(invoice, s25)[1] == D(1250)
    assert tax_of(invoice, s15)[1] == D(300)
    assert invoice.total == D(8550)


def test_a_rounding_amount_stays_out_of_tax() -> None:
    c = company()
    s25, exempt = c.code("S25", "25"), c.code("Exempt", kind="exempt")
    outside = c.code("Outside", kind="out_of_scope")
    lines = (
        c.line("6688", s25),
        c.line(code=exempt, quantity=D(3), unit_price=D(350)),
        c.line("448", s25),
        c.line("150", s25, description="document charge"),
    )
    before = c.books.invoices.preview(c.draft(*lines))
    assert before.total == D("10157.50")
    rounding = ItemLine(amount=D("0.50"), account=c.accounts["rounding"], tax_code=outside)
    invoice = c.invoice(*lines, rounding)
    assert tax_of(invoice, s25) == (D(7286), D("1821.50"))
    assert tax_of(invoice, exempt) == (D(1050), D(0))
    assert [line.code for line in invoice.taxes] == [s25, exempt]
    assert invoice.open == D(10158)


@pytest.mark.parametrize(
    ("discount", "net", "total"),
    [
        pytest.param(None, "4385.96", "5000", id="no discount"),
        pytest.param(DiscountLine(amount=D(100), off_net=True), "4285.96", "4885.99", id="100 off the net"),
        pytest.param(DiscountLine(amount=D(100)), "4298.25", "4900.00", id="100 off the total"),
    ],
)
def test_prices_that_include_tax(discount: DiscountLine | None, net: str, total: str) -> None:
    c = company()
    code = c.code("S14", "14")
    lines = (c.line(code=code, quantity=D(100), unit_price=D(50)), *((discount,) if discount else ()))
    invoice = c.invoice(*lines, tax_mode="inclusive")
    assert (invoice.net, invoice.total) == (D(net), D(total))


@pytest.mark.parametrize(
    ("policy", "rounding", "tax"),
    [
        (TaxPolicy.PER_LINE, Rounding.HALF_UP, "11.44"),
        (TaxPolicy.PER_GROUP, Rounding.HALF_UP, "11.45"),
        (TaxPolicy.PER_GROUP, Rounding.HALF_EVEN, "11.44"),
    ],
)
def test_where_tax_is_rounded_moves_a_cent(policy: TaxPolicy, rounding: Rounding, tax: str) -> None:
    c = company(tax_policy=policy, rounding=rounding)
    code = c.code("S15", "15")
    invoice = c.invoice(c.line("25.06", code), c.line("25.61", code), c.line("25.63", code))
    assert invoice.tax == D(tax)


@pytest.mark.parametrize(
    ("policy", "tax", "total"),
    [(TaxPolicy.PER_GROUP, "874.00", "5474.00"), (TaxPolicy.PER_LINE, "874.01", "5474.01")],
)
def test_five_quantities_at_one_price(policy: TaxPolicy, tax: str, total: str) -> None:
    c = company(tax_policy=policy)
    code = c.code("S19", "19")
    quantities = ("84", "54", "288", "144", "430")
    invoice = c.invoice(*(c.line(code=code, quantity=D(each), unit_price=D("4.60")) for each in quantities))
    assert (invoice.net, invoice.tax, invoice.total) == (D("4600.00"), D(tax), D(total))


@pytest.mark.parametrize(
    ("policy", "net", "tax"),
    [(InclusivePolicy.ROUND_NET, "2.88", "0.11"), (InclusivePolicy.ROUND_TAX, "2.87", "0.12")],
)
def test_which_part_of_an_inclusive_price_is_rounded(policy: InclusivePolicy, net: str, tax: str) -> None:
    c = company(inclusive_policy=policy)
    invoice = c.invoice(c.line("2.99", c.code("S4", "4")), tax_mode="inclusive")
    assert (invoice.net, invoice.tax, invoice.total) == (D(net), D(tax), D("2.99"))


class TestSanFrancisco:
    """8×219.95 hardware, 2,000.00 service that is not taxable, 5 % document discount, 7.25 % + 1.375 %."""

    def invoice(self, **settings: Any) -> tuple[Company, Sale]:
        c = company(tax_model="us", **settings)
        code = c.code("San Francisco", "7.25", "1.375")
        invoice = c.invoice(
            c.line(quantity=D(8), unit_price=D("219.95")),
            c.line("2000.00", taxable=False),
            DiscountLine(percent=D(5)),
            tax_code=code,
        )
        return c, invoice

    def test_each_authority_is_rounded_by_itself_after_the_discount(self) -> None:
        _, invoice = self.invoice(tax_policy=TaxPolicy.PER_COMPONENT)
        assert sum(nets(invoice)) == D("3759.60")
        assert invoice.discount == D("187.98")
        assert invoice.net == D("3571.62")
        assert [line.base for line in invoice.taxes] == [D("1671.62"), D("1671.62")]
        assert [line.tax for line in invoice.taxes] == [D("121.19"), D("22.98")]
        assert (invoice.tax, invoice.total) == (D("144.17"), D("3715.79"))

    def test_the_combined_rate_in_one_step_gives_a_cent_more(self) -> None:
        _, invoice = self.invoice(tax_policy=TaxPolicy.PER_GROUP)
        assert invoice.tax == D("144.18")

    def test_tax_before_the_discount(self) -> None:
        _, invoice = self.invoice(tax_policy=TaxPolicy.PER_COMPONENT, tax_after_discount=False)
        assert (invoice.net, invoice.tax) == (D("3571.62"), D("151.76"))

    def test_it_posts_gross_income_a_contra_discount_and_the_tax(self) -> None:
        c, invoice = self.invoice(tax_policy=TaxPolicy.PER_COMPONENT)
        assert c.posted(invoice.id) == c.account(
            ("receivable", "3715.79"), ("sales", "-3759.60"), ("discounts_given", "187.98"), ("tax_payable", "-144.17")
        )


class TestDepositOverARateChange:
    """Rules, section 3: 3,000.00 and 660.00 in June, 7,000.00 and 1,680.00 in July, 1,000.00 and 234.00 back."""

    def books(self) -> tuple[Company, str, str, str]:
        c = company()
        account = chart.Account(name="Customer deposits", kind="current_liability", number="2310", role="deposits")
        c.accounts["deposits"] = c.books.accounts.create(account, BY).id
        advance = chart.Item(name="Customer deposit", income_account=c.accounts["deposits"])
        return c, c.books.items.create(advance, BY).id, c.code("S22", "22"), c.code("S24", "24")

    def test_an_item_may_post_to_a_liability(self) -> None:
        c, advance, old, _ = self.books()
        invoice = c.invoice(c.line("3000", old, item=advance), date=date(2025, 6, 16))
        assert (invoice.net, invoice.tax, invoice.total) == (D(3000), D(660), D(3660))
        assert c.posted(invoice.id) == c.account(("receivable", "3660"), ("deposits", "-3000"), ("tax_payable", "-660"))

    def test_a_line_takes_the_deposit_off_under_the_code_it_bore(self) -> None:
        c, advance, old, new = self.books()
        lines = (c.line("3000", old), c.line("7000", new), c.line("-3000", old, item=advance))
        invoice = c.invoice(*lines, date=date(2025, 7, 15), tax_override=D(1680))
        assert (invoice.net, invoice.tax, invoice.total) == (D(7000), D(1680), D(8680))
        assert (tax_of(invoice, old), tax_of(invoice, new)) == ((D(0), D(0)), (D(7000), D(1680)))
        assert c.posted(invoice.id) == c.account(
            ("receivable", "8680"), ("sales", "-10000"), ("deposits", "3000"), ("tax_payable", "-1680")
        )

    def test_a_credit_takes_both_parts_at_their_own_rates(self) -> None:
        c, _, old, new = self.books()
        credit = c.credit_memo(c.line("300", old), c.line("700", new), date=date(2025, 8, 4))
        assert (tax_of(credit, old)[1], tax_of(credit, new)[1], credit.total) == (D(66), D(168), D(1234))
