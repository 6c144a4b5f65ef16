"""Pay schedules and their periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, hooks, running
from simharness_fakes.gusto.routes.answers import answer, day, fresh, listed, of_company
from simharness_fakes.gusto.wire import payrolls, people
from simharness_fakes.gusto.wire.forms import FREQUENCIES, Object
from simharness_fakes.payroll import calendar, life
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


def create(fake: Gusto, call: Call) -> Response:
    """A new pay schedule."""
    of_company(fake, call)
    frequency, end, pay = _anchors(call)
    record = fake.state.office.add_schedule(frequency, end, pay, str(call.body.get("custom_name") or ""))
    fake.wrote("pay_schedule", record.id, "create", ("frequency",), call.actor)
    hooks.tell(fake, "pay_schedule.created", "PaySchedule", record.id)
    return answer(people.pay_schedule(record), 201)


def update(fake: Gusto, call: Call) -> Response:
    """Another name. When people are paid cannot be changed here."""
    of_company(fake, call)
    old = found(fake, call.path["pay_schedule_id"])
    fresh(call.body["version"], people.pay_schedule(old)["version"], "pay schedule")
    record = replace(old, name=str(call.body.get("custom_name") or old.name))
    fake.state.office.state.schedules.put(record)
    if record != old:
        fake.wrote("pay_schedule", record.id, "update", ("vendor:custom_name",), call.actor)
        hooks.tell(fake, "pay_schedule.updated", "PaySchedule", record.id)
    return answer(people.pay_schedule(record))


def preview(fake: Gusto, call: Call) -> Response:
    """The periods that a schedule would have over the next year and a half."""
    of_company(fake, call)
    frequency, end, pay = _anchors(call)
    tried = calendar.checked(PaySchedule(id="", frequency=frequency, anchor_end=end, anchor_pay=pay))
    out: list[Object] = []
    for period in tried.periods(end):
        if len(out) == _PREVIEWED:
            break
        shown = life.debit_day(fake.state.office.state, period.cheque_on, period.cheque_on.min)
        out.append(
            {
                "check_date": period.cheque_on.isoformat(),
                "run_payroll_by": shown.isoformat(),
                "start_date": period.service_from.isoformat(),
                "end_date": period.service_to.isoformat(),
            }
        )
    years = sorted({date.fromisoformat(each["check_date"]).year for each in out})
    holidays = [each.isoformat() for year in years for each in calendar.holidays(year)]
    return answer({"pay_periods": out, "holidays": holidays})


def assignments(fake: Gusto, call: Call) -> Response:
    """Who is paid by which schedule."""
    of_company(fake, call)
    return answer(_assigned(fake))


def assign(fake: Gusto, call: Call) -> Response:
    """Pay everybody by one schedule, or each by their own, from the next payroll on."""
    of_company(fake, call)
    body = call.body
    if body["type"] == "single":
        one = found_in(fake, body.get("default_pay_schedule_uuid"), "default_pay_schedule_uuid")
        wanted = {each.id: one for each in fake.state.office.state.employees}
    else:
        wanted = {}
        for position, each in enumerate(body.get("employees", ())):
            if fake.paid(each["employee_uuid"]) is None:
                raise errors.invalid(f"employees.{position}.employee_uuid", "nobody who is paid here has this id")
            where = f"employees.{position}.pay_schedule_uuid"
            wanted[each["employee_uuid"]] = found_in(fake, each["pay_schedule_uuid"], where)
    for employee, record in wanted.items():
        if fake.state.office.state.employee(employee).schedule != record.id:
            fake.state.office.set_schedule(employee, record.id)
            fake.wrote("employee", employee, "update", ("schedule",), call.actor)
    return answer(_assigned(fake))


def found_in(fake: Gusto, id: object, field: str) -> PaySchedule:
    """A pay schedule that a body names; raises the refusal of the field."""
    record = fake.state.office.state.schedules.get(str(id))
    if record is None:
        raise errors.invalid(field, "the company has no such pay schedule")
    return record


_PREVIEWED = 18
_HOUSE: Mapping[str, str] = {told: house for house, told in FREQUENCIES.items()}


def _anchors(call: Call) -> tuple[str, date, date]:
    given = call.body if call.operation.method == "POST" else call.query
    frequency = _HOUSE[given["frequency"]]
    end, pay = day(given["anchor_end_of_pay_period"]), day(given["anchor_pay_date"])
    if not _NEAREST <= pay - end <= _FURTHEST:
        told = "lies at most ten days before and thirty-one after the end of the period"
        raise errors.invalid("anchor_pay_date", told)
    days = given.get("day_1"), given.get("day_2")
    own = {"monthly": ((None, None), (31, None)), "semimonthly": ((None, None), (15, 31), (15, 30))}
    if days not in own.get(frequency, ((None, None),)):
        raise errors.impossible("months end on their last day here, and halves of them on the 15th", "day_1")
    return frequency, end, pay


_NEAREST, _FURTHEST = timedelta(days=-10), timedelta(days=31)


def _assigned(fake: Gusto) -> Object:
    state = fake.state.office.state
    single = len(state.schedules) < _SEVERAL
    return {
        "type": "single" if single else "by_employee",
        "default_pay_schedule_uuid": next((each.id for each in state.schedules), None),
        "employees": []
        if single
        else [{"employee_uuid": each.id, "pay_schedule_uuid": each.schedule} for each in state.employees],
    }


_SEVERAL = 2
