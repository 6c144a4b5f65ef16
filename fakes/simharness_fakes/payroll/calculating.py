"""From a run to its cheques: what each employee is given, gathered from masters, time sheets and the year to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from simharness_fakes.payroll import cheques, earnings, retro, splits
from simharness_fakes.payroll.accumulators import Cheque
from simharness_fakes.payroll.authority import State as StateTables
from simharness_fakes.payroll.basis import Given
from simharness_fakes.payroll.deductions import GARNISHMENT
from simharness_fakes.payroll.earnings import REIMBURSEMENT, Earnings, PayItem
from simharness_fakes.payroll.employees import Employee
from simharness_fakes.payroll.refusals import Refusal, WithoutState
from simharness_fakes.payroll.runs import REGULAR, Run
from simharness_fakes.payroll.state import State


def of_run(state: State, run: Run) -> tuple[Cheque, ...]:
    """The cheques of a run, in the order in which people were hired into the system; who earned nothing has none."""
    return _made(state, run, lambda: state.new_id("cheque"))


def tried(state: State, run: Run) -> tuple[Cheque, ...]:
    """The same cheques without ids, for somebody who only wants to know."""
    return _made(state, run, str)


def _made(state: State, run: Run, new_id: Callable[[], str]) -> tuple[Cheque, ...]:
    entered: dict[str, list[PayItem]] = {}
    for item in run.items:
        earnings.checked_code(item.code, state.types)
        state.employee(item.employee)
        entered.setdefault(item.employee, []).append(item)
    made = (_cheque(state, run, each, entered.get(each.id, []), new_id) for each in paid_by(state, run))
    return tuple(each for each in made if each is not None)


def blockers(state: State, run: Run) -> tuple[tuple[str, Refusal], ...]:
    """Why a run cannot be calculated: each employee whose cheque would be refused, with the reason."""
    found: list[tuple[str, Refusal]] = []
    for each in paid_by(state, run):
        try:
            _cheque(state, run, each, [item for item in run.items if item.employee == each.id], str)
        except Refusal as refused:
            found.append((each.id, refused))
    return tuple(found)


def paid_by(state: State, run: Run) -> list[Employee]:
    """Whom a run pays: a regular one all of its schedule who were there in its period, any other those it names."""
    if run.kind != REGULAR:
        return [state.employee(each) for each in run.employees]
    excluded = frozenset(run.excluded)
    return [
        each
        for each in state.employees.find("schedule", run.schedule)
        if each.id not in excluded and each.days(run.service_from, run.service_to)
    ]


def _cheque(
    state: State, run: Run, employee: Employee, items: list[PayItem], new_id: Callable[[], str]
) -> Cheque | None:
    if not employee.state:
        raise WithoutState(employee.id)
    tables = state.tables.state(employee.state, run.tax_year)
    served = _served(state, run, employee, tables) if run.with_base else None
    last = employee.days(run.service_from, run.service_to)
    day = last[1] if last else run.service_to
    lines = earnings.together(served, earnings.of_items(employee, items, day, state.types))
    if run.with_retro:
        lines += retro.due(state, employee, tables.daily_overtime)
    reimbursements = tuple(item for item in items if item.code == REIMBURSEMENT)
    if not lines and not reimbursements:
        return None
    place = employee.place_on(day)
    return cheques.calculate(
        Given(
            id=new_id(),
            employee=employee,
            earned=lines,
            reimbursements=reimbursements,
            splits=splits.of_stays(served.stays if served else (), place, state.centres(employee)),
            department=place.department,
            periods=state.schedule(employee.schedule).periods_a_year(),
            wanted=run.supplemental,
            federal=state.tables.federal(run.tax_year),
            state=tables,
            matrix=state.tables.matrix,
            rates=dict(state.settings.own_rates),
            left_out=state.settings.left_out,
            year=state.sums.year(employee.id, run.tax_year),
            last_year=state.sums.year(employee.id, run.tax_year - 1),
            garnished=_garnished(state, employee),
            standing=state.sums.standing(employee.id),
            with_deductions=run.with_deductions,
            currency=state.settings.currency,
            days=(served.first, served.last) if served else None,
        )
    )


def _garnished(state: State, employee: Employee) -> Mapping[str, Decimal]:
    """What creditors had so far; all cheques of all years are only looked through for those who have any."""
    if any(spec.code == GARNISHMENT for spec in employee.deductions):
        return state.sums.creditors(employee.id)
    return {}


def _served(state: State, run: Run, employee: Employee, tables: StateTables) -> Earnings | None:
    """What the run's days earned that no standing cheque of another run paid already (a final pay, for example)."""
    first = max([run.service_from, *(each + timedelta(days=1) for each in _paid_days(state, run, employee))])
    if first > run.service_to:
        return None
    schedule = state.schedule(employee.schedule)
    return earnings.of_service(
        employee,
        (first, run.service_to),
        schedule.period_of(run.service_from),
        schedule.frequency,
        state.hours_of(employee.id),
        tables.daily_overtime,
        state.settings.rules,
        state.types,
    )


def _paid_days(state: State, run: Run, employee: Employee) -> list[date]:
    """The last days of what other cheques paid of the run's period."""
    return [
        each.cheque.days[1]
        for each in state.sums.standing(employee.id)
        if each.cheque.days and each.cheque.days[0] <= run.service_to and each.cheque.days[1] >= run.service_from
    ]
