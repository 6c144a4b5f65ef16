"""What a person reads of one case that was played again: on request call by call, then what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from simharness.checks import check_by_id
from simharness.domain.evidence import Alert, DeadLetter, Reject
from simharness.domain.exchange import DeliveryKind, Exchange
from simharness.domain.played import Played
from simharness.domain.record import RunRecord
from simharness.explore.cases import CaseResult, Outcome
from simharness.report.words import finding_lines

_STYLES: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.FOUND: "bold red", Outcome.BROKEN: "bold red", Outcome.NOT_EXERCISED: "bold yellow"}
)
#: What the connector saw of an answer that did not come through as it was meant.
_SEEN: Mapping[DeliveryKind, str] = MappingProxyType(
    {
        DeliveryKind.LOST: "the answer was lost",
        DeliveryKind.RESET_BEFORE: "connection reset, the vendor did nothing",
        DeliveryKind.CUT_AT: "the answer was cut off",
        DeliveryKind.NO_ANSWER: "no answer",
    }
)


def show(console: Console, played: Played, result: CaseResult, *, trace: bool) -> None:
    """Print a case: its plan and what struck, the calls of it if they are wanted, the findings, the outcome."""
    case = result.case
    console.print(Text(case.story, style="bold"))
    console.print(Text(f"  {case.where}, plan: {str(case.plan) or 'no fault'}", style="dim"))
    for struck in played.record.fault_log:
        place = f"call {struck.sequence}" if struck.sequence else "a delivery"
        acts = f"; {struck.acts}" if struck.acts else ""
        console.print(
            f"  struck: {struck.fault.kind} at {place}, {struck.vendor} {struck.operation}: {struck.told}{acts}"
        )
    if trace:
        console.print()
        for _, line in sorted(_traced(played.record), key=lambda row: row[0]):
            console.print(line)
    for signed in result.findings:
        finding, known = signed.finding, check_by_id(signed.finding.check)
        console.print()
        console.print(Text.assemble((f"{finding.check} {finding.severity.value}: ", "bold red"), finding.message))
        if known:
            console.print(Text(f"  {known.statement}", style="dim"))
        for label, text in finding_lines(finding):
            console.print(Text.assemble("  ", (f"{label:<10}", "dim"), text))
        console.print(Text.assemble("  ", (f"{'signature':<10}", "dim"), str(signed.signature)))
    console.print()
    line = Text(result.outcome.value, style=_STYLES.get(result.outcome, "bold green"))
    line.append(f": {result.reason}" if result.reason else "", style="")
    console.print(line)


def _traced(record: RunRecord) -> Iterator[tuple[tuple[datetime, int, int], Text]]:
    """Everything that happened with what it is sorted by: people's acts, calls, deliveries, and what was told."""
    for number, fact in enumerate(record.facts):
        line = Text(f"{_time(fact.at)}         {type(fact).__name__}, step {fact.step}", style="bold")
        yield (fact.at, 0, number), line
    for each in record.exchanges:
        yield (each.at, 1, each.sequence), _call(each, f"{each.sequence:>6}")
    for number, each in enumerate(record.deliveries):
        yield (each.at, 2, number), _call(each, "   hook")
    for number, row in enumerate(record.evidence):
        if isinstance(row, Alert):
            yield (row.at, 3, number), Text(f"{_time(row.at)}         alert to {row.owner}: {row.incident}", "yellow")
        elif isinstance(row, Reject):
            yield (row.at, 3, number), Text(f"{_time(row.at)}         rejected {row.source}: {row.reason}", "yellow")
        elif isinstance(row, DeadLetter):
            yield (row.at, 3, number), Text(f"{_time(row.at)}         put aside {row.source}: {row.reason}", "yellow")


def _call(each: Exchange, number: str) -> Text:
    response = each.response
    operation = response.notes.operation if response is not None else ""
    what = operation or f"{each.request.method} {each.request.path}"
    status = str(response.status) if response is not None else "-"
    seen = _SEEN.get(each.delivery.kind, "")
    if each.delivery.kind is DeliveryKind.AFTER:
        seen = f"after {each.delivery.delay.total_seconds():g} s"
    notes = ["replayed for its key"] if response is not None and response.notes.replayed else []
    notes += [seen] if seen else []
    notes += [f"<< {each.fault}"] if each.fault else []
    who = "" if each.client == "connector" else f" by {each.client}"
    line = f"{_time(each.at)}  {number}  {status:>3}  {each.vendor or each.request.host} {what}{who}"
    style = "bold red" if each.fault else ("yellow" if response is not None and response.status >= 400 else "")
    return Text(f"{line}  ({', '.join(notes)})" if notes else line, style=style)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
