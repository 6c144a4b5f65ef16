"""The general ledger report balances, tells costs by department, and needs to be waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from simharness.domain import people
from simharness.domain.people import DeductionSpec
from tests.fakes.gusto.company import Company, usd

D = Decimal


def sums(table: dict[str, Any], *columns: int) -> dict[Any, Decimal]:
    """Debit less credit by some columns of a table."""
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for row in table["rows"]:
        key = tuple(row[column] for column in columns)
        found[key if len(key) > 1 else key[0]] += D(row[-2] or 0) - D(row[-1] or 0)
    return dict(found)


def balanced(tables: Iterable[dict[str, Any]]) -> None:
    for table in tables:
        debit = sum(D(row[-2] or 0) for row in table["rows"])
        credit = sum(D(row[-1] or 0) for row in table["rows"])
        assert (D(table["totals"][-2]), D(table["totals"][-1])) == (debit, credit)
        assert debit == credit != 0
        assert all(len(row) == len(table["headers"]) for row in table["rows"])


def test_a_run_with_everything_balances_and_sums_to_the_receipt() -> None:
    c = Company()
    employee = c.hire(salary=60000)
    c.do(
        people.SetDeductions(
            employee_id=employee,
            deductions=(
                DeductionSpec(code="retirement_401k", name="401(k)", percent=D(5), match_percent=D(50), payee="Plan"),
                DeductionSpec(code="garnishment", name="Creditor", amount=usd(100), payee="Creditor"),
            ),
        )
    )
    c.hire("Support", salary=48000, method="check")
    done = c.ran()
    basic, detailed = c.ledger(done.payroll_id)
    balanced((basic, detailed))
    by_kind = sums(basic, 0)
    totals = c.get(f"/v1/payrolls/{done.payroll_id}/receipt")["totals"]
    assert -by_kind["DebitNetPay"] == D(totals["net_pay_debit"])
    assert -by_kind["DebitTax"] == D(totals["tax_debit"])
    # Half a month of 60,000 and of 48,000 a year.
    assert by_kind["RegularWages"] == 4500
    # Five percent of 2,500 from the employee, half of it from the company.
    assert (by_kind["BenefitLiability"], by_kind["CompanyContribution"]) == (D("-187.50"), D("62.50"))
    assert by_kind["GarnishmentLiability"] == -100
    assert sums(basic, 0, 2)["RegularWages", "Support"] == 2000


def test_a_cost_that_is_split_appears_under_the_departments_that_bear_it() -> None:
    c = Company()
    c.hire("Delivery", salary=60000, splits=(("CC-10", D("0.6")), ("CC-30", D("0.4"))))
    basic, _ = c.ledger(c.ran().payroll_id)
    assert sums(basic, 0, 2)["RegularWages", "Sales"] == 1500
    assert sums(basic, 0, 2)["RegularWages", "Delivery"] == 1000


def test_a_transfer_in_mid_period_is_told_by_the_days_worked() -> None:
    c = Company()
    employee = c.hire("Sales", salary=60000)
    # January 1 to 15 of 2026 has 11 workdays; 4 of them lie after the 11th.
    c.do(people.TransferEmployee(employee_id=employee, department="Delivery", from_day=date(2026, 1, 12)))
    basic, _ = c.ledger(c.ran().payroll_id)
    found = sums(basic, 0, 2)
    assert found["RegularWages", "Delivery"] == D("909.09")
    assert found["RegularWages", "Sales"] == D("1590.91")


@pytest.mark.parametrize("department", ["", "Support"])
def test_days_that_are_nobodys_cost_stay_with_the_department_they_were_in(department: str) -> None:
    c = Company()
    employee = c.hire(department, salary=60000)
    c.do(people.TransferEmployee(employee_id=employee, department="Sales", from_day=date(2026, 1, 12)))
    found = sums(c.ledger(c.ran().payroll_id)[0], 0, 2)
    # Support has no cost centre either; who was in none before has 7 of 11 workdays in no department.
    assert found["RegularWages", department] == D("1590.91")
    assert found["RegularWages", "Sales"] == D("909.09")


def test_retro_pay_says_the_month_of_its_service() -> None:
    c = Company()
    employee = c.hire(salary=60000)
    c.ran()
    c.do(people.ChangePay(employee_id=employee, from_day=date(2026, 1, 1), salary=usd(72000)))
    basic, _ = c.ledger(c.ran().payroll_id)
    # A raise of 12,000 a year is 500 for the half month that was paid already.
    assert sums(basic, 0, 1)["AdditionalEarnings", "Retro pay (2026-01)"] == 500


def test_a_reversal_is_the_exact_opposite() -> None:
    c = Company()
    c.hire()
    done = c.ran()
    back = c.run_of(people.ReversePayroll(payroll_id=done.payroll_id))
    there, here = c.ledger(done.payroll_id)[0], c.ledger(back)[0]
    assert sums(here, 0, 1, 2) == {key: -amount for key, amount in sums(there, 0, 1, 2).items()}
    balanced((here,))


@pytest.mark.parametrize(("aggregation", "headers"), [("default", 4), ("job", 5), ("department", 5)])
def test_a_report_has_a_column_for_what_it_is_broken_down_by(aggregation: str, headers: int) -> None:
    c = Company()
    c.hire()
    tables = c.ledger(c.ran().payroll_id, aggregation)
    assert [each["data_type"] for each in tables] == ["Basic", "Detailed"]
    assert len(tables[0]["headers"]) == headers
    balanced(tables)


def test_only_the_detailed_table_names_anybody() -> None:
    c = Company()
    employee = c.hire()
    person = c.get(f"/v1/employees/{employee}")
    basic, detailed = c.ledger(c.ran().payroll_id)
    assert person["last_name"] not in str(basic)
    assert person["last_name"] in str(detailed)


def test_a_report_is_there_after_a_while_and_not_before() -> None:
    c = Company(options={"report_after_s": "30", "done_after_polls": "100"})
    c.hire()
    path = f"/v1/payrolls/{c.ran().payroll_id}/reports/general_ledger"
    asked = c.good("POST", path, {"aggregation": "default"})
    c.clock.advance(timedelta(seconds=29))
    assert c.get(f"/v1/reports/{asked['request_uuid']}")["status"] == "pending"
    c.clock.advance(timedelta(seconds=1))
    assert c.get(f"/v1/reports/{asked['request_uuid']}")["status"] == "succeeded"


def test_the_integration_is_named_exactly_when_it_is_asked_for() -> None:
    c = Company()
    c.hire()
    path = f"/v1/payrolls/{c.ran().payroll_id}/reports/general_ledger"
    assert c.refused(422, "POST", path, {"aggregation": "integration"})["error_key"] == "integration_type"
    assert (
        c.refused(422, "POST", path, {"aggregation": "job", "integration_type": "qbo"})["error_key"]
        == "integration_type"
    )
    assert c.good("POST", path, {"aggregation": "integration", "integration_type": "qbo"})["integration_type"] == "qbo"


def test_a_payroll_that_is_not_processed_has_no_report_and_no_receipt() -> None:
    c = Company()
    c.hire()
    path = f"/v1/payrolls/{c.run_of(people.RunPayroll())}"
    c.refused(422, "POST", f"{path}/reports/general_ledger", {"aggregation": "default"})
    c.refused(404, "GET", f"{path}/receipt")
