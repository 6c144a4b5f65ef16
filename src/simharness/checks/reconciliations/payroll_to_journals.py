"""R5: every processed payroll is one journal; its postings by account and cost centre are those of the register."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter, amount, not_applicable
from simharness.checks.payroll.posted import PayrollBooks, Posting
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.finding import CheckResult
from simharness.domain.payroll import Payroll

_ZERO = Decimal(0)


def payroll_to_journals(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: processed payrolls, less those that the connector lists as refused. Right: the journals that name one."""
    books = scope.payroll
    if books is None:
        return not_applicable("R5", "this company's dictionary or world has no payroll")
    if not scope.references.declares("payroll"):
        return not_applicable("R5", "the connector declares no reference rule for payrolls")
    both = Reconciliation(Reporter("R5", scope.record.header), "the payroll register", "the ledger")
    for run in books.due:
        both.left_count += 1
        _run(both, scope, books, run)
    both.right_count = sum(len(posting.own) for posting in books.posted.values())
    for id in books.posted.keys() - books.booked.keys():
        _unknown(both, scope, books, id)
    _without_source(both, scope, books)
    return both.result(nothing_expected=nothing_expected)


def _run(both: Reconciliation, scope: Scope, books: PayrollBooks, run: Payroll) -> None:
    should, posting = books.booked[run.id], books.posted.get(run.id, Posting())
    words, currency = books.words(run), books.snapshot.currency
    cost = Money(should.cost, currency)
    origin = books.origin(run.id)
    if not posting.own:
        both.broken(
            BreakKind.MISSING_RIGHT, run.id, f"{words} is not in the ledger", left=cost,
            objects=[books.object(run.id)], at_risk=cost, origin=origin,
        )  # fmt: skip
        return
    both.matched += 1
    objects = [books.object(run.id), *(_object(scope, each) for each in posting.counted)]
    for further in posting.own[1:]:
        both.broken(
            BreakKind.DUPLICATE, f"{run.id}:{further.entry.id}", f"{words} is in the ledger again", left=cost,
            right=Money(_debits(further.entry), currency), objects=[books.object(run.id), _object(scope, further)],
            at_risk=cost, origin=origin,
        )  # fmt: skip
    found = books.sums(effect.entry for effect in posting.counted)
    for place in dict.fromkeys([*should.postings, *found]):
        due, there = should.postings.get(place, _ZERO), found.get(place, _ZERO)
        if due != there:
            both.broken(
                BreakKind.AMOUNT, f"{run.id}:{':'.join(place).rstrip(':')}",
                f"{words} has another amount on {books.label(place)}", left=amount(due, currency),
                right=amount(there, currency), objects=objects, at_risk=Money(there - due, currency), origin=origin,
            )  # fmt: skip
    entry = posting.own[0].entry
    if not books.bears_right_day(should.dated, entry):
        both.broken(
            BreakKind.DATE, run.id, f"{words} is on another day", left=should.dated, right=entry.date,
            objects=objects, at_risk=cost, origin=origin,
        )  # fmt: skip


def _unknown(both: Reconciliation, scope: Scope, books: PayrollBooks, id: str) -> None:
    posting = books.posted[id]
    if not books.sums(effect.entry for effect in (*posting.own, *posting.retro)):
        return  # What was posted for a payroll that was undone is undone as well.
    for effect in posting.counted:
        worth = Money(_debits(effect.entry), books.snapshot.currency)
        both.broken(
            BreakKind.MISSING_LEFT, f"{id}:{effect.entry.id}", f"payroll {id} is not processed and is in the ledger",
            right=worth, objects=[books.object(id), _object(scope, effect)], at_risk=worth,
        )  # fmt: skip


def _without_source(both: Reconciliation, scope: Scope, books: PayrollBooks) -> None:
    """What the connector put on payroll's own accounts without saying for which source."""
    own = books.accounts.expenses | books.accounts.liabilities | {books.policy.clearing, books.policy.cheques}
    for entry in scope.ledger.entries if scope.ledger else ():
        if not scope.by_connector(entry.created_by) or entry.id in scope.effects.by_entry:
            continue
        moved = {number: value for (number, _), value in books.sums([entry]).items() if number in own}
        if moved:
            worth = Money(max(abs(value) for value in moved.values()), books.snapshot.currency)
            both.right_count += 1
            both.broken(
                BreakKind.MISSING_LEFT, f"unreferenced:{entry.source}:{entry.source_id or entry.id}",
                f"the connector moved {', '.join(scope.number_label(each) for each in moved)} and names no source",
                right=worth, objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)], at_risk=worth,
            )  # fmt: skip


def _object(scope: Scope, effect: Effect) -> str:
    return entry_object(scope.ledger.vendor if scope.ledger else "", effect.entry)


def _debits(entry: Entry) -> Decimal:
    return sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
