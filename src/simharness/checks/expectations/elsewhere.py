"""Expectations on the CRM, BI, reconciliations and the connector's evidence."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.expectations.case import Case
from simharness.checks.findings import figure, is_currency, source_object
from simharness.checks.metrics.recompute import Books, Span, recompute
from simharness.checks.reconciliations.crm_to_invoices import crm_to_invoices
from simharness.checks.reconciliations.gateway_to_ledger import gateway_to_ledger
from simharness.checks.reconciliations.invoices_to_ledger import invoices_to_ledger
from simharness.checks.reconciliations.ledger_to_bi import ledger_to_bi
from simharness.checks.reconciliations.payouts_to_bank import payouts_to_bank
from simharness.checks.reconciliations.payroll_to_bank import payroll_to_bank
from simharness.checks.reconciliations.payroll_to_journals import payroll_to_journals
from simharness.checks.reconciliations.tax_to_liability import tax_to_liability
from simharness.core.money import Money
from simharness.domain.bi import BiReading, MetricValue
from simharness.domain.evidence import Reject
from simharness.domain.expectation import DealShows, IsRejected, MetricEqualsLedger, MetricIs, Reconciles
from simharness.domain.finding import Judgement

#: Every reconciliation by the name that stories give it.
RECONCILIATIONS = (
    ("crm_to_invoices", crm_to_invoices),
    ("invoices_to_ledger", invoices_to_ledger),
    ("gateway_to_ledger", gateway_to_ledger),
    ("payouts_to_bank", payouts_to_bank),
    ("payroll_to_journals", payroll_to_journals),
    ("payroll_to_bank", payroll_to_bank),
    ("tax_to_liability", tax_to_liability),
    ("ledger_to_bi", ledger_to_bi),
)


def deal_shows(case: Case, said: DealShows) -> None:
    """Billing status and outstanding amount on the deal in the CRM."""
    crm = case.scope.checkpoint.world.crm if case.scope.checkpoint else None
    deal_id = case.deal_id(said.deal)
    deal = next((deal for deal in crm.deals if deal.id == deal_id), None) if crm else None
    if deal is None or crm is None:
        case.wrong("absent", f"the CRM has no deal {said.deal!r}", said.deal, "nothing", at_risk=said.outstanding)
        return
    objects = [source_object(crm.vendor, "deal", deal.id, deal.name)]
    if said.billing_status is not None and said.billing_status != deal.billing_status:
        case.wrong(
            "status",
            f"deal {said.deal!r} shows another billing status",
            said.billing_status,
            deal.billing_status or "none",
            objects=objects,
        )
    if said.outstanding is not None and said.outstanding != deal.outstanding:
        shown = "nothing" if deal.outstanding is None else deal.outstanding
        risk = said.outstanding
        if deal.outstanding is not None and deal.outstanding.currency == risk.currency:
            risk = deal.outstanding - risk
        message = f"deal {said.deal!r} shows another outstanding amount"
        case.wrong("outstanding", message, said.outstanding, shown, objects=objects, at_risk=risk)


def metric_is(case: Case, said: MetricIs) -> None:
    """The value BI shows."""
    reading = case.judged.reading(said.step)
    name = f"{said.metric} of {said.period}" + (f" by {said.by} {said.key}" if said.by else "")
    found = _value(reading, said.metric, said.period, said.by, said.key)
    if said.consolidated:
        found, name = _consolidated(case, said), f"{name}, consolidated in {said.unit},"
    if found is None or reading is None:
        case.wrong("absent", f"BI shows no metric {name}", figure(said.value, said.unit), "nothing")
        return
    if found.value != said.value or found.unit != said.unit:
        risk = None
        if is_currency(said.unit) and found.value is not None:
            risk = Money(found.value - said.value, said.unit)
        objects = [f"BI:metric:{said.metric} ({said.period}, {reading.source})"]
        message = f"metric {name} has another value"
        should, shown = figure(said.value, said.unit), figure(found.value, found.unit)
        case.wrong("value", message, should, shown, objects=objects, at_risk=risk)


def _consolidated(case: Case, said: MetricIs) -> MetricValue | None:
    """The sum over all entities; None where one of them shows no such metric in the reporting currency."""
    views = (case.judged, *case.beside)
    parts = [_value(view.reading(said.step), said.metric, said.period, said.by, said.key) for view in views]
    # An entity that has nothing under a key of a breakdown adds nothing to it.
    known = [part for part in parts if part is not None]
    if (len(known) < len(parts) and not said.by) or not known:
        return None
    if any(part.unit != said.unit or part.value is None for part in known):
        return None
    total = sum((part.value for part in known if part.value is not None), Decimal(0))
    return MetricValue(metric=said.metric, period=said.period, value=total, unit=said.unit, by=said.by, key=said.key)


def _value(reading: BiReading | None, metric: str, period: str, by: str, key: str) -> MetricValue | None:
    wanted = (metric, period, by, key)
    return next((v for v in (reading.metrics if reading else ()) if (v.metric, v.period, v.by, v.key) == wanted), None)


def metric_equals_ledger(case: Case, said: MetricEqualsLedger) -> None:
    """The value BI shows is the one recomputed from the ledger as it stands."""
    reading = case.judged.reading(said.step)
    found = _value(reading, said.metric, said.period, "", "")
    figures = None
    if case.ledger is not None:
        figures = recompute(said.metric, Books(case.scope, case.ledger), Span.parse(said.period))
    name = f"{said.metric} of {said.period}"
    if found is None or figures is None:
        case.wrong("absent", f"metric {name} cannot be compared", "a value in BI and one from the ledger", "nothing")
        return
    right = figures[("", "")]
    if found.value != right:
        risk = None
        if is_currency(found.unit) and found.value is not None and right is not None:
            risk = Money(found.value - right, found.unit)
        should, shown = figure(right, found.unit), figure(found.value, found.unit)
        case.wrong("value", f"metric {name} is not what the ledger gives", should, shown, at_risk=risk)


def reconciles(case: Case, said: Reconciles) -> None:
    """Named reconciliations have no breaks, and something on both sides unless the story declares otherwise."""
    for name in said.names:
        run = next((run for known, run in RECONCILIATIONS if known == name), None)
        if run is None:
            known = ", ".join(known for known, _ in RECONCILIATIONS)
            case.wrong(name, f"the reconciliation {name} cannot be made here", f"one of {known}", name)
            continue
        results = [run(scope, nothing_expected=said.nothing_expected) for scope in case.scopes]
        if all(result.judgement in {Judgement.NOT_EXERCISED, Judgement.NOT_APPLICABLE} for result in results):
            case.wrong(name, f"{name} had nothing to reconcile", "matched items", results[0].reason)
        for finding in (finding for result in results for finding in result.findings):
            case.wrong(
                f"{name}:{finding.key}",
                f"{name}: {finding.message}",
                finding.expected,
                finding.actual,
                objects=finding.objects,
                at_risk=finding.at_risk,
            )


def is_rejected(case: Case, said: IsRejected) -> None:
    """The connector's evidence lists the deal, customer or payment as rejected, for the stated reason."""
    ids = case.names.ids_of(said.subject)
    until = case.until
    rows = [
        row
        for row in case.judged.record.evidence
        if isinstance(row, Reject) and ids & set(row.source.split(":")) and (until is None or row.at <= until)
    ]
    wanted = said.because.casefold()
    if any(wanted in f"{row.code} {row.reason}".casefold() for row in rows):
        return
    if "reject" not in case.scope.connector.evidence:
        case.wrong("evidence", "the connector offers no rejects to look at", f"{said.subject} rejected", "no evidence")
        return
    case.wrong(
        "rejected",
        f"{said.subject!r} is not listed as rejected" + (f" because {said.because}" if said.because else ""),
        said.because or "a reject",
        "; ".join(f"{row.code}: {row.reason}" for row in rows) or "no reject",
        objects=[row.source for row in rows],
    )
