"""Expectations on what waits for a person: alerts in the alert system, and the connector's error queue."""

from __future__ import annotations

from datetime import datetime

from simharness.checks.expectations.case import Case
from simharness.checks.listed import DONE
from simharness.domain.evidence import Alert, DeadLetter, Evidence, LogRow, Reject
from simharness.domain.expectation import AlertIs, ErrorQueueEmpty, ErrorQueueHolds, OpenAlerts
from simharness.domain.operations import OperationsSnapshot, RaisedAlert


def alert_is(case: Case, said: AlertIs) -> None:
    """One alert names the thing, and the owner, the amount and its end as far as they are stated."""
    desk = _desk(case)
    if desk is None:
        case.wrong("absent", "there is no alert system to look at", f"an alert about {said.about}", "no alert system")
        return
    about = [alert for alert in desk.alerts if _names(case, alert, said.about)]
    fitting = [
        alert
        for alert in about
        if (not said.owner or alert.owner == said.owner)
        and (said.amount is None or alert.amount == said.amount)
        and (said.cleared is None or (alert.cleared_at is not None) == said.cleared)
    ]
    if not fitting:
        wanted = [said.owner or "somebody", f"about {said.about}"]
        wanted += [str(said.amount)] if said.amount is not None else []
        wanted += [] if said.cleared is None else ["cleared" if said.cleared else "still open"]
        shown = "; ".join(_told(alert) for alert in about or desk.alerts) or "no alert"
        message = f"nobody was alerted about {said.about!r}" if not about else f"the alert about {said.about!r} differs"
        case.wrong("alert", message, ", ".join(wanted), shown, at_risk=said.amount)


def open_alerts(case: Case, said: OpenAlerts) -> None:
    """How many alerts nobody cleared."""
    desk = _desk(case)
    still = [alert for alert in desk.alerts if alert.cleared_at is None] if desk is not None else []
    if len(still) != said.count:
        shown = "; ".join(_told(alert) for alert in still) or "none"
        case.wrong("open", "another number of alerts is open", said.count, f"{len(still)}: {shown}")


def error_queue_holds(case: Case, said: ErrorQueueHolds) -> None:
    """A reject or dead letter about the thing waits, for the stated reason."""
    ids = case.names.ids_of(said.subject) or {said.subject}
    rows = {source: reason for source, reason in waiting_of(case).items() if ids & set(source.split(":"))}
    if not any(said.because.casefold() in reason.casefold() for reason in rows.values()):
        shown = "; ".join(f"{source}: {reason}" for source, reason in rows.items()) or "nothing"
        message = f"{said.subject!r} is not in the error queue" + (f" because {said.because}" if said.because else "")
        case.wrong("queue", message, said.because or "in the error queue", shown, objects=list(rows))


def error_queue_empty(case: Case, said: ErrorQueueEmpty) -> None:
    """No reject and no dead letter waits."""
    rows = waiting_of(case)
    if rows:
        shown = "; ".join(f"{source}: {reason}" for source, reason in rows.items())
        case.wrong(said.verb, "the error queue is not empty", "nothing waits", shown, objects=list(rows))


def _desk(case: Case) -> OperationsSnapshot | None:
    return case.scope.checkpoint.world.operations if case.scope.checkpoint else None


def _names(case: Case, alert: RaisedAlert, about: str) -> bool:
    ids = case.names.ids_of(about)
    if ids:
        return any(found in f"{alert.item} {alert.text}" for found in ids)
    return about.casefold() in f"{alert.item} {alert.text}".casefold()


def _told(alert: RaisedAlert) -> str:
    amount = f" {alert.amount}" if alert.amount is not None else ""
    return f"{alert.owner}: {alert.item}{amount} ({alert.text}){'' if alert.cleared_at is None else ', cleared'}"


def waiting_of(case: Case) -> dict[str, str]:
    """What waits for an operator at the step, by source: the reason. Rows are read in the order they were written."""
    until = case.until
    waiting: dict[str, str] = {}
    for row in case.judged.record.evidence:
        if until is not None and told_at(row) > until:
            continue
        if isinstance(row, Reject):
            waiting[row.source] = f"{row.code}: {row.reason}"
        elif isinstance(row, DeadLetter) and row.replayed_at is None:
            waiting[row.source] = row.reason
        elif isinstance(row, DeadLetter) or _is_end(row):
            waiting.pop(row.source, None)
    return waiting


def told_at(row: Evidence) -> datetime:
    """When a row was written: one that tells of a recovery bears the day of the trouble beside its own."""
    if isinstance(row, Alert):
        return row.cleared_at or row.at
    return row.replayed_at or row.at if isinstance(row, DeadLetter) else row.at


def _is_end(row: LogRow | Alert) -> bool:
    """Whether a row says that its matter is over: it was written after all, or the alert about it was cleared."""
    return row.cleared_at is not None if isinstance(row, Alert) else row.outcome in DONE
