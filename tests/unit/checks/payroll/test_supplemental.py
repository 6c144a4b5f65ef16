"""Bonus, commission and retro pay: flat where that is allowed, otherwise on top of the regular wages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from simharness.checks.payroll import Laws, Stated, TakenBack
from simharness.domain.payroll import Withholding
from tests.unit.checks.payroll.people import beside, cheques, month, person, salary, tax

INCOME = "us_federal_income_tax"
FEBRUARY = dt.date(2025, 2, 14)


def test_a_bonus_of_1000_flat_is_withheld_220(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("60000"), month(1), beside("b", FEBRUARY, "1000"))
    assert tax(paid["b"], INCOME) == Decimal("220.00")
    assert paid["b"].method == "flat"
    assert tax(paid["b"], "us_social_security") == Decimal("62.00")
    assert paid["b"].net == Decimal("703.50")


def test_an_aggregate_bonus_bears_what_both_bear_less_what_was_withheld(laws: Laws) -> None:
    told = (month(1), beside("b", FEBRUARY, "1000", supplemental="aggregate"))
    paid = cheques(laws, person(), salary("60000"), *told)
    # 6,000: 72,000 − 15,000 = 57,000: 5,578.50 + 22 % of 8,525 = 7,454.00; ÷ 12 = 621.17 − 430.13.
    assert tax(paid["b"], INCOME) == Decimal("191.04")


def test_a_second_aggregate_bonus_stands_on_the_first(laws: Laws) -> None:
    first, second = (beside(run, FEBRUARY, "1000", supplemental="aggregate") for run in ("first", "second"))
    paid = cheques(laws, person(), salary("60000"), month(1), first, second)
    # 7,000: 84,000 − 15,000 = 69,000: 5,578.50 + 22 % of 20,525 = 10,094.00; ÷ 12 = 841.17 − 430.13 − 191.04.
    assert tax(paid["second"], INCOME) == Decimal("220.00")


def test_flat_needs_income_tax_that_was_withheld_from_regular_wages(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("12000"), month(1), beside("b", FEBRUARY, "3000"))
    # 1,000 a month bears no tax, so 3,000 go on top of it: 48,000 − 15,000 = 33,000: 1,192.50 + 12 % of 21,075; ÷ 12.
    assert paid["b"].method == "aggregate"
    assert tax(paid["b"], INCOME) == Decimal("310.13")


def test_regular_wages_of_the_same_cheque_count_as_taxed(laws: Laws) -> None:
    january = replace(month(1), items=(("bonus", Decimal(1000)),))
    paid = cheques(laws, person(), salary("60000"), january)["2025-01"]
    # 430.125 by the tables and 220.00 flat, rounded once.
    assert (paid.method, tax(paid, INCOME)) == ("flat", Decimal("650.13"))


def test_a_bonus_in_the_aggregate_with_the_regular_wages_of_its_cheque_is_one_payment(laws: Laws) -> None:
    january = replace(month(1), items=(("bonus", Decimal(1000)),), supplemental="aggregate")
    paid = cheques(laws, person(), salary("60000"), january)["2025-01"]
    # 6,000 in all: 7,454.00 ÷ 12.
    assert tax(paid, INCOME) == Decimal("621.17")


def test_an_aggregate_looks_at_the_last_regular_wages_of_the_same_year_only(laws: Laws) -> None:
    bonus = beside("b", dt.date(2026, 1, 5), "3000", supplemental="aggregate")
    paid = cheques(laws, person(), salary("60000"), month(12), bonus)["b"]
    # Alone: 36,000 − 8,600 − 7,500 = 19,900: 1,240 + 12 % of 7,500 = 2,140.00; ÷ 12.
    assert tax(paid, INCOME) == Decimal("178.33")


def test_pay_that_is_taken_back_lowers_what_the_tables_are_applied_to(laws: Laws) -> None:
    told = (salary("60000"), month(1), salary("48000", dt.date(2025, 1, 1)), month(2))
    paid = cheques(laws, person(), *told)["2025-02"]
    # 4,000 less 1,000 of January: 3,000 bear 190.125.
    assert (paid.gross, tax(paid, INCOME), paid.method) == (3000, Decimal("190.13"), "aggregate")


def test_flat_is_allowed_by_last_year_and_no_longer_by_the_one_before(laws: Laws) -> None:
    day = dt.date(2026, 1, 5)
    by_last_year = cheques(laws, person(), salary("60000"), month(12), beside("b", day, "1000"))
    assert by_last_year["b"].method == "flat"
    taken_back = (month(12), TakenBack(run="2025-12"), beside("b", day, "1000"))
    assert cheques(laws, person(), salary("60000"), *taken_back)["b"].method == "aggregate"


def test_above_a_million_the_highest_rate_is_mandatory_even_for_the_exempt(laws: Laws) -> None:
    told = (month(1), beside("first", FEBRUARY, "900000"), beside("second", FEBRUARY, "200000"))
    paid = cheques(laws, person(), salary("60000"), *told)
    assert tax(paid["first"], INCOME) == Decimal("198000.00")
    assert tax(paid["second"], INCOME) == Decimal("59000.00")
    exempt = Stated(withholding=Withholding(exempt=True))
    paid = cheques(laws, person(), salary("60000"), exempt, *told)
    assert tax(paid["first"], INCOME) == 0
    assert tax(paid["second"], INCOME) == Decimal("37000.00")


def test_a_void_bonus_gives_its_part_of_the_million_back(laws: Laws) -> None:
    first, second = beside("first", FEBRUARY, "900000"), beside("second", FEBRUARY, "200000")
    paid = cheques(laws, person(), salary("60000"), month(1), first, TakenBack(run="first"), second)
    assert tax(paid["second"], INCOME) == Decimal("44000.00")


def test_what_bore_the_highest_rate_is_not_asked_for_it_again_after_a_void(laws: Laws) -> None:
    amounts = (("first", "900000"), ("second", "200000"), ("third", "900000"))
    first, second, third = (beside(run, FEBRUARY, amount) for run, amount in amounts)
    told = (month(1), first, second, TakenBack(run="first"), third)
    # 1,100,000 stand, 100,000 of them too much, and just as much of the second bore 37 %.
    assert tax(cheques(laws, person(), salary("60000"), *told)["third"], INCOME) == Decimal("198000.00")


def test_a_correction_of_salary_is_no_supplemental_wage(laws: Laws) -> None:
    correction = beside("c", FEBRUARY, "3000", code="salary")
    paid = cheques(laws, person(), salary("60000"), month(1), correction)
    assert tax(paid["c"], INCOME) == Decimal("190.13")
    assert paid["c"].method == ""


def test_a_non_cash_earning_is_taxed_and_not_paid_out(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("60000"), month(1), beside("car", FEBRUARY, "100", code="non_cash"))["car"]
    assert paid.gross == Decimal("100.00")
    assert tax(paid, "us_social_security") == Decimal("6.20")
    assert paid.net == Decimal("-7.65")
