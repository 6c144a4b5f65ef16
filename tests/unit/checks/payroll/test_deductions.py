"""Which deduction cuts which tax, caps of a year, what the employer adds, and how far a garnishment goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.payroll import Deductions, Laws, Regular, read_laws
from simharness.checks.payroll.cents import cents
from simharness.checks.payroll.deductions import garnishment_cap
from tests.unit.checks.payroll.people import beside, cheques, month, person, salary, takes, tax, usd

LAWS = read_laws()
ALL = (
    "us_federal_income_tax", "us_social_security", "us_medicare", "us_additional_medicare", "us_futa",
    "us_tx_ui", "us_ca_sdi", "us_ca_ui", "us_ca_ett",
)  # fmt: skip


@pytest.mark.parametrize(
    ("deduction", "cut"),
    [
        ("retirement_401k", {"us_federal_income_tax"}),
        ("section_125", set(ALL)),
        ("hsa", {code for code in ALL if not code.startswith("us_ca_")}),
        ("post_tax", set()),
    ],
)
def test_the_matrix_says_which_deduction_cuts_which_tax(deduction: str, cut: set[str], laws: Laws) -> None:
    assert {code for code in ALL if code in laws.cut_by(deduction)} == cut


def test_401k_and_section_125_in_one_cheque(laws: Laws) -> None:
    taken = Deductions(specs=(takes("retirement_401k", "500"), takes("section_125", "300")))
    paid = cheques(laws, person(), salary("60000"), taken, month(1))["2025-01"]
    # Income tax on 4,200: 50,400 − 15,000 = 35,400: 1,192.50 + 12 % of 23,475 = 4,009.50; ÷ 12. The others on 4,700.
    assert tax(paid, "us_federal_income_tax") == Decimal("334.13")
    assert tax(paid, "us_social_security") == Decimal("291.40")
    assert tax(paid, "us_medicare") == Decimal("68.15")
    assert tax(paid, "us_futa", "employer") == Decimal("28.20")
    assert paid.net == Decimal("3506.32")


def test_a_health_savings_account_cuts_federal_taxes_and_not_those_of_california(laws: Laws) -> None:
    taken = Deductions(specs=(takes("hsa", "200"),))
    paid = cheques(laws, person(state="CA"), salary("60000"), taken, month(1))["2025-01"]
    assert tax(paid, "us_social_security") == Decimal("297.60")
    assert tax(paid, "us_futa", "employer") == Decimal("28.80")
    assert tax(paid, "us_ca_sdi") == Decimal("60.00")
    assert tax(paid, "us_ca_ett", "employer") == Decimal("5.00")


def test_a_years_cap_ends_a_deduction_and_the_next_year_begins_it_again(laws: Laws) -> None:
    taken = Deductions(specs=(takes("retirement_401k", percent=Decimal(10), annual_cap=usd("1200")),))
    paid = cheques(laws, person(), salary("60000"), taken, month(11), month(12), month(1, 2026))
    runs = ("2025-11", "2025-12", "2026-01")
    assert [paid[run].total("deduction") for run in runs] == [Decimal("500.00"), Decimal("500.00"), Decimal("500.00")]
    paid = cheques(laws, person(), salary("60000"), taken, *map(month, (9, 10, 11, 12)), month(1, 2026))
    assert [cheque.total("deduction") for cheque in paid.values()] == [500, 500, 200, 0, 500]


def test_the_employer_matches_half_of_what_is_put_by_as_far_as_that_is_six_percent_of_pay(laws: Laws) -> None:
    spec = takes(
        "retirement_401k", percent=Decimal(10), match_percent=Decimal(50), match_to_percent=Decimal(6),
        employer_code="employer_401k_match",
    )  # fmt: skip
    paid = cheques(laws, person(), salary("60000"), Deductions(specs=(spec,)), month(1))["2025-01"]
    # 500 put by; 300 of it count; half of that.
    assert paid.total("employer_benefit", "employer_401k_match") == Decimal("150.00")


def test_a_deduction_takes_no_more_than_there_is(laws: Laws) -> None:
    taken = Deductions(specs=(takes("section_125", "4000"), takes("hsa", "3000"), takes("post_tax", "50")))
    paid = cheques(laws, person(), salary("60000"), taken, month(1))["2025-01"]
    assert [paid.total("deduction", code) for code in ("section_125", "hsa", "post_tax")] == [4000, 1000, 0]
    assert paid.net == 0


@pytest.mark.parametrize(
    ("disposable", "weeks", "most"),
    [
        ("300", 1, "75.00"),  # a quarter; 82.50 exceed 217.50
        ("250", 1, "32.50"),  # what exceeds 217.50; a quarter would be 62.50
        ("290", 1, "72.50"),  # both
        ("217.50", 1, "0.00"),
        ("100", 1, "0.00"),
        ("500", 2, "65.00"),
        ("3000", Fraction(52, 12), "750.00"),
        ("1000", Fraction(52, 12), "57.50"),
        ("500", Fraction(52, 24), "28.75"),
    ],
)
def test_a_garnishment_takes_a_quarter_or_what_exceeds_the_free_pay(
    disposable: str, weeks: int | Fraction, most: str, laws: Laws
) -> None:
    cap = laws.of(2025).garnishment
    assert cents(garnishment_cap(cap, Fraction(disposable), Fraction(weeks))) == Decimal(most)


def test_disposable_pay_is_after_taxes_and_before_voluntary_deductions(laws: Laws) -> None:
    taken = Deductions(specs=(takes("post_tax", "500"), takes("garnishment", "2000")))
    paid = cheques(laws, person(), salary("60000"), taken, month(1))["2025-01"]
    # 5,000 − 430.13 − 310.00 − 72.50 = 4,187.37; a quarter is 1,046.8425, and no more than that.
    assert paid.total("garnishment") == Decimal("1046.84")
    assert paid.net == Decimal("2640.53")


def test_a_retirement_plan_does_not_lessen_disposable_pay_but_by_the_tax_it_spares(laws: Laws) -> None:
    taken = Deductions(specs=(takes("retirement_401k", "1000"), takes("garnishment", "2000")))
    paid = cheques(laws, person(), salary("60000"), taken, month(1))["2025-01"]
    # 4,000 bear 310.13; 5,000 − 310.13 − 310.00 − 72.50 = 4,307.37, and a quarter of it.
    assert paid.total("garnishment") == Decimal("1076.84")


def test_a_percentage_of_a_garnishment_is_of_disposable_pay(laws: Laws) -> None:
    taken = Deductions(specs=(takes("garnishment", percent=Decimal(10)),))
    paid = cheques(laws, person(), salary("60000"), taken, month(1))["2025-01"]
    assert paid.total("garnishment") == Decimal("418.74")


def test_a_garnishment_without_amount_takes_as_much_as_the_law_lets_it_have(laws: Laws) -> None:
    taken = Deductions(specs=(takes("garnishment", owed=usd("1500")),))
    paid = cheques(laws, person(), salary("60000"), taken, month(1), month(2))
    # A quarter of 4,187.37, then what is still owed.
    assert [paid[run].total("garnishment") for run in ("2025-01", "2025-02")] == [Decimal("1046.84"), Decimal("453.16")]


def test_creditors_get_what_is_left_and_nobody_is_paid_less_than_nothing(laws: Laws) -> None:
    # 15,000 a year are 288.46 a week: no income tax, and what section 125 leaves, 0.05, bears no cent of other taxes.
    # Disposable pay is all of it, of which 0.01 % are 0.03 (a quarter would be 72.12); 288.46 − 288.41 − 0.03 = 0.02.
    week = Regular(
        run="w", service_from=dt.date(2025, 1, 6), service_to=dt.date(2025, 1, 12), cheque_on=dt.date(2025, 1, 15)
    )
    small = Decimal("0.01")
    taken = Deductions(
        specs=(
            takes("section_125", "288.41"),
            takes("retirement_401k", percent=small),
            takes("garnishment", percent=small),
        )
    )
    paid = cheques(laws, person("weekly"), salary("15000"), taken, week)["w"]
    assert (paid.total("garnishment"), paid.net) == (Decimal("0.02"), 0)


def test_a_run_beside_the_schedule_may_leave_plans_out_but_not_a_court(laws: Laws) -> None:
    taken = Deductions(specs=(takes("section_125", "300"), takes("post_tax", "50"), takes("garnishment", "100")))
    bonus = beside("b", dt.date(2025, 2, 14), "3000")
    told = (salary("60000"), month(1), taken, bonus, replace(bonus, run="with", deductions=True))
    paid = cheques(laws, person(), *told)
    assert [paid["b"].total(kind) for kind in ("deduction", "garnishment")] == [0, 100]
    assert [paid["with"].total(kind) for kind in ("deduction", "garnishment")] == [350, 100]


def test_a_garnishment_ends_with_what_is_owed_and_the_first_comes_first(laws: Laws) -> None:
    taken = Deductions(
        specs=(
            takes("garnishment", "700", name="court", owed=usd("1500")),
            takes("garnishment", "900", name="student loan"),
        )
    )
    paid = cheques(laws, person(), salary("60000"), taken, *map(month, (1, 2, 3, 4)))
    by_name = [
        [line.amount for line in cheque.lines if line.name == name]
        for cheque in paid.values()
        for name in ("court", "student loan")
    ]
    assert by_name == [
        [700], [Decimal("346.84")], [700], [Decimal("346.84")], [100], [900], [], [900],
    ]  # fmt: skip


@given(st.integers(0, 2_000_000), st.sampled_from([1, 2, Fraction(52, 24), Fraction(52, 12)]))
def test_what_stays_is_three_quarters_and_the_free_pay_of_every_week(minor: int, weeks: int | Fraction) -> None:
    pay = Fraction(minor, 100)
    most = garnishment_cap(LAWS.of(2025).garnishment, pay, Fraction(weeks))
    assert 0 <= most <= pay
    assert pay - most >= min(pay, max(pay * 3 / 4, Fraction("217.5") * weeks))
