"""What a story says of people and their pay: what makes no sense is refused with its line, and names must be known."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.stories import discovery
from simharness.stories.vocabulary.staff import deductions
from tests.unit.stories import company

PAYROLL = """\
payroll:
  schedules: [{name: Weekly, frequency: weekly, anchor_end: 2026-01-11, anchor_pay: 2026-01-16}]
  departments: [{department: Sales, cost_centre: CC-10}, {department: Support}]
  accounts: [{kind: earning, expense: "4010"}]
  clearing: "2200"
  cheques: "2200"
"""
STORY = """\
story: A week
dictionary: tiny
today: 2026-01-05
given:
  - {employee: Ada, department: Sales, state: TX, salary: USD 52000.00, schedule: Weekly}
when:
  - {payroll_run: First week, schedule: Weekly, cheque_on: 2026-01-16}
  - {payroll_approved: First week, by: Grace}
  - connector_finishes
then:
  - {net_pay_of: Ada, payroll: First week, is: USD 1.00}
"""
BONUS = "off_cycle: B, pays: USD 1.00, to: Ada, cheque_on: 2026-01-20"
ACTS = {
    "employee without pay": ("{employee: Bob, department: Sales}", "either a salary a year or an hourly wage"),
    "employee paid twice": (
        "{employee: Bob, department: Sales, salary: USD 1.00, hourly: USD 1.00}", "either a salary a year",
    ),
    "employee for nothing": ("{employee: Bob, department: Sales, hourly: USD 0.00}", "must be more than zero"),
    "employee twice": ("{employee: Ada, department: Sales, hourly: USD 9.00}", "'Ada' is named twice"),
    "unknown department": ("{employee: Bob, department: Sale, hourly: USD 9.00}", "unknown department 'Sale'"),
    "unknown schedule": (
        "{employee: Bob, department: Sales, hourly: USD 9.00, schedule: Monthly}", "unknown pay schedule 'Monthly'",
    ),
    "splits that are no whole": (
        "{employee: Bob, department: Sales, hourly: USD 9.00, splits: {CC-10: 90%}}", "90 % together",
    ),
    "state in full": ("{employee: Bob, department: Sales, hourly: USD 9.00, state: Texas}", "not two capital letters"),
    "unknown filing status": (
        "{employee: Bob, department: Sales, hourly: USD 9.00, filing_status: married}", "is no filing status",
    ),
    "unknown employee": ("{pay_changed: Bob, salary: USD 1.00}", "no employee 'Bob' exists"),
    "raise to nothing": ("{pay_changed: Ada, salary: USD 0.00}", "must be more than zero"),
    "transfer to nowhere": ("{transferred: Ada, to: Nowhere}", "unknown department 'Nowhere'"),
    "deduction of nothing": ("{deductions_of: Ada, take: [{code: hsa, payee: A}]}", "takes nothing"),
    "deduction of two things": (
        "{deductions_of: Ada, take: [{code: hsa, payee: A, amount: USD 1.00, percent: 1%}]}", "not both",
    ),
    "deduction for nobody": ("{deductions_of: Ada, take: [{code: hsa, amount: USD 1.00}]}", "has no payee"),
    "unknown deduction": ("{deductions_of: Ada, take: [{code: has, payee: A, amount: USD 1.00}]}", "is no deduction"),
    "a day of 25 hours": ("{hours_of: Ada, hours: {2026-01-06: 25}}", "2026-01-06 has 24 hours"),
    "earning of the house": ("{earning_type: bonus, name: Bonus}", "'bonus' is named twice"),
    "unknown earning": (
        "{off_cycle: B, pays: USD 1.00, to: Ada, cheque_on: 2026-01-20, code: bonsu}", "no earning type 'bonsu'",
    ),
    "bonus of nothing": ("{off_cycle: B, pays: USD 0.00, to: Ada, cheque_on: 2026-01-20}", "must be more than zero"),
    "half a service in short words": (
        "{off_cycle_pays: USD 1.00, to: Ada, cheque_on: 2026-01-20, service_to: 2026-01-01}", "give both",
    ),
    "half a service": (
        f"{{{BONUS}, service_from: 2026-01-01}}", "give both",
    ),
    "service that ends first": (
        f"{{{BONUS}, service_from: 2026-01-02, service_to: 2026-01-01}}",
        "before it begins",
    ),
    "run twice": ("{payroll_run: First week}", "'First week' is named twice"),
    "unknown run": ("{payroll_approved: Second week}", "no payroll 'Second week' exists"),
    "reversal of nothing": ("{payroll_reversed: Second week}", "no payroll 'Second week'"),
    "raise said twice": ("{pay_changed: Ada, to: USD 9.00, a: hour, hourly: USD 9.00}", "pay is said once"),
    "raise for another time": ("{pay_changed: Ada, to: USD 9.00, a: week}", "is no time that pay is for"),
    "raise to less than nothing": ("{pay_changed: Ada, to: USD -9.00, a: hour}", "must be more than zero"),
    "off-cycle pay of nothing": ("{off_cycle_pays: USD 0.00, to: Ada, cheque_on: 2026-01-20}", "more than zero"),
    "run of a day": ("{payroll_run_for: 2026-01-16}", "is a day, not a month"),
    "register of somebody twice": (
        "{payroll_register_for: 2026-02, lines: [{employee: Ada, net: USD 1}, {employee: Ada, net: USD 1}]}",
        "stands in the register twice",
    ),
    "register of nothing": ("{payroll_register_for: 2026-02, lines: [{employee: Ada}]}", "nothing is told of 'Ada'"),
    "correction of nothing": ("{payroll_rerun: First week, corrections: [{employee: Ada}]}", "nothing is corrected"),
    "correction to nothing": (
        "{payroll_rerun: First week, corrections: [{employee: Ada, pay: USD 0.00 a year}]}", "more than zero",
    ),
    "correction for no time": (
        "{payroll_rerun: First week, corrections: [{employee: Ada, pay: USD 9.00}]}", "is no pay",
    ),
    "remittance of nothing": ("{company_remits: USD 0.00, payee: A}", "must be more than zero"),
    "cheque of nobody": ("{pay_cheque_cashed: Bob, payroll: First week}", "no employee 'Bob'"),
}  # fmt: skip
PEOPLE = {
    "nobody's": ("{name: Bob, pay: USD 9.00 an hour}", "works for nobody"),
    "pay without time": ("{name: Bob, cost_centres: CC-10, pay: USD 9.00}", "is no pay"),
    "shares without percentages": ("{name: Bob, cost_centres: 'CC-10, CC-20', pay: USD 9 an hour}", "has no share"),
    "shares that are no whole": ("{name: Bob, cost_centres: CC-10 90%, pay: USD 9 an hour}", "90 % together"),
    "unknown cost centre": ("{name: Bob, cost_centres: CC-99, pay: USD 9 an hour}", "unknown cost centre 'CC-99'"),
    "deduction in other words": (
        "{name: Bob, cost_centres: CC-10, pay: USD 9 an hour, deductions: a bit}", "'a bit' is no deduction",
    ),
    "unknown deduction": (
        "{name: Bob, cost_centres: CC-10, pay: USD 9 an hour, deductions: has 5% to Fidelity}", "'has' is no deduction",
    ),
    "deduction for nobody": (
        "{name: Bob, cost_centres: CC-10, pay: USD 9 an hour, deductions: hsa USD 5.00}", "has no payee",
    ),
}  # fmt: skip
CLAIMS = {
    "unknown summary": ("{payroll_journal_equals_register: First week, by: employee}", "is no summary of a register"),
    "month of no payroll": ("{net_pay_of: Ada, payroll: 2026-13, is: USD 1.00}", "no payroll '2026-13'"),
    "unknown kind": ("{register_of: First week, shows: [{kind: wages, is: USD 1.00}]}", "is no kind of line"),
    "net of a cost centre": (
        "{register_of: First week, shows: [{kind: net, cost_centre: CC-10, is: USD 1.00}]}", "nobody's cost",
    ),
    "journal of nothing": ("{payroll_journal_of: First week}", "say which lines"),
    "journal that is none": (
        "{payroll_journal_of: First week, posts_nothing: true, dated: 2026-01-11}", "leave dated out",
    ),
    "journal that does not balance": (
        "{payroll_journal_of: First week, lines: [{account: 4010, debit: USD 5}, {account: 2200, credit: USD 4}]}",
        "they must be equal",
    ),
    "unknown employee": ("{year_to_date_of: Bob, year: 2026, shows: {gross: USD 1.00}}", "no employee 'Bob'"),
    "amount without currency": ("{net_pay_of: Ada, payroll: First week, is: 1.00}", "has no currency"),
}  # fmt: skip


def problems(root: Path, story: str) -> list[str]:
    return [each.what for each in company.problems(root, story, company.DICTIONARY + PAYROLL)]


def test_the_story_itself_is_right(tmp_path: Path) -> None:
    assert problems(tmp_path, STORY) == []


def test_a_company_without_payroll_is_told_where_there_is_one(tmp_path: Path) -> None:
    wrong = company.problems(tmp_path, STORY, company.DICTIONARY)
    assert {each.what.partition(" in the dictionary")[0] for each in wrong} == {
        "unknown department 'Sales'",
        "unknown pay schedule 'Weekly'",
    }
    assert all("take a dictionary that has one" in (each.mend or "") for each in wrong)


@pytest.mark.parametrize(("step", "what"), ACTS.values(), ids=ACTS.keys())
def test_an_act_that_makes_no_sense_is_refused(tmp_path: Path, step: str, what: str) -> None:
    (problem,) = problems(tmp_path, STORY.replace("  - connector", f"  - {step}\n  - connector"))
    assert what in problem


@pytest.mark.parametrize(("row", "what"), PEOPLE.values(), ids=PEOPLE.keys())
def test_a_row_of_employees_that_makes_no_sense_is_refused(tmp_path: Path, row: str, what: str) -> None:
    (problem,) = problems(tmp_path, STORY.replace("when:", f"  - {{employees: [{row}]}}\nwhen:"))
    assert what in problem


def test_what_is_taken_may_have_a_name_of_its_own() -> None:
    named, plain = deductions('retirement 401k "401(k)" 5% to Lone Star Retirement, section 125 USD 100.00 to Hill')
    assert (named.code, named.name, named.payee) == ("retirement_401k", "401(k)", "Lone Star Retirement")
    assert (plain.code, plain.name, plain.payee) == ("section_125", "", "Hill")


def test_a_month_names_its_payroll(tmp_path: Path) -> None:
    assert problems(tmp_path, STORY.replace("payroll: First week", "payroll: 2026-01")) == []


@pytest.mark.parametrize(("step", "what"), CLAIMS.values(), ids=CLAIMS.keys())
def test_a_claim_that_cannot_be_judged_is_refused(tmp_path: Path, step: str, what: str) -> None:
    (problem,) = problems(tmp_path, f"{STORY}  - {step}\n")
    assert what in problem


@pytest.mark.parametrize(("payroll", "vendor"), [("", None), (PAYROLL, "gusto")])
def test_payroll_is_in_the_world_of_a_company_that_says_how_it_pays(
    tmp_path: Path, payroll: str, vendor: str | None
) -> None:
    root = company.folder(tmp_path, company.STORY, company.DICTIONARY + payroll)
    (story,) = discovery.load([root])
    assert story.systems.get("payroll") == vendor
    assert story.systems["banking"] == "plaid"
    assert dict(story.stack) == {}
