"""Payrolls as Gusto has them: there is one for every pay period, whether or not anybody touched it yet.

The engine knows a run from the moment somebody does something with it; before that, a period is shown as the payroll
that it will be, under the same id.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.events import PayrollProcessed
from simharness_fakes.gusto import errors, hooks
from simharness_fakes.gusto.state import derived
from simharness_fakes.gusto.wire.forms import reference
from simharness_fakes.payroll import acting, life
from simharness_fakes.payroll.calendar import PaySchedule, Period
from simharness_fakes.payroll.refusals import Refusal
from simharness_fakes.payroll.runs import CANCELLED, DRAFT, REGULAR, Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: How far payrolls are shown beyond today.
AHEAD = timedelta(days=92)


def period_id(fake: Gusto, schedule: PaySchedule, period: Period) -> str:
    """The id of the payroll of a period."""
    return derived(fake.state.company.id, schedule.id, period.service_from.isoformat())


def everything(fake: Gusto, until: date) -> list[Run]:
    """All payrolls whose period has begun by a day, those that nobody touched among them; by pay day."""
    runs = [run for run in fake.state.office.state.runs if run.status != CANCELLED]
    runs += list(_untouched(fake, until))
    return sorted(runs, key=lambda run: (run.cheque_on, run.service_from, run.created_at is not None, run.id))


def find(fake: Gusto, id: str) -> Run:
    """A payroll by id; raises the refusal of an id that none has."""
    known = fake.state.office.state.runs.get(id)
    if known is None:
        known = next((run for run in _untouched(fake, fake.today + AHEAD) if run.id == id), None)
    if known is None or known.status == CANCELLED:
        raise errors.missing()
    return known


def touched(fake: Gusto, id: str, actor: str) -> Run:
    """A payroll by id that the engine knows from now on."""
    run = find(fake, id)
    if id in fake.state.office.state.runs:
        return run
    return _drafted(fake, run.schedule, run.cheque_on, actor)


def regular(fake: Gusto, schedule: str, cheque_on: date | None, actor: str) -> tuple[Run, bool]:
    """The regular payroll of a pay day (None: the next one without a run), and whether it was drafted just now.

    One that somebody prepared already is taken up.
    """
    state = fake.state.office.state
    found = state.schedule(schedule)
    for run in state.runs:
        drafted = run.kind == REGULAR and run.schedule == found.id and run.status == DRAFT
        if drafted and cheque_on in (None, run.cheque_on):
            return run, False
    return _drafted(fake, found.id, cheque_on, actor), True


def _drafted(fake: Gusto, schedule: str, cheque_on: date | None, actor: str) -> Run:
    found = fake.state.office.state.schedule(schedule)
    run = fake.state.office.draft_regular(
        fake.stamp(actor),
        schedule=found.id,
        cheque_on=cheque_on,
        id=lambda period: period_id(fake, found, period),
    )
    fake.wrote("payroll", run.id, "create", ("kind", "status"), actor)
    return run


def _untouched(fake: Gusto, until: date) -> Iterator[Run]:
    """A draft of every period that nobody has a run of, of schedules by which somebody is paid."""
    state = fake.state.office.state
    since = fake.state.founded
    if since is None:
        return
    for schedule in state.schedules:
        if not state.employees.find("schedule", schedule.id):
            continue
        for period in schedule.periods(since):
            if period.service_from > until:
                break
            if state.runs.first("period", (schedule.id, period.service_from)) is None:
                yield _shown(fake, schedule, period)


def _shown(fake: Gusto, schedule: PaySchedule, period: Period) -> Run:
    return Run(
        id=period_id(fake, schedule, period),
        kind=REGULAR,
        status=DRAFT,
        service_from=period.service_from,
        service_to=period.service_to,
        debit_on=life.debit_day(fake.state.office.state, period.cheque_on, fake.today),
        cheque_on=period.cheque_on,
        tax_year=period.cheque_on.year,
        schedule=schedule.id,
    )


def processed(fake: Gusto, run: Run, actor: str) -> PayrollProcessed:
    """What the world is told of a payroll that was processed; everybody who listens is told as well."""
    from simharness_fakes.gusto import watching

    fake.wrote("payroll", run.id, "update", ("status", "processed_at"), actor)
    hooks.tell(fake, "payroll.submitted", "Payroll", run.id)
    hooks.tell(fake, "payroll.processed", "Payroll", run.id)
    watching.plan_paid(fake, run)
    return replace(acting.processed(fake.state.office, run), reference=reference(run.id))


def reversed_too(fake: Gusto, run: Run, actor: str) -> None:
    """Tell that a payroll was taken back by a run of its own."""
    fake.wrote("payroll", run.id, "create", ("kind", "reverses", "status"), actor)
    hooks.tell(fake, "payroll.reversed", "Payroll", run.reverses)


def drop(fake: Gusto, run: Run) -> None:
    """Take away a draft of which nothing came: it is shown again as if nobody had touched it."""
    fake.state.office.state.runs.remove(run.id)
    fake.state.prepared.pop(run.id, None)


def tried(fake: Gusto, run: Run, actor: str) -> Run | Refusal:
    """Calculate a payroll; gives why not, where the engine refuses."""
    try:
        done = fake.state.office.calculate(run.id, fake.stamp(actor))
    except Refusal as refused:
        return refused
    fake.wrote("payroll", run.id, "update", ("status", "cheques"), actor)
    hooks.tell(fake, "payroll.calculated", "Payroll", run.id)
    return done
