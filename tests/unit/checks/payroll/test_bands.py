"""Taxes on a band of the year's wages: what is taxed follows the year's sum, whatever cheques it came in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.payroll import Laws, TakenBack
from simharness.checks.payroll.bands import taxed_part
from simharness.checks.payroll.law import Band
from simharness.core.errors import UsageError
from tests.unit.checks.payroll.people import beside, cheques, month, person, salary, tax


def band(above: str = "0", upto: str | None = None) -> Band:
    limit = Decimal(upto) if upto else None
    return Band(code="t", side="employee", source="", sure=True, rate=Decimal("0.1"), above=Decimal(above), upto=limit)


def part(of: Band, wages: int, earlier: int, taxed: int) -> Fraction:
    return taxed_part(of, Fraction(wages), Fraction(earlier), Fraction(taxed))


def test_a_monthly_salary_of_5000_bears_each_tax(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("60000"), month(1))["2025-01"]
    assert tax(paid, "us_social_security") == tax(paid, "us_social_security", "employer") == Decimal("310.00")
    assert tax(paid, "us_medicare") == tax(paid, "us_medicare", "employer") == Decimal("72.50")
    assert tax(paid, "us_futa", "employer") == Decimal("30.00")
    assert tax(paid, "us_tx_ui", "employer") == Decimal("135.00")
    assert tax(paid, "us_additional_medicare") == 0


def test_futa_ends_in_the_cheque_that_reaches_7000(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("60000"), month(1), month(2), month(3))
    assert [tax(paid[run], "us_futa", "employer") for run in paid] == [Decimal("30.00"), Decimal("12.00"), 0]


def test_california_takes_disability_insurance_without_a_cap_and_the_rest_on_7000(laws: Laws) -> None:
    paid = cheques(laws, person(state="CA"), salary("60000"), month(1), month(2))
    assert [tax(paid[run], "us_ca_sdi") for run in paid] == [Decimal("60.00"), Decimal("60.00")]
    assert [tax(paid[run], "us_ca_ett", "employer") for run in paid] == [Decimal("5.00"), Decimal("2.00")]
    assert [tax(paid[run], "us_ca_ui", "employer") for run in paid] == [Decimal("170.00"), Decimal("68.00")]


def test_an_off_cycle_run_crosses_the_cap_of_social_security(laws: Laws) -> None:
    bonus = beside("bonus", dt.date(2025, 10, 20), "40000")
    paid = cheques(laws, person(), salary("180000"), *map(month, range(1, 10)), bonus, month(10), month(11))
    # 135,000 in nine months; 40,000 stay below 176,100; of October's 15,000 it leaves 1,100, of November's nothing.
    assert [tax(paid[run], "us_social_security") for run in ("bonus", "2025-10", "2025-11")] == [
        Decimal("2480.00"), Decimal("68.20"), 0,
    ]  # fmt: skip
    assert sum(tax(cheque, "us_social_security") for cheque in paid.values()) == Decimal("10918.20")


def test_a_void_gives_the_cap_back(laws: Laws) -> None:
    bonus = beside("bonus", dt.date(2025, 10, 20), "40000")
    told = (*map(month, range(1, 10)), bonus, TakenBack(run="bonus"), month(10), month(11), month(12))
    paid = cheques(laws, person(), salary("180000"), *told)
    # Without the bonus: 135,000, then 15,000, 15,000 and what is left of 176,100.
    assert [tax(paid[run], "us_social_security") for run in ("2025-10", "2025-11", "2025-12")] == [
        Decimal("930.00"), Decimal("930.00"), Decimal("688.20"),
    ]  # fmt: skip


def test_additional_medicare_is_crossed_inside_one_cheque_and_the_employer_pays_none(laws: Laws) -> None:
    paid = cheques(laws, person(), salary("232800"), *map(month, range(1, 13)))
    # 19,400 a month: after ten months 194,000, so of the eleventh 13,400 are above 200,000.
    assert tax(paid["2025-10"], "us_additional_medicare") == 0
    assert tax(paid["2025-11"], "us_additional_medicare") == Decimal("120.60")
    assert tax(paid["2025-12"], "us_additional_medicare") == Decimal("174.60")
    assert tax(paid["2025-12"], "us_additional_medicare", "employer") == 0


def test_december_paid_in_january_counts_in_the_year_of_the_cheque(laws: Laws) -> None:
    december = month(12)
    late = type(december)(
        run="late", service_from=december.service_from, service_to=december.service_to, cheque_on=dt.date(2026, 1, 2)
    )
    paid = cheques(laws, person(), salary("180000"), *map(month, range(1, 12)), late)
    # 165,000 so far in 2025; in 2026 the whole 15,000 and the first 7,000 count anew.
    assert tax(paid["late"], "us_social_security") == Decimal("930.00")
    assert tax(paid["late"], "us_futa", "employer") == Decimal("42.00")


def test_a_rate_of_ones_own_that_nobody_stated_is_asked_for_by_name(laws: Laws) -> None:
    nobody = type(person())(state="TX", schedule="monthly", hired=dt.date(2024, 1, 1))
    with pytest.raises(UsageError, match="us_tx_ui"):
        cheques(laws, nobody, salary("60000"), month(1))


def test_after_an_earlier_cheque_was_voided_the_next_make_up_for_what_it_moved() -> None:
    # 100 and 100 under a cap of 150: 50 of the second were taxed. The first is void: 50 of 100 are taxed.
    assert part(band(upto="150"), 30, 100, 50) == 30
    assert part(band(upto="150"), 90, 130, 80) == 70
    # Above 150, 50 were taxed of 100 that are left: nothing more is due until the year is above 200.
    assert part(band(above="150"), 80, 100, 50) == 0
    assert part(band(above="150"), 80, 180, 50) == 60


AMOUNTS = st.lists(st.integers(0, 90_000), min_size=1, max_size=12)
BANDS = st.sampled_from([band(), band(upto="7000"), band(upto="176100"), band(above="200000"), band("5000", "9000")])


@given(BANDS, AMOUNTS)
def test_however_the_years_wages_are_cut_into_cheques_the_same_part_is_taxed(of: Band, amounts: list[int]) -> None:
    earlier, taxed = 0, Fraction(0)
    for amount in amounts:
        taken = taxed_part(of, Fraction(amount), Fraction(earlier), taxed)
        assert 0 <= taken <= amount
        earlier, taxed = earlier + amount, taxed + taken
    top = earlier if of.upto is None else min(earlier, int(of.upto))
    assert taxed == max(0, top - int(of.above))
