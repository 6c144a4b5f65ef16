"""Whose the lines of deals are, and what is recognised of a deal that was billed in other words when it was taken up.

A deal that changed while its invoice waited is billed as it is by then. What its lines become revenue of is other by
exactly what its documents deferred otherwise, whatever it was of the one line or the other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from simharness.checks.convergence.moves import cancels, recognised_line
from simharness.checks.convergence.said import Said
from simharness.domain.record import RunRecord

#: What is missing, and what is further, of one kind and name.
Side = tuple[list[Said], list[Said]]


class DealLines:
    """The lines that deals have at the end of a run, or had at a checkpoint before."""

    def __init__(self, record: RunRecord) -> None:
        found = [each.world.crm for each in record.checkpoints if each.world.crm is not None]
        names = {company.id: company.name for crm in found for company in crm.companies}
        self._deals = {line.id: deal.id for crm in found for deal in crm.deals for line in deal.lines}
        self._customers: dict[str, set[str]] = {}
        for deal in (deal for crm in found for deal in crm.deals):
            for line in deal.lines:
                self._customers.setdefault(line.id, set()).add(names.get(deal.company_id, ""))

    def customers(self, line: str) -> set[str]:
        """Names of the customers who have a line in a deal of theirs."""
        return self._customers.get(line, set())

    def recognised_anew(
        self, ends: Mapping[str, list[Side]], differs: Iterable[Side], anew: Container[str]
    ) -> set[str]:
        """The sources among those of ends of periods that recognise lines of deals made `anew`, and only take over what
        the documents of these have put there otherwise. `differs` is all that differs.
        """
        documents: dict[str, list[Side]] = {}
        for was, ended in differs:
            item = (was or ended)[0]
            for id in item.sources if item.noun == "entry" else ():
                documents.setdefault(id, []).append((was, ended))
        lines: dict[str, list[str]] = {}
        for source, sides in ends.items():
            deal = self._deals.get(recognised_line((sides[0][0] or sides[0][1])[0]), "")
            if deal in anew:
                lines.setdefault(deal, []).append(source)
        return {
            source
            for deal, sources in lines.items()
            if cancels(_both(documents.get(deal, [])), _both(side for each in sources for side in ends[each]))
            for source in sources
        }


def _both(sides: Iterable[Side]) -> Side:
    was: list[Said] = []
    ended: list[Said] = []
    for side in sides:
        was.extend(side[0])
        ended.extend(side[1])
    return was, ended
