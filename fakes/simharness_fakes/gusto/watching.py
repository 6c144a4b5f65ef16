"""What takes its time: calculating and submitting payrolls, making reports, paying people on the pay day.

Something under way is done when its time has come, or when it was asked for often enough, whichever is first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.clock import instant_of
from simharness_fakes.gusto import errors, hooks, running
from simharness_fakes.gusto.state import Failed, Report, UnderWay
from simharness_fakes.payroll.refusals import Refusal
from simharness_fakes.payroll.runs import CALCULATED, DRAFT, PROCESSED, Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

CALCULATING, SUBMITTING = "calculating", "submitting"


def begin(fake: Gusto, payroll: str, what: str, actor: str) -> None:
    """Put something that a payroll was asked to do under way."""
    after = fake.profile.calculate_after if what == CALCULATING else fake.profile.submit_after
    due = fake.setup.clock.now + after
    task = fake.state.under_way.put(UnderWay(payroll=payroll, what=what, due=due, actor=actor))
    fake.state.failed.remove(payroll)
    _plan(fake, task)


def looked_at(fake: Gusto, payroll: str) -> None:
    """Somebody asks for a payroll: what is under way is done if it was asked for often enough."""
    task = fake.state.under_way.get(payroll)
    if task is None:
        return
    polls = task.polls + 1
    if polls >= fake.profile.polls or task.due <= fake.setup.clock.now:
        _finish(fake, payroll)
    else:
        fake.state.under_way.put(replace(task, polls=polls))


def report_looked_at(fake: Gusto, report: Report) -> Report:
    """Somebody asks for a report."""
    polls = report.polls + 1
    done = report.done or polls >= fake.profile.polls or report.due <= fake.setup.clock.now
    return fake.state.reports.put(replace(report, polls=polls, done=done))


def plan_paid(fake: Gusto, run: Run) -> None:
    """Tell on the morning of the pay day that people are paid."""
    at = instant_of(run.cheque_on, fake.state.company.zone)

    def paid() -> None:
        known = fake.state.office.state.runs.get(run.id)
        if known is not None and known.status == PROCESSED:
            hooks.tell(fake, "payroll.paid", "Payroll", run.id)

    if at >= fake.setup.clock.now:
        fake.setup.clock.at(at, paid, f"gusto pays {run.id}")


def plan_all(fake: Gusto) -> None:
    """Put on the agenda of a copy what is on that of the original."""
    for task in fake.state.under_way:
        _plan(fake, task)
    for run in fake.state.office.state.runs:
        if run.status == PROCESSED:
            plan_paid(fake, run)


def _plan(fake: Gusto, task: UnderWay) -> None:
    def due() -> None:
        # Asked for often enough it was done before, and something else may be under way by now.
        now = fake.state.under_way.get(task.payroll)
        if now is not None and (now.what, now.due) == (task.what, task.due):
            _finish(fake, task.payroll)

    fake.setup.clock.at(task.due, due, f"gusto is {task.what} {task.payroll}", awaited=True)


def _finish(fake: Gusto, payroll: str) -> None:
    task = fake.state.under_way.remove(payroll)
    run = fake.state.office.state.runs.get(payroll)
    if task is None or run is None or run.status not in (DRAFT, CALCULATED):
        # Somebody was quicker on another way: it is approved, or gone.
        return
    if task.what == CALCULATING or run.status == DRAFT:
        tried = running.tried(fake, run, task.actor)
        if isinstance(tried, Refusal):
            _failed(fake, payroll, tried)
            return
    if task.what == CALCULATING:
        return
    try:
        done = fake.state.office.process(payroll, fake.stamp(task.actor))
    except Refusal as refused:
        _failed(fake, payroll, refused)
        return
    fake.setup.announce((running.processed(fake, done, task.actor),))


def _failed(fake: Gusto, payroll: str, refused: Refusal) -> None:
    told = errors.engine_entry(refused)
    fake.state.failed.put(
        Failed(payroll=payroll, error_key=told["error_key"], category=told["category"], message=told["message"])
    )
    hooks.tell(fake, "payroll.processing_failed", "Payroll", payroll)
