"""Which companies are one customer: what the facts say of merges, followed to the survivor."""

from __future__ import annotations

from collections.abc import Iterable

from simharness.domain.fact import CustomersMerged, Fact


class Survivors:
    """Who stands for whom after the merges within the facts, which come in the order in which they happened."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._into: dict[str, str] = {}
        for fact in facts:
            if isinstance(fact, CustomersMerged):
                self.merged(fact)

    def merged(self, fact: CustomersMerged) -> None:
        """Take in one more merge."""
        self._into[fact.company_id] = fact.into_id

    def of(self, company_id: str) -> str:
        """The company that stands for one; itself where it was not merged away."""
        seen = {company_id}
        while (into := self._into.get(company_id, "")) and into not in seen:
            seen.add(into)
            company_id = into
        return company_id
