"""Federal income tax by the percentage method: the check points of the finance rules, section 4, and what follows."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.domain.payroll import Withholding
from simharness_fakes.payroll import federal
from simharness_fakes.payroll.authority import Tables, tax_on
from simharness_fakes.payroll.refusals import MissingTable
from simharness_fakes.payroll.rounding import cents
from tests.fakes.payroll.company import D, company, only, tax, usd

TABLES = Tables()
SINGLE, BOXED = Withholding(), Withholding(multiple_jobs=True)


@pytest.mark.parametrize(
    ("year", "points"),
    [
        (2025, [("6400", "0"), ("18325", "1192.50"), ("54875", "5578.50"), ("632750", "188769.75")]),
        (2026, [("7500", "0"), ("19900", "1240"), ("57900", "5800"), ("648100", "192979.25")]),
    ],
)
def test_the_single_standard_table_has_the_check_points_of_its_year(year: int, points: list[tuple[str, str]]) -> None:
    rows = {above: base for above, base, _ in TABLES.federal(year).income_tax.standard["single"]}
    assert [(above, rows.get(D(above))) for above, _ in points] == [(above, D(base)) for above, base in points]
    assert rows[D(points[1][0])] == (D(points[1][0]) - D(points[0][0])) / 10  # the end of 10 %


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("schedule", ["standard", "checkbox"])
def test_the_base_of_a_row_is_the_tax_on_the_rows_below_it(year: int, schedule: str) -> None:
    for rows in getattr(TABLES.federal(year).income_tax, schedule).values():
        assert [percent for _, _, percent in rows] == [D(p) for p in (0, 10, 12, 22, 24, 32, 35, 37)]
        for (low, base, percent), (high, next_base, _) in pairwise(rows):
            assert next_base == base + (high - low) * percent / 100


@pytest.mark.parametrize(
    ("wages", "stated", "before_rounding"),
    [("2000", SINGLE, "75.00"), ("3000", SINGLE, "190.125"), ("5000", SINGLE, "430.125")],
)
def test_the_worked_monthly_wages_of_2025(wages: str, stated: Withholding, before_rounding: str) -> None:
    assert federal.withheld(D(wages), 12, stated, TABLES.federal(2025)) == D(before_rounding)


def test_the_worked_wages_with_the_box_checked() -> None:
    # 60,000 a year is 825 above 59,175: 8,825.50 + 24 % of 825 = 9,023.50, a twelfth of which is 751.958...
    assert cents(federal.withheld(D(5000), 12, BOXED, TABLES.federal(2025))) == D("751.96")


def test_half_a_cent_of_tax_goes_up_on_the_cheque() -> None:
    c = company()
    c.hire("36000")  # 3,000 a month bears 190.125
    assert tax(only(c.regular(date(2025, 1, 31)))) == D("190.13")


def test_what_the_employee_states_counts_as_the_worksheet_has_it() -> None:
    # 5,000 a month, joint 2025: 60,000 + 6,000 (4a) − 3,000 (4b) − 12,900 = 50,100; the table from 40,950:
    # 2,385 + 12 % of 9,150 = 3,483; less 1,200 of credits = 2,283; a twelfth is 190.25; 4(c) adds 25.
    stated = Withholding(
        filing_status="joint", other_income=usd(6000), deductions=usd(3000), credits=usd(1200), extra=usd(25)
    )
    assert federal.withheld(D(5000), 12, stated, TABLES.federal(2025)) == D("215.25")


def test_credits_take_the_tax_to_nothing_and_the_extra_amount_stays() -> None:
    stated = Withholding(credits=usd(50000), extra=usd(10))
    assert federal.withheld(D(3000), 12, stated, TABLES.federal(2025)) == 10


def test_head_of_household_bears_its_own_table_in_2025() -> None:
    # 5,000 a month: 60,000 − 8,600 = 51,400; from 30,900: 1,700 + 12 % of 20,500 = 4,160; a twelfth is 346.666...
    stated = Withholding(filing_status="head_of_household")
    assert cents(federal.withheld(D(5000), 12, stated, TABLES.federal(2025))) == D("346.67")


def test_a_filing_status_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(MissingTable, match="us_federal_2026 income tax of head_of_household"):
        federal.withheld(D(5000), 12, Withholding(filing_status="head_of_household"), TABLES.federal(2026))


def test_a_year_without_tables_is_refused_by_name() -> None:
    with pytest.raises(MissingTable, match="us_federal_2024") as refused:
        TABLES.federal(2024)
    assert "us_federal_2025" in refused.value.known


def test_an_exempt_employee_bears_no_income_tax() -> None:
    assert federal.withheld(D(5000), 12, Withholding(exempt=True), TABLES.federal(2025)) == 0


STATED = st.builds(
    Withholding,
    filing_status=st.sampled_from(["single", "joint"]),
    multiple_jobs=st.booleans(),
    credits=st.none() | st.integers(0, 5000).map(usd),
    other_income=st.none() | st.integers(0, 50000).map(usd),
    deductions=st.none() | st.integers(0, 50000).map(usd),
    extra=st.none() | st.integers(0, 500).map(usd),
)
WAGES = st.decimals(0, 2_000_000, places=2)


@given(WAGES, WAGES, st.sampled_from([52, 26, 24, 12]), STATED, st.sampled_from([2025, 2026]))
def test_who_earns_more_bears_no_less_and_keeps_no_less(
    one: D, other: D, periods: int, stated: Withholding, year: int
) -> None:
    less, more = sorted([one, other])
    low, high = (federal.withheld(wages, periods, stated, TABLES.federal(year)) for wages in (less, more))
    assert 0 <= low <= high
    # No row takes more than 37 %, and a tax rounded to a cent may differ from that by the last digits of a division.
    assert high - low <= (more - less) * D("0.37") + D("1E-18")


@given(WAGES, st.sampled_from([2025, 2026]), st.sampled_from(["single", "joint"]))
def test_the_checked_box_never_withholds_less(wages: D, year: int, status: str) -> None:
    plain, boxed = (
        federal.withheld(wages, 12, Withholding(filing_status=status, multiple_jobs=box), TABLES.federal(year))
        for box in (False, True)
    )
    assert plain <= boxed


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_table_bends_where_it_says_and_nowhere_else(year: int) -> None:
    rows = TABLES.federal(year).income_tax.standard["single"]
    for (_, _, lower), (above, base, percent) in pairwise(rows):
        assert tax_on(rows, above) == base
        assert tax_on(rows, above + 1) == base + percent / 100
        assert tax_on(rows, above - 1) == base - lower / 100
