"""Expectations on who may post."""

from __future__ import annotations

from simharness.checks.expectations.case import Case
from simharness.domain.access_facts import PostingTried
from simharness.domain.evidence import LogRow
from simharness.domain.expectation import LogTells, PostingRefused


def posting_refused(case: Case, said: PostingRefused) -> None:
    """The last posting that a program tried before the statement was refused, for the stated reason."""
    tried = [fact for fact in case.judged.facts(said.step) if isinstance(fact, PostingTried)]
    if not tried:
        case.wrong("tried", "no program tried to post", f"refused because {said.because}", "nothing was tried")
        return
    last = tried[-1]
    if not last.refusal:
        case.wrong(last.who, f"{last.who} posted into the ledger", f"refused because {said.because}", "posted")
    elif said.because.casefold() not in last.refusal.casefold():
        case.wrong(last.who, "the ledger refused the posting for another reason", said.because, last.refusal[:200])


def log_tells(case: Case, said: LogTells) -> None:
    """So many rows up to the step tell of the action on the thing; each says who did it."""
    until = case.until
    rows = [
        row
        for row in case.judged.record.evidence
        if isinstance(row, LogRow)
        and row.action == said.action
        and (row.source.startswith(said.subject) or row.target.startswith(said.subject))
        and (until is None or row.at <= until)
    ]
    wanted = f"{said.times} times {said.action} of {said.subject}"
    if len(rows) != said.times:
        shown = "; ".join(f"{row.at:%Y-%m-%d %H:%M} {row.source} by {row.by}" for row in rows) or "nothing"
        case.wrong("log", f"the log tells another number of times of {said.action} of {said.subject}", wanted, shown)
    for row in rows:
        if not row.by:
            case.wrong(row.source, f"the log does not tell who did {said.action} of {row.source}", "a name", "none")
