"""Payrolls as they are run: made, prepared, filled in, calculated, submitted, cancelled, skipped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simharness.core.money import Money
from simharness.domain.events import PayrollCancelled
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import entering, errors, hooks, running, watching
from simharness_fakes.gusto.routes.answers import answer, day, nothing, of_company, page
from simharness_fakes.gusto.routes.payrolls import PAGED, compensations, whole
from simharness_fakes.gusto.wire import payrolls as wire
from simharness_fakes.gusto.wire.forms import CHECK, Object, decimal, dollars
from simharness_fakes.payroll import calculating, life
from simharness_fakes.payroll.calendar import is_business_day
from simharness_fakes.payroll.runs import CALCULATED, OFF_CYCLE, PROCESSED, REGULAR, Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

_HOUSE: Mapping[str, str] = {told: house for house, told in wire.REASONS.items()}
#: Reasons for which the days of the period are paid; the others pay only what is entered.
_WITH_BASE = ("Dismissed employee", "Transition from old pay schedule")
_DAY = timedelta(days=1)


def create(fake: Gusto, call: Call) -> Response:
    """A payroll beside the schedule, for some people or for everybody."""
    of_company(fake, call)
    body = call.body
    first, last = day(body["start_date"]), day(body["end_date"])
    if first > last:
        raise errors.invalid("end_date", "the period ends before it begins")
    reason = body["off_cycle_reason"]
    if reason == "Transition from old pay schedule" and not body.get("pay_schedule_uuid"):
        raise errors.invalid("pay_schedule_uuid", "is required for a transition from an old pay schedule")
    named = body.get("employee_uuids")
    people = [each.id for each in fake.state.office.state.employees] if named is None else list(named)
    for each in people:
        if fake.paid(each) is None:
            raise errors.invalid("employee_uuids", f"nobody who is paid here has the id {each}")
    earliest = _earliest(fake, fake.today)
    check = day(body["check_date"]) if "check_date" in body else earliest
    if check < earliest:
        raise errors.invalid("check_date", f"the earliest check date is {earliest}")
    if not is_business_day(check):
        raise errors.invalid("check_date", "a check date is a business day")
    run = fake.state.office.draft_off_cycle(
        fake.stamp(call.actor),
        cheque_on=check,
        employees=tuple(people),
        reason=_HOUSE[reason],
        service=(first, last),
        supplemental="flat" if body.get("fixed_withholding_rate") else "aggregate",
        with_base=reason in _WITH_BASE,
        with_deductions=not body.get("skip_regular_deductions", False),
    )
    fake.wrote("payroll", run.id, "create", ("kind", "reason", "status"), call.actor)
    hooks.tell(fake, "payroll.created", "Payroll", run.id)
    return whole(fake, call, run, [])


def prepare(fake: Gusto, call: Call) -> Response:
    """Make a payroll ready to be filled in: what was calculated is gone, and one whose deadline is over is moved to the
    next pay day that can be met.
    """
    of_company(fake, call)
    run = _open(running.touched(fake, call.path["payroll_id"], call.actor))
    _idle(fake, run)
    if run.status == CALCULATED:
        run = fake.state.office.reopen(run.id)
        fake.wrote("payroll", run.id, "update", ("cheques", "status"), call.actor)
    if fake.today > run.debit_on:
        run = fake.state.office.move_pay_day(run.id, _earliest(fake, fake.today), fake.stamp(call.actor))
        fake.wrote("payroll", run.id, "update", ("cheque_on", "debit_on"), call.actor)
    fake.state.prepared[run.id] = None
    return answer(*_prepared(fake, call, run, None))


def update(fake: Gusto, call: Call) -> Response:
    """Fill a prepared payroll in. Everybody's part has a version of its own; a calculated payroll is open again."""
    of_company(fake, call)
    run = _open(running.find(fake, call.path["payroll_id"]))
    if run.id not in fake.state.prepared:
        raise errors.impossible("prepare the payroll before it is updated", "payroll")
    entered = entering.entered(fake, run, call.body["employee_compensations"])
    supplemental = ""
    if run.kind == OFF_CYCLE and "fixed_withholding_rate" in call.body:
        supplemental = "flat" if call.body["fixed_withholding_rate"] else "aggregate"
    changed = fake.state.office.change_run(
        run.id, items=entered.items, excluded=entered.excluded, supplemental=supplemental
    )
    if changed != run:
        fake.wrote("payroll", run.id, "update", ("excluded", "items"), call.actor)
        hooks.tell(fake, "payroll.updated", "Payroll", run.id)
    return answer(*_prepared(fake, call, changed, entered.people))


def calculate(fake: Gusto, call: Call) -> Response:
    """Ask for the payroll to be calculated: it takes its time."""
    of_company(fake, call)
    run = _open(running.touched(fake, call.path["payroll_id"], call.actor))
    _idle(fake, run)
    fake.state.prepared[run.id] = None
    watching.begin(fake, run.id, watching.CALCULATING, call.actor)
    return nothing(202)


def submit(fake: Gusto, call: Call) -> Response:
    """Ask for a payroll to be processed, which calculates it first if nobody did: it takes its time."""
    of_company(fake, call)
    run = _open(running.touched(fake, call.path["payroll_id"], call.actor))
    _idle(fake, run)
    if fake.today > run.debit_on:
        told = "the deadline is over: prepare the payroll again, which moves its check date"
        raise errors.impossible(told, "payroll")
    watching.begin(fake, run.id, watching.SUBMITTING, call.actor)
    return nothing(202)


def cancel(fake: Gusto, call: Call) -> Response:
    """Take a processed payroll back before the company is debited: it is open again."""
    of_company(fake, call)
    run = running.find(fake, call.path["payroll_id"])
    if run.status != PROCESSED:
        raise errors.impossible("only a processed payroll can be cancelled", "payroll")
    run = fake.state.office.cancel(run.id, fake.stamp(call.actor), reopen=True)
    fake.wrote("payroll", run.id, "update", ("status",), call.actor)
    hooks.tell(fake, "payroll.cancelled", "Payroll", run.id)
    fake.setup.announce((PayrollCancelled(payroll_id=run.id),))
    return whole(fake, call, run, [])


def delete(fake: Gusto, call: Call) -> Response:
    """An off-cycle payroll that was not processed goes; those of the schedule stay."""
    of_company(fake, call)
    run = _open(running.find(fake, call.path["payroll_id"]))
    if run.kind != OFF_CYCLE:
        raise errors.impossible("a payroll of the pay schedule cannot be deleted: skip it", "payroll")
    _idle(fake, run)
    running.drop(fake, run)
    fake.wrote("payroll", run.id, "delete", (), call.actor)
    hooks.tell(fake, "payroll.destroyed", "Payroll", run.id)
    return nothing()


def skip(fake: Gusto, call: Call) -> Response:
    """Leave a pay period unpaid."""
    of_company(fake, call)
    body = call.body
    last = day(body["end_date"]) if "end_date" in body else fake.today
    first = day(body["start_date"]) if "start_date" in body else None
    schedule = body.get("pay_schedule_uuid")
    if last > fake.today + running.AHEAD:
        raise errors.invalid("end_date", "end_date is at most three months ahead")
    found = next(
        (
            run
            for run in running.everything(fake, last)
            if run.kind == REGULAR
            and run.status != PROCESSED
            and run.service_to <= last
            and (first is None or run.service_from >= first)
            and schedule in (None, run.schedule)
        ),
        None,
    )
    if found is None:
        raise errors.invalid("start_date", "there is no unprocessed pay period in these days")
    run = running.touched(fake, found.id, call.actor)
    _idle(fake, run)
    fake.state.office.skip(run.id)
    fake.wrote("payroll", run.id, "update", ("skipped",), call.actor)
    hooks.tell(fake, "payroll.skipped", "Payroll", run.id)
    return nothing(202)


def blockers(fake: Gusto, call: Call) -> Response:
    """Why nobody can be paid as things stand."""
    of_company(fake, call)
    there = [each for each in fake.state.office.state.employees if each.ended is None or each.ended >= fake.today]
    found: list[Object] = []
    if not len(fake.state.office.state.schedules):
        found.append({"key": "missing_pay_schedule", "message": "The company has no pay schedule."})
    if any(not each.state for each in there):
        found.append({"key": "missing_addresses", "message": "An employee has no work address."})
    return answer(found)


def gross_up(fake: Gusto, call: Call) -> Response:
    """What must be earned so that a net is paid."""
    run = _open(running.find(fake, call.path["payroll_uuid"]))
    employee = call.body["employee_uuid"]
    net = decimal(call.body["net_pay"])
    if fake.paid(employee) is None:
        raise errors.invalid("employee_uuid", "nobody who is paid here has this id")
    if net is None or not 0 < net < _MOST:
        raise errors.invalid("net_pay", "is more than nothing and less than a hundred millions")
    wanted = Money(net.quantize(Decimal("0.01")), fake.state.office.state.settings.currency)
    found = fake.state.office.gross_up(employee, wanted, run.cheque_on, supplemental=run.supplemental)
    return answer({"gross_up": dollars(found)})


def checks(fake: Gusto, call: Call) -> Response:
    """Number the cheques of a processed payroll from a number on, to be printed."""
    run = running.find(fake, call.path["payroll_uuid"])
    if run.status != PROCESSED:
        raise errors.impossible("checks are printed of a processed payroll", "payroll")
    printed = [each.pay for each in run.cheques if each.pay.method == "check"]
    if not printed:
        raise errors.impossible(f"nobody is paid by {CHECK.lower()}", "payroll")
    start = call.body.get("starting_check_number", 1)
    return answer(
        {
            "payroll_uuid": run.id,
            "printing_format": call.body["printing_format"],
            "starting_check_number": str(start),
            "request_uuid": fake.new_id("document"),
            "status": "pending",
            "employee_check_number_mapping": [
                {"employee_uuid": pay.employee, "check_number": start + number} for number, pay in enumerate(printed)
            ],
        }
    )


#: Nobody is paid more at once.
_MOST = Decimal(10) ** 8


def _prepared(fake: Gusto, call: Call, run: Run, people: list[str] | None) -> tuple[Json, int, dict[str, str]]:
    """A prepared payroll. From 2025-06-15 on its people come in pages, and an update shows whom it was about."""
    shown = compensations(fake, run, [])
    headers: dict[str, str] = {}
    if fake.version_of(call.request) >= PAGED:
        if people is None:
            part, headers = page(call, shown, forced=True)
            shown = list(part)
        else:
            shown = [each for each in shown if each["employee_uuid"] in people]
    types = ["Bonus", "Commission", "Reimbursement", *(each.name for each in entering.own_types(fake))]
    out = {
        **wire.shown(fake, run, "payroll_status_meta"),
        "employee_compensations": shown,
        "fixed_compensation_types": [{"name": each} for each in types],
    }
    return out, 200, headers


def _open(run: Run) -> Run:
    if run.status == PROCESSED:
        raise errors.impossible("the payroll is processed", "payroll")
    return run


def _idle(fake: Gusto, run: Run) -> None:
    task = fake.state.under_way.get(run.id)
    if task is not None:
        raise errors.impossible(f"the payroll is {task.what}: wait until it is done", "payroll")
    if run.kind == OFF_CYCLE and not calculating.paid_by(fake.state.office.state, run):
        raise errors.impossible("the payroll pays nobody", "payroll")


def _earliest(fake: Gusto, today: date) -> date:
    """The first pay day whose debit can still be met."""
    found = today
    while not is_business_day(found) or life.debit_day(fake.state.office.state, found, date.min) < today:
        found += _DAY
    return found
