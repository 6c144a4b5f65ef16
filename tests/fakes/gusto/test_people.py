"""People's files, pay and absence: what is kept, what is shown, and what other software must not see."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from simharness.core.clock import Clock
from simharness.core.rng import Rng
from simharness.domain import people
from simharness.domain.people import DeductionSpec
from simharness.fakekit.pack import Setup
from tests.fakes.gusto.company import MONDAY, Company, usd


def test_everybody_has_every_personal_field_and_no_two_share_one() -> None:
    c = Company(options={"awkward_every": "2"})
    employees = [c.hire() for _ in range(12)]
    found = c.fake.personal()
    for employee in employees:
        fields = {each.field for each in found if each.subject == employee}
        assert fields == {"name", "ssn", "bank_account", "address", "birth_date", "pay", "email", "phone"}
    for field in ("name", "ssn", "bank_account", "email", "address"):
        texts = [each.text for each in found if each.field == field]
        assert len(set(texts)) == len(texts), field
    names = " ".join(each.text for each in found if each.field == "name")
    assert not names.isascii()


def test_equal_seeds_make_equal_people() -> None:
    one, two = Company(), Company()
    for c in (one, two):
        for _ in range(6):
            c.hire()
    assert [each.text for each in one.fake.personal()] == [each.text for each in two.fake.personal()]


def test_numbers_are_kept_and_not_shown() -> None:
    c = Company()
    employee = c.hire()
    secret = {each.field: each.text for each in c.fake.personal()}
    shown = c.get(f"/v1/employees/{employee}")
    (account,) = c.get(f"/v1/employees/{employee}/bank_accounts")
    assert (shown["has_ssn"], shown["ssn"]) == (True, "")
    assert account["hidden_account_number"] == f"XXXX{secret['bank_account'][-4:]}"
    assert secret["ssn"] not in str(shown)
    assert secret["bank_account"] not in str(account)


def test_nothing_personal_is_in_the_snapshot_or_in_the_log_of_writes() -> None:
    c = Company()
    c.hire()
    c.ran()
    texts = [each.text for each in c.fake.personal() if each.field != "pay"]
    told = repr(c.snapshot) + repr(c.setup.writes)
    assert [text for text in texts if text in told] == []


def test_a_version_moves_with_its_own_attributes_alone() -> None:
    c = Company()
    employee = c.hire()
    before = c.get(f"/v1/employees/{employee}")
    c.do(people.ChangePay(employee_id=employee, from_day=date(2026, 2, 1), salary=usd(72000)))
    after = c.get(f"/v1/employees/{employee}")
    assert after["version"] == before["version"]
    changed = c.good("PUT", f"/v1/employees/{employee}", {"version": before["version"], "preferred_first_name": "Al"})
    assert changed["version"] != before["version"]
    c.refused(409, "PUT", f"/v1/employees/{employee}", {"version": before["version"], "first_name": "Bo"})
    same = c.good("PUT", f"/v1/employees/{employee}", {"version": changed["version"], "preferred_first_name": "Al"})
    assert same["version"] == changed["version"]


def test_pay_changes_from_a_day_on() -> None:
    c = Company()
    employee = c.hire()
    (job,) = c.get(f"/v1/employees/{employee}/jobs")
    body = {"rate": "6000.00", "payment_unit": "Month", "flsa_status": "Exempt", "effective_date": "2026-02-01"}
    made = c.good("POST", f"/v1/jobs/{job['uuid']}/compensations", body)
    assert (made["rate"], made["payment_unit"]) == ("72000.00", "Year")
    assert c.get(f"/v1/jobs/{job['uuid']}")["rate"] == "60000.00"
    c.clock.advance(timedelta(days=30))
    assert c.get(f"/v1/jobs/{job['uuid']}")["rate"] == "72000.00"
    assert c.snapshot.employees[0].pay == usd(72000)
    stale = {"version": "old", "rate": "1.00"}
    c.refused(409, "PUT", f"/v1/compensations/{made['uuid']}", stale)


def test_for_the_days_between_leaving_and_coming_again_nothing_is_paid() -> None:
    c = Company()
    employee = c.hire(salary=66000)
    place = c.get("/v1/companies/{c}/locations")[0]["uuid"]
    c.good("POST", f"/v1/employees/{employee}/terminations", {"effective_date": "2026-01-06"})
    body = {"effective_date": "2026-01-12", "file_new_hire_report": False, "work_location_uuid": place}
    assert c.good("POST", f"/v1/employees/{employee}/rehire", body)["effective_date"] == "2026-01-12"
    (cheque,) = c.snapshot.payrolls[-1].cheques if c.ran() else ()
    # Of the 11 workdays of the half month, the 1st, 2nd, 5th and 6th and the 12th to the 15th were worked.
    assert cheque.gross == usd("2000.00")


def test_what_somebody_states_for_tax_is_kept_in_the_engine() -> None:
    c = Company()
    employee = c.hire()
    shown = c.get(f"/v1/employees/{employee}/federal_taxes")
    body = {"version": shown["version"], "filing_status": "Married", "two_jobs": True, "extra_withholding": "25.0"}
    c.good("PUT", f"/v1/employees/{employee}/federal_taxes", body)
    stated = c.snapshot.employees[0].withholding
    assert stated is not None
    assert (stated.filing_status, stated.multiple_jobs, stated.extra) == ("joint", True, usd(25))
    c.refused(409, "PUT", f"/v1/employees/{employee}/federal_taxes", body)


def test_what_people_state_of_deductions_is_shown_as_benefits_and_garnishments() -> None:
    c = Company()
    employee = c.hire()
    plan = DeductionSpec(
        code="retirement_401k", name="401(k)", percent=Decimal(5), match_percent=Decimal(50),
        match_to_percent=Decimal(6), annual_cap=usd(24500), payee="Plan",
    )  # fmt: skip
    owed = DeductionSpec(code="garnishment", name="Creditor", amount=usd(100), owed=usd(250), payee="Creditor")
    c.do(people.SetDeductions(employee_id=employee, deductions=(plan, owed)))
    (benefit,) = c.get(f"/v1/employees/{employee}/employee_benefits")
    assert (benefit["employee_deduction"], benefit["deduct_as_percentage"]) == ("5.00", True)
    assert benefit["employee_deduction_annual_maximum"] == "24500.00"
    assert benefit["contribution"] == {"type": "tiered", "value": {"tiers": [{"rate": "50.00", "threshold": "6.00"}]}}
    (garnishment,) = c.get(f"/v1/employees/{employee}/garnishments")
    assert (garnishment["amount"], garnishment["total_amount"]) == ("100.00", "250.00")
    # Stated anew they keep their ids; over the wire one of them is changed and the engine takes what it says.
    c.do(people.SetDeductions(employee_id=employee, deductions=(owed, plan)))
    assert c.get(f"/v1/employees/{employee}/garnishments")[0]["uuid"] == garnishment["uuid"]
    body = {"version": benefit["version"], "employee_deduction": "3.00"}
    assert c.good("PUT", f"/v1/employee_benefits/{benefit['uuid']}", body)["employee_deduction"] == "3.00"
    line = next(each for each in c.deductions(employee) if each.code == "retirement_401k")
    assert (line.percent, line.match_to_percent) == (Decimal(3), Decimal(6))
    assert c.ask("DELETE", f"/v1/employee_benefits/{benefit['uuid']}").status == 204
    assert [each.code for each in c.deductions(employee)] == ["garnishment"]


def test_a_copy_goes_its_own_way() -> None:
    c = Company()
    c.hire()
    payroll = c.get("/v1/companies/{c}/payrolls", "processing_statuses=unprocessed")[0]["uuid"]
    c.good("PUT", f"/v1/companies/{{c}}/payrolls/{payroll}/calculate")
    clock, rng = Clock(MONDAY), Rng(11)
    told: list[object] = []
    ids = c.setup.ids.fork()
    twin = c.fake.fork(Setup(clock=clock, rng=rng, ids=ids, post=lambda _: None, announce=told.extend))
    clock.advance(timedelta(seconds=5))
    assert twin.state.office.state.run(payroll).calculated_at is not None
    assert c.fake.state.office.state.run(payroll).calculated_at is None


def test_a_department_goes_only_if_nobody_ever_was_in_it() -> None:
    c = Company()
    employee = c.hire("Sales")
    made = c.good("POST", "/v1/companies/{c}/departments", {"title": "Research"})
    moved = c.good("PUT", f"/v1/departments/{made['uuid']}/add", {"employees": [{"uuid": employee}]})
    assert moved["employees"] == [{"uuid": employee}]
    assert moved["version"] != made["version"]
    c.refused(409, "PUT", f"/v1/departments/{made['uuid']}", {"version": made["version"], "title": "Lab"})
    c.clock.advance(timedelta(days=1))
    c.good("PUT", f"/v1/departments/{made['uuid']}/remove", {"employees": [{"uuid": employee}]})
    assert c.get(f"/v1/employees/{employee}")["department"] is None
    c.refused(422, "DELETE", f"/v1/departments/{made['uuid']}")
    empty = c.good("POST", "/v1/companies/{c}/departments", {"title": "Empty"})
    assert c.ask("DELETE", f"/v1/departments/{empty['uuid']}").status == 204
    # Gusto knows no cost centres: one that is made over the wire has none, and its people are paid.
    assert c.ran().net_debit.amount > 0
