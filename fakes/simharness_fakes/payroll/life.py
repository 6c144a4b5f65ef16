"""What may happen to a run: drafted, changed, calculated, processed, cancelled, reversed. All or nothing each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from simharness.domain.payroll import PayCheque
from simharness_fakes.payroll import calculating, cheques, retro
from simharness_fakes.payroll.accumulators import Cheque, Posted
from simharness_fakes.payroll.calendar import Period, business_days_before, on_or_after, on_or_before
from simharness_fakes.payroll.earnings import PayItem, checked_code
from simharness_fakes.payroll.refusals import (
    AlreadyReversed,
    BadValue,
    NotFound,
    Outdated,
    PastDeadline,
    PeriodTaken,
    StaleVersion,
    WrongStatus,
)
from simharness_fakes.payroll.runs import (
    CALCULATED,
    CANCELLED,
    DRAFT,
    EXTERNAL,
    OFF_CYCLE,
    PROCESSED,
    REGULAR,
    REVERSAL,
    Run,
)
from simharness_fakes.payroll.state import Stamp, State
from simharness_fakes.payroll.supplemental import AGGREGATE, FLAT


def draft_regular(
    state: State,
    schedule_id: str,
    period: Period | None,
    by: Stamp,
    id: Callable[[Period], str] | None = None,
) -> Run:
    """A draft of the regular run of a period (None: the first after the last one that has a run).

    Refuses (`PeriodTaken`) a period that has one.
    """
    schedule = state.schedule(schedule_id)
    period = period or next_period(state, schedule.id, by.today)
    taken = state.runs.first("period", (schedule.id, period.service_from))
    if taken is not None:
        raise PeriodTaken(schedule.id, period.service_from, taken.id)
    return state.runs.put(
        Run(
            id=id(period) if id else state.new_id("payroll"),
            kind=REGULAR,
            status=DRAFT,
            service_from=period.service_from,
            service_to=period.service_to,
            debit_on=debit_day(state, period.cheque_on, by.today),
            cheque_on=period.cheque_on,
            tax_year=period.cheque_on.year,
            schedule=schedule.id,
            created_at=by.at,
            created_by=by.actor,
        )
    )


def next_period(state: State, schedule_id: str, today: date) -> Period:
    """The period after the last one that has a regular run; without any, the first that is paid today or later."""
    schedule = state.schedule(schedule_id)
    runs = [run for run in state.runs if run.schedule == schedule.id and run.taken_period() is not None]
    if runs:
        return schedule.period_of(max(run.service_to for run in runs) + timedelta(days=1))
    lag = schedule.anchor_pay - schedule.anchor_end
    return next(each for each in schedule.periods(today - lag - timedelta(days=40)) if each.cheque_on >= today)


def draft_off_cycle(
    state: State,
    employees: tuple[str, ...],
    items: tuple[PayItem, ...],
    cheque_on: date,
    by: Stamp,
    *,
    reason: str = "bonus",
    service: tuple[date, date] | None = None,
    supplemental: str = "flat",
    with_base: bool = False,
    with_retro: bool | None = None,
    with_deductions: bool = False,
) -> Run:
    """A draft beside the schedule. `service` is the day of the cheque unless it is stated.

    With `with_base` its days are paid as by a regular run, which then leaves them out, and with them (unless
    `with_retro` says otherwise) what is due for days that were paid too little.
    """
    checked_method(supplemental)
    for each in (*employees, *(item.employee for item in items)):
        state.employee(each)
    first, last = service or (cheque_on, cheque_on)
    if first > last:
        raise BadValue("service_from", first, f"it is after {last}")
    return state.runs.put(
        Run(
            id=state.new_id("payroll"),
            kind=OFF_CYCLE,
            status=DRAFT,
            service_from=first,
            service_to=last,
            debit_on=debit_day(state, cheque_on, by.today),
            cheque_on=cheque_on,
            tax_year=cheque_on.year,
            reason=reason,
            items=items,
            employees=tuple(dict.fromkeys((*employees, *(item.employee for item in items)))),
            with_base=with_base,
            with_retro=with_base if with_retro is None else with_retro,
            with_deductions=with_deductions,
            supplemental=supplemental,
            created_at=by.at,
            created_by=by.actor,
        )
    )


def checked_method(supplemental: str) -> str:
    """How supplemental wages are to be taxed; refuses (`BadValue`) any other way."""
    if supplemental not in (FLAT, AGGREGATE):
        raise BadValue("supplemental", supplemental, f"it is {FLAT} or {AGGREGATE}")
    return supplemental


def change(
    state: State,
    id: str,
    version: str,
    *,
    items: tuple[PayItem, ...] | None = None,
    excluded: tuple[str, ...] | None = None,
    supplemental: str = "",
    cheque_on: date | None = None,
    today: date | None = None,
) -> Run:
    """Replace what was entered for a run that is not processed: it is a draft again. None leaves a thing as it is.

    Refuses (`StaleVersion`) a version that is no longer the run's; the version stays where nothing changes.
    """
    run = _at(state, id, DRAFT, CALCULATED)
    if version and version != str(run.version):
        raise StaleVersion(id, version, str(run.version))
    for item in items or ():
        checked_code(item.code, state.types)
        state.employee(item.employee)
    day = cheque_on or run.cheque_on
    changed = replace(
        run,
        items=run.items if items is None else items,
        excluded=run.excluded if excluded is None else excluded,
        supplemental=checked_method(supplemental) if supplemental else run.supplemental,
        cheque_on=day,
        tax_year=day.year,
        debit_on=debit_day(state, day, today or run.debit_on) if cheque_on else run.debit_on,
    )
    if changed == run:
        return run
    return state.runs.put(replace(changed, status=DRAFT, cheques=(), calculated_at=None, version=run.version + 1))


def reopen(state: State, id: str) -> Run:
    """A calculated run is a draft again, and what was calculated is gone; a draft stays as it is."""
    run = _at(state, id, DRAFT, CALCULATED)
    if run.status == DRAFT:
        return run
    return state.runs.put(replace(run, status=DRAFT, cheques=(), calculated_at=None, version=run.version + 1))


def calculate(state: State, id: str, by: Stamp) -> Run:
    """Calculate the cheques by the year to date as it stands. What is refused leaves the run as it was."""
    run = _at(state, id, DRAFT, CALCULATED)
    made = calculating.of_run(state, run)
    return state.runs.put(
        replace(
            run,
            status=CALCULATED,
            cheques=made,
            basis=state.sums.changes,
            calculated_at=by.at,
            version=run.version + 1,
        )
    )


def process(state: State, id: str, by: Stamp) -> Run:
    """Approve a calculated run: its cheques count from now on. It happens once.

    Refuses `WrongStatus`, `PastDeadline`, and (`Outdated`) a run whose year to date is no longer what it was
    calculated from.
    """
    run = _at(state, id, CALCULATED)
    if by.today > run.debit_on:
        raise PastDeadline(id, run.debit_on, by.today)
    stale = state.sums.changed_since((each.pay.employee for each in run.cheques), run.basis)
    if stale:
        raise Outdated(id, stale)
    return _post(state, replace(run, status=PROCESSED, processed_at=by.at, version=run.version + 1))


def cancel(state: State, id: str, by: Stamp, *, reopen: bool = False) -> Run:
    """Take a processed run back before the provider collects: as if it had never been, and its period is free again.

    With `reopen` it is a draft again instead. A run that was not processed yet may be cancelled on any day.
    """
    run = _at(state, id, DRAFT, CALCULATED, PROCESSED)
    if run.status == PROCESSED:
        if run.kind in (REVERSAL, EXTERNAL):
            raise WrongStatus(id, run.kind, "a run that pays somebody")
        if by.today >= run.debit_on:
            raise PastDeadline(id, run.debit_on, by.today)
        for cheque in run.cheques:
            _take_back(state, run, cheque)
    left = replace(run, status=CANCELLED, version=run.version + 1)
    if reopen:
        left = replace(left, status=DRAFT, cheques=(), calculated_at=None, processed_at=None)
    return state.runs.put(left)


def skip(state: State, id: str) -> Run:
    """Leave the period of a regular run unpaid: it has no run, and the next one is that of the period after it."""
    run = _at(state, id, DRAFT, CALCULATED)
    if run.kind != REGULAR:
        raise WrongStatus(id, run.kind, REGULAR)
    return state.runs.put(replace(run, status=CANCELLED, skipped=True, cheques=(), version=run.version + 1))


def reverse(
    state: State,
    id: str,
    by: Stamp,
    *,
    employees: tuple[str, ...] = (),
    cheque_on: date | None = None,
    reason: str = "",
) -> Run:
    """Take processed cheques back by a run of exact negatives; without `employees`, all that still stand.

    It is processed at once, counts in the tax year of what it takes back, and gives the year to date back exactly.
    """
    run = _at(state, id, PROCESSED)
    if run.kind == REVERSAL:
        raise WrongStatus(id, REVERSAL, "a run that paid somebody")
    standing = [each for each in run.cheques if _stands(state, run, each)]
    wanted = employees or tuple(each.pay.employee for each in standing)
    by_employee = {each.pay.employee: each for each in standing}
    paid = frozenset(cheque.pay.employee for cheque in run.cheques)
    for each in wanted or tuple(paid)[:1]:
        if each not in paid:
            raise NotFound("cheque of employee", each)
        if each not in by_employee:
            raise AlreadyReversed(id, each)
    taken = [by_employee[each] for each in wanted]
    for cheque in taken:
        _take_back(state, run, cheque)
    day = cheque_on or by.today
    return state.runs.put(
        Run(
            id=state.new_id("payroll"),
            kind=REVERSAL,
            status=PROCESSED,
            service_from=run.service_from,
            service_to=run.service_to,
            debit_on=on_or_after(by.today),
            cheque_on=day,
            tax_year=run.tax_year,
            schedule=run.schedule,
            reason=reason,
            employees=wanted,
            cheques=tuple(_reversed(state, each) for each in taken),
            reverses=run.id,
            created_at=by.at,
            calculated_at=by.at,
            processed_at=by.at,
            created_by=by.actor,
        )
    )


def enter_external(
    state: State, pays: tuple[PayCheque, ...], service: tuple[date, date], cheque_on: date, by: Stamp
) -> Run:
    """Enter what another provider paid, for the year to date only; refuses (`DoesNotAddUp`) lines that are not its
    sums.
    """
    made = []
    for pay in pays:
        state.employee(pay.employee)
        for line in pay.components:
            if line.kind == "earning":
                checked_code(line.code, state.types)
        tallies = cheques.tallies_of(cheques.verified(pay), state.tables.matrix, state.types)
        made.append(Cheque(pay=pay, tallies=tallies))
    run = Run(
        id=state.new_id("payroll"),
        kind=EXTERNAL,
        status=PROCESSED,
        service_from=service[0],
        service_to=service[1],
        debit_on=cheque_on,
        cheque_on=cheque_on,
        tax_year=cheque_on.year,
        employees=tuple(pay.employee for pay in pays),
        with_base=False,
        with_retro=False,
        cheques=tuple(made),
        created_at=by.at,
        processed_at=by.at,
        created_by=by.actor,
    )
    return _post(state, run)


def debit_day(state: State, cheque_on: date, today: date) -> date:
    """The day on which the provider collects: business days before the pay day, or the next one if that is over."""
    ahead = business_days_before(on_or_before(cheque_on), state.settings.debit_days)
    return min(on_or_after(max(ahead, today)), cheque_on)


def _at(state: State, id: str, *wanted: str) -> Run:
    run = state.run(id)
    if run.status not in wanted:
        raise WrongStatus(id, run.status, " or ".join(wanted))
    return run


def _post(state: State, run: Run) -> Run:
    for cheque in run.cheques:
        state.sums.post(
            Posted(
                run=run.id,
                kind=run.kind,
                year=run.tax_year,
                service_from=run.service_from,
                service_to=run.service_to,
                cheque=cheque,
            )
        )
        if run.with_retro:
            state.retro_from.pop(cheque.pay.employee, None)
    return state.runs.put(run)


def _stands(state: State, run: Run, cheque: Cheque) -> bool:
    return any(each.run == run.id for each in state.sums.standing(cheque.pay.employee))


def _take_back(state: State, run: Run, cheque: Cheque) -> None:
    state.sums.take_back(run.id, cheque.pay.employee)
    for line in cheque.pay.components:
        # What made up for days that are past is due again.
        if line.kind == "earning" and line.service_from is not None:
            retro.mark(state, cheque.pay.employee, line.service_from)


def _reversed(state: State, cheque: Cheque) -> Cheque:
    pay = cheques.negative(cheque.pay, state.new_id("cheque"))
    return Cheque(pay=pay, tallies=tuple((name, -amount) for name, amount in cheque.tallies))
