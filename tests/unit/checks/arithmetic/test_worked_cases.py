"""The worked cases of the finance rules, section 2, through the checks' own arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.arithmetic.lines import after_discount, document_discount, extended, line_net
from simharness.checks.arithmetic.tax import Policy, Share, sale
from simharness.domain.policy import InclusivePolicy, Rounding, TaxPolicy

D = Decimal
CENT = D("0.01")
UP, EVEN = Rounding.HALF_UP, Rounding.HALF_EVEN
NORWAY = {"S25": [Share(authority="NO", percent=D(25))], "S15": [Share(authority="NO", percent=D(15))], "E": []}


def policy(tax: TaxPolicy = TaxPolicy.PER_GROUP, rounding: Rounding = UP) -> Policy:
    return Policy(unit=CENT, tax=tax, rounding=rounding)


def one_rate(percent: str) -> dict[str, list[Share]]:
    return {"R": [Share(authority="one", percent=D(percent))]}


def test_charges_allowances_base_quantity_and_prepayment() -> None:
    first = line_net(extended(D(10), D(450) - D(40), CENT, UP), CENT, UP, charges=[D(1)], allowances=[D(101)])
    second = extended(D(10), D(200), CENT, UP, D(2))
    third = line_net(extended(D(10), D(100), CENT, UP), CENT, UP, charges=[D(1)], allowances=[D(101)])
    nets = [first, second, third]
    assert nets == [4000, 1000, 900]
    assert sum(nets) == 5900
    standard = [True, False, True]
    spread = after_discount(after_discount(nets, D(-200), CENT, standard), D(200), CENT, standard)
    document = sale(spread, ["S25", "E", "S25"], NORWAY, policy())
    groups = {group.code: group for group in document.groups}
    assert (groups["S25"].base, groups["S25"].tax) == (4900, 1225)
    assert (groups["E"].base, groups["E"].tax) == (1000, 0)
    assert document.total == 7125
    assert document.due(prepaid=D(1000)) == 6125


def test_two_rates_with_a_document_charge_and_allowance_on_one() -> None:
    nets = [extended(D(10), D(price), CENT, UP) for price in (400, 200, 90)]
    assert sum(nets) == 6900
    covered = [True, False, True]
    spread = after_discount(after_discount(nets, D(-200), CENT, covered), D(100), CENT, covered)
    document = sale(spread, ["S25", "S15", "S25"], NORWAY, policy())
    assert document.net == 7000
    assert [group.tax for group in document.groups] == [1250, 300]
    assert document.total == 8550


def test_a_document_charge_and_a_rounding_amount() -> None:
    nets = [D(6688), extended(D(3), D(350), CENT, UP), D(448)]
    spread = after_discount(nets, D(-150), CENT, [True, False, True])
    document = sale(spread, ["S25", "E", "S25"], NORWAY, policy())
    standard, exempt = document.groups
    assert (standard.base, standard.tax) == (7286, D("1821.50"))
    assert exempt.base == 1050
    assert document.total == D("10157.50")
    assert document.due(rounding_amount=D("0.50")) == 10158


def test_tax_inside_the_price_and_a_discount_off_the_total() -> None:
    gross = extended(D(100), D(50), CENT, UP)
    whole = sale([gross], ["R"], one_rate("14"), policy(), included=True)
    assert (whole.net, whole.total) == (D("4385.96"), 5000)
    off_total = sale(after_discount([gross], D(100), CENT), ["R"], one_rate("14"), policy(), included=True)
    assert (off_total.net, off_total.total) == (D("4298.25"), 4900)


def test_tax_inside_the_price_and_a_discount_off_the_net() -> None:
    net = sale([D(5000)], ["R"], one_rate("14"), policy(), included=True).net
    off_net = sale(after_discount([net], D(100), CENT), ["R"], one_rate("14"), policy())
    assert (off_net.net, off_net.total) == (D("4285.96"), D("4885.99"))


@pytest.mark.parametrize(
    ("tax", "rounding", "expected"),
    [(TaxPolicy.PER_LINE, UP, "11.44"), (TaxPolicy.PER_GROUP, UP, "11.45"), (TaxPolicy.PER_GROUP, EVEN, "11.44")],
)
def test_where_and_how_half_a_cent_is_rounded(tax: TaxPolicy, rounding: Rounding, expected: str) -> None:
    nets = [D("25.06"), D("25.61"), D("25.63")]
    assert sale(nets, ["R"] * 3, one_rate("15"), policy(tax, rounding)).tax == D(expected)


@pytest.mark.parametrize(
    ("tax", "expected", "total"),
    [(TaxPolicy.PER_GROUP, "874.00", "5474.00"), (TaxPolicy.PER_LINE, "874.01", "5474.01")],
)
def test_five_quantities_of_one_price(tax: TaxPolicy, expected: str, total: str) -> None:
    nets = [extended(D(quantity), D("4.60"), CENT, UP) for quantity in (84, 54, 288, 144, 430)]
    document = sale(nets, ["R"] * 5, one_rate("19"), policy(tax))
    assert (document.net, document.tax, document.total) == (D("4600.00"), D(expected), D(total))


@pytest.mark.parametrize(
    ("inclusive", "net", "tax"),
    [(InclusivePolicy.ROUND_NET, "2.88", "0.11"), (InclusivePolicy.ROUND_TAX, "2.87", "0.12")],
)
def test_which_part_of_a_price_with_tax_is_rounded(inclusive: InclusivePolicy, net: str, tax: str) -> None:
    rule = Policy(unit=CENT, inclusive=inclusive)
    document = sale([D("2.99")], ["R"], one_rate("4"), rule, included=True)
    assert (document.net, document.tax) == (D(net), D(tax))


def san_francisco(tax: TaxPolicy) -> tuple[D, D, D]:
    """Net, tax and total of the hardware and service with 5 % off the document."""
    nets = [extended(D(8), D("219.95"), CENT, UP), D("2000.00")]
    assert sum(nets) == D("3759.60")
    discount = document_discount(nets, D(5), None, CENT, UP)
    assert discount == D("187.98")
    rates = {
        "SF": [Share(authority="California", percent=D("7.25")), Share(authority="San Francisco", percent=D("1.375"))]
    }
    spread = after_discount(nets, discount, CENT)
    assert spread[0] == D("1671.62")
    document = sale(spread, ["SF", ""], rates, policy(tax))
    if tax is TaxPolicy.PER_COMPONENT:
        assert [share.tax for share in document.groups[0].shares] == [D("121.19"), D("22.98")]
    return document.net, document.tax, document.total


def test_a_combined_rate_by_authority() -> None:
    assert san_francisco(TaxPolicy.PER_COMPONENT) == (D("3571.62"), D("144.17"), D("3715.79"))


def test_a_combined_rate_in_one_step_gives_another_cent() -> None:
    assert san_francisco(TaxPolicy.PER_GROUP)[1] == D("144.18")


def test_negative_documents_mirror_positive_ones() -> None:
    nets = [D("25.06"), D("25.61"), D("25.63")]
    for tax in TaxPolicy:
        plus = sale(nets, ["R"] * 3, one_rate("15"), policy(tax))
        minus = sale([-net for net in nets], ["R"] * 3, one_rate("15"), policy(tax))
        assert minus.tax == -plus.tax
