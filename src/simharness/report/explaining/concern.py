"""Which rows of a connector's evidence are about what a finding is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simharness.checks.listed import ids
from simharness.domain.evidence import Evidence, LogRow
from simharness.domain.fact import CustomerEntered, CustomerPaid
from simharness.domain.payroll_facts import PayrollApproved
from simharness.report.explaining.chain import DEALS, records, sources, sources_of_charges
from simharness.report.explaining.instructions import invoice_names, named
from simharness.report.explaining.subject import Subject


@dataclass(frozen=True, slots=True)
class Concern:
    """What is concerned: ids of the source systems, names of invoices that instructions are about, and (kind, id) of
    the ledger's records. `further` are ids of what else is of the same customers, of which only trouble is told.
    """

    ids: frozenset[str] = frozenset()
    invoices: frozenset[str] = frozenset()
    records: frozenset[tuple[str, str]] = frozenset()
    further: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()

    def covers(self, row: Evidence) -> bool:
        """Whether a row is about it: by its source, by an instruction on its invoices, or by what was written."""
        mine = self.ids if isinstance(row, LogRow) else self.ids | self.further
        if any(key in mine or key.partition(":")[0] in mine for key in ids(row.source)):
            return True
        if row.entity not in self.entities:
            return False
        told = named(row.source)
        if told is not None and told.invoice in self.invoices:
            return True
        return _record(row.target if isinstance(row, LogRow) else row.source) in self.records


def concerned(subject: Subject) -> Concern:
    """Everything concerned by a finding; its things stand for themselves where it is about no deal."""
    found, invoices, kept = set[str](), set[str](), set[tuple[str, str]]()
    entities = {""}
    for deal_id in subject.deals[:DEALS]:
        within = subject.within(deal_id)
        found |= sources(within, deal_id)
        invoices |= invoice_names(within, subject.pages.deals[deal_id])
        kept |= records(within, deal_id)
        entities.add(within.case.judged.entity)
    found |= set(_of_accounts(subject))
    if not subject.deals:
        entities.add(subject.case.judged.entity)
        found |= sources_of_charges(subject, {fact.charge_id for fact in subject.charges})
        runs = {run.payroll_id for run in subject.payrolls}
        approved = (fact for fact in subject.facts if isinstance(fact, PayrollApproved) and fact.payroll_id in runs)
        found |= runs | {fact.reference for fact in approved}
        found |= {thing.id for thing in subject.things if thing.kind != "account"}
        found |= set(_companies(subject))
    return Concern(
        ids=frozenset(found - {""}),
        invoices=frozenset(invoices),
        records=frozenset(kept),
        further=frozenset(set(_further(subject)) - found - {""}),
        entities=frozenset(entities),
    )


def until(subject: Subject, at: datetime) -> bool:
    """Whether something had happened when the finding was made."""
    end = subject.case.until
    return end is None or at <= end


def _of_accounts(subject: Subject) -> Iterator[str]:
    effects, ledger = subject.case.scope.effects.by_entry, subject.case.ledger
    for entry in ledger.entries if ledger is not None and subject.accounts else ():
        if any(line.account in subject.accounts for line in entry.lines):
            yield from (effect.id for effect in effects.get(entry.id, ()))


def _companies(subject: Subject) -> Iterator[str]:
    customer = getattr(subject.said, "customer", "")
    for fact in subject.facts:
        if isinstance(fact, CustomerEntered) and customer and fact.customer == customer:
            yield fact.company_id


def _further(subject: Subject) -> Iterator[str]:
    """The other deals of the customers concerned, with their payments."""
    mine = subject.deals[:DEALS]
    companies = {subject.pages.deals[deal_id].company_id for deal_id in subject.deals}
    others = {deal.deal: id for id, deal in subject.pages.deals.items() if deal.company_id in companies}
    yield from (deal_id for deal_id in others.values() if deal_id not in mine)
    paid = {fact.charge_id for fact in subject.facts if isinstance(fact, CustomerPaid) and fact.deal in others}
    yield from sources_of_charges(subject, paid)


def _record(text: str) -> tuple[str, str]:
    """Kind and id of `system:kind:id`."""
    parts = text.split(":")
    return (parts[1], parts[2]) if len(parts) > 2 else ("", "")
