"""What is told of a run is compared with itself: any cent that differs refuses all of it, and names nobody."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from simharness.reference.errors import Rejected
from simharness.reference.payroll.reading import read, told
from tests.unit.reference.payroll.told import ADA, BOB, ROWS, TOTALS, payroll, receipt, report, rules, turned

Change = Callable[[dict[str, Any], dict[str, Any]], None]


def total(name: str, amount: str) -> Change:
    """Another total, on the payroll alone."""
    return lambda run, _: run["totals"].update({name: amount})


def pay(place: int, name: str, amount: str) -> Change:
    return lambda run, _: run["employee_compensations"][place].update({name: amount})


def test_the_run_worked_by_hand_agrees_with_itself() -> None:
    assert told(payroll(), receipt()).gross == 5100


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (total("gross_pay", "5100.01"), "does_not_add_up", "net_pay is 3979.85"),
        (total("tax_debit", "1418.01"), "does_not_add_up", "tax_debit is 1418.01"),
        (total("company_debit", "3748.51"), "does_not_add_up", "company_debit is 3748.51"),
        (total("check_amount", "1689.34"), "does_not_add_up", "paid by cheque"),
        (total("net_pay", ""), "missing_field", "totals.net_pay"),
        (lambda run, _: run.pop("totals"), "missing_field", "totals is missing"),
        (lambda run, _: run["company_taxes"].pop(), "does_not_add_up", "employer_taxes is 527.85"),
        (lambda _, said: said["totals"].update(tax_debit="1418.10"), "does_not_add_up", "by the receipt it is 1418.10"),
        (lambda _, said: said["taxes"].pop(), "does_not_add_up", "the tax Texas unemployment is 137.70"),
        (pay(0, "gross_pay", "3000.01"), "does_not_add_up", "of 1 of those paid"),
        (pay(1, "check_amount", "1689.36"), "does_not_add_up", "off by 0.01 from check_amount"),
        (lambda run, _: run["employee_compensations"].pop(), "does_not_add_up", "off by -2100.00 from gross_pay"),
        (lambda run, _: run.update(check_date="13 February"), "bad_dates", "no day"),
        (lambda run, _: run["pay_period"].update(end_date="2026-01-31"), "bad_dates", "begins on 2026-02-01"),
        (lambda run, _: run["pay_period"].update(start_date="2024-02-01"), "bad_dates", "no pay period"),
        (lambda _, said: said.update(debit_date="2026-02-14"), "bad_dates", "after the cheques"),
        (lambda _, said: said.pop("taxes"), "unreadable_value", "cannot be read"),
    ],
)
def test_a_run_that_does_not_agree_with_itself_is_refused_and_nobody_is_named(
    change: Change, code: str, says: str
) -> None:
    run, said = payroll(), receipt()
    change(run, said)
    with pytest.raises(Rejected, match=says) as caught:
        told(run, said)
    assert caught.value.code == code
    for personal in (ADA, BOB, "3000.01", "2290.50", "1689.36"):
        assert personal not in caught.value.reason


@pytest.mark.parametrize(
    ("place", "by", "says"),
    [
        (0, "0.01", "gross_pay is 5100.00"),
        (3, "0.01", "employer_taxes is 527.85"),
        (9, "0.01", "benefits is 90.00"),
        (10, "0.01", "reimbursements is 40.00"),
    ],
)
def test_a_report_that_balances_with_other_sums_is_refused(place: int, by: str, says: str) -> None:
    """The cent is put on the credit side too, so that the report is in order by itself."""
    rows = [list(row) for row in ROWS]
    rows[place][3] = str(Decimal(rows[place][3] or 0) + Decimal(by))
    rows.append(["GarnishmentLiability", "Order 4712", "", None, by])
    with pytest.raises(Rejected, match=says):
        read(told(payroll(), receipt()), report(rows, "5757.86", "5757.86"), rules())


def test_taxes_of_the_employer_are_compared_by_name() -> None:
    rows = [list(row) for row in ROWS]
    rows[3][3], rows[5][3] = "186.50", "43.00"  # fifty cents moved from Medicare to Social Security
    with pytest.raises(Rejected, match="the employer's Medicare is 73"):
        read(told(payroll(), receipt()), report(rows), rules())


def test_a_reversal_may_be_debited_after_its_day() -> None:
    run, said, _ = turned()
    said["debit_date"] = "2026-02-16"
    assert told(run, said).days.debit.day == 16


def test_all_totals_that_are_read_are_there() -> None:
    for name in TOTALS:
        run = payroll()
        del run["totals"][name]
        with pytest.raises(Rejected, match=f"totals.{name} is missing"):
            told(run, receipt())
