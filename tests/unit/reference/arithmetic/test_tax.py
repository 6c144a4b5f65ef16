"""The worked cases of invoice arithmetic, and laws of tax. Figures are worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.tax import Rate, Taxes, TaxPolicy, Treatment

D = Decimal
S25 = Treatment("S25", (Rate("S25", D(25)),))
S15 = Treatment("S15", (Rate("S15", D(15)),))
EXEMPT = Treatment("E", (), "Education")
SAN_FRANCISCO = Treatment("CA San Francisco", (Rate("California", D("7.25")), Rate("San Francisco", D("1.375"))))


def policy(tax: str = "per_group", rounding: str = "half_up", inclusive: str = "") -> TaxPolicy:
    return TaxPolicy(Cents("EUR", rounding), tax, bool(inclusive), inclusive or "round_net")


def at(percent: str) -> Treatment:
    return Treatment(percent, (Rate(percent, D(percent)),))


def figures(taxes: Taxes) -> tuple[Decimal, Decimal, Decimal]:
    return taxes.net, taxes.tax, taxes.total


def test_exempt_lines_bear_nothing_beside_taxed_ones() -> None:
    taxes = policy().calculate([(D(4000), S25), (D(1000), EXEMPT), (D(900), S25)])
    assert [(line.base, line.tax) for line in taxes.lines] == [(D(4900), D(1225))]
    assert figures(taxes) == (D(5900), D(1225), D(7125))


def test_each_rate_is_rounded_once_over_its_own_sum() -> None:
    # 10 x 400 and 10 x 90 at 25 % with 100 more at 25 %; 10 x 200 at 15 %
    taxes = policy().calculate([(D(4000), S25), (D(2000), S15), (D(900), S25), (D(100), S25)])
    assert [(line.base, line.tax) for line in taxes.lines] == [(D(5000), D(1250)), (D(2000), D(300))]
    assert figures(taxes) == (D(7000), D(1550), D(8550))


def test_half_a_unit_of_tax_is_kept() -> None:
    taxes = policy().calculate([(D(6688), S25), (D(1050), EXEMPT), (D(448), S25), (D(150), S25)])
    assert (taxes.lines[0].base, taxes.tax, taxes.total) == (D(7286), D("1821.50"), D("10157.50"))


@pytest.mark.parametrize(
    ("tax", "rounding", "expected"),
    [("per_line", "half_up", "11.44"), ("per_group", "half_up", "11.45"), ("per_group", "half_even", "11.44")],
)
def test_where_tax_is_rounded_decides_a_cent(tax: str, rounding: str, expected: str) -> None:
    lines = [(D(amount), S15) for amount in ("25.06", "25.61", "25.63")]
    assert policy(tax, rounding).calculate(lines).tax == D(expected)


@pytest.mark.parametrize(("tax", "expected"), [("per_group", "874.00"), ("per_line", "874.01")])
def test_many_lines_at_one_rate(tax: str, expected: str) -> None:
    lines = [(D(quantity) * D("4.60"), at("19")) for quantity in (84, 54, 288, 144, 430)]
    taxes = policy(tax).calculate(lines)
    assert figures(taxes) == (D("4600.00"), D(expected), D(4600) + D(expected))


@pytest.mark.parametrize(("inclusive", "net", "tax"), [("round_net", "2.88", "0.11"), ("round_tax", "2.87", "0.12")])
def test_the_declared_part_of_an_inclusive_price_is_rounded(inclusive: str, net: str, tax: str) -> None:
    taxes = policy(inclusive=inclusive).calculate([(D("2.99"), at("4"))])
    assert figures(taxes) == (D(net), D(tax), D("2.99"))


def test_a_discount_off_an_inclusive_total_keeps_its_tax_share() -> None:
    assert figures(policy(inclusive="round_net").calculate([(D(5000), at("14"))])) == (
        D("4385.96"),
        D("614.04"),
        D("5000"),
    )
    assert figures(policy(inclusive="round_net").calculate([(D(4900), at("14"))])) == (
        D("4298.25"),
        D("601.75"),
        D("4900"),
    )


def test_each_authority_is_rounded_by_itself() -> None:
    # 8 x 219.95 less 5 % of it, in San Francisco; the service is not taxable there
    lines = [(D("1671.62"), SAN_FRANCISCO), (D("1900.00"), Treatment())]
    component = policy("per_component").calculate(lines)
    assert [line.tax for line in component.lines] == [D("121.19"), D("22.98")]
    assert figures(component) == (D("3571.62"), D("144.17"), D("3715.79"))
    assert policy("per_group").calculate(lines).tax == D("144.18"), "the combined rate in one step"


AMOUNTS = st.integers(1, 10**7).map(lambda n: Decimal(n).scaleb(-2))
LINES = st.lists(st.tuples(AMOUNTS, st.sampled_from([S25, S15, EXEMPT, SAN_FRANCISCO])), min_size=1, max_size=30)
POLICIES = st.builds(
    policy,
    st.sampled_from(["per_group", "per_line", "per_component"]),
    st.sampled_from(["half_up", "half_even"]),
    st.sampled_from(["", "round_net", "round_tax"]),
)


@given(LINES, POLICIES)
def test_figures_add_up_under_every_policy(lines: list[tuple[Decimal, Treatment]], books: TaxPolicy) -> None:
    taxes = books.calculate(lines)
    assert taxes.net == sum(taxes.nets)
    assert taxes.tax == sum(line.tax for line in taxes.lines)
    if books.included:
        assert taxes.total == sum(amount for amount, _ in lines)
    else:
        assert taxes.nets == tuple(amount for amount, _ in lines)


@given(LINES, POLICIES)
def test_a_credit_mirrors_the_invoice(lines: list[tuple[Decimal, Treatment]], books: TaxPolicy) -> None:
    taxes, mirrored = books.calculate(lines), books.calculate([(-amount, how) for amount, how in lines])
    assert figures(mirrored) == tuple(-figure for figure in figures(taxes))


@given(LINES, st.sampled_from(["half_up", "half_even"]))
def test_tax_is_within_half_a_cent_of_exact_for_each_rounding(
    lines: list[tuple[Decimal, Treatment]], rounding: str
) -> None:
    taxes = policy("per_component", rounding).calculate(lines)
    for line in taxes.lines:
        assert abs(line.tax - line.base * line.rate.percent / 100) <= D("0.005")
