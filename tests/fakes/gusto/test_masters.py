"""Places, departments, schedules, benefits and accounts: what is written is what is read, version by version."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from simharness.domain import people
from simharness.domain.people import DeductionSpec
from tests.fakes.gusto.company import Company, usd

STREET = {"street_1": "1 Main", "city": "Austin", "state": "TX", "zip": "78701"}


def rewritten(c: Company, path: str, changes: dict[str, Any], shown: str = "") -> dict[str, Any]:
    """A record after a change: read, changed with its version, refused with the old one, read again."""
    before = c.get(shown or path)
    before = before[0] if isinstance(before, list) else before
    after: dict[str, Any] = c.good("PUT", path, {"version": before["version"], **changes})
    assert after["version"] != before["version"]
    assert (
        c.refused(409, "PUT", path, {"version": before["version"], **changes})["category"] == "invalid_resource_version"
    )
    again = c.get(shown or path)
    assert (again[0] if isinstance(again, list) else again) == after
    return after


def test_departments_are_renamed_and_their_payrolls_follow() -> None:
    c = Company()
    c.hire("Sales")
    found = next(each for each in c.get("/v1/companies/{c}/departments") if each["title"] == "Sales")
    assert rewritten(c, f"/v1/departments/{found['uuid']}", {"title": "Field sales"})["title"] == "Field sales"
    rows = c.ledger(c.ran().payroll_id)[0]["rows"]
    assert {row[2] for row in rows if row[0] == "RegularWages"} == {"Field sales"}


def test_somebody_moves_house_and_the_old_one_is_remembered() -> None:
    c = Company()
    employee = c.hire()
    (first,) = c.get(f"/v1/employees/{employee}/home_addresses")
    later = {**STREET, "effective_date": "2026-01-10"}
    second = c.good("POST", f"/v1/employees/{employee}/home_addresses", later)
    assert [each["active"] for each in c.get(f"/v1/employees/{employee}/home_addresses")] == [True, False]
    c.clock.advance(timedelta(days=5))
    assert [each["active"] for each in c.get(f"/v1/employees/{employee}/home_addresses")] == [False, True]
    path = f"/v1/home_addresses/{second['uuid']}"
    assert rewritten(c, path, {"street_2": "Apt 2"})["street_2"] == "Apt 2"
    assert first["street_1"] in {each.text for each in c.fake.personal() if each.field == "address"}


def test_the_place_of_work_decides_the_state() -> None:
    c = Company()
    employee = c.hire(state="TX")
    west = {"phone_number": "5551234567", **STREET, "city": "Oakland", "state": "CA", "zip": "94601"}
    place = c.good("POST", "/v1/companies/{c}/locations", west)
    assert c.get(f"/v1/locations/{place['uuid']}") == place
    (old,) = c.get(f"/v1/employees/{employee}/work_addresses")
    path = f"/v1/work_addresses/{old['uuid']}"
    assert rewritten(c, path, {"location_uuid": place["uuid"]})["state"] == "CA"
    assert c.snapshot.employees[0].state == "CA"
    ahead = {"version": c.get(path)["version"], "location_uuid": place["uuid"], "effective_date": "2026-02-01"}
    c.refused(422, "PUT", path, ahead)


def test_a_last_day_may_be_moved_until_it_came() -> None:
    c = Company()
    employee = c.hire()
    assert c.get(f"/v1/employees/{employee}/terminations") == []
    c.good("POST", f"/v1/employees/{employee}/terminations", {"effective_date": "2026-01-09"})
    c.refused(422, "POST", f"/v1/employees/{employee}/terminations", {"effective_date": "2026-01-10"})
    path, shown = f"/v1/terminations/{employee}", f"/v1/employees/{employee}/terminations"
    moved = rewritten(c, path, {"effective_date": "2026-01-08"}, shown)
    assert (moved["effective_date"], moved["active"]) == ("2026-01-08", False)
    c.clock.advance(timedelta(days=5))
    (gone,) = c.get(shown)
    assert (gone["active"], gone["cancelable"]) == (True, False)
    c.refused(422, "PUT", path, {"version": gone["version"], "effective_date": "2026-01-20"})
    c.refused(422, "DELETE", shown)
    assert [each["uuid"] for each in c.get("/v1/companies/{c}/employees", "terminated=true")] == [employee]


def test_pay_goes_to_an_account_once_there_is_one() -> None:
    c = Company()
    person = c.good("POST", "/v1/companies/{c}/employees", {"first_name": "Ann", "last_name": "Lee"})["uuid"]
    made = c.good("POST", f"/v1/employees/{person}/jobs", {"title": "Clerk", "hire_date": "2026-01-01"})
    path = f"/v1/employees/{person}/payment_method"
    method = c.get(path)
    assert method["type"] == "Check"
    c.refused(422, "PUT", path, {"version": method["version"], "type": "Direct Deposit"})
    account = {"name": "Main", "routing_number": "021000021", "account_number": "12345678", "account_type": "Checking"}
    shown = c.good("POST", f"/v1/employees/{person}/bank_accounts", account)
    assert shown["hidden_account_number"] == "XXXX5678"
    assert c.get(path)["type"] == "Direct Deposit"
    assert rewritten(c, path, {"type": "Check"})["type"] == "Check"
    titled = rewritten(c, f"/v1/jobs/{made['uuid']}", {"title": "Senior clerk", "hire_date": "2026-01-03"})
    assert (titled["title"], c.snapshot.employees[0].hired) == ("Senior clerk", date(2026, 1, 3))
    (terms,) = c.get(f"/v1/jobs/{made['uuid']}/compensations")
    assert (terms["rate"], terms["payment_unit"]) == ("0.00", "Hour")
    raised = rewritten(c, f"/v1/compensations/{terms['uuid']}", {"rate": "25.50"})
    assert raised["rate"] == "25.50"


def test_benefits_of_the_company_and_what_somebody_pays_into_them() -> None:
    c = Company()
    employee = c.hire()
    c.refused(422, "POST", "/v1/companies/{c}/company_benefits", {"benefit_type": 77, "description": "Unknown"})
    health = c.good("POST", "/v1/companies/{c}/company_benefits", {"benefit_type": 1, "description": "Health"})
    path = f"/v1/company_benefits/{health['uuid']}"
    assert rewritten(c, path, {"description": "Health plan"})["description"] == "Health plan"
    body = {
        "company_benefit_uuid": health["uuid"],
        "employee_deduction": "100.00",
        "contribution": {"type": "amount", "value": "300.00"},
    }
    paid_in = c.good("POST", f"/v1/employees/{employee}/employee_benefits", body)
    assert c.get(f"/v1/employee_benefits/{paid_in['uuid']}") == paid_in
    assert c.get("/v1/companies/{c}/company_benefits")[0]["enrollment_count"] == 1
    c.refused(422, "DELETE", path)
    totals = c.get(f"/v1/companies/{{c}}/payrolls/{c.ran().payroll_id}")["totals"]
    assert (totals["employee_benefits_deductions"], totals["benefits"]) == ("100.00", "300.00")
    assert c.ask("DELETE", f"/v1/employee_benefits/{paid_in['uuid']}").status == 204
    assert c.ask("DELETE", path).status == 204


def test_a_creditor_gets_less_and_then_nothing() -> None:
    c = Company()
    employee = c.hire()
    owed = DeductionSpec(code="garnishment", name="Creditor", amount=usd(100), payee="Creditor")
    c.do(people.SetDeductions(employee_id=employee, deductions=(owed,)))
    (found,) = c.get(f"/v1/employees/{employee}/garnishments")
    path = f"/v1/garnishments/{found['uuid']}"
    assert rewritten(c, path, {"amount": "60.00"})["amount"] == "60.00"
    assert rewritten(c, path, {"active": False})["active"] is False
    assert c.deductions(employee) == ()
    c.refused(422, "PUT", path, {"version": c.get(path)["version"], "annual_maximum": "5.00"})


def test_earning_types_are_renamed_and_default_ones_are_not() -> None:
    c = Company()
    kind = c.good("POST", "/v1/companies/{c}/earning_types", {"name": "Referral"})
    path = f"/v1/companies/{{c}}/earning_types/{kind['uuid']}"
    assert c.good("PUT", path, {"name": "Referral fee"}) == {"uuid": kind["uuid"], "name": "Referral fee"}
    default = c.get("/v1/companies/{c}/earning_types")["default"]
    assert {"Bonus", "Commission"} <= {each["name"] for each in default}
    c.refused(404, "PUT", f"/v1/companies/{{c}}/earning_types/{default[0]['uuid']}", {"name": "Mine"})


def test_pay_schedules_are_previewed_made_named_and_assigned() -> None:
    c = Company()
    one, two = c.hire(), c.hire()
    query = "frequency=Every%20other%20week&anchor_pay_date=2026-01-16&anchor_end_of_pay_period=2026-01-11"
    preview = c.get("/v1/companies/{c}/pay_schedules/preview", query)
    first = {
        "start_date": "2025-12-29",
        "end_date": "2026-01-11",
        "check_date": "2026-01-16",
        "run_payroll_by": "2026-01-14",
    }
    assert preview["pay_periods"][0] == first
    assert "2026-01-19" in preview["holidays"]
    body = {"frequency": "Monthly", "anchor_pay_date": "2026-01-30", "anchor_end_of_pay_period": "2026-01-31"}
    made = c.good("POST", "/v1/companies/{c}/pay_schedules", {**body, "custom_name": "By month"})
    path = f"/v1/companies/{{c}}/pay_schedules/{made['uuid']}"
    assert rewritten(c, path, {"custom_name": "Monthly, late"})["custom_name"] == "Monthly, late"
    odd = {**body, "anchor_end_of_pay_period": "2026-01-30"}
    c.refused(422, "POST", "/v1/companies/{c}/pay_schedules", odd)
    own = {"type": "by_employee", "employees": [{"employee_uuid": two, "pay_schedule_uuid": made["uuid"]}]}
    assigned = c.good("POST", "/v1/companies/{c}/pay_schedules/assign", own)
    assert c.get("/v1/companies/{c}/pay_schedules/assignments") == assigned
    assert {each["employee_uuid"]: each["pay_schedule_uuid"] for each in assigned["employees"]}[two] == made["uuid"]
    names = {each["uuid"]: each["name"] for each in c.get("/v1/companies/{c}/pay_schedules")}
    # By pay day, and those of one pay day by their first day.
    periods = c.get("/v1/companies/{c}/pay_periods", "end_date=2026-01-31")
    assert [(names[each["pay_schedule_uuid"]], each["end_date"]) for each in periods] == [
        ("Semimonthly", "2026-01-15"), ("Monthly, late", "2026-01-31"), ("Semimonthly", "2026-01-31"),
    ]  # fmt: skip
    assert {each.id for each in c.snapshot.employees} == {one, two}


def test_subscriptions_are_listed() -> None:
    c = Company()
    made = c.good("POST", "/v1/webhook_subscriptions", {"url": "https://a.test/x", "subscription_types": ["Payroll"]})
    assert c.get("/v1/webhook_subscriptions") == [made]
    assert c.get("/v1/webhook_subscriptions/" + made["uuid"]) == made
