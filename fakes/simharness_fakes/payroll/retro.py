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
    for (first, last), cheques in _periods(state, employee).items():
        if max(days[1] for _, days in cheques) < since:
            continue
        worth = sum((_recomputed(state, employee, posted, days, daily) for posted, days in cheques), ZERO)
        difference = worth - _paid(state, employee, first, last)
        if difference:
            out.append(Earned(kind=state.types[RETRO], amount=difference, service_from=first, service_to=last))
    return tuple(out)


def _periods(state: State, employee: Employee) -> dict[tuple[date, date], list[tuple[Posted, tuple[date, date]]]]:
    """The standing cheques that paid days, with these, by pay period: one may be paid in several cheques."""
    found: dict[tuple[date, date], list[tuple[Posted, tuple[date, date]]]] = {}
    for posted in state.sums.standing(employee.id):
        if posted.cheque.days is not None:
            found.setdefault(_period(state, employee, posted), []).append((posted, posted.cheque.days))
    return found


def _period(state: State, employee: Employee, posted: Posted) -> tuple[date, date]:
    period = state.schedule(employee.schedule).period_of(posted.service_from)
    return period.service_from, period.service_to


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


def _paid(state: State, employee: Employee, first: date, last: date) -> Decimal:
    """What was paid for the days of a pay period, and what any cheque corrected of them."""
    paid = ZERO
    for each in state.sums.standing(employee.id):
        own = each.cheque.days is not None and _period(state, employee, each) == (first, last)
        for line in each.cheque.pay.components:
            if line.kind != "earning":
                continue
            base = state.types[line.code].base
            if line.service_from is None and each.cheque.days is not None:
                counts = base and own
            else:
                service = line.service_from or each.service_from, line.service_to or each.service_to
                within = first <= service[0] and service[1] <= last
                counts = within and (base or line.code == RETRO)
            if counts:
                paid += line.amount.amount
    return paid
