"""Expectations on accounts, postings and who wrote them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from simharness.checks.expectations.case import Case
from simharness.checks.expectations.postings import Side, compare_postings
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.expectation import (
    AccountHolds,
    AccountMoves,
    BalancesAre,
    ClearingEmpty,
    ClearingEqualsGateway,
    LedgerPosts,
    WritersAre,
)

#: Postings and customers; what furnishes the books (accounts, items, taxes) is nobody's posting.
_WRITTEN = frozenset(
    {"invoice", "credit_memo", "sales_receipt", "refund_receipt", "payment", "deposit", "transfer", "journal", "party"}
)

#: The roles of accounts through which money passes on its way to the bank.
_PASSAGES = ("gateway_clearing", "payouts_in_transit", "undeposited")

#: The checkpoint that holds the world before the first action, where the runner takes one.
_GIVEN = "before the acts"


def balances_are(case: Case, said: BalancesAre) -> None:
    """The balance of each named account, as of a day if one is said; with `exact` every other account is zero."""
    balances = _balances(case.ledger, said.as_of)
    named: set[str] = set()
    for name, should in said.balances:
        account = case.account(name)
        if account is None:
            if should:
                case.wrong(
                    name, f"there is no account {name!r} in the ledger", should, "no such account", at_risk=should
                )
            continue
        named.add(account.id)
        label = case.scope.account_label(account.id)
        found = Money(balances[account.id], should.currency)
        case.differs(
            name, f"account {label} has another balance", should, found, [f"{case.vendor}:account:{account.id}"]
        )
    for name in (*said.some, *said.unchecked):
        account = case.account(name)
        named |= {account.id} if account is not None else set()
        if name in said.some and (account is None or not balances[account.id]):
            message = f"account {name} has no balance" if account else f"there is no account {name!r} in the ledger"
            case.wrong(name, message, "any balance", case.zero())
    if not said.exact:
        return
    for account_id, balance in balances.items():
        if balance and account_id not in named:
            label = case.scope.account_label(account_id)
            found = Money(balance, case.zero().currency)
            message = f"account {label} has a balance, and the step does not list it"
            case.differs(label, message, case.zero(), found, [f"{case.vendor}:account:{account_id}"])


def account_moves(case: Case, said: AccountMoves) -> None:
    """The movement of one account since the story's first action."""
    account = case.account(said.account)
    before = _balances(given(case))
    moved = _balances(case.ledger)[account.id] - before[account.id] if account else Decimal(0)
    message = f"account {said.account} moves by another amount"
    case.differs(said.account, message, said.amount, Money(moved, said.amount.currency))


def account_holds(case: Case, said: AccountHolds) -> None:
    """The balance of one account, now or by the postings dated up to a day."""
    account = case.account(said.account)
    balance = _balances(case.ledger, said.as_of)[account.id] if account else Decimal(0)
    message = f"account {said.account} has another balance" + (f" as of {said.as_of}" if said.as_of else "")
    objects = [f"{case.vendor}:account:{account.id}"] if account else []
    case.differs(said.account, message, said.amount, Money(balance, said.amount.currency), objects)


def clearing_equals_gateway(case: Case, said: ClearingEqualsGateway) -> None:
    """Gateway clearing is the gateway's balance: pending, available and reserved."""
    gateway, currency = case.scope.gateway, case.zero().currency
    if gateway is None:
        case.wrong("absent", "there is no gateway to compare with", "a balance of the gateway", "no gateway")
        return
    parts = (*gateway.pending, *gateway.available, *gateway.reserved)
    should = sum((part.amount for part in parts if part.currency == currency), Decimal(0))
    balances = _balances(case.ledger)
    found = sum((balances[key] for key in case.scope.accounts_with("gateway_clearing")), Decimal(0))
    message = "gateway clearing is not the gateway's balance"
    case.differs(said.verb, message, Money(should, currency), Money(found, currency))


def clearing_empty(case: Case, said: ClearingEmpty) -> None:
    """Nothing was on its way to the bank by the postings dated up to a day."""
    balances = _balances(case.ledger, said.on)
    for role in _PASSAGES:
        for account_id in sorted(case.scope.accounts_with(role)):
            label = case.scope.account_label(account_id)
            found = Money(balances[account_id], case.zero().currency)
            message = f"account {label} is not empty on {said.on}"
            case.differs(label, message, case.zero(), found, [f"{case.vendor}:account:{account_id}"])


def ledger_posts(case: Case, said: LedgerPosts) -> None:
    """What was posted since the last block of actions began is exactly what is listed."""
    message = "the ledger posts something else" if said.lines else "the ledger posts something"
    compare_postings(case, said.lines, _posted(case), message)


def _posted(case: Case) -> dict[Side, Decimal]:
    """The postings of the last block of actions: what is there now and was not before, summed by side."""
    new = _postings(case.ledger)
    new.subtract(_postings(before_block(case)))
    sums: defaultdict[Side, Decimal] = defaultdict(Decimal)
    for (account_id, value, centre), count in new.items():
        if count:
            sums[(account_id, (value * count) > 0, centre)] += value * count
    return sums


def _postings(ledger: LedgerSnapshot | None) -> Counter[tuple[str, Decimal, str]]:
    return Counter(
        (line.account, line.amount.amount, line.cost_centre)
        for entry in (ledger.entries if ledger else ())
        for line in entry.lines
        if line.amount
    )


def given(case: Case) -> LedgerSnapshot | None:
    """The ledger before the story's first action."""
    found = next((c for c in case.judged.record.checkpoints if c.name == _GIVEN or c.step == 0), None)
    return found.world.ledger() if found else None


def before_block(case: Case) -> LedgerSnapshot | None:
    """The ledger before the actions between the previous expectations and this one."""
    facts, expectations = case.actions.facts, case.actions.expectations
    last = bisect_left(facts, case.expectation.step) - 1
    if last < 0:
        return case.ledger
    earlier = bisect_left(expectations, facts[last]) - 1
    if earlier < 0:
        return given(case)
    checkpoint = case.judged.checkpoint(expectations[earlier])
    return checkpoint.world.ledger() if checkpoint else None


def _balances(ledger: LedgerSnapshot | None, as_of: date | None = None) -> defaultdict[str, Decimal]:
    balances: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries if ledger else ():
        if as_of is not None and entry.date > as_of:
            continue
        for line in entry.lines:
            balances[line.account] += line.amount.amount
    return balances


def writers_are(case: Case, said: WritersAre) -> None:
    """Who wrote postings and customers into the ledger up to the step."""
    until = case.until
    connector = case.judged.actors
    allowed = set(said.writers)
    for write in case.judged.record.writes:
        if write.family != "accounting" or write.dataset not in _WRITTEN or (until is not None and write.at > until):
            continue
        if write.actor not in allowed and not ("the connector" in allowed and write.actor in connector):
            case.wrong(
                write.actor,
                f"{write.actor} wrote {write.dataset} {write.record_id} in the ledger",
                ", ".join(said.writers),
                write.actor,
                objects=[f"{write.vendor}:{write.dataset}:{write.record_id}"],
            )
