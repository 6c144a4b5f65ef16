"""The general ledger report: asked for, waited for, fetched from where the answer says it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Request, Response
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import companies, errors, running, watching
from simharness_fakes.gusto.routes.answers import answer
from simharness_fakes.gusto.state import Report, derived
from simharness_fakes.gusto.wire import ledger
from simharness_fakes.payroll.runs import PROCESSED

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

INTEGRATION = "integration"


def request(fake: Gusto, call: Call) -> Response:
    """Ask for the report of a processed payroll."""
    run = running.find(fake, call.path["payroll_uuid"])
    aggregation, integration = call.body["aggregation"], call.body.get("integration_type")
    if aggregation == INTEGRATION and integration is None:
        raise errors.invalid("integration_type", "is required when aggregation is integration")
    if aggregation != INTEGRATION and integration is not None:
        raise errors.invalid("integration_type", "must be null unless aggregation is integration")
    if run.status != PROCESSED:
        raise errors.impossible("a general ledger report is made of a processed payroll")
    report = fake.state.reports.put(
        Report(
            id=fake.new_id("report"),
            payroll=run.id,
            aggregation=aggregation,
            integration=integration or "",
            due=fake.setup.clock.now + fake.profile.report_after,
        )
    )
    return answer(
        {
            "payroll_uuid": run.id,
            "aggregation": aggregation,
            "integration_type": integration,
            "request_uuid": report.id,
        }
    )


def status(fake: Gusto, call: Call) -> Response:
    """How far a report is, and where it lies once it is made."""
    report = fake.state.reports.get(call.path["request_uuid"])
    if report is None:
        raise errors.missing()
    report = watching.report_looked_at(fake, report)
    where = f"{_site(fake, call.request)}/report_files/{_file(report)}.json"
    return answer(
        {
            "request_uuid": report.id,
            "status": "succeeded" if report.done else "pending",
            "report_urls": [where] if report.done else [],
        }
    )


def file(fake: Gusto, call: Call) -> Response:
    """The report itself. Who knows where it lies needs no credential."""
    wanted = call.path["file"]
    for company in companies.all_of(fake):
        for report in company.state.reports:
            if report.done and f"{_file(report)}.json" == wanted:
                return answer(ledger.report(company, running.find(company, report.payroll), report.aggregation))
    raise errors.missing()


def _file(report: Report) -> str:
    return derived(report.id, "file")


def _site(fake: Gusto, request: Request) -> str:
    """The front door by which the request came."""
    host = request.headers.get("host") or request.host
    return f"{'https' if host.partition(':')[0] in fake.pack.hosts else 'http'}://{host}"
