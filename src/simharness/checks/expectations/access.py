"""Expectations on who may post."""

from __future__ import annotations

from simharness.checks.expectations.case import Case
from simharness.domain.access_facts import PostingTried
from simharness.domain.expectation import PostingRefused


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
