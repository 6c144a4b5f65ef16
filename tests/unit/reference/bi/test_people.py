"""BI is told what runs come to, in sums worked by hand; gross less what is taken is net, and nobody is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.reference.bi.people import components
from simharness.reference.payroll.reading import read, told
from tests.unit.reference.payroll.told import ADA, BOB, ID, payroll, receipt, report, rules, turned

RUN = read(told(payroll(), receipt()), report(), rules())
BACK = read(told(*turned()[:2]), turned()[2], rules())
OWN, JANUARY = (date(2026, 2, 1), date(2026, 2, 15)), (date(2026, 1, 1), date(2026, 1, 31))


def amounts() -> dict[tuple[object, ...], object]:
    return {(row[1], row[2], row[3]): row[8] for row in components([RUN])}


def test_every_component_is_one_row_of_its_cost_centre() -> None:
    assert amounts() == {
        ("earning", "salary", "CC-10"): Decimal("3000.00"),
        ("earning", "salary", "CC-30"): Decimal("2000.00"),
        ("earning", "retro", "CC-30"): Decimal("100.00"),
        ("employer_tax", "us_social_security", "CC-10"): Decimal("186.00"),
        ("employer_tax", "us_social_security", "CC-30"): Decimal("130.20"),
        ("employer_tax", "us_medicare", "CC-10"): Decimal("43.50"),
        ("employer_tax", "us_medicare", "CC-30"): Decimal("30.45"),
        ("employer_tax", "us_tx_ui", "CC-10"): Decimal("81.00"),
        ("employer_tax", "us_tx_ui", "CC-30"): Decimal("56.70"),
        ("employer_benefit", "employer_401k_match", "CC-10"): Decimal("90.00"),
        ("reimbursement", "reimbursement", "CC-10"): Decimal("40.00"),
        ("employee_tax", "us_federal_income_tax", ""): Decimal("500.00"),
        ("employee_tax", "us_social_security", ""): Decimal("316.20"),
        ("employee_tax", "us_medicare", ""): Decimal("73.95"),
        ("deduction", "retirement_401k", ""): Decimal("180.00"),
        ("garnishment", "garnishment", ""): Decimal("50.00"),
        ("net", "direct_deposit", ""): Decimal("2330.50"),
        ("net", "check", ""): Decimal("1689.35"),
    }


def test_gross_less_what_is_taken_and_with_what_is_paid_back_is_net() -> None:
    signs = {"earning": 1, "reimbursement": 1, "employee_tax": -1, "deduction": -1, "garnishment": -1, "net": -1}
    assert sum(Decimal(str(row[8])) * signs.get(str(row[1]), 0) for row in components([RUN])) == 0


def test_rows_bear_the_days_of_the_run_and_pay_for_an_earlier_month_those_of_that() -> None:
    for row in components([RUN]):
        assert (row[0], row[4], row[7]) == (ID, date(2026, 2, 13), True)
        assert (row[5], row[6]) == (JANUARY if row[2] == "retro" else OWN)


def test_a_reversal_is_negative_and_nobody_is_told_of() -> None:
    assert [-Decimal(str(row[8])) for row in components([BACK])] == [row[8] for row in components([RUN])]
    text = str(list(components([RUN])))
    assert ADA not in text
    assert BOB not in text
