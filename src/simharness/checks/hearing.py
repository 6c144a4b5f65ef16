"""What a connector that listens could not know of: a system told its news to nobody, and nothing was polled since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from simharness.domain.fact import ConnectorFinished, Fact, NightlyPollRan, WebhooksResumed, WebhooksStopped


class Hearing:
    """Which systems are silent, and whose news may have been lost, fact by fact.

    Only what a connector that listens loses counts. A poll makes up for everything before it; while a system stays
    silent, whatever follows the poll may be lost again, also what happens by itself.
    """

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.lost: set[str] = set()

    def hears(self, system: str) -> bool:
        """Whether a system tells its news just now."""
        return system not in self.silent

    def after(self, fact: Fact) -> None:
        """Take a fact in; a rest is to be judged by what was lost before it."""
        match fact:
            case WebhooksStopped():
                self.silent |= {fact.system} if fact.loses else set()
                self.lost |= self.silent
            case WebhooksResumed():
                self.silent.discard(fact.system)
            case NightlyPollRan():
                self.lost.clear()
            case _:
                self.lost |= self.silent


def unheard_rests(facts: Iterable[Fact]) -> Mapping[int, frozenset[str]]:
    """The steps of rests before which news may have been lost that no nightly poll has found yet, and whose news."""
    hearing = Hearing()
    unheard: dict[int, frozenset[str]] = {}
    for fact in facts:
        if isinstance(fact, ConnectorFinished) and hearing.lost:
            unheard[fact.step] = frozenset(hearing.lost)
        hearing.after(fact)
    return MappingProxyType(unheard)
