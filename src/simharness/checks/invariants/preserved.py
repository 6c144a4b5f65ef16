"""V26: an update preserves what the connector does not own."""

from __future__ import annotations

from simharness.checks.conduct.ownership import Owners
from simharness.checks.findings import Reporter, party_object, source_object
from simharness.checks.scope import Scope, system_of
from simharness.domain.books import Party
from simharness.domain.crm import Company, Deal
from simharness.domain.fact import CustomerChanged, CustomerEntered, DealChanged, DealEntered, PartyEdited
from simharness.domain.finding import CheckResult


def foreign_fields_survive(scope: Scope) -> CheckResult:
    """V26: what a bookkeeper set in the ledger and what sales set in the CRM is still there at the end."""
    report = Reporter("V26", scope.record.header)
    _parties(scope, report)
    _crm(scope, report)
    _overwritten(scope, report)
    return report.result("nobody but the connector set a field, and the connector updated nothing")


def _parties(scope: Scope, report: Reporter) -> None:
    owners = Owners(scope.dictionary)
    parties: dict[str, Party] = {party.id: party for party in scope.ledger.parties} if scope.ledger else {}
    last: dict[tuple[str, str], tuple[str, PartyEdited]] = {}
    for fact in scope.facts:
        if isinstance(fact, PartyEdited):
            for field, value in fact.fields:
                last[(fact.party_id, field)] = (value, fact)
    for (party_id, field), (value, fact) in last.items():
        if owners.of("party", field) not in {"", "ledger"}:
            continue
        party = parties.get(party_id)
        report.examined += 1
        found = str(getattr(party, field, "")) if party else "no such customer"
        if found != value:
            report.found(
                f"party:{party_id}:{field}",
                f"the {field} that a bookkeeper gave customer {fact.customer!r} did not survive",
                expected=value,
                actual=found or "empty",
                objects=[party_object(scope.vendors.get("accounting", ""), party)] if party else [],
            )


def _crm(scope: Scope, report: Reporter) -> None:
    crm = scope.checkpoint.world.crm if scope.checkpoint else None
    if crm is None:
        return
    customers: dict[str, CustomerEntered | CustomerChanged] = {}
    deals: dict[str, DealEntered | DealChanged] = {}
    for fact in scope.facts:
        if isinstance(fact, (CustomerEntered, CustomerChanged)):
            customers[fact.company_id] = fact
        elif isinstance(fact, (DealEntered, DealChanged)):
            deals[fact.deal_id] = fact
    for company in crm.companies:
        if (told := customers.get(company.id)) and not company.merged_into:
            report.examined += 1
            _company(report, crm.vendor, company, told)
    for deal in crm.deals:
        if sold := deals.get(deal.id):
            report.examined += 1
            _deal(report, crm.vendor, deal, sold)


def _company(report: Reporter, vendor: str, company: Company, told: CustomerEntered | CustomerChanged) -> None:
    name = told.name if isinstance(told, CustomerChanged) else told.customer
    for field, should, found in (
        ("name", name, company.name),
        ("region", told.region, company.region),
        ("terms", told.terms, company.terms),
    ):
        if should != found:
            report.found(
                f"company:{company.id}:{field}",
                f"the {field} that sales gave company {name!r} did not survive in the CRM",
                expected=should or "empty",
                actual=found or "empty",
                objects=[source_object(vendor, "company", company.id, company.name)],
            )


def _deal(report: Reporter, vendor: str, deal: Deal, sold: DealEntered | DealChanged) -> None:
    should = [(line.product, line.quantity, line.unit_price) for line in sold.lines]
    found = [(line.product, line.quantity, line.unit_price) for line in deal.lines]
    if should != found:
        report.found(
            f"deal:{deal.id}:lines",
            f"the lines that sales gave deal {sold.deal!r} did not survive in the CRM",
            expected="; ".join(f"{quantity.normalize():f} {product} at {price}" for product, quantity, price in should),
            actual="; ".join(f"{quantity.normalize():f} {product} at {price}" for product, quantity, price in found),
            objects=[source_object(vendor, "deal", deal.id, deal.name)],
        )


def _overwritten(scope: Scope, report: Reporter) -> None:
    """Updates by the connector of fields that somebody else wrote and that belong to the system they are in."""
    owners = Owners(scope.dictionary)
    updated = {(w.dataset, w.record_id) for w in scope.record.writes if w.action == "update"}
    others: dict[tuple[str, str, str], str] = {}
    for write in scope.record.writes:
        if (write.dataset, write.record_id) not in updated:
            continue
        if not scope.by_connector(write.actor):
            others |= {(write.dataset, write.record_id, field): write.actor for field in write.fields}
            continue
        if write.action != "update":
            continue
        report.examined += 1
        for field in write.fields:
            author = others.get((write.dataset, write.record_id, field))
            if author and owners.of(write.dataset, field) == system_of(write.family):
                report.found(
                    f"{write.dataset}:{write.record_id}:{field}:overwritten",
                    f"the connector overwrote {field} of {write.dataset} {write.record_id}, which {author} had written",
                    expected=f"{field} left as {author} wrote it",
                    actual=f"written by {write.actor}",
                    objects=[source_object(write.vendor, write.dataset, write.record_id)],
                )
