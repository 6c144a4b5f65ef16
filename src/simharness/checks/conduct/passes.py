"""Between what the connector's calls fall: the passes of its work, the steps of the story, its own deaths."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from simharness.domain.exchange import Exchange
from simharness.domain.fact import ConnectorFinished
from simharness.domain.record import RunRecord

#: Kinds of faults after which the connector is another process, which knows nothing of what the first was about.
DEATHS = frozenset({"crash_before", "crash_after"})


class Passes:
    """Tells of an exchange in which pass of the connector it falls, and after which step of the story."""

    def __init__(self, record: RunRecord) -> None:
        steps = {fact.exchanges for fact in record.facts}
        began = {number for fact in record.facts if isinstance(fact, ConnectorFinished) for number in fact.began}
        deaths = {exchange.sequence for exchange in record.exchanges if exchange.fault in DEATHS}
        self._steps = sorted(steps)
        self._passes = sorted(steps | began | deaths)
        self._deaths = sorted(deaths)

    def of(self, exchange: Exchange) -> int:
        """A number that the exchanges of one pass of one process have in common."""
        return bisect_left(self._passes, exchange.sequence)

    def step_of(self, exchange: Exchange) -> int:
        """A number that exchanges have in common between which nothing happened and nobody told it anything."""
        return bisect_left(self._steps, exchange.sequence)

    def died_between(self, first: Exchange, second: Exchange) -> bool:
        """Whether the connector was killed from one exchange on until before another."""
        return bisect_left(self._deaths, first.sequence) < bisect_left(self._deaths, second.sequence)


def of_connector(record: RunRecord) -> Iterator[Exchange]:
    """What the connector sent to systems of the story, in order."""
    for exchange in record.exchanges:
        if exchange.client == "connector" and not exchange.outside:
            yield exchange
