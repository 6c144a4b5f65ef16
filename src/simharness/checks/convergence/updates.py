"""What a refused update leaves: a record as it stood, and what is made with its words."""

from __future__ import annotations

from collections import Counter

from simharness.checks.convergence.ledger import ledger_items
from simharness.checks.convergence.said import Said
from simharness.checks.convergence.words import Words
from simharness.domain.evidence import DeadLetter, Reject
from simharness.domain.record import RunRecord


class Updates:
    """Records whose update was given up, and which of their words are other for it."""

    def __init__(self) -> None:
        self._lacks: set[str] = set()
        self._kept: set[str] = set()

    def add(self, was: Said, ended: Said) -> None:
        """A record that ended as it was before, instead of as it should be."""
        self._lacks |= _words(was) - _words(ended)
        self._kept |= _words(ended) - _words(was)

    def explain(self, was: Said, ended: Said) -> bool:
        """Whether what is written in a document is other only in words that are those of such a record."""
        before, after = _parts(was), _parts(ended)
        return set(before - after) <= self._lacks and set(after - before) <= self._kept


def stands_as_before(faulted: RunRecord, row: Reject | DeadLetter, ended: Said) -> bool:
    """Whether a record of a ledger stands at the end as it stood when the update was refused.

    True where no checkpoint shows it before: it was made, and its update refused, between the same two.
    """
    earlier = [each for each in faulted.checkpoints if each.world.at <= row.at]
    for checkpoint in reversed(earlier):
        ledgers = checkpoint.world.ledgers
        for ledger in ledgers:
            system = ledger.vendor if len(ledgers) == 1 else f"{ledger.vendor} {ledger.entity}"
            if system != ended.system:
                continue
            for item in ledger_items(ledger, Words((ledger,), faulted.header.connector), system):
                if item.noun == ended.noun and item.name == ended.name:
                    return item.content == ended.content
    return True


def _parts(item: Said) -> Counter[str]:
    return Counter(item.content.split(", "))


def _words(item: Said) -> set[str]:
    return {*item.content.split(", "), *item.party.split(", ")}
