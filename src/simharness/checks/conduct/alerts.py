"""C4: each failed posting raises exactly one alert that names item and amount, and it is cleared on recovery."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from simharness.checks.conduct.intents import Attempt, attempts
from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.listed import DONE, ids
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.evidence import Alert, DeadLetter, LogRow, Reject
from simharness.domain.finding import CheckResult, Severity


@dataclass(slots=True)
class _Item:
    """One source record that the connector could not post: the last failure, and what followed."""

    amount: Money | None = None
    failed_at: int = -1
    recovered_at: int = -1


@dataclass(slots=True)
class _Incident:
    """One incident as the evidence tells it; rows are numbered in the order in which they were written."""

    source: str
    first: Alert
    raised: int = 0
    cleared: int = 0
    again: int = 0

    @property
    def is_open(self) -> bool:
        return self.raised > self.cleared


@dataclass(slots=True)
class _Evidence:
    items: dict[str, _Item] = field(default_factory=dict)
    incidents: dict[str, _Incident] = field(default_factory=dict)
    successes: dict[str, int] = field(default_factory=dict)
    targets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    updates: set[str] = field(default_factory=set)
    beside: dict[str, tuple[str, str]] = field(default_factory=dict)


def alerts_are_exact(scope: Scope) -> CheckResult:
    """C4 over the evidence, over refusals on the wire that the evidence leaves out, and over the alert system.

    An alert about something that is no failed posting (money that nobody can explain) is judged as an incident only.
    """
    if "alert" not in scope.connector.evidence:
        return not_applicable("C4", "the connector offers no alerts as evidence")
    report = Reporter("C4", scope.record.header, Severity.CONDUCT)
    told = _read(scope)
    for source, item in told.items.items():
        report.examined += 1
        _item(report, source, item, [each for each in told.incidents.values() if _same(each.source, source)])
    for name, incident in told.incidents.items():
        report.examined += 1
        if incident.again:
            report.found(
                f"{name}:again",
                f"{incident.source} was alerted again while its incident {name} was open",
                expected="one alert an incident",
                actual=f"{incident.raised} alerts",
                objects=[incident.source],
                at_risk=incident.first.amount,
            )
    for source, (one, other) in told.beside.items():
        report.found(
            f"{source}:beside",
            f"two incidents about {source} were open side by side",
            expected=one,
            actual=f"{one} and {other}",
            objects=[source],
        )
    _wire(scope, report, told)
    _desk(scope, report, told.incidents)
    return report.result("nothing failed and nobody was alerted")


def _read(scope: Scope) -> _Evidence:
    told = _Evidence()
    open_of: dict[str, set[str]] = defaultdict(set)
    ledger = f"{scope.vendors.get('accounting', '')}:"
    for at, row in enumerate(scope.record.evidence):
        if isinstance(row, (Reject, DeadLetter)):
            if isinstance(row, DeadLetter) and row.replayed_at is not None:
                continue
            item = told.items.setdefault(row.source, _Item())
            item.amount, item.failed_at = row.amount or item.amount, at
        elif isinstance(row, LogRow) and row.outcome in DONE and row.target.startswith(ledger):
            told.successes[row.source] = at
            told.targets[row.source].add(row.target)
            (told.updates.add if row.outcome == "updated" else told.updates.discard)(row.source)
        elif isinstance(row, Alert):
            incident = told.incidents.setdefault(row.incident, _Incident(row.source, row))
            if row.cleared_at is not None:
                incident.cleared = incident.raised
                open_of[row.source].discard(row.incident)
                continue
            incident.again += incident.is_open
            incident.raised += 1
            others = open_of[row.source] - {row.incident}
            if others:
                told.beside.setdefault(row.source, (min(others), row.incident))
            open_of[row.source].add(row.incident)
    _recoveries(told)
    return told


def _recoveries(told: _Evidence) -> None:
    """A success about a source, or about a part of it, is its recovery; not the update of another record."""
    for source, at in told.successes.items():
        parts = source.split(":")
        for end in range(2, len(parts) + 1):
            whole = ":".join(parts[:end])
            item, own = told.items.get(whole), told.targets.get(whole)
            is_others = source in told.updates and own is not None and own.isdisjoint(told.targets[source])
            if item is not None and at > item.failed_at and not is_others:
                item.recovered_at = max(item.recovered_at, at)


def _same(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}:") or other.startswith(f"{one}:")


def _item(report: Reporter, source: str, item: _Item, incidents: list[_Incident]) -> None:
    if not incidents:
        report.found(
            f"{source}:untold",
            f"{source} could not be posted, and nobody was alerted",
            expected="one alert" + (f" of {item.amount}" if item.amount else ""),
            actual="no alert",
            objects=[source],
            at_risk=item.amount,
        )
        return
    if item.amount is not None and not any(each.first.amount == item.amount for each in incidents):
        report.found(
            f"{source}:amount",
            f"the alert about {source} does not name its amount",
            expected=str(item.amount),
            actual=", ".join(str(each.first.amount or "no amount") for each in incidents),
            objects=[source],
            at_risk=item.amount,
        )
    if not any(each.first.reason and each.first.owner for each in incidents):
        report.found(
            f"{source}:dumb",
            f"the alert about {source} does not say why, or to whom",
            expected="a reason and an owner",
            actual=f"owner {incidents[0].first.owner or 'none'}, reason {incidents[0].first.reason or 'none'}",
            objects=[source],
            at_risk=item.amount,
        )
    # Where one tells of the item itself, what is told of a part of it is a matter of its own, such as money that
    # was posted and that nothing explains.
    own = [each for each in incidents if each.source == source] or incidents
    still_open = [each for each in own if each.is_open]
    if item.recovered_at > item.failed_at and still_open:
        report.found(
            f"{source}:uncleared",
            f"{source} was posted in the end, and its alert is still open",
            expected="the alert cleared on recovery",
            actual="open",
            objects=[source],
            at_risk=item.amount,
        )


def _wire(scope: Scope, report: Reporter, told: _Evidence) -> None:
    """What a vendor refused for good and never took later must show in the evidence."""
    done: set[str] = set()
    refused: dict[str, tuple[str, Attempt, int]] = {}
    for attempt in attempts(scope):
        for source, id in attempt.sources:
            if attempt.succeeded:
                done.add(source)
            elif attempt.refused and attempt.exchange.response is not None:
                refused[source] = (id, attempt, attempt.exchange.response.status)
    logged = {key for source in told.successes for key in ids(source)}
    for source, (id, attempt, status) in refused.items():
        report.examined += 1
        if source in done or id in logged or scope.judged.listed_anywhere.told(id):
            continue
        report.found(
            f"{source}:refused",
            f"{attempt.operation} was refused for {source}, and nobody was alerted",
            expected="one alert",
            actual=f"status {status} and no alert",
            objects=[f"exchange:{attempt.exchange.sequence}"],
        )


def _desk(scope: Scope, report: Reporter, incidents: dict[str, _Incident]) -> None:
    """The alert system holds the incidents of the evidence, each as often, with its amount, open or cleared."""
    operations = scope.checkpoint.world.operations if scope.checkpoint else None
    if operations is None:
        return
    held = Counter(alert.incident for alert in operations.alerts)
    last = {alert.incident: alert for alert in operations.alerts}
    for name in dict.fromkeys([*incidents, *held]):
        report.examined += 1
        incident, alert = incidents.get(name), last.get(name)
        if incident is None or alert is None:
            report.found(
                f"{name}:desk",
                f"incident {name} is in the {'alert system' if alert else 'evidence'} only",
                expected="the same incidents on both sides",
                actual=f"{operations.vendor}: {held[name]}, evidence: {incident.raised if incident else 0}",
                objects=[f"{operations.vendor}:alert:{alert.id}" if alert else name],
                at_risk=alert.amount if alert else incident.first.amount if incident else None,
            )
            continue
        wrong = [
            words
            for words, differs in (
                (f"{held[name]} alerts for {incident.raised} raised", held[name] != incident.raised - incident.again),
                (f"amount {alert.amount or 'none'}", alert.amount != incident.first.amount),
                ("open" if alert.cleared_at is None else "cleared", (alert.cleared_at is None) != incident.is_open),
            )
            if differs
        ]
        if wrong:
            report.found(
                f"{name}:desk",
                f"the alert system holds incident {name} otherwise than the evidence tells it",
                expected=f"{incident.raised} alerts, amount {incident.first.amount or 'none'}, "
                + ("open" if incident.is_open else "cleared"),
                actual=", ".join(wrong),
                objects=[f"{operations.vendor}:alert:{alert.id}"],
                at_risk=incident.first.amount,
            )
