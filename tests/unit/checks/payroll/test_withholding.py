"""Federal income tax by the percentage method, derived: figures are those of the printed tables and the rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.payroll import Laws, read_laws
from simharness.checks.payroll.cents import cents
from simharness.checks.payroll.withholding import tentative, withheld
from simharness.domain.payroll import Withholding
from tests.unit.checks.payroll.people import usd

LAWS = read_laws()
SINGLE, BOX = Withholding(), Withholding(multiple_jobs=True)

#: (year, adjusted annual wage, tax) where a row of single STANDARD begins: the check points of the rules.
CHECK_POINTS = [
    (2025, "6400", "0"), (2025, "18325", "1192.50"), (2025, "54875", "5578.50"), (2025, "632750", "188769.75"),
    (2026, "7500", "0"), (2026, "19900", "1240"), (2026, "57900", "5800"), (2026, "648100", "192979.25"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "wage", "tax"), CHECK_POINTS)
def test_the_derived_table_has_the_check_points_of_the_printed_one(year: int, wage: str, tax: str, laws: Laws) -> None:
    assert tentative(laws.of(year), SINGLE, Fraction(wage)) == Fraction(tax)


@pytest.mark.parametrize(
    ("year", "wage", "below", "above"),
    [
        (2025, "6400", "0", "0.10"), (2025, "18325", "0.10", "0.12"), (2025, "54875", "0.12", "0.22"),
        (2025, "632750", "0.35", "0.37"), (2026, "7500", "0", "0.10"), (2026, "648100", "0.35", "0.37"),
    ],
)  # fmt: skip
def test_the_rate_changes_exactly_at_a_check_point(year: int, wage: str, below: str, above: str, laws: Laws) -> None:
    law, at = laws.of(year), Fraction(wage)
    here = tentative(law, SINGLE, at)
    assert (here - tentative(law, SINGLE, at - 1), tentative(law, SINGLE, at + 1) - here) == (
        Fraction(below),
        Fraction(above),
    )


@pytest.mark.parametrize(
    ("wages", "tax"), [("2000", Fraction(75)), ("3000", Fraction("190.125")), ("5000", Fraction("430.125"))]
)
def test_single_without_the_box_monthly_in_2025(wages: str, tax: Fraction, laws: Laws) -> None:
    assert withheld(laws.of(2025), SINGLE, Fraction(wages), 12) == tax


def test_single_with_the_box_monthly_5000_in_2025(laws: Laws) -> None:
    assert cents(withheld(laws.of(2025), BOX, Fraction(5000), 12)) == Decimal("751.96")


@pytest.mark.parametrize(
    ("stated", "wages", "periods", "tax"),
    [
        # 4,000 × 26 − 12,900 = 91,100; less 17,100 is 74,000: 2,385 + 12 % of 50,150 = 8,403; ÷ 26.
        (Withholding(filing_status="joint"), "4000", 26, "323.19"),
        # Step 3 of 2,000 and 4(c) of 25: (8,403 − 2,000) ÷ 26 + 25.
        (Withholding(filing_status="joint", credits=usd("2000"), extra=usd("25")), "4000", 26, "271.27"),
        # Head of household, box: half of each row. 62,400: 3,721 + 22 % of (62,400 − 43,675) = 7,840.50; ÷ 52.
        (Withholding(filing_status="head_of_household", multiple_jobs=True), "1200", 52, "150.78"),
        # 36,000 + 6,000 − 2,400 − 8,600 = 31,000: 1,192.50 + 12 % of (31,000 − 18,325) = 2,713.50; ÷ 12.
        (Withholding(other_income=usd("6000"), deductions=usd("2400")), "3000", 12, "226.13"),
        # More credits than tax: nothing but 4(c).
        (Withholding(credits=usd("9000"), extra=usd("10")), "3000", 12, "10.00"),
        (Withholding(deductions=usd("90000")), "3000", 12, "0.00"),
        (Withholding(exempt=True, extra=usd("10")), "9000", 12, "0.00"),
        # Semimonthly: 1,500 × 24 − 8,600 = 27,400: 1,192.50 + 12 % of 9,075 = 2,281.50; ÷ 24.
        (SINGLE, "1500", 24, "95.06"),
    ],
)
def test_what_an_employee_states_moves_the_tax(
    stated: Withholding, wages: str, periods: int, tax: str, laws: Laws
) -> None:
    assert cents(withheld(laws.of(2025), stated, Fraction(wages), periods)) == Decimal(tax)


def printed(year: int, status: str, box: bool) -> list[tuple[Fraction, Fraction, Fraction]]:
    """The printed table by the description of the rules: rows of (threshold, base, rate), one on top of the other."""
    law = LAWS.of(year).income_tax.statuses[status]
    starts = [Fraction(0), *(Fraction(end) for end in law.brackets)]
    deduction = Fraction(law.deduction)
    rows: list[tuple[Fraction, Fraction, Fraction]] = []
    for start, rate in zip(starts, LAWS.of(year).income_tax.rates, strict=True):
        threshold = (deduction + start) / 2 if box else deduction - Fraction(law.forgone) + start
        base = rows[-1][1] + (threshold - rows[-1][0]) * rows[-1][2] if rows else Fraction(0)
        rows.append((threshold, base, Fraction(rate)))
    return rows


STATUSES = [(year, status) for year, law in LAWS.years.items() for status in law.income_tax.statuses]
WAGES = st.integers(0, 120_000_000).map(lambda minor: Fraction(minor, 100))


@given(st.sampled_from(STATUSES), st.booleans(), WAGES)
def test_the_integral_over_brackets_is_the_row_of_the_table(table: tuple[int, str], box: bool, wage: Fraction) -> None:
    year, status = table
    reached = [row for row in printed(year, status, box) if row[0] <= wage]
    expected = reached[-1][1] + (wage - reached[-1][0]) * reached[-1][2] if reached else Fraction(0)
    assert tentative(LAWS.of(year), Withholding(filing_status=status, multiple_jobs=box), wage) == expected


@given(st.sampled_from(STATUSES), st.booleans(), WAGES, WAGES, st.sampled_from([12, 24, 26, 52]))
def test_who_earns_more_is_withheld_more_but_never_more_than_the_top_rate_of_it(
    table: tuple[int, str], box: bool, wage: Fraction, more: Fraction, periods: int
) -> None:
    stated = Withholding(filing_status=table[1], multiple_jobs=box)
    law = LAWS.of(table[0])
    rise = withheld(law, stated, wage + more, periods) - withheld(law, stated, wage, periods)
    assert 0 <= rise <= Fraction("0.37") * more
