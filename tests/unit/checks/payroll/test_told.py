"""What a story told becomes one person with his steps: who is in which run, whose cost he is, what stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from simharness.checks.payroll import Deductions, OffCycle, Placed, Regular, TakenBack
from simharness.checks.payroll.told import told_people
from simharness.domain.payroll_facts import (
    DeductionsSet,
    EarningTypeKept,
    EmployeeTransferred,
    PayrollCancelled,
    PayrollReversed,
)
from simharness.domain.payroll_terms import SchedulePolicy
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p

D = Decimal


def steps(employee: str, kind: type, *facts: Any, **policy: Any) -> list[Any]:
    return [step for step in told_people(facts, p.policy(**policy))[employee].steps if isinstance(step, kind)]


def test_a_regular_run_pays_its_schedule_and_no_name_is_the_first_there_is() -> None:
    weekly = SchedulePolicy(
        name="Weekly", frequency="weekly", anchor_end=b.day("2025-01-05"), anchor_pay=b.day("2025-01-10")
    )
    told = (
        p.hired(1, "Ada", "e1", "60000.00", schedule=""), p.hired(2, "Bob", "e2", "36000.00", schedule="Weekly"),
        p.calculated(schedule=""), p.approved(),
    )  # fmt: skip
    schedules = (*p.policy().schedules, weekly)
    assert [run.run for run in steps("e1", Regular, *told, schedules=schedules)] == ["r1"]
    assert steps("e2", Regular, *told, schedules=schedules) == []
    assert told_people(told, p.policy(schedules=schedules))["e2"].person.schedule == "weekly"


def test_a_run_that_nobody_approved_or_that_was_cancelled_paid_nobody() -> None:
    ada = p.hired(1, "Ada", "e1", "60000.00")
    cancelled = PayrollCancelled(**b.mark(6, "payroll.cancelled", "2025-01-27"), payroll="January", payroll_id="r1")
    assert steps("e1", Regular, ada, p.calculated()) == []
    assert steps("e1", Regular, ada, p.calculated(), p.approved(), cancelled) == []
    again = (p.calculated(step=7), p.approved(step=8))
    assert len(steps("e1", Regular, ada, p.calculated(), p.approved(), cancelled, *again)) == 1


def test_an_off_cycle_run_pays_one_employee_and_may_correct_days() -> None:
    january = (b.day("2025-01-01"), b.day("2025-01-31"))
    run = p.calculated(
        kind="off_cycle", employee="Ada", employee_id="e1", code="retro", amount=b.usd("100.00"), supplemental="",
        corrects=january,
    )  # fmt: skip
    told = (p.hired(1, "Ada", "e1", "60000.00"), p.hired(2, "Bob", "e2", "36000.00"), run, p.approved())
    (step,) = steps("e1", OffCycle, *told)
    assert (step.items, step.supplemental, step.corrects) == ((("retro", D(100)),), "flat", january)
    assert steps("e2", OffCycle, *told) == []


def test_a_reversal_without_names_is_everybodys() -> None:
    people = (p.hired(1, "Ada", "e1", "60000.00"), p.hired(2, "Bob", "e2", "36000.00"))
    back = PayrollReversed(
        **b.mark(9, "payroll.reversed", "2025-02-03"), payroll="Back", payroll_id="r2", reverses="r1", reason="",
        net_debit=b.usd("0.00"), tax_debit=b.usd("0.00"), debit_on=b.day("2025-02-03"), reference="2A",
    )  # fmt: skip
    assert [steps(each, TakenBack, *people, back) for each in ("e1", "e2")] == [[TakenBack(run="r1")]] * 2
    assert steps("e2", TakenBack, *people, replace(back, employee_ids=("e1",))) == []


def test_a_department_is_a_cost_of_its_centre_unless_shares_are_stated() -> None:
    moved = EmployeeTransferred(
        **b.mark(2, "payroll.transferred", "2025-01-10"), employee="Ada", employee_id="e1", department="Delivery",
        from_day=b.day("2025-01-16"),
    )  # fmt: skip
    halves = (("CC-10", D("0.5")), ("CC-30", D("0.5")))
    told = (p.hired(1, "Ada", "e1", "60000.00"), moved, replace(moved, step=3, splits=halves))
    shares = [step.shares for step in steps("e1", Placed, *told)]
    assert shares == [(("CC-10", D(1)),), (("CC-30", D(1)),), halves]


def test_what_the_employer_adds_is_called_by_the_plan_where_nobody_calls_it_otherwise() -> None:
    def added(**changes: Any) -> str:
        spec = replace(p.PLAN, employer_code="", **changes)
        told = DeductionsSet(**b.mark(2, "d", "2025-01-02"), employee="Ada", employee_id="e1", deductions=(spec,))
        (step,) = steps("e1", Deductions, p.hired(1, "Ada", "e1", "60000.00"), told)
        return str(step.specs[0].employer_code)

    assert added() == "employer_401k_match"
    assert added(code="section_125") == "employer_health"
    assert added(code="post_tax") == "employer_post_tax"
    assert added(match_percent=None) == ""


def test_earnings_of_the_companys_own_are_known_of_everybody() -> None:
    kept = EarningTypeKept(**b.mark(2, "k", "2025-01-02"), code="relocation", name="Relocation")
    person = told_people((p.hired(1, "Ada", "e1", "60000.00"), kept), p.policy())["e1"].person
    assert person.kept == {"relocation"}
