"""One cheque: which deduction cuts which tax, caps, supplemental wages, garnishment, what the employer adds."""

from __future__ import annotations

from datetime import date

import pytest

from simharness.core.errors import ContentError
from simharness.domain.payroll import PayCheque, Withholding
from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll import cheques, unemployment
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.earnings import PayItem
from simharness_fakes.payroll.employees import PayTerm
from simharness_fakes.payroll.refusals import (
    DoesNotAddUp,
    MissingTable,
    NetBelowZero,
    UnknownDeduction,
    UnknownEarning,
    WithoutCostCentre,
    WithoutState,
)
from tests.fakes.payroll.company import D, amount, company, component, earning, on, only, tax, usd

JAN, FEB, MAR = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)


def spec(code: str, value: str = "", **more: object) -> DeductionSpec:
    return DeductionSpec(code=code, amount=usd(value) if value else None, **more)


# --- taxes and deductions ---------------------------------------------------------------------------------------------


def test_an_ordinary_cheque_to_the_cent() -> None:
    # 60,000 a year, monthly 5,000, single. Income tax 430.125 → 430.13; social security 6.2 % = 310.00;
    # Medicare 1.45 % = 72.50; net 4,187.37. The employer: the same two, FUTA 0.6 % = 30.00, Texas 2.7 % = 135.00.
    c = company()
    c.hire("60000")
    cheque = only(c.regular(JAN))
    assert cheque.pay.gross == usd("5000.00")
    assert tax(cheque) == D("430.13")
    assert amount(cheque, "us_social_security") == D("310.00")
    assert amount(cheque, "us_medicare") == D("72.50")
    assert cheque.pay.net == usd("4187.37")
    employers = {line.code: line.amount.amount for line in cheque.pay.components if line.kind == "employer_tax"}
    assert employers == {
        "us_social_security": D(310), "us_medicare": D("72.50"), "us_futa": D(30), "us_tx_ui": D(135),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "income", "security", "futa", "texas"),
    [
        # 5,000 less 500 is 4,500: 54,000 − 8,600 = 45,400; 1,192.50 + 12 % of 27,075 = 4,441.50; a twelfth 370.125.
        ("retirement_401k", "370.13", "310.00", "30.00", "135.00"),
        ("section_125", "370.13", "279.00", "27.00", "121.50"),
        ("hsa", "370.13", "279.00", "27.00", "121.50"),
        ("post_tax", "430.13", "310.00", "30.00", "135.00"),
    ],
)
def test_the_matrix_says_which_tax_a_deduction_cuts(
    code: str, income: str, security: str, futa: str, texas: str
) -> None:
    c = company()
    c.hire("60000", deductions=(spec(code, "500"),))
    cheque = only(c.regular(JAN))
    assert amount(cheque, code) == 500
    assert tax(cheque) == D(income)
    assert amount(cheque, "us_social_security") == amount(cheque, "us_social_security", "employer_tax") == D(security)
    assert amount(cheque, "us_futa", "employer_tax") == D(futa)
    assert amount(cheque, "us_tx_ui", "employer_tax") == D(texas)
    taken = next(line for line in cheque.pay.components if line.code == code)
    assert taken.pretax == (code != "post_tax")


def test_a_retirement_plan_and_a_cafeteria_plan_in_one_cheque() -> None:
    # Income tax of 5,000 − 500 − 300 = 4,200: 50,400 − 8,600 = 41,800; 1,192.50 + 12 % of 23,475 = 4,009.50; 334.125.
    # Social security of 5,000 − 300 = 4,700: 291.40; Medicare 68.15. Net 5,000 − 800 − 334.13 − 291.40 − 68.15.
    c = company()
    c.hire("60000", deductions=(spec("retirement_401k", percent=D(10)), spec("section_125", "300")))
    cheque = only(c.regular(JAN))
    assert [tax(cheque), amount(cheque, "us_social_security"), amount(cheque, "us_medicare")] == [
        D("334.13"), D("291.40"), D("68.15"),
    ]  # fmt: skip
    assert cheque.pay.net == usd("3506.32")


def test_the_employer_matches_as_far_as_the_plan_says() -> None:
    # Half of what is paid in, up to 6 % of gross: the employee pays 10 % = 500, matched are 300, half is 150.
    match = spec("retirement_401k", percent=D(10), match_percent=D(50), match_to_percent=D(6), payee="Fidelity")
    c = company()
    c.hire("60000", deductions=(match, spec("section_125", "100", employer_amount=usd(400), payee="Aetna")))
    cheque = only(c.regular(JAN))
    benefits = [
        (line.code, line.amount, line.payee) for line in cheque.pay.components if line.kind == "employer_benefit"
    ]
    assert benefits == [("employer_401k_match", usd(150), "Fidelity"), ("employer_health", usd(400), "Aetna")]


def test_a_yearly_cap_of_a_plan_is_reached_and_not_exceeded() -> None:
    c = company()
    employee = c.hire("60000", deductions=(spec("retirement_401k", "700", annual_cap=usd(1500)),))
    taken = [amount(only(c.regular()), "retirement_401k") for _ in range(3)]
    assert taken == [700, 700, 100]
    assert c.ytd(employee, "deducted:retirement_401k") == 1500


def test_a_deduction_takes_no_more_than_there_is() -> None:
    # Hired on Friday 31 January: one of 23 workdays of 5,000 is 217.39; a post-tax 900 takes what taxes leave.
    c = company()
    c.hire("60000", hired=JAN, deductions=(spec("post_tax", "900"),))
    cheque = only(c.regular(JAN))
    assert cheque.pay.gross == usd("217.39")
    assert cheque.pay.net == usd("0.00")
    # Social security 13.478 → 13.48, Medicare 3.152 → 3.15, no income tax.
    assert amount(cheque, "post_tax") == D("200.76")


def test_what_is_not_paid_in_money_is_taxed_and_not_paid() -> None:
    # 5,000 in cash and 1,000 in kind: 72,000 − 8,600 = 63,400; 5,578.50 + 22 % of 8,525 = 7,454; a twelfth 621.166...
    # social security 372, Medicare 87. Net 6,000 − 621.17 − 372 − 87 − 1,000.
    c = company()
    employee = c.hire("60000")
    cheque = only(c.regular(JAN, (PayItem(employee=employee, code="non_cash", amount=usd(1000)),)))
    assert cheque.pay.gross == usd(6000)
    assert cheque.pay.net == usd("3919.83")


def test_reimbursements_are_paid_and_not_taxed() -> None:
    c = company()
    employee = c.hire("60000")
    cheque = only(c.regular(JAN, (PayItem(employee=employee, code="reimbursement", amount=usd("123.45")),)))
    assert cheque.pay.gross == usd(5000)
    assert cheque.pay.net == usd("4187.37") + usd("123.45")


def test_california_without_its_income_tax_table_is_refused_by_name() -> None:
    c = company()
    c.hire("60000", state="CA")
    with pytest.raises(MissingTable, match="us_ca_2025 income tax"):
        c.calculated(JAN)
    assert not c.office.snapshot("x", JAN).payrolls[0].cheques


def test_california_where_the_company_leaves_its_income_tax_out() -> None:
    # SDI 1.2 % of 5,000 = 60; UI 3.4 % and ETT 0.1 % of 5,000 = 170 and 5; in February on 2,000 of 7,000 more.
    c = company(left_out=("us_ca_income_tax",))
    c.hire("60000", state="CA", deductions=(spec("hsa", "1000"),))
    for ui, ett in ((170, 5), (68, 2), (0, 0)):
        cheque = only(c.regular())
        assert amount(cheque, "us_ca_sdi") == 60  # a health savings account does not cut California's taxes
        assert amount(cheque, "us_ca_ui", "employer_tax") == ui
        assert amount(cheque, "us_ca_ett", "employer_tax") == ett
        assert amount(cheque, "us_social_security") == 248


def test_a_table_that_is_supplied_is_used() -> None:
    table = """
authority: us_ca
year: 2025
source: a test
sure: made up
state: CA
agency: California EDD
has_income_tax: true
income_tax: {single: [["0", "0", "1"], ["20000", "200", "5"]]}
"""
    c = company(supplied=(table,))
    c.hire("60000", state="CA")
    assert amount(only(c.regular(JAN)), "us_ca_income_tax") == D("183.33")  # (200 + 5 % of 40,000) ÷ 12


def test_an_own_rate_replaces_the_usual_one_only_where_each_employer_has_one() -> None:
    own = (("us_tx_ui", D("0.5")), ("us_futa", D(9)), ("us_ca_ui", D(1)), ("us_ca_ett", D(9)))
    c = company(own_rates=own, left_out=("us_ca_income_tax",))
    c.hire("60000")
    c.hire("60000", state="CA")
    texan, californian = c.regular(JAN).cheques
    assert amount(texan, "us_tx_ui", "employer_tax") == 25
    assert amount(texan, "us_futa", "employer_tax") == 30
    assert amount(californian, "us_ca_ui", "employer_tax") == 50
    assert amount(californian, "us_ca_ett", "employer_tax") == 5


# --- limits -----------------------------------------------------------------------------------------------------------


def test_social_security_ends_at_the_wage_base_inside_a_cheque() -> None:
    # 50,000 a month: 150,000 after March, 26,100 of April's are left under 176,100: 1,618.20.
    c = company()
    employee = c.hire("600000")
    taken = [amount(only(c.regular()), "us_social_security") for _ in range(5)]
    assert taken == [3100, 3100, 3100, D("1618.20"), 0]
    assert c.ytd(employee, "taxed:us_social_security") == 176100
    assert c.ytd(employee, "employer_tax:us_social_security") == D("10918.20")  # 6.2 % of 176,100


def test_the_wage_base_of_2026() -> None:
    c = company()
    c.hire("600000")
    c.today = date(2026, 1, 1)
    taken = [amount(only(c.regular()), "us_social_security") for _ in range(4)]
    assert sum(taken) == D("11439.00")  # 6.2 % of 184,500


def test_additional_medicare_begins_inside_a_cheque_and_only_the_employee_pays_it() -> None:
    # 60,000 a month: 180,000 after March, so 40,000 of April's lie above 200,000: 0.9 % is 360; then all of them: 540.
    c = company()
    c.hire("720000")
    runs = [only(c.regular()) for _ in range(5)]
    assert [amount(each, "us_additional_medicare") for each in runs] == [0, 0, 0, 360, 540]
    assert not any(amount(each, "us_additional_medicare", "employer_tax") for each in runs)
    assert [amount(each, "us_medicare") for each in runs] == [870] * 5


def test_a_year_begins_with_the_date_of_the_cheque_not_with_the_service() -> None:
    # December is paid on 2 January: it is the first cheque of 2026, with FUTA and social security anew.
    c = company()
    office = c.office
    late = office.add_schedule("monthly", date(2025, 11, 28 + 2), date(2025, 12, 2)).id
    employee = office.hire(
        department=c.department, state="TX", hired=date(2025, 1, 1), schedule=late,
        pay=office.state.employee(c.hire("600000")).terms[0],
    ).id  # fmt: skip
    c.schedule, c.today = late, date(2025, 12, 1)
    november, december = c.regular(date(2025, 12, 2)), c.regular(date(2026, 1, 2))
    assert (december.service_from, december.service_to) == (date(2025, 12, 1), date(2025, 12, 31))
    assert (november.tax_year, december.tax_year) == (2025, 2026)
    assert c.ytd(employee, "gross", 2025) == c.ytd(employee, "gross", 2026) == 50000
    assert amount(december.cheques[0], "us_futa", "employer_tax") == 42


def test_additional_medicare_looks_at_what_it_took_before() -> None:
    # 190,000, then 60,000 of which 50,000 lie above 200,000. The first is taken back: the year has 60,000, and 50,000
    # of them were taxed. 200,000 more make 260,000: 60,000 above, of which 10,000 are left to tax.
    c = company()
    employee = c.hire("60000")
    first = c.beside(employee, "190000", cheque_on=date(2025, 1, 10))
    assert amount(only(c.beside(employee, "60000", cheque_on=date(2025, 1, 17))), "us_additional_medicare") == 450
    c.office.reverse(first.id, on(date(2025, 1, 20)))
    last = only(c.beside(employee, "200000", cheque_on=date(2025, 1, 24)))
    assert amount(last, "us_additional_medicare") == 90


def test_a_state_that_owes_the_federal_fund_costs_its_credit_at_the_end_of_the_year() -> None:
    tables = Tables().federal(2025)
    assert unemployment.credit_reduction(D(7000), "CA", tables) == 84  # 1.2 % of 7,000
    assert unemployment.credit_reduction(D(7000), "TX", tables) == 0


def test_a_supplied_table_must_say_whose_and_for_which_year_it_is() -> None:
    with pytest.raises(ContentError, match="no authority and year"):
        Tables("state: NY")


# --- supplemental wages -----------------------------------------------------------------------------------------------


def test_a_bonus_is_taxed_flat_where_income_tax_was_withheld_from_wages() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    cheque = only(c.beside(employee, "1000", cheque_on=date(2025, 2, 14)))
    assert (tax(cheque), cheque.pay.supplemental) == (220, "flat")
    # 1,000 − 220 − 62 − 14.50
    assert cheque.pay.net == usd("703.50")


def test_without_income_tax_from_wages_this_year_or_last_the_aggregate_is_used() -> None:
    # Nothing was withheld before: 1,000 is taxed as the wages of a month, which are below the table.
    c = company()
    employee = c.hire("60000")
    cheque = only(c.beside(employee, "1000", cheque_on=date(2025, 1, 15)))
    assert (tax(cheque), cheque.pay.supplemental) == (0, "aggregate")


def test_what_was_withheld_last_year_is_enough() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    assert tax(only(c.beside(employee, "1000", cheque_on=date(2026, 1, 15)))) == 220


def test_a_bonus_from_the_aggregate_bears_what_it_adds_to_the_last_wages() -> None:
    # 6,000 together: 72,000 − 8,600 = 63,400; 5,578.50 + 22 % of 8,525 = 7,454; a twelfth 621.166...; less the 430.13
    # that January's wages bore is 191.036...
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    cheque = only(c.beside(employee, "1000", cheque_on=date(2025, 2, 14), supplemental="aggregate"))
    assert (tax(cheque), cheque.pay.supplemental) == (D("191.04"), "aggregate")
    # A second one is added to both: 7,000: 84,000 − 8,600 = 75,400; 5,578.50 + 22 % of 20,525 = 10,094; 841.166...;
    # less 430.13 and 191.04 is 219.996...
    again = only(c.beside(employee, "1000", cheque_on=date(2025, 2, 21), supplemental="aggregate"))
    assert tax(again) == D("220.00")


def test_a_bonus_in_a_regular_cheque_is_taxed_beside_the_wages() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    cheque = only(c.regular(FEB, (PayItem(employee=employee, code="bonus", amount=usd(1000)),)))
    assert tax(cheque) == D("650.13")  # 430.125 + 220, rounded once


def test_deductions_cut_regular_wages_first_and_supplemental_ones_by_the_rest() -> None:
    # 1,000 of wages and 2,000 of bonus less 1,500: nothing is left of the wages, 1,500 of the bonus: 22 % is 330.
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    c.office.change_pay(employee, PayTerm(from_day=date(2025, 2, 1), basis="salary", rate=usd(12000)))
    c.office.set_deductions(employee, [spec("retirement_401k", "1500")])
    cheque = only(c.regular(FEB, (PayItem(employee=employee, code="bonus", amount=usd(2000)),)))
    assert (tax(cheque), cheque.pay.supplemental) == (330, "flat")


def test_above_a_million_in_the_year_the_mandatory_rate_holds_for_everybody() -> None:
    # 900,000 at 22 % is 198,000; of the next 300,000 there are 200,000 above the million: 74,000 + 22,000.
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    assert tax(only(c.beside(employee, "900000", cheque_on=date(2025, 2, 14)))) == 198000
    assert tax(only(c.beside(employee, "300000", cheque_on=date(2025, 2, 21)))) == 96000
    c.office.set_withholding(employee, Withholding(exempt=True))
    assert tax(only(c.beside(employee, "100000", cheque_on=date(2025, 2, 28)))) == 37000


# --- creditors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("salary", "taken"),
    [
        # 5,000 − 430.13 − 310 − 72.50 = 4,187.37 disposable: a quarter is 1,046.8425;
        # above 942.50 a month are 3,244.87.
        ("60000", "1046.84"),
        # 1,200: 14,400 − 8,600 = 5,800 bears nothing; − 74.40 − 17.40 = 1,108.20; a quarter is 277.05,
        # above 942.50 are 165.70.
        ("14400", "165.70"),
        # 900 − 55.80 − 13.05 = 831.15 is protected altogether.
        ("10800", "0"),
    ],
)
def test_a_creditor_takes_the_lesser_of_a_quarter_and_what_is_not_protected(salary: str, taken: str) -> None:
    c = company()
    c.hire(salary, deductions=(spec("garnishment", name="County court", payee="County court"),))
    cheque = only(c.regular(JAN))
    assert amount(cheque, "garnishment") == D(taken)


def test_what_the_employee_chose_does_not_shrink_what_a_creditor_may_take() -> None:
    c = company()
    court = spec("garnishment", name="County court")
    c.hire("60000", deductions=(spec("post_tax", "500"), court))
    assert amount(only(c.regular(JAN)), "garnishment") == D("1046.84")
    # Into a retirement plan: income tax is 370.13, so 5,000 − 370.13 − 310 − 72.50 = 4,247.37, a quarter 1,061.8425.
    other = company()
    other.hire("60000", deductions=(spec("retirement_401k", "500"), court))
    assert amount(only(other.regular(JAN)), "garnishment") == D("1061.84")


def test_a_creditor_may_be_due_a_percentage_of_disposable_pay() -> None:
    c = company()
    c.hire("60000", deductions=(spec("garnishment", name="School loans", percent=D(15)),))
    assert amount(only(c.regular(JAN)), "garnishment") == D("628.11")  # 15 % of 4,187.37


def test_creditors_get_what_is_left_and_nobody_is_paid_less_than_nothing() -> None:
    # 288.46 a week: no taxes worth a cent; 288.46 − 288.41 − 0.03 leave 0.02, though 0.01 % of 288.46 would be 0.03.
    small = D("0.01")
    plans = (spec("section_125", "288.41"), spec("retirement_401k", percent=small), spec("garnishment", percent=small))
    c = company("weekly")
    c.hire("15000", deductions=plans)
    cheque = only(c.regular())
    assert (amount(cheque, "garnishment"), cheque.pay.net.amount) == (D("0.02"), 0)


def test_a_creditor_gets_what_is_owed_and_no_more_over_the_turn_of_a_year() -> None:
    c = company()
    employee = c.hire("60000", deductions=(spec("garnishment", "300", name="County court", owed=usd(700)),))
    taken = [amount(only(c.regular()), "garnishment") for _ in range(3)]
    assert taken == [300, 300, 100]
    assert c.office.state.sums.creditors(employee) == {"County court": D(700)}


def test_two_creditors_share_one_limit_in_their_order() -> None:
    c = company()
    first, second = spec("garnishment", "900", name="A"), spec("garnishment", "900", name="B")
    c.hire("60000", deductions=(first, second))
    lines = [line for line in only(c.regular(JAN)).pay.components if line.kind == "garnishment"]
    assert [(line.name, line.amount) for line in lines] == [("A", usd(900)), ("B", usd("146.84"))]


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_run_is_refused_and_nothing_of_it_stays() -> None:
    c = company()
    good = c.hire("60000")
    c.hire("60000", state="")
    with pytest.raises(WithoutState):
        c.calculated(JAN)
    assert c.ytd(good, "gross") == 0
    assert [run.status for run in c.office.state.runs] == ["draft"]


def test_a_department_without_cost_centre_is_refused_unless_the_company_needs_none() -> None:
    c = company(cost_centre="")
    c.hire("60000")
    with pytest.raises(WithoutCostCentre, match="Sales"):
        c.calculated(JAN)
    lenient = company(cost_centre="", needs_cost_centres=False)
    lenient.hire("60000")
    assert only(lenient.regular(JAN)).pay.splits[0].cost_centre == ""


def test_unknown_earnings_and_deductions_are_refused_by_name() -> None:
    c = company()
    employee = c.hire("60000")
    with pytest.raises(UnknownEarning, match="tips"):
        c.calculated(JAN, (PayItem(employee=employee, code="tips", amount=usd(1)),))
    with pytest.raises(UnknownDeduction, match="pet_insurance"):
        c.office.set_deductions(employee, [spec("pet_insurance", "10")])


def test_a_cheque_below_nothing_is_refused() -> None:
    c = company()
    employee = c.hire("0")
    with pytest.raises(NetBelowZero):
        c.calculated(JAN, (PayItem(employee=employee, code="non_cash", amount=usd(1000)),))


@pytest.mark.parametrize(("gross", "net", "what"), [("100", "80", "gross"), ("120", "90", "net")])
def test_a_cheque_that_does_not_add_up_is_refused(gross: str, net: str, what: str) -> None:
    pay = PayCheque(
        id="x", employee="e", gross=usd(gross), net=usd(net),
        components=(earning("salary", "120"), component("employee_tax", "us_medicare", "40")),
    )  # fmt: skip
    with pytest.raises(DoesNotAddUp) as refused:
        cheques.verified(pay)
    assert refused.value.what == what
