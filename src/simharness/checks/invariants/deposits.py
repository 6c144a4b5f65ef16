"""V28: the liability for customer deposits rolls forward, a deal at a time: asked - taken off - given back = left."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.effects import entry_object
from simharness.checks.findings import Reporter, amount, not_applicable, source_object
from simharness.checks.oracle.model import ExpectedDeposit
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.fact import PaymentRefunded
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def deposits_roll_forward(judged: Judged) -> CheckResult:
    """V28: what the account of deposits holds of each deal at every rest, and nothing on it that no deposit explains.

    A refund of a deposit that the customer paid without any invoice is explained by itself.
    """
    last = judged.settled
    if last.ledger is None or not last.accounts_with("deposits"):
        return not_applicable("V28", "the chart has no account with the role 'deposits'")
    report = Reporter("V28", judged.record.header)
    told: set[str] = set()
    for scope in (*judged.rests, last) if last.expected.deposits else (last,):
        _compare(scope, report, told)
    return report.result("no deal has a deposit")


def _compare(scope: Scope, report: Reporter, told: set[str]) -> None:
    """One state of the world; what was `told` of an earlier one is not told again."""
    if scope.ledger is None:
        return
    accounts = scope.accounts_with("deposits")
    wanted = {deposit.deal_id: deposit for deposit in scope.expected.deposits}
    refunds = {fact.refund_id: fact for fact in scope.facts if isinstance(fact, PaymentRefunded)}
    ids = {deposit.deal: deposit.deal_id for deposit in wanted.values()}
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    astray: list[tuple[Entry, Decimal]] = []
    for entry in scope.ledger.entries:
        moved = -sum(
            ((line.amount if line.foreign is None else line.foreign).amount for line in entry.lines
             if line.account in accounts),
            _ZERO,
        )  # fmt: skip
        if not moved:
            continue
        deal_id = _deal_of(scope, entry, refunds, ids)
        if deal_id in wanted:
            held[deal_id] += moved
        elif not _unasked(scope, entry, refunds) and scope.by_connector(entry.created_by):
            astray.append((entry, moved))
    for deposit in wanted.values():
        report.examined += 1
        if deposit.deal_id in told:
            continue
        if deposit.left != held[deposit.deal_id] and not scope.judged.listed.refused(deposit.deal_id):
            told.add(deposit.deal_id)
            _wrong(scope, report, deposit, held[deposit.deal_id])
    for entry, moved in astray:
        report.examined += 1
        if entry.id in told:
            continue
        told.add(entry.id)
        vendor, currency = scope.ledger.vendor, scope.ledger.currency
        account = scope.number_label(scope.book.account_with("deposits"))
        report.found(
            f"{entry.source}:{entry.source_id or entry.id}",
            f"the connector moved {account}, and no deposit explains it",
            expected="nothing",
            actual=f"{amount(moved, currency)}",
            objects=[entry_object(vendor, entry)],
            at_risk=Money(moved, currency),
        )


def _deal_of(scope: Scope, entry: Entry, refunds: dict[str, PaymentRefunded], ids: dict[str, str]) -> str:
    """The deal whose deposit an entry moves: its own document's, or that of what it gives back; "" where unknown."""
    linked = scope.links.by_id.get(entry.source_id) if entry.source in {"invoice", "credit_memo"} else None
    if linked is not None:
        return linked.reference.id
    for effect in scope.effects.by_entry.get(entry.id, ()):
        if effect.noun == "refund" and effect.id in refunds:
            return ids.get(refunds[effect.id].deal, "")
        if effect.noun == "credit":
            numbered = (item for item in scope.links.by_id.values() if item.document.number == effect.id)
            return next((item.reference.id for item in numbered), "")
    return ""


def _unasked(scope: Scope, entry: Entry, refunds: dict[str, PaymentRefunded]) -> bool:
    effects = scope.effects.by_entry.get(entry.id, ())
    told = [refunds[effect.id] for effect in effects if effect.noun == "refund" and effect.id in refunds]
    return any(fact.reason == "deposit" for fact in told)


def _wrong(scope: Scope, report: Reporter, deposit: ExpectedDeposit, held: Decimal) -> None:
    currency = deposit.currency
    report.found(
        deposit.deal_id,
        f"the deposit of deal {deposit.deal!r} is not on the liability as it should be",
        expected=f"{amount(deposit.left, currency)} left: asked {amount(deposit.asked, currency)}, taken off "
        f"{amount(deposit.taken_off, currency)}, given back {amount(deposit.given_back, currency)}",
        actual=f"{amount(held, currency)} left",
        objects=[source_object(scope.vendors.get("crm", ""), "deal", deposit.deal_id, deposit.deal)],
        at_risk=Money(held - deposit.left, currency),
        origin=deposit.origin,
    )
