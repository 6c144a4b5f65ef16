"""C10: how many calls the connector needs for what happens, against what it declares to need."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime

from simharness.checks.conduct.passes import DEATHS, of_connector
from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.scope import Scope
from simharness.domain.base import Record
from simharness.domain.exchange import DeliveryKind, Exchange
from simharness.domain.fact import ConnectorFinished
from simharness.domain.finding import CheckResult, Severity
from simharness.domain.record import RunRecord

_WHOLE = (DeliveryKind.COMPLETE, DeliveryKind.AFTER)
#: Who furnishes a world before the story begins; nothing of that is an event.
_SETUP = "setup"


class Work(Record, frozen=True, kw_only=True):
    """What the connector did from one rest to the next: its calls that were answered, its passes, and what happened.

    An event is a record that was made or changed in some system, by somebody or by the connector, or a step of the
    story. `failed` calls are those that failed or were never answered; `passes` count those that a death cut short.
    """

    step: int
    at: datetime
    calls: int
    failed: int
    passes: int
    events: int


def work_of(record: RunRecord) -> Iterator[Work]:
    """The connector's work, rest by rest; a rest that was reached over no pass at all is none."""
    calls = [each for each in of_connector(record) if each.fault not in DEATHS]
    places = [each.sequence for each in calls]
    deaths = sorted(each.sequence for each in record.exchanges if each.fault in DEATHS)
    instants = [write.at for write in record.writes]
    since, begun, steps = 0, None, 0
    for fact in record.facts:
        if not isinstance(fact, ConnectorFinished):
            steps += 1
            continue
        mine = calls[bisect_right(places, since) : bisect_right(places, fact.exchanges)]
        # What was written at the very instant of the rest before may have come after it, and is counted twice then.
        first = bisect_left(instants, begun) if begun is not None else 0
        written = {
            (write.vendor, write.dataset, write.record_id)
            for write in record.writes[first : bisect_right(instants, fact.at)]
            if write.actor != _SETUP
        }
        died = bisect_right(deaths, fact.exchanges) - bisect_right(deaths, since)
        answered = sum(_answered(each) for each in mine)
        if fact.passes:
            yield Work(
                step=fact.step,
                at=fact.at,
                calls=answered,
                failed=len(mine) - answered + died,
                passes=fact.passes + died,
                events=len(written) + steps,
            )
        since, begun, steps = fact.exchanges, fact.at, 0


def calls_keep_to_the_budget(scope: Scope) -> CheckResult:
    """C10: from rest to rest no more calls are answered than the connector's budget allows for its passes and for what
    happened. It is declared a pass and entity, and an event; a call that failed entitles to what an event does, since
    what became of it has to be found out.
    """
    record, budget = scope.record, scope.connector.budget
    if budget is None:
        return not_applicable("C10", "the manifest declares no budget of calls")
    report = Reporter("C10", record.header, Severity.CONDUCT)
    entities = len(record.dictionaries)
    for work in work_of(record):
        report.examined += 1
        allowed = budget.per_pass * work.passes * entities + budget.per_event * (work.events + work.failed)
        if work.calls > allowed:
            report.found(
                f"rest:{work.step}",
                f"the connector made more calls than its budget allows until its rest in step {work.step}",
                expected=f"at most {allowed} calls for {work.passes} passes and {work.events} events",
                actual=f"{work.calls} calls",
            )
    return report.result("the connector never worked")


def _answered(exchange: Exchange) -> bool:
    response = exchange.response
    return response is not None and response.status < 400 and exchange.delivery.kind in _WHOLE
