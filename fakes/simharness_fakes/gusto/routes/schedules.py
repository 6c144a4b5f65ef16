"""Pay schedules and their periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, running
from simharness_fakes.gusto.routes.answers import answer, day, listed, of_company
from simharness_fakes.gusto.wire import payrolls, people
from simharness_fakes.payroll.calendar import PaySchedule, Period
from simharness_fakes.payroll.runs import REGULAR

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def schedules(fake: Gusto, call: Call) -> Response:
    """All pay schedules."""
    of_company(fake, call)
    return listed(call, tuple(fake.state.office.state.schedules), people.pay_schedule)


def schedule(fake: Gusto, call: Call) -> Response:
    """One pay schedule."""
    of_company(fake, call)
    return answer(people.pay_schedule(found(fake, call.path["pay_schedule_id"])))


def periods(fake: Gusto, call: Call) -> Response:
    """The pay periods that touch some days, with their payrolls; without days, those until today."""
    of_company(fake, call)
    last = day(call.query["end_date"]) if "end_date" in call.query else fake.today
    first = day(call.query["start_date"]) if "start_date" in call.query else fake.state.founded
    if last > fake.today + running.AHEAD:
        raise errors.invalid("end_date", "end_date is at most three months ahead")
    out = []
    for run in running.everything(fake, last):
        if run.kind == REGULAR and run.service_from <= last and (first is None or run.service_to >= first):
            period = Period(service_from=run.service_from, service_to=run.service_to, cheque_on=run.cheque_on)
            shown = payrolls.shown(fake, run)
            out.append(people.pay_period(found(fake, run.schedule), period, shown))
    return answer(out)


def found(fake: Gusto, id: str) -> PaySchedule:
    """A pay schedule by id; raises the refusal of an id that none has."""
    record = fake.state.office.state.schedules.get(id)
    if record is None:
        raise errors.missing()
    return record
