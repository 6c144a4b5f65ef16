"""Pay that was changed after it was paid: recomputed − already paid, earlier corrections included, a period at a time.

Source: finance rules, section 4. What was entered by hand for a period (hours, time off) is recomputed with it; bonus
and commission are not pay for days and stay as they are.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness_fakes.payroll import earnings
from simharness_fakes.payroll.accumulators import Posted
from simharness_fakes.payroll.authority import DailyOvertime
from simharness_fakes.payroll.earnings import RETRO, Earned
from simharness_fakes.payroll.employees import Employee
from simharness_fakes.payroll.rounding import ZERO
from simharness_fakes.payroll.state import State


def due(state: State, employee: Employee, daily: DailyOvertime | None) -> tuple[Earned, ...]:
    """One line of retro pay a period that was paid too little or too much, in the order of payment; with its days."""
    since = state.retro_from.get(employee.id)
    if since is None:
        return ()
    out: list[Earned] = []
    for posted in state.sums.standing(employee.id):
        days = posted.cheque.days
        if days is None or days[1] < since:
            continue
        difference = _recomputed(state, employee, posted, days, daily) - _paid(state, employee, posted)
        if difference:
            out.append(
                Earned(
                    kind=state.types[RETRO],
                    amount=difference,
                    service_from=posted.service_from,
                    service_to=posted.service_to,
                )
            )
    return tuple(out)


def mark(state: State, employee: str, day: date) -> None:
    """Note that pay for a day and later may have to be made up; days that were not paid yet are not."""
    if any(posted.cheque.days and posted.cheque.days[1] >= day for posted in state.sums.standing(employee)):
        state.retro_from[employee] = min(day, state.retro_from.get(employee, day))
        # A run that was calculated without it must be calculated again.
        state.sums.touch(employee)


def _recomputed(
    state: State, employee: Employee, posted: Posted, days: tuple[date, date], daily: DailyOvertime | None
) -> Decimal:
    """What the days and items of a cheque are worth by the terms of today."""
    schedule = state.schedule(employee.schedule)
    served = earnings.of_service(
        employee,
        days,
        schedule.period_of(posted.service_from),
        schedule.frequency,
        state.hours_of(employee.id),
        daily,
        state.settings.rules,
        state.types,
    )
    items = [item for item in state.run(posted.run).items if item.employee == employee.id and item.service_from is None]
    lines = earnings.together(served, earnings.of_items(employee, items, days[1], state.types))
    return sum((line.amount for line in lines if line.kind.base), ZERO)


def _paid(state: State, employee: Employee, posted: Posted) -> Decimal:
    """What the cheque paid for its days, and what any cheque corrected of them."""
    paid = ZERO
    for each in state.sums.standing(employee.id):
        for line in each.cheque.pay.components:
            if line.kind != "earning":
                continue
            base = state.types[line.code].base
            if line.service_from is None and each.cheque.days is not None:
                counts = base and each is posted
            else:
                first, last = line.service_from or each.service_from, line.service_to or each.service_to
                within = posted.service_from <= first and last <= posted.service_to
                counts = within and (base or line.code == RETRO)
            if counts:
                paid += line.amount.amount
    return paid
