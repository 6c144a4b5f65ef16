"""V9 for the payroll: what agencies, plans, insurers and creditors are owed rolls forward.

Clearing and pay cheques hold only what is on its way.

Opening and what people or the close post by themselves + what runs put there − what was remitted = what stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.findings import Reporter, amount
from simharness.checks.payroll.money import Movement, PayrollMoney
from simharness.checks.payroll.posted import PayrollBooks
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Entry

_ZERO = Decimal(0)
#: The sources whose entries are payroll's own.
_PAYROLL = frozenset({"payroll", "payroll_retro", "payroll_remittance", "bank_line"})


@dataclass(slots=True)
class _Roll:
    """One account, owed positive: what is due on it by each cause, and what stands there."""

    beside: Decimal = _ZERO
    runs: Decimal = _ZERO
    settled: Decimal = _ZERO
    found: Decimal = _ZERO

    @property
    def due(self) -> Decimal:
        return self.beside + self.runs - self.settled


def payroll_rolls_forward(scope: Scope, report: Reporter) -> None:
    """Every account on which payroll owes somebody, at one rest; companies without a payroll have none."""
    books = scope.payroll
    if books is None or scope.ledger is None or not scope.references.declares("payroll"):
        return
    rolls: dict[str, _Roll] = defaultdict(_Roll)
    own = books.accounts.liabilities | {books.policy.clearing, books.policy.cheques}
    _found(scope, books, own, rolls)
    _runs(books, own, rolls)
    _settled(scope, books, rolls)
    for numbers in _groups(scope, books, own):
        _judge(scope, report, books, numbers, [rolls[number] for number in numbers])


def _found(scope: Scope, books: PayrollBooks, own: frozenset[str], rolls: dict[str, _Roll]) -> None:
    """What stands on each account, and what of it is neither payroll's nor nameless: somebody else posted it."""
    for entry in scope.ledger.entries if scope.ledger else ():
        for (number, _), value in books.sums([entry]).items():
            if number in own:
                rolls[number].found -= value
                if _is_beside(scope, entry):
                    rolls[number].beside -= value


def _is_beside(scope: Scope, entry: Entry) -> bool:
    effects = scope.effects.by_entry.get(entry.id, ())
    if not effects:
        return not scope.by_connector(entry.created_by)
    return all(effect.noun not in _PAYROLL for effect in effects)


def _runs(books: PayrollBooks, own: frozenset[str], rolls: dict[str, _Roll]) -> None:
    """What each run that is posted owes."""
    for run in books.runs:
        if run.id in books.posted:
            for (number, _), value in books.booked[run.id].postings.items():
                if number in own:
                    rolls[number].runs -= value


def _settled(scope: Scope, books: PayrollBooks, rolls: dict[str, _Roll]) -> None:
    """What the provider took over, which the company then owes it, and what left the bank."""
    money = PayrollMoney(scope, books)
    for run in books.runs:
        if run.id in books.posted and (run.id in books.remitted or _is_taken_over(scope, money, run.id)):
            for number, value in books.booked[run.id].taxes.items():
                rolls[number].settled += value
                rolls[books.policy.clearing].runs += value
    for movement in money.movements:
        for line in movement.lines:
            effects = scope.effects.of.get(("bank_line", line.id), ())
            if any(_waits(books, effect.entry, money.waiting(line)) for effect in effects):
                continue  # Nobody is paid by what the connector could not place and told somebody of.
            if effects or not scope.judged.listed.refused(line.id):
                rolls[_account(books, movement)].settled -= line.amount.amount


def _is_taken_over(scope: Scope, money: PayrollMoney, run: str) -> bool:
    """Whether the provider collected the taxes of a run, and that it did is not listed as refused by the ledger."""
    return money.line_of_tax(run) is not None and not scope.judged.listed.refused(f"remittance:{run}")


def _waits(books: PayrollBooks, entry: Entry, unmatched: frozenset[str]) -> bool:
    return any(number in unmatched for number, _ in books.sums([entry]))


def _account(books: PayrollBooks, movement: Movement) -> str:
    """The account that a movement settles; of several of one payee the first, for they are judged together."""
    return min(movement.accounts) if movement.accounts else books.policy.clearing


def _groups(scope: Scope, books: PayrollBooks, own: frozenset[str]) -> Iterable[tuple[str, ...]]:
    """The accounts one by one, but those of one payee together: nobody says what of a remittance is for which."""
    left = set(own)
    for movement in PayrollMoney(scope, books).movements:
        together = movement.accounts & left
        if len(together) > 1:
            left -= together
            yield tuple(sorted(together))
    yield from ((number,) for number in sorted(left))


def _judge(scope: Scope, report: Reporter, books: PayrollBooks, numbers: tuple[str, ...], rolls: list[_Roll]) -> None:
    due, found = sum((roll.due for roll in rolls), _ZERO), sum((roll.found for roll in rolls), _ZERO)
    if not any((due, found, *(roll.runs for roll in rolls))):
        return
    report.examined += 1
    if due == found:
        return
    currency = books.snapshot.currency
    parts = {
        "from elsewhere": sum((roll.beside for roll in rolls), _ZERO),
        "from payrolls": sum((roll.runs for roll in rolls), _ZERO),
        "remitted or cashed": -sum((roll.settled for roll in rolls), _ZERO),
    }
    label = " and ".join(scope.number_label(number) for number in numbers)
    told = ", ".join(f"{words} {amount(value, currency)}" for words, value in parts.items() if value)
    report.found(
        f"{scope.dictionary.entity}:payroll:{':'.join(numbers)}",
        f"{label} does not roll forward: what payrolls put there less what was remitted is not what stands there",
        expected=f"owed {amount(due, currency)}" + (f" ({told})" if told else ""),
        actual=f"owed {amount(found, currency)}",
        objects=[f"{scope.ledger.vendor if scope.ledger else ''}:account:{number}" for number in numbers],
        at_risk=Money(found - due, currency),
    )
