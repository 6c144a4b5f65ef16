"""V19: what entities owe each other agrees, and nothing lands in a foreign entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from msgspec.structs import replace

from simharness.checks.effects import Effect, entry_object, moved
from simharness.checks.findings import Reporter, amount, source_object
from simharness.checks.group import Group
from simharness.checks.references import Links
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import DealChanged, DealEntered
from simharness.domain.finding import CheckResult
from simharness.domain.payroll_facts import PayrollReversed, PayrollRun

_ZERO = Decimal(0)


def entities_agree(judged: Judged) -> CheckResult:
    """V19. The entity of every record is judged at the end, what two entities owe each other at every rest."""
    report = Reporter("V19", judged.record.header)
    scope = judged.final
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        _own_entity(report, ledger)
        _own_deals(scope, report, ledger)
    views = Group(judged).views
    _own_payrolls(report, scope, [view.final for view in views])
    for one, other in combinations(views, 2):
        for here, there in zip(one.rests, other.rests, strict=True):
            _owed(report, here, there)
            _both_sides(report, here, there)
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
    entity_of: dict[str, DealEntered] = {}
    for fact in scope.facts:
        if isinstance(fact, DealEntered):
            entity_of[fact.deal_id] = fact
        elif isinstance(fact, DealChanged) and fact.entity is not None and fact.deal_id in entity_of:
            entity_of[fact.deal_id] = replace(entity_of[fact.deal_id], entity=fact.entity)
    entity_of = {deal_id: fact for deal_id, fact in entity_of.items() if fact.entity}
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


def _own_payrolls(report: Reporter, whole: Scope, scopes: list[Scope]) -> None:
    """What is posted for a payroll is in the books of the entity whose people it pays."""
    payrolls = whole.checkpoint.world.payrolls if whole.checkpoint else ()
    whose = {run.id: payroll.entity for payroll in payrolls for run in payroll.payrolls}
    names = {fact.payroll_id: fact.payroll for fact in whole.facts if isinstance(fact, PayrollRun | PayrollReversed)}
    for scope in scopes if len(payrolls) > 1 else ():
        for effect in scope.effects.naming("payroll", "payroll_retro", "payroll_remittance"):
            if effect.id not in whose:
                continue
            report.examined += 1
            here, there = scope.judged.entity, whose[effect.id]
            if here == there:
                continue
            debits = sum((line.amount.amount for line in effect.entry.lines if line.amount.amount > 0), _ZERO)
            vendor = scope.ledger.vendor if scope.ledger else ""
            report.found(
                f"{here}:payroll:{effect.id}:{effect.entry.id}",
                f"entry {effect.entry.id} of payroll {names.get(effect.id, effect.id)!r}, which pays the people of "
                f"entity {there!r}, is in the books of {here!r}",
                expected=f"in the books of {there!r}",
                actual=f"in the books of {here!r}",
                objects=[
                    source_object(whole.vendors.get("payroll", ""), "payroll", effect.id, names.get(effect.id, "")),
                    entry_object(vendor, effect.entry),
                ],
                at_risk=Money(debits, scope.dictionary.currency),
            )


def _owed(report: Reporter, here: Scope, there: Scope) -> None:
    """What one owes the other is what the other is owed; only what one of them lists as rejected may be missing."""
    mine, theirs = _position(here, there), _position(there, here)
    if mine or theirs:
        report.examined += 1
    excused = _excused(here, there)
    for currency in dict.fromkeys([*mine, *theirs]):
        rest = mine[currency] + theirs[currency]
        if rest and rest not in (excused[currency], -excused[currency]):
            on = next(fact.on for fact in reversed(here.facts) if fact.step <= here.step)
            report.found(
                f"{here.step}:{here.judged.entity}:{there.judged.entity}:{currency}",
                f"what {here.judged.entity!r} and {there.judged.entity!r} owe each other does not agree on {on}",
                expected="due from one = due to the other",
                actual=", ".join(
                    f"{scope.judged.entity} {amount(value[currency], currency)}"
                    for scope, value in ((here, mine), (there, theirs))
                ),
                at_risk=Money(rest, currency),
            )


def _accounts(scope: Scope, other: Scope) -> frozenset[str]:
    """The accounts of one entity on which it owes the other, or is owed by it."""
    entity = other.judged.entity
    return scope.accounts_between("due_from", entity) | scope.accounts_between("due_to", entity)


def _position(scope: Scope, other: Scope) -> defaultdict[str, Decimal]:
    """What one entity is owed by the other by its own books, negative what it owes, by currency."""
    accounts = _accounts(scope, other)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in scope.ledger.entries if scope.ledger else ():
        for currency, value in moved(entry, accounts, accounts).items():
            sums[currency] += value
    return sums


def _excused(here: Scope, there: Scope) -> defaultdict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, source), (mine, theirs) in _sides(here, there).items():
        silent = [scope for scope, effects in ((here, mine), (there, theirs)) if not effects]
        if any(scope.judged.listed.refused(source) for scope in silent):
            for scope, other, effects in ((here, there, mine), (there, here, theirs)):
                for effect in effects:
                    accounts = _accounts(scope, other)
                    for currency, value in moved(effect.entry, accounts, accounts).items():
                        sums[currency] += value
    return sums


_Sides = dict[tuple[str, str], tuple[list[Effect], list[Effect]]]


def _sides(here: Scope, there: Scope) -> _Sides:
    """The postings between two entities by the source of the gateway that they name: of the one, of the other."""
    sides: _Sides = {}
    for position, (scope, other) in enumerate(((here, there), (there, here))):
        accounts = _accounts(scope, other)
        for effect in scope.effects.naming("payment", "refund", "dispute"):
            if moved(effect.entry, accounts, accounts):
                sides.setdefault((effect.noun, effect.id), ([], []))[position].append(effect)
    return sides


def _both_sides(report: Reporter, here: Scope, there: Scope) -> None:
    """Each movement of a gateway that one entity posts for another is in both books, with one amount."""
    for (noun, source), (mine, theirs) in _sides(here, there).items():
        report.examined += 1
        sums = [_sum(effects, _accounts(scope, other)) for scope, other, effects in
                ((here, there, mine), (there, here, theirs))]  # fmt: skip
        if all(sums[0][currency] == -sums[1][currency] for currency in {*sums[0], *sums[1]}):
            continue
        if not (mine and theirs) and (here if theirs else there).judged.listed.refused(source):
            continue
        currency = next(iter({**sums[0], **sums[1]}))
        objects = [
            entry_object(scope.ledger.vendor if scope.ledger else "", effect.entry) + f" ({scope.judged.entity})"
            for scope, effects in ((here, mine), (there, theirs))
            for effect in effects
        ]
        report.found(
            f"{here.judged.entity}:{there.judged.entity}:{noun}:{source}",
            f"{noun} {source} is not the same between {here.judged.entity!r} and {there.judged.entity!r}",
            expected=f"one amount in both books, at the one debit and at the other credit ({here.judged.entity} and "
            f"{there.judged.entity})",
            actual=f"{here.judged.entity} {amount(sums[0][currency], currency)}, "
            f"{there.judged.entity} {amount(sums[1][currency], currency)}",
            objects=objects,
            at_risk=Money(sums[0][currency] + sums[1][currency], currency),
        )


def _sum(effects: list[Effect], accounts: frozenset[str]) -> defaultdict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for effect in effects:
        for currency, value in moved(effect.entry, accounts, accounts).items():
            sums[currency] += value
    return sums
