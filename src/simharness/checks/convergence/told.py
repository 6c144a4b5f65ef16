"""What the connector says at the end of its own work: what it refused, what waits for an operator, who was alerted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simharness.checks.convergence.said import Said, listed
from simharness.checks.convergence.words import Words
from simharness.domain.evidence import Alert, DeadLetter, Evidence, Reject

#: The system under which it is said.
CONNECTOR = "connector"
#: Nouns of what says that something was not posted.
LISTED = frozenset({"reject", "dead letter"})
#: Outcomes of the log that say a source is in the ledger.
SUCCESS = frozenset({"posted", "found"})


def open_rows(evidence: Iterable[Evidence]) -> list[Reject | DeadLetter | Alert]:
    """The last word about each source that is refused or waits, and about each incident that nobody cleared.

    A later success about the source, or about a part of it, takes a refusal back, and so does the end of its incident.
    """
    waiting: dict[tuple[str, str, str], Reject | DeadLetter | Alert] = {}
    for row in evidence:
        if isinstance(row, Alert):
            key = ("alert", row.entity, row.incident)
            if row.cleared_at is None:
                waiting.setdefault(key, row)
                continue
            waiting.pop(key, None)
            for noun in LISTED:
                waiting.pop((noun, row.entity, row.source), None)
        elif isinstance(row, Reject):
            waiting["reject", row.entity, row.source] = row
        elif isinstance(row, DeadLetter):
            if row.replayed_at is None:
                waiting["dead letter", row.entity, row.source] = row
            else:
                waiting.pop(("dead letter", row.entity, row.source), None)
        elif row.outcome in SUCCESS:
            parts = row.source.split(":")
            for end in range(2, len(parts) + 1):
                for noun in LISTED:
                    waiting.pop((noun, row.entity, ":".join(parts[:end])), None)
    return list(waiting.values())


def told_items(evidence: Iterable[Evidence], words: Words) -> Iterator[Said]:
    """Rejects and dead letters by source, open alerts by incident; neither when nor how often counts."""
    for row in open_rows(evidence):
        if isinstance(row, Alert):
            noun, name, content = "alert", words.of(row.incident), listed(row.owner, row.amount)
        elif isinstance(row, Reject):
            noun, name, content = "reject", row.source, listed(row.code, row.amount)
        else:
            noun, name, content = "dead letter", row.source, listed(row.amount)
        yield Said(system=CONNECTOR, noun=noun, name=name, content=content, sources=(row.source,), worth=row.amount)
