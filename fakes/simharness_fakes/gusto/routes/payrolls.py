"""Payrolls as they are read: lists, one of them, its receipt, pay stubs, reversals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors, faults, running, watching
from simharness_fakes.gusto.routes.answers import answer, day, listed, of_company, page
from simharness_fakes.gusto.state import Failed, UnderWay
from simharness_fakes.gusto.wire import payrolls as wire
from simharness_fakes.gusto.wire.forms import Object
from simharness_fakes.payroll import calculating
from simharness_fakes.payroll.runs import CALCULATED, EXTERNAL, PROCESSED, REGULAR, REVERSAL, Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: From this version on the people of a payroll come in pages, asked for or not.
PAGED = "2025-06-15"
_YEAR = timedelta(days=366)


def payrolls(fake: Gusto, call: Call) -> Response:
    """The payrolls whose period touches some days: processed regular ones up to today unless more is asked for."""
    of_company(fake, call)
    query = call.query
    statuses = query.get("processing_statuses") or ["processed"]
    types = query.get("payroll_types") or ["regular"]
    include = query.get("include") or []
    first, last = _span(fake, call)
    found = [
        run
        for run in running.everything(fake, last)
        if ("processed" if run.status == PROCESSED else "unprocessed") in statuses
        and _type(run) in types
        and run.service_from <= last
        and (first is None or run.service_to >= first)
    ]
    found = faults.seen(fake, found)
    if query.get("sort_order") == "desc":
        found.reverse()
    return listed(call, found, lambda run: wire.shown(fake, run, *include))


def payroll(fake: Gusto, call: Call) -> Response:
    """One payroll with what everybody is paid."""
    of_company(fake, call)
    id = call.path["payroll_id"]
    watching.looked_at(fake, id)
    return whole(fake, call, running.find(fake, id), call.query.get("include") or [])


def whole(fake: Gusto, call: Call, run: Run, include: list[str]) -> Response:
    """A payroll with its people; from 2025-06-15 on they come in pages, as the headers say."""
    people: Sequence[Object] = compensations(fake, run, include)
    headers: dict[str, str] = {}
    if fake.version_of(call.request) >= PAGED:
        people, headers = page(call, people, forced=True)
    meta = "payroll_status_meta" if "payroll_status_meta" in include else ""
    out = wire.shown(fake, run, "totals", meta)
    out["employee_compensations"] = list(people)
    out["processing_request"] = _request(fake, run)
    if run.status in (CALCULATED, PROCESSED):
        out["company_taxes"] = wire.company_taxes(run) if "taxes" in include else []
    return answer(out, headers=headers)


def compensations(fake: Gusto, run: Run, include: list[str]) -> list[Object]:
    """What everybody is paid in a payroll; one that is neither prepared nor calculated shows nobody."""
    if run.status in (CALCULATED, PROCESSED):
        shown = [wire.paid(fake, run, each.pay, include) for each in run.cheques]
        left_out = [wire.to_pay(fake, run, each) for each in run.excluded if run.status == CALCULATED]
        return shown + left_out
    if run.id not in fake.state.prepared:
        return []
    paid = [each.id for each in calculating.paid_by(fake.state.office.state, run)]
    return [wire.to_pay(fake, run, each) for each in (*paid, *(e for e in run.excluded if e not in paid))]


def receipt(fake: Gusto, call: Call) -> Response:
    """The receipt of a processed payroll; the others have none."""
    run = running.find(fake, call.path["payroll_uuid"])
    if run.status != PROCESSED or run.kind == EXTERNAL:
        raise errors.missing()
    return answer(wire.receipt(fake, run))


def reversals(fake: Gusto, call: Call) -> Response:
    """The payrolls that took others back."""
    of_company(fake, call)
    return listed(call, [run for run in fake.state.office.state.runs if run.kind == REVERSAL], wire.reversal)


def pay_stubs(fake: Gusto, call: Call) -> Response:
    """Everything that somebody was paid."""
    person = fake.person(call.path["employee_id"])
    runs = [run for run in fake.state.office.state.runs if run.status == PROCESSED and run.kind != EXTERNAL]
    found = [(run, cheque.pay) for run in runs if (cheque := run.cheque_of(person.id)) is not None]
    return listed(call, found, lambda each: wire.pay_stub(*each))


def _type(run: Run) -> str:
    if run.kind == EXTERNAL:
        return "external"
    return "regular" if run.kind == REGULAR else "off_cycle"


def _span(fake: Gusto, call: Call) -> tuple[date | None, date]:
    first = day(call.query["start_date"]) if "start_date" in call.query else None
    last = day(call.query["end_date"]) if "end_date" in call.query else fake.today
    if first is not None and last - first > _YEAR:
        raise errors.invalid("start_date", "start_date and end_date are at most a year apart")
    if last > fake.today + running.AHEAD:
        raise errors.invalid("end_date", "end_date is at most three months ahead")
    return first, last


def _request(fake: Gusto, run: Run) -> Object | None:
    """How it goes with what the payroll was asked to do."""
    task, failed = fake.state.under_way.get(run.id), fake.state.failed.get(run.id)
    if isinstance(task, UnderWay):
        return {"status": task.what, "errors": []}
    if isinstance(failed, Failed):
        told = {"error_key": failed.error_key, "category": failed.category, "message": failed.message}
        return {"status": "processing_failed", "errors": [told]}
    if run.status == PROCESSED:
        return {"status": "submit_success", "errors": []}
    return {"status": "calculate_success", "errors": []} if run.status == CALCULATED else None
