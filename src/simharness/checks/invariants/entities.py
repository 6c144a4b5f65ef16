"""V19: what entities owe each other agrees, and nothing lands in a foreign entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, source_object
from simharness.checks.references import Links
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import DealEntered
from simharness.domain.finding import CheckResult

#: Roles of the accounts on which entities owe each other.
_ROLES = ("due_from", "due_to", "intercompany")


def entities_agree(scope: Scope) -> CheckResult:
    """V19. Due-from and due-to are judged where several ledgers keep such accounts, the entity of a record always."""
    report = Reporter("V19", scope.record.header)
    ledgers = scope.checkpoint.world.ledgers if scope.checkpoint else ()
    for ledger in ledgers:
        _own_entity(report, ledger)
        _own_deals(scope, report, ledger)
    if len(ledgers) > 1:
        _intercompany(scope, report, ledgers)
    return report.result("the ledger holds no records")


def _own_entity(report: Reporter, ledger: LedgerSnapshot) -> None:
    for noun, id, entity, worth in _records(ledger):
        report.examined += 1
        if entity and entity != ledger.entity:
            report.found(
                f"{ledger.entity}:{noun}:{id}",
                f"{noun.replace('_', ' ')} {id} of entity {entity!r} is in the books of {ledger.entity!r}",
                expected=f"in the books of {entity!r}",
                actual=f"in the books of {ledger.entity!r}",
                objects=[f"{ledger.vendor}:{noun}:{id}"],
                at_risk=worth,
            )


def _records(ledger: LedgerSnapshot) -> Iterator[tuple[str, str, str, Money | None]]:
    for document in ledger.documents:
        yield document.kind, document.id, document.entity, document.total
    for payment in ledger.payments:
        yield "payment", payment.id, payment.entity, payment.amount
    for deposit in ledger.deposits:
        yield "deposit", deposit.id, deposit.entity, deposit.total
    for transfer in ledger.transfers:
        yield "transfer", transfer.id, transfer.entity, transfer.amount
    for entry in ledger.entries:
        yield "entry", entry.id, entry.entity, None


def _own_deals(scope: Scope, report: Reporter, ledger: LedgerSnapshot) -> None:
    """The documents of a deal that names an entity are in that entity's books."""
    entity_of = {fact.deal_id: fact for fact in scope.facts if isinstance(fact, DealEntered) and fact.entity}
    if not entity_of:
        return
    for deal_id, linked in Links(ledger, scope.references).documents_of.items():
        deal = entity_of.get(deal_id)
        if deal is None or deal.entity == ledger.entity:
            continue
        for item in linked:
            report.found(
                f"{ledger.entity}:deal:{deal_id}:{item.document.id}",
                f"{item.document.kind.replace('_', ' ')} {item.document.number or item.document.id} of deal "
                f"{deal.deal!r}, which entity {deal.entity!r} sold, is in the books of {ledger.entity!r}",
                expected=f"in the books of {deal.entity!r}",
                actual=f"in the books of {ledger.entity!r}",
                objects=[
                    source_object(scope.vendors.get("crm", ""), "deal", deal_id, deal.deal),
                    f"{ledger.vendor}:{item.document.kind}:{item.document.id}",
                ],
                at_risk=item.document.total,
            )


def _intercompany(scope: Scope, report: Reporter, ledgers: tuple[LedgerSnapshot, ...]) -> None:
    """Over all entities, what is due from others and what is due to others sum to zero in each currency."""
    specs = [account for account in scope.dictionary.accounts if account.role in _ROLES]
    numbers, names = {spec.number for spec in specs}, {spec.name for spec in specs}
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    parts: list[str] = []
    for ledger in ledgers:
        accounts = {item.id for item in ledger.accounts if item.number in numbers or item.name in names}
        mine: defaultdict[str, Decimal] = defaultdict(Decimal)
        for entry in ledger.entries:
            for line in entry.lines:
                if line.account in accounts:
                    value = line.amount if line.foreign is None else line.foreign
                    mine[value.currency] += value.amount
                    report.examined += 1
        for currency, value_sum in mine.items():
            sums[currency] += value_sum
            parts.append(f"{ledger.entity} {amount(value_sum, currency)}")
    for currency, rest in sums.items():
        if rest:
            report.found(
                f"intercompany:{currency}",
                "what the entities owe each other does not agree",
                expected="due from others = due to others",
                actual=", ".join(parts),
                at_risk=Money(rest, currency),
            )
