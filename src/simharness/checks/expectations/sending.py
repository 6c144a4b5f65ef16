"""Expectations on how something was posted: how often it was tried, under which key, and what the log tells of it."""

from __future__ import annotations

from collections import defaultdict

from simharness.checks.conduct.intents import Attempt, attempts
from simharness.checks.expectations.case import Case
from simharness.checks.listed import DONE
from simharness.domain.claims import LogNames, OneKey, WasAttempted
from simharness.domain.evidence import LogRow
from simharness.domain.write import Write


def was_attempted(case: Case, said: WasAttempted) -> None:
    """So many requests that create something for it were sent, whatever became of them."""
    found = _attempts(case, said.subject)
    if len(found) != said.times:
        shown = "; ".join(_told(each) for each in found) or "never"
        case.wrong(
            "attempts",
            f"{said.subject!r} was attempted another number of times",
            f"{said.times} times",
            f"{len(found)} times: {shown}" if found else shown,
            objects=[f"exchange:{each.exchange.sequence}" for each in found],
        )


def one_key(case: Case, said: OneKey) -> None:
    """The attempts at one creation bear one key; what has none cannot be told from another one."""
    found = _attempts(case, said.subject)
    if not found:
        case.wrong("absent", f"nothing was attempted for {said.subject!r}", "an attempt", "none")
    groups: defaultdict[tuple[str, ...], list[Attempt]] = defaultdict(list)
    for each in found:
        groups[each.operation, *(whole for whole, _ in each.sources)].append(each)
    for (operation, *sources), same in groups.items():
        keys = list(dict.fromkeys(each.key for each in same))
        if keys == [keys[0]] and keys[0]:
            continue
        case.wrong(
            f"{operation}:{':'.join(sources)}",
            f"the attempts at {operation} for {said.subject!r} did not use one idempotency key",
            "one key",
            ", ".join(key or "no key" for key in keys),
            objects=[f"exchange:{each.exchange.sequence}" for each in same],
        )


def log_names(case: Case, said: LogNames) -> None:
    """A row says that it was done; each such row names who and what, and the system wrote that, not later than it says.

    What the log calls found was written by an attempt whose answer never came, so it was written too.
    """
    if "log" not in case.scope.connector.evidence:
        case.wrong("evidence", "the connector offers no log to look at", f"rows about {said.subject}", "no log")
        return
    rows = [row for row in _rows(case, said.subject) if row.outcome in DONE]
    if not rows:
        case.wrong("absent", f"the log does not tell that {said.subject!r} was sent", "a row", "none")
    written: defaultdict[str, list[Write]] = defaultdict(list)
    for write in case.judged.record.writes:
        written[f"{write.vendor}:{write.dataset}:{write.record_id}"].append(write)
    for row in rows:
        objects = [row.source, row.target]
        if not row.by:
            case.wrong(f"{row.target}:who", f"the log does not tell who sent {row.target}", "a name", "none",
                       objects=objects)  # fmt: skip
        known = written.get(row.target, [])
        if not row.target or not known:
            case.wrong(f"{row.target}:what", f"the log names {row.target or 'nothing'}, which nobody wrote",
                       "what was written", row.target or "nothing", objects=objects)  # fmt: skip
        elif all(write.at > row.at for write in known):
            case.wrong(f"{row.target}:when", f"the log says that {row.target} was sent before it was",
                       f"{known[0].at:%Y-%m-%d %H:%M:%S} UTC or later", f"{row.at:%Y-%m-%d %H:%M:%S} UTC",
                       objects=objects)  # fmt: skip


def _attempts(case: Case, subject: str) -> list[Attempt]:
    ids = case.names.ids_of(subject) or {subject}
    until = case.until
    return [
        each
        for each in attempts(case.scope)
        if any(id in ids or whole in ids for whole, id in each.sources) and (until is None or each.exchange.at <= until)
    ]


def _rows(case: Case, subject: str) -> list[LogRow]:
    ids = case.names.ids_of(subject) or {subject}
    until = case.until
    return [
        row
        for row in case.judged.record.evidence
        if isinstance(row, LogRow) and ids & set(row.source.split(":")) and (until is None or row.at <= until)
    ]


def _told(attempt: Attempt) -> str:
    exchange = attempt.exchange
    answer = f"answered {exchange.response.status}" if exchange.response is not None else "no answer"
    if attempt.is_uncertain:
        answer += " that did not arrive" if exchange.response is not None and exchange.response.status < 500 else ""
    return f"{attempt.operation} at {exchange.at:%Y-%m-%d %H:%M:%S} UTC, {answer}"
