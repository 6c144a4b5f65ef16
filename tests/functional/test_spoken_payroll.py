"""A payroll is spoken of by its month: run, approved, told as a register, corrected; figures are worked out by hand.

Ada has 60,000.00 a year in Texas, single: income tax 418.33 a month, Social Security 310.00, Medicare 72.50, net
4,199.17; the employer pays 310.00 + 72.50 + 30.00 FUTA + 135.00 to Texas = 547.50.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import HarnessError
from simharness.domain.finding import Finding
from simharness.stories import discovery
from simharness.stories.playing import Setting, play

EMPLOYEES = """
    - employees:
        - {name: Ada, cost_centres: CC-10, pay: USD 60000.00 a year, state: TX, schedule: Monthly, hired: 2026-01-01}
"""
REGISTER = """
    - payroll_register_for: 2026-01
      schedule: Monthly
      lines:
        - {employee: Ada, cost_centre: CC-10, state: TX, gross: USD 5000.00, employee_taxes: USD 800.83,
           net: USD 4199.17, employer_taxes: USD 547.50, benefits: USD 0.00, cheque_on: 2026-01-30}
"""


def findings(folder: Path, given: str, *blocks: str) -> list[Finding]:
    file = folder / "month.yaml"
    head = "story: A month\ndictionary: us-people\ntoday: 2026-01-05\nsteps:\n"
    file.write_text(f"{head}  - given:{given}" + "".join(f"  - {block}\n" for block in blocks), encoding="utf-8")
    (story,) = discovery.load([file])
    played = play(story, Setting(attachment=load_manifest(builtin_manifest())))
    return [finding for result in played.results for finding in result.findings]


APPROVED = "when: [{payroll_approved: 2026-01, on: 2026-01-26}, connector_finishes]"


def test_a_month_that_is_run_and_approved_is_posted(tmp_path: Path) -> None:
    claims = """then:
      - {net_pay_of: Ada, payroll: 2026-01, is: USD 4199.17}
      - {payroll_journal_equals_register: 2026-01, by: cost centre}
      - {every_journal_line_names: cost centre}
      - every_journal_balances
      - {year_to_date_of: Ada, shows: {gross: USD 5000.00, net: "*", us_medicare: USD 72.50}}"""
    assert findings(tmp_path, EMPLOYEES, "when: [{payroll_run_for: 2026-01}]", APPROVED, claims) == []


def test_a_register_that_payroll_comes_to_is_posted_when_it_is_approved(tmp_path: Path) -> None:
    claims = """then:
      - payroll_journal_of: 2026-01
        lines:
          - {account: 6000 Salaries and wages, cost_centre: CC-10, debit: USD 5000.00}
          - {account: 6010 Employer payroll taxes, cost_centre: CC-10, debit: USD 547.50}
          - {account: 2130 Payroll taxes due to the IRS, cost_centre: "", credit: USD 1213.33}
          - {account: 2140 Payroll taxes due to Texas, credit: "*"}
          - {account: 2100 Payroll clearing, debit: "", credit: USD 4199.17}"""
    assert findings(tmp_path, REGISTER, APPROVED, claims) == []


@pytest.mark.parametrize(
    ("told", "other", "what"),
    [
        (
            "USD 800.83",
            "USD 801.00",
            "'Ada' are USD 801.00 by the register and USD 800.83 by payroll",
        ),
        ("2026-01-30", "2026-01-29", "no period is paid on it"),
        ("benefits: USD 0.00", "pre_tax_deductions: USD 5.00", "nothing says what is taken from 'Ada'"),
        ("gross: USD 5000.00, ", "", "'Ada' is not employed yet"),
    ],
)
def test_a_register_that_payroll_does_not_come_to_is_refused(tmp_path: Path, told: str, other: str, what: str) -> None:
    with pytest.raises(HarnessError, match=what):
        findings(tmp_path, REGISTER.replace(told, other), "then: [every_journal_balances]", APPROVED)


def test_a_month_of_two_periods_of_pay_is_refused(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        EMPLOYEES.replace("Monthly", "Semimonthly"),
        "when: [{payroll_run_for: 2026-01}, connector_finishes]",
        "then: [{open_alerts: 0}]",
    )
    assert ["2 periods of pay end in it, paid on 2026-01-15, 2026-01-30" in each.message for each in found] == [True]


def test_a_run_is_of_the_schedule_by_which_everybody_is_paid(tmp_path: Path) -> None:
    """The company keeps five schedules; only the monthly one pays anybody."""
    run = "when: [{payroll_run: January}, {payroll_approved: January, on: 2026-01-26}, connector_finishes]"
    claims = "then: [{net_pay_of: Ada, payroll: January, is: USD 4199.17}]"
    assert findings(tmp_path, EMPLOYEES, run, claims) == []


def test_a_run_does_not_choose_among_the_schedules_by_which_people_are_paid(tmp_path: Path) -> None:
    other = "        - {name: Bob, cost_centres: CC-10, pay: USD 20.00 an hour, state: TX, schedule: Weekly}\n"
    found = findings(
        tmp_path, EMPLOYEES + other, "when: [{payroll_run: January}, connector_finishes]", "then: [{open_alerts: 0}]"
    )
    assert ["several schedules (Monthly, Weekly)" in each.message for each in found] == [True]


def test_a_run_that_is_corrected_before_anybody_posted_it_is_posted_once(tmp_path: Path) -> None:
    """66,000.00 a year: income tax 478.33, Social Security 341.00, Medicare 79.75, net 4,600.92."""
    rerun = """when:
      - {payroll_run_for: 2026-01, on: 2026-01-26}
      - {payroll_approved: 2026-01}
      - {payroll_rerun: 2026-01, corrections: [{employee: Ada, pay: USD 5500.00 a month}]}
      - connector_finishes"""
    claims = """then:
      - {net_pay_of: Ada, payroll: 2026-01, is: USD 4600.92}
      - {payroll_journal_equals_register: 2026-01, by: account}
      - {account: 6000 Salaries and wages, holds: USD 5500.00}"""
    assert findings(tmp_path, EMPLOYEES, rerun, claims) == []


def test_a_run_that_is_corrected_after_it_was_posted_is_taken_back_and_posted_anew(tmp_path: Path) -> None:
    """Nobody looks between the two: the connector has to see that what is processed is not what it posted."""
    run = "when: [{payroll_run_for: 2026-01, on: 2026-01-26}, {payroll_approved: 2026-01}, connector_finishes]"
    first = "then: [{account: 6000 Salaries and wages, holds: USD 5000.00}]"
    rerun = """when:
      - {payroll_rerun: 2026-01, corrections: [{employee: Ada, pay: USD 5500.00 a month}], on: 2026-01-27}
      - connector_finishes
      - {connector_finishes, on: 2026-02-02}"""
    claims = """then:
      - {payroll_journal_equals_register: 2026-01, by: account}
      - {account: 6000 Salaries and wages, holds: USD 5500.00}
      - {account: 2100 Payroll clearing, holds: USD 0.00}
      - {reconciles: [payroll_to_journals, payroll_to_bank]}"""
    assert findings(tmp_path, EMPLOYEES, run, first, rerun, claims) == []


def test_a_run_under_a_name_is_meant_by_its_month_and_one_beside_the_schedule_by_its_name(tmp_path: Path) -> None:
    """The bonus of 500.00 bears 22 %, 31.00 and 7.25: net 351.75."""
    runs = """when:
      - {payroll_run: First, schedule: Monthly, on: 2026-01-23}
      - {payroll_cancelled: First}
      - {payroll_run: Second, schedule: Monthly}
      - {payroll_approved: 2026-01}
      - {off_cycle_pays: USD 500.00, to: Ada, cheque_on: 2026-01-29, because: bonus, as: Bonus}
      - {payroll_approved: Bonus}
      - connector_finishes"""
    claims = """then:
      - {net_pay_of: Ada, payroll: 2026-01, is: USD 4199.17}
      - {net_pay_of: Ada, payroll: Bonus, is: USD 351.75}"""
    back = "when: [{payroll_reversed: Bonus, on: 2026-01-30}, connector_finishes]"
    gone = "then: [{year_to_date_of: Ada, shows: {gross: USD 5000.00, bonus: USD 0.00}}]"
    assert findings(tmp_path, EMPLOYEES, runs, claims, back, gone) == []


def test_a_month_of_two_runs_beside_the_schedule_asks_for_a_name(tmp_path: Path) -> None:
    runs = """when:
      - {off_cycle_pays: USD 500.00, to: Ada, cheque_on: 2026-01-29, because: bonus}
      - {off_cycle_pays: USD 600.00, to: Ada, cheque_on: 2026-01-29, because: correction}
      - {payroll_approved: 2026-01}
      - connector_finishes"""
    found = findings(tmp_path, EMPLOYEES, runs, "then: [{open_alerts: 0}]")
    assert [each.check for each in found] == ["payroll.approved"]
    assert "2026-01 has several payrolls: 'bonus of Ada on 2026-01-29', " in found[0].message


def test_a_run_that_was_collected_is_not_run_again(tmp_path: Path) -> None:
    rerun = """when:
      - {payroll_run_for: 2026-01, on: 2026-01-26}
      - {payroll_approved: 2026-01}
      - {payroll_rerun: 2026-01, corrections: [{employee: Ada, pay: USD 5500.00 a month}], on: 2026-01-29,
         refused: had to be there by}
      - connector_finishes"""
    claims = "then: [{net_pay_of: Ada, payroll: 2026-01, is: USD 4199.17}]"
    assert findings(tmp_path, EMPLOYEES, rerun, claims) == []
