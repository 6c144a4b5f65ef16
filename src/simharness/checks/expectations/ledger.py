"""Expectations on accounts, postings and who wrote them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from decimal import Decimal

from simharness.checks.expectations.case import Case
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot
from simharness.domain.expectation import AccountMoves, BalancesAre, LedgerPosts, PostingLine, WritersAre

#: Postings and customers; what furnishes the books (accounts, items, taxes) is nobody's posting.
_WRITTEN = frozenset({"invoice", "credit_memo", "payment", "journal", "party"})

#: The checkpoint that holds the world before the first action, where the runner takes one.
_GIVEN = "given"


def balances_are(case: Case, said: BalancesAre) -> None:
    """The balance of each named account; with `exact` every other account is zero."""
    balances = _balances(case.ledger)
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
    before = _balances(_given(case))
    moved = _balances(case.ledger)[account.id] - before[account.id] if account else Decimal(0)
    message = f"account {said.account} moves by another amount"
    case.differs(said.account, message, said.amount, Money(moved, said.amount.currency))


def ledger_posts(case: Case, said: LedgerPosts) -> None:
    """The exact set of postings since the last block of actions began, without order."""
    posted = _postings(case, case.ledger)
    posted.subtract(_postings(case, _before_block(case)))
    rest = [key for key, count in posted.items() for _ in range(count)]
    absent: list[PostingLine] = []
    for wanted in sorted(said.lines, key=lambda line: line.cost_centre is None):
        account = case.account(wanted.account)
        fitting = next((key for key in rest if account and _fits(wanted, account.id, key)), None)
        if fitting is None:
            absent.append(wanted)
        else:
            rest.remove(fitting)
    if absent or rest:
        currency = case.zero().currency
        case.wrong(
            "postings",
            "the ledger posts other lines" if said.lines else "the ledger posts something",
            "; ".join(f"{line.account} {line.amount} {line.cost_centre or ''}".strip() for line in absent)
            or "no further line",
            "; ".join(f"{case.scope.account_label(a)} {Money(v, currency)} {c}".strip() for a, v, c in rest)
            or "no such line",
            at_risk=Money(sum((abs(value) for _, value, _ in rest), Decimal(0)), currency)
            if rest
            else Money(sum((abs(line.amount.amount) for line in absent), Decimal(0)), currency),
        )


def _fits(wanted: PostingLine, account_id: str, key: tuple[str, Decimal, str]) -> bool:
    return (
        key[0] == account_id
        and key[1] == wanted.amount.amount
        and (wanted.cost_centre is None or wanted.cost_centre == key[2])
    )


def _postings(case: Case, ledger: LedgerSnapshot | None) -> Counter[tuple[str, Decimal, str]]:
    return Counter(
        (line.account, line.amount.amount, line.cost_centre)
        for entry in (ledger.entries if ledger else ())
        for line in entry.lines
        if line.amount
    )


def _given(case: Case) -> LedgerSnapshot | None:
    found = next((c for c in case.judged.record.checkpoints if c.name == _GIVEN or c.step == 0), None)
    return found.world.ledger() if found else None


def _before_block(case: Case) -> LedgerSnapshot | None:
    """The ledger before the actions between the previous expectations and this one."""
    facts, expectations = case.actions.facts, case.actions.expectations
    last = bisect_left(facts, case.expectation.step) - 1
    if last < 0:
        return case.ledger
    earlier = bisect_left(expectations, facts[last]) - 1
    if earlier < 0:
        return _given(case)
    checkpoint = case.judged.checkpoint(expectations[earlier])
    return checkpoint.world.ledger() if checkpoint else None


def _balances(ledger: LedgerSnapshot | None) -> defaultdict[str, Decimal]:
    balances: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries if ledger else ():
        for line in entry.lines:
            balances[line.account] += line.amount.amount
    return balances


def writers_are(case: Case, said: WritersAre) -> None:
    """Who wrote postings and customers into the ledger up to the step."""
    until = case.scope.checkpoint.world.at if case.scope.checkpoint else None
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
