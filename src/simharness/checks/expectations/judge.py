"""Every expectation of a story, each judged by the function of its kind, one result a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from simharness.checks.expectations import (
    access,
    bi,
    close,
    differences,
    documents,
    elsewhere,
    journals,
    ledger,
    payroll,
    sending,
    tracing,
    waiting,
)
from simharness.checks.expectations.case import Actions, Case, Names
from simharness.checks.findings import Reporter
from simharness.checks.group import Group
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Judged
from simharness.domain import claims
from simharness.domain import expectation as said
from simharness.domain.fact import ConnectorFinished, RefusalMissing, StepImpossible, SystemRefused
from simharness.domain.finding import CheckResult, Severity


def judge_expectations(group: Group) -> tuple[CheckResult, ...]:
    """The results of the story's own statements by verb, in order of first appearance.

    A step that was impossible, a refusal that did not come or had another reason than was said, and a connector that
    never came to rest, are findings of the verb that met them.
    """
    judged = group.whole
    names, actions = Names(judged.record), Actions(judged.record)
    reports: dict[str, Reporter] = {}
    for fact in judged.record.facts:
        if isinstance(fact, StepImpossible):
            report = _report(judged, reports, fact.verb)
            report.found(
                f"{fact.where or f'step {fact.step}'}:impossible",
                f"the step could not happen: {fact.what}",
                expected="the step happens",
                actual=fact.what,
                at_risk=fact.amount,
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
            )
        elif isinstance(fact, SystemRefused | RefusalMissing):
            _refusal(_report(judged, reports, fact.verb), fact)
        elif isinstance(fact, ConnectorFinished) and fact.failure:
            report = _report(judged, reports, fact.verb)
            report.found(
                f"{fact.where or f'step {fact.step}'}:failed",
                f"the connector failed: {fact.failure}",
                expected="the connector finishes its work",
                actual=fact.failure,
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
                severity=Severity.CONDUCT,
            )
        elif isinstance(fact, ConnectorFinished) and not fact.at_rest and not fact.hindered:
            report = _report(judged, reports, fact.verb)
            report.found(
                f"{fact.where or f'step {fact.step}'}:restless",
                f"the connector did not come to rest within {fact.passes} passes",
                expected="at rest",
                actual=f"still working after {fact.passes} passes",
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
                severity=Severity.CONDUCT,
            )
    for expectation in judged.record.expectations:
        report = _report(judged, reports, expectation.verb)
        report.examined += 1
        meant, *beside = _meant(group, expectation)
        case = Case(meant, names, actions, report, expectation, tuple(beside))
        _HANDLERS[type(expectation)](case, expectation)
    return tuple(report.result() for report in reports.values())


def _refusal(report: Reporter, fact: SystemRefused | RefusalMissing) -> None:
    """What the story says a system refuses, it refuses, and for that reason."""
    report.examined += 1
    refused = isinstance(fact, SystemRefused)
    if isinstance(fact, SystemRefused) and fact.because.casefold() in fact.what.casefold():
        return
    report.found(
        f"{fact.where or f'step {fact.step}'}:{'reason' if refused else 'done'}",
        "the system refused it for another reason" if refused else "the system did what it had to refuse",
        expected=f"refused because {fact.because!r}",
        actual=fact.what if isinstance(fact, SystemRefused) else "done",
        origin=Origin(step=fact.step, where=fact.where, on=fact.on),
    )


def _meant(group: Group, expectation: said.Expectation) -> tuple[Judged, ...]:
    """Whose books a statement is about: what waits for people is everybody's, and all books have to reconcile."""
    if group.is_alone or (isinstance(expectation, _OF_ALL) and not expectation.entity):
        return (group.whole,)
    if isinstance(expectation, _OF_EACH) and not expectation.entity:
        return group.views
    if isinstance(expectation, said.MetricIs) and expectation.consolidated:
        return group.views
    return (group.meant(expectation),)


def _report(judged: Judged, reports: dict[str, Reporter], verb: str) -> Reporter:
    return reports.setdefault(verb, Reporter(verb, judged.record.header))


#: Statements about breaks between systems, whoever's books they are in.
_OF_EACH = (said.Reconciles, claims.ShowsDifferences, claims.DifferenceAssigned)
#: Statements about the connector's own evidence and the alert system.
_OF_ALL = (
    said.IsRejected, said.AlertIs, said.OpenAlerts, said.ErrorQueueHolds, said.ErrorQueueEmpty,
    claims.WasAttempted, claims.OneKey, claims.LogNames,
)  # fmt: skip

_Handler = Callable[[Case, Any], None]

#: What judges each kind of expectation; each handler takes its own kind.
_HANDLERS: Mapping[type[said.Expectation], _Handler] = MappingProxyType(
    {
        said.InvoiceIs: documents.invoice_is,
        said.InvoiceCount: documents.invoice_count,
        said.CustomerOwes: documents.customer_owes,
        said.TaxPayableIs: documents.tax_payable_is,
        said.PaymentIs: documents.payment_is,
        said.BalancesAre: ledger.balances_are,
        said.AccountMoves: ledger.account_moves,
        said.AccountHolds: ledger.account_holds,
        said.ClearingEqualsGateway: ledger.clearing_equals_gateway,
        said.ClearingEmpty: ledger.clearing_empty,
        said.LedgerPosts: ledger.ledger_posts,
        said.WritersAre: ledger.writers_are,
        said.NetPayIs: payroll.net_pay_is,
        said.RegisterShows: payroll.register_shows,
        said.PayrollJournalIs: payroll.payroll_journal_is,
        said.YearToDateShows: payroll.year_to_date_shows,
        said.NobodyIdentified: payroll.nobody_identified,
        said.CloseComplete: close.close_complete,
        said.PostingLands: close.posting_lands,
        said.BiVersionIs: close.bi_version_is,
        said.DealShows: elsewhere.deal_shows,
        said.MetricIs: elsewhere.metric_is,
        said.MetricEqualsLedger: elsewhere.metric_equals_ledger,
        said.Reconciles: elsewhere.reconciles,
        said.IsRejected: elsewhere.is_rejected,
        said.AlertIs: waiting.alert_is,
        said.OpenAlerts: waiting.open_alerts,
        said.ErrorQueueHolds: waiting.error_queue_holds,
        said.ErrorQueueEmpty: waiting.error_queue_empty,
        said.PostingRefused: access.posting_refused,
        said.LogTells: access.log_tells,
        claims.JournalsBalance: journals.journals_balance,
        claims.LinesName: journals.lines_name,
        claims.JournalEqualsRegister: payroll.journal_equals_register,
        claims.WasAttempted: sending.was_attempted,
        claims.OneKey: sending.one_key,
        claims.LogNames: sending.log_names,
        claims.TracesTo: tracing.traces_to,
        claims.ShowsDifferences: differences.shows_differences,
        claims.DifferenceAssigned: differences.difference_assigned,
        claims.StatementShows: differences.statement_shows,
        claims.BreakdownIs: bi.breakdown_is,
        claims.TableUnpublished: bi.table_unpublished,
        claims.BiIsFresh: bi.bi_is_fresh,
    }
)
