"""Payrolls are listed, filled in, calculated, processed and taken back as Gusto does it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simharness.domain import people
from simharness.domain.acts import ActRefused
from simharness.domain.events import PayrollCancelled, PayrollProcessed
from simharness_fakes.gusto.wire.forms import reference
from tests.fakes.gusto.company import Company, usd

LIST = "/v1/companies/{c}/payrolls"
ALL = "processing_statuses=processed,unprocessed&payroll_types=regular,off_cycle"


def ready(c: Company) -> str:
    """The id of the next payroll, prepared."""
    first = c.get(LIST, "processing_statuses=unprocessed")[0]
    return str(c.good("PUT", f"{LIST}/{first['uuid']}/prepare")["uuid"])


def finished(c: Company, payroll: str) -> dict[str, object]:
    c.clock.advance(timedelta(seconds=5))
    found: dict[str, object] = c.get(f"{LIST}/{payroll}", "include=taxes,benefits,deductions")
    return found


def test_a_list_has_processed_regular_payrolls_unless_more_is_asked_for() -> None:
    c = Company()
    employee = c.hire()
    done = c.ran()
    c.ran(people.OffCyclePayroll(employee_id=employee, amount=usd(100), cheque_on=date(2026, 1, 9)))
    assert [each["uuid"] for each in c.get(LIST)] == [done.payroll_id]
    assert "totals" not in c.get(LIST)[0]
    assert "totals" in c.get(LIST, "include=totals")[0]
    days = [each["check_date"] for each in c.get(LIST, f"{ALL}&end_date=2026-02-15")]
    assert days == ["2026-01-09", "2026-01-15", "2026-01-30", "2026-02-13"]
    assert c.get(LIST, f"{ALL}&end_date=2026-02-15&sort_order=desc")[0]["check_date"] == "2026-02-13"
    c.refused(422, "GET", LIST, query="end_date=2026-06-01")
    c.refused(422, "GET", LIST, query="start_date=2024-01-01")


def test_pages_say_how_many_there_are() -> None:
    c = Company()
    for _ in range(3):
        c.hire()
    response = c.ask("GET", "/v1/companies/{c}/employees", query="page=2&per=2")
    told = {name: response.headers[name] for name in ("x-page", "x-per-page", "x-total-count", "x-total-pages")}
    assert told == {"x-page": "2", "x-per-page": "2", "x-total-count": "3", "x-total-pages": "2"}
    assert len(c.get("/v1/companies/{c}/employees")) == 3


def test_a_payroll_that_nobody_touched_keeps_its_id() -> None:
    c = Company()
    c.hire()
    first = c.get(LIST, "processing_statuses=unprocessed")[0]
    assert c.snapshot.payrolls == ()
    assert c.ran().payroll_id == first["uuid"]


def test_the_world_is_told_once_what_a_submitted_payroll_asks_of_the_bank() -> None:
    c = Company()
    c.hire()
    payroll = ready(c)
    assert c.ask("PUT", f"{LIST}/{payroll}/calculate").status == 202
    assert finished(c, payroll)["calculated_at"] == "2026-01-05T17:00:05Z"
    assert c.ask("PUT", f"{LIST}/{payroll}/submit", {}).status == 202
    assert c.announced == []
    shown = finished(c, payroll)
    (event,) = c.announced
    assert isinstance(event, PayrollProcessed)
    assert (event.payroll_id, event.reference) == (payroll, reference(payroll))
    assert event.reference == payroll.replace("-", "")[:8].upper()
    totals = shown["totals"]
    assert isinstance(totals, dict)
    assert (str(event.net_debit.amount), str(event.tax_debit.amount)) == (totals["net_pay_debit"], totals["tax_debit"])
    c.refused(422, "PUT", f"{LIST}/{payroll}/submit", {})


def test_a_payroll_is_cancelled_before_the_debit_and_not_after_it() -> None:
    c = Company()
    c.hire()
    done = c.ran()
    assert c.good("PUT", f"{LIST}/{done.payroll_id}/cancel")["processed"] is False
    assert c.announced == [PayrollCancelled(payroll_id=done.payroll_id)]
    assert c.run_of(people.RunPayroll()) == done.payroll_id
    c.do(people.ApprovePayroll(payroll_id=done.payroll_id))
    c.clock.advance(timedelta(days=8))
    assert done.debit_on == c.fake.today
    c.refused(422, "PUT", f"{LIST}/{done.payroll_id}/cancel")


def test_people_cancel_a_payroll_too_and_a_wrong_one_is_run_again() -> None:
    c = Company()
    employee = c.hire()
    done = c.ran()
    assert c.do(people.CancelPayroll(payroll_id=done.payroll_id)) == PayrollCancelled(payroll_id=done.payroll_id)
    assert c.get(f"{LIST}/{done.payroll_id}")["processed"] is False
    c.do(people.ChangePay(employee_id=employee, from_day=date(2026, 1, 1), salary=usd(120000)))
    assert c.run_of(people.RunPayroll()) == done.payroll_id
    again = c.do(people.ApprovePayroll(payroll_id=done.payroll_id))
    assert isinstance(again, PayrollProcessed)
    assert again.net_debit != done.net_debit


def test_what_cannot_be_calculated_says_why() -> None:
    c = Company()
    employee = c.hire(state="")
    payroll = ready(c)
    c.good("PUT", f"{LIST}/{payroll}/calculate")
    request = finished(c, payroll)["processing_request"]
    assert isinstance(request, dict)
    assert (request["status"], request["errors"][0]["category"]) == ("processing_failed", "missing_work_address")
    assert [each["key"] for each in c.get("/v1/companies/{c}/payrolls/blockers")] == ["missing_addresses"]
    place = c.good(
        "POST", "/v1/companies/{c}/locations",
        {"phone_number": "5551234567", "street_1": "1 Main", "city": "Austin", "state": "TX", "zip": "78701"},
    )  # fmt: skip
    c.good("POST", f"/v1/employees/{employee}/work_addresses", {"location_uuid": place["uuid"]})
    c.good("PUT", f"{LIST}/{payroll}/calculate")
    assert finished(c, payroll)["calculated_at"] is not None


def test_a_state_without_its_table_is_named() -> None:
    c = Company()
    c.hire(state="NY")
    payroll = ready(c)
    c.good("PUT", f"{LIST}/{payroll}/calculate")
    request = finished(c, payroll)["processing_request"]
    assert isinstance(request, dict)
    assert request["errors"][0]["category"] == "unsupported_jurisdiction"
    assert "us_ny" in request["errors"][0]["message"]


def test_a_department_whose_cost_nobody_bears_is_paid_all_the_same() -> None:
    c = Company()
    c.hire("Support")
    assert c.ran().net_debit.amount > 0


def test_cost_centres_that_no_department_bears_are_refused() -> None:
    c = Company()
    with pytest.raises(ActRefused, match="CC-99"):
        c.hire(splits=(("CC-99", 1),))
    assert c.snapshot.employees == ()


def test_a_stale_part_changes_nothing() -> None:
    for status in (409, 422):
        c = Company(options={"stale_payroll_status": str(status)})
        employee = c.hire()
        payroll = ready(c)
        part = {"employee_uuid": employee, "version": "0" * 32, "excluded": True}
        told = c.refused(status, "PUT", f"{LIST}/{payroll}", {"employee_compensations": [part]})
        assert told["category"] == "invalid_resource_version"
        assert c.get(f"{LIST}/{payroll}")["employee_compensations"][0]["excluded"] is False


def test_only_what_is_changed_gets_another_version() -> None:
    c = Company()
    one, two = c.hire(), c.hire()
    payroll = ready(c)
    before = {each["employee_uuid"]: each for each in c.get(f"{LIST}/{payroll}")["employee_compensations"]}
    part = {"employee_uuid": one, "version": before[one]["version"]}
    bonus = {**part, "fixed_compensations": [{"name": "Bonus", "amount": "100.00"}]}
    after = c.good("PUT", f"{LIST}/{payroll}", {"employee_compensations": [bonus]})["employee_compensations"]
    versions = {each["employee_uuid"]: each["version"] for each in after}
    assert versions[one] != before[one]["version"]
    assert versions[two] == before[two]["version"]
    back = {**part, "version": versions[one], "fixed_compensations": [{"name": "Bonus", "amount": "0.00"}]}
    again = c.good("PUT", f"{LIST}/{payroll}", {"employee_compensations": [back]})["employee_compensations"]
    assert again[0]["version"] == before[one]["version"]


def test_a_payroll_is_prepared_before_it_is_filled_in_and_open_again_after() -> None:
    c = Company()
    employee = c.hire()
    drafted = c.run_of(people.RunPayroll())
    part = {"employee_uuid": employee, "version": "x"}
    c.refused(422, "PUT", f"{LIST}/{drafted}", {"employee_compensations": [part]})
    assert c.get(f"{LIST}/{drafted}")["calculated_at"] is not None
    assert c.good("PUT", f"{LIST}/{drafted}/prepare")["calculated_at"] is None


def test_preparing_a_late_payroll_moves_its_pay_day() -> None:
    c = Company()
    c.hire()
    payroll = c.get(LIST, "processing_statuses=unprocessed")[0]["uuid"]
    c.clock.advance(timedelta(days=11))  # Friday the 16th: the debit for the 15th was due on the 13th
    c.refused(422, "PUT", f"{LIST}/{payroll}/submit", {})
    moved = c.good("PUT", f"{LIST}/{payroll}/prepare")
    # Monday the 19th is a holiday: two business days after the 16th is the 21st.
    assert (moved["check_date"], moved["payroll_deadline"]) == ("2026-01-21", "2026-01-17T00:00:00Z")


def test_a_skipped_period_is_never_paid() -> None:
    c = Company()
    c.hire()
    first, second = c.get(LIST, "processing_statuses=unprocessed&end_date=2026-01-31")
    body = {"payroll_type": "Regular", "start_date": "2026-01-01", "end_date": "2026-01-15"}
    assert c.ask("POST", "/v1/companies/{c}/payrolls/skip", body).status == 202
    left = c.get(LIST, "processing_statuses=unprocessed&end_date=2026-01-31")
    assert [each["uuid"] for each in left] == [second["uuid"]]
    c.refused(404, "GET", f"{LIST}/{first['uuid']}")


def test_what_is_grossed_up_pays_the_wanted_net() -> None:
    c = Company()
    employee = c.hire()
    made = c.good(
        "POST", LIST,
        {
            "off_cycle": True, "off_cycle_reason": "Bonus", "start_date": "2026-01-05", "end_date": "2026-01-05",
            "employee_uuids": [employee], "skip_regular_deductions": True,
        },
    )  # fmt: skip
    payroll = made["uuid"]
    wanted = {"employee_uuid": employee, "net_pay": "500.00"}
    gross = c.good("POST", f"/v1/payrolls/{payroll}/gross_up", wanted)["gross_up"]
    part = c.good("PUT", f"{LIST}/{payroll}/prepare")["employee_compensations"][0]
    entered = {
        "employee_uuid": employee,
        "version": part["version"],
        "fixed_compensations": [{"name": "Bonus", "amount": gross}],
    }
    c.good("PUT", f"{LIST}/{payroll}", {"employee_compensations": [entered]})
    c.good("PUT", f"{LIST}/{payroll}/submit", {})
    finished(c, payroll)
    assert c.get(f"{LIST}/{payroll}")["employee_compensations"][0]["net_pay"] == 500


def test_an_earning_type_of_the_company_may_be_paid_until_it_is_deleted() -> None:
    c = Company()
    employee = c.hire()
    kind = c.good("POST", "/v1/companies/{c}/earning_types", {"name": "Referral"})
    c.refused(422, "POST", "/v1/companies/{c}/earning_types", {"name": "referral"})
    payroll = ready(c)
    part = c.get(f"{LIST}/{payroll}")["employee_compensations"][0]
    entered = {
        "employee_uuid": employee, "version": part["version"],
        "fixed_compensations": [{"name": "Referral", "amount": "10.00"}],
    }  # fmt: skip
    updated = c.good("PUT", f"{LIST}/{payroll}", {"employee_compensations": [entered]})
    version = updated["employee_compensations"][0]["version"]
    assert c.ask("DELETE", f"/v1/companies/{{c}}/earning_types/{kind['uuid']}").status == 204
    told = c.refused(422, "PUT", f"{LIST}/{payroll}", {"employee_compensations": [{**entered, "version": version}]})
    assert told["error_key"] == "employee_compensations.0.fixed_compensations.0.name"


def test_a_reversal_is_listed_with_whom_it_concerns() -> None:
    c = Company()
    one, _ = c.hire(), c.hire()
    done = c.ran()
    back = c.run_of(people.ReversePayroll(payroll_id=done.payroll_id, employee_ids=(one,), reason="Paid twice"))
    (found,) = c.get("/v1/companies/{c}/payroll_reversals")
    assert found["reversed_payroll_uuid"] == done.payroll_id
    assert (found["reversed_employee_uuids"], found["reason"]) == ([one], "Paid twice")
    receipt = c.get(f"/v1/payrolls/{back}/receipt")
    assert receipt["totals"]["net_pay_debit"].startswith("-")


def test_reimbursements_and_cheques_are_told_beside_net_pay() -> None:
    c = Company()
    employee, other = c.hire(), c.hire(method="check")
    payroll = ready(c)
    parts = {each["employee_uuid"]: each["version"] for each in c.get(f"{LIST}/{payroll}")["employee_compensations"]}
    back = [{"name": "Reimbursement", "amount": "50.00"}]
    entered = [
        {"employee_uuid": each, "version": parts[each], "fixed_compensations": back} for each in (employee, other)
    ]
    c.good("PUT", f"{LIST}/{payroll}", {"employee_compensations": entered})
    c.good("PUT", f"{LIST}/{payroll}/submit", {})
    totals = finished(c, payroll)["totals"]
    assert isinstance(totals, dict)
    assert (totals["reimbursement_debit"], totals["reimbursements"]) == ("50.00", "100.00")
    (event,) = c.announced
    assert isinstance(event, PayrollProcessed)
    # The bank sees one debit: net pay and what is reimbursed with it.
    assert event.net_debit == usd(totals["net_pay_debit"]) + usd(50)
    numbered = c.good(
        "POST", f"/v1/payrolls/{payroll}/generated_documents/printable_payroll_checks",
        {"printing_format": "top", "starting_check_number": 900},
    )  # fmt: skip
    assert numbered["employee_check_number_mapping"] == [{"employee_uuid": other, "check_number": 900}]


def test_what_is_approved_on_two_ways_is_processed_once() -> None:
    c = Company()
    c.hire()
    payroll = c.run_of(people.RunPayroll())
    assert c.ask("PUT", f"{LIST}/{payroll}/submit", {}).status == 202
    c.do(people.ApprovePayroll(payroll_id=payroll))
    assert finished(c, payroll)["processing_request"] == {"status": "submit_success", "errors": []}
    assert c.announced == []
    assert [each.status for each in c.snapshot.payrolls] == ["processed"]


def test_what_was_done_early_does_not_hurry_what_comes_after_it() -> None:
    c = Company()
    c.hire()
    payroll = ready(c)
    c.good("PUT", f"{LIST}/{payroll}/calculate")
    for _ in range(2):
        c.get(f"{LIST}/{payroll}")
    c.clock.advance(timedelta(seconds=3))
    c.good("PUT", f"{LIST}/{payroll}/submit", {})
    c.clock.advance(timedelta(seconds=4))
    assert c.announced == []
    c.clock.advance(timedelta(seconds=1))
    assert [type(each) for each in c.announced] == [PayrollProcessed]
