"""What hangs on something that was given up, as the run without faults tells it.

A payment that could not be posted leaves the invoices open that it settles there, a deposit leaves the payments in
undeposited funds that it holds there, and a deal shows what became of its invoice. Of such things later events alone
may be other than without faults (what is open, a balance, a status), never what was written once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from simharness.checks.convergence.ledger import records
from simharness.checks.convergence.said import Said
from simharness.checks.convergence.words import Words
from simharness.domain.finding import Finding
from simharness.domain.record import RunRecord


class Hanging:
    """Things by their links in the run without faults, and who or what is concerned by those that were given up."""

    def __init__(self, clean: Iterable[Said]) -> None:
        self._clean = {_key(item): item for item in clean}
        self._parties: set[str] = set()
        self._touched: set[str] = set()
        self._sources: set[str] = set()
        self._strayed: set[str] = set()

    def add(self, lost: Said) -> None:
        """One thing was given up: what it would have touched is concerned, and so is the customer whom it is of."""
        if lost.party:
            self._parties.add(lost.party)
        self._touch(lost)

    def stray(self, item: Said) -> None:
        """One thing is other, or not there, since the story could not go on as it did: what it touches is concerned,
        and what touches it.
        """
        self._strayed.add(_key(item))
        self._touch(item)

    def _touch(self, lost: Said) -> None:
        for touched in lost.touches:
            key = f"{lost.system} {touched}"
            self._touched.add(key)
            if key in self._clean:
                self._sources.update(self._clean[key].sources)

    def concerns(self, item: Said) -> bool:
        """Whether a thing is of a customer of whom something was given up, or of what that would have touched."""
        if item.party in self._parties or _key(item) in self._touched:
            return True
        if any(f"{item.system} {touched}" in self._strayed for touched in item.touches):
            return True
        return not self._sources.isdisjoint(item.sources)

    def touches(self, system: str, things: Collection[str]) -> bool:
        """Whether some things, by kind and name, are all such as would have been settled or held."""
        return bool(things) and self._touched.issuperset(f"{system} {thing}" for thing in things)

    def are_concerned(self, parties: Iterable[str]) -> bool:
        """Whether something was given up of one of some customers."""
        return not self._parties.isdisjoint(parties)


class Objects:
    """Which findings name one of some things by the id that a ledger of the run with faults gave it."""

    def __init__(self, faulted: RunRecord, things: Iterable[Said]) -> None:
        keys = {_key(item) for item in things}
        ledgers = faulted.final.world.ledgers if faulted.final else ()
        self._is_alone = len(ledgers) == 1
        self._named: set[tuple[str, str]] = set()
        for ledger in ledgers:
            system = ledger.vendor if self._is_alone else f"{ledger.vendor} {ledger.entity}"
            for name, what in records(ledger, Words((ledger,), faulted.header.connector)):
                if f"{system} {what}" in keys:
                    self._named.add(("" if self._is_alone else ledger.entity, name))

    def names(self, finding: Finding) -> bool:
        """Whether it names one. Where several entities keep books, only a finding on the books of one can tell."""
        entity = "" if self._is_alone else finding.key.split(":")[1]
        return any((entity, name) in self._named for name in _names(finding))


def _key(item: Said) -> str:
    return f"{item.system} {item.what}"


def _names(finding: Finding) -> Iterator[str]:
    return (each.partition(" ")[0] for each in finding.objects)
