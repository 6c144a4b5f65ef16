"""R6: what payroll moves on the bank account, told by reference, is on the statement and on payroll's own accounts.

A line of equal amount that bears no reference of payroll is somebody else's, and must not stand there.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter, amount, not_applicable, source_object
from simharness.checks.payroll.booked import Place
from simharness.checks.payroll.money import Movement, PayrollMoney
from simharness.checks.payroll.posted import PayrollBooks
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.clock import day_in
from simharness.core.money import Money
from simharness.domain.bank import BankLine
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def payroll_to_bank(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: net pay and taxes that the provider collects, pay cheques and remittances. Right: bank and ledger."""
    books = scope.payroll
    if books is None:
        return not_applicable("R6", "this company's dictionary or world has no payroll")
    if scope.bank is None:
        return not_applicable("R6", "this world has no bank")
    if not scope.references.declares("bank_line"):
        return not_applicable("R6", "the connector declares no reference rule for bank lines")
    both = Reconciliation(Reporter("R6", scope.record.header), "the payroll", "bank and ledger")
    bank = _Bank(both, scope, books, PayrollMoney(scope, books))
    for movement in bank.money.movements:
        bank.movement(movement)
    bank.strangers()
    if scope.references.declares("payroll_remittance"):
        bank.taken_over()
    return both.result(nothing_expected=nothing_expected)


class _Bank:
    """The comparison of one state of the world."""

    def __init__(self, both: Reconciliation, scope: Scope, books: PayrollBooks, money: PayrollMoney) -> None:
        self._both, self._scope, self._books, self.money = both, scope, books, money
        self._ledger = scope.ledger.vendor if scope.ledger else ""
        self._currency = books.snapshot.currency
        self._today = day_in(scope.checkpoint.world.at, scope.dictionary.time_zone) if scope.checkpoint else date.max

    def movement(self, due: Movement) -> None:
        """One movement beside its bank line, and that beside its posting."""
        if not due.lines:
            if due.due is not None and due.due < self._today:
                self._both.left_count += 1
                self._broken(BreakKind.MISSING_RIGHT, due, "", f"{due.words} is not on the statement", due.amount, None)
            return
        self._both.left_count += 1
        line, *further = due.lines
        for other in further:
            self._broken(BreakKind.DUPLICATE, due, other.id, f"{due.words} is on the statement again", line.amount,
                         other.amount, other)  # fmt: skip
        if due.amount is not None and line.amount != due.amount:
            self._broken(BreakKind.AMOUNT, due, "", f"{due.words} is another amount on the statement", due.amount,
                         line.amount, line)  # fmt: skip
        if due.due is not None and line.date != due.due:
            self._broken(BreakKind.DATE, due, "", f"{due.words} is on the statement of another day", due.due,
                         line.date, line)  # fmt: skip
        self._posting(due, line)

    def _posting(self, due: Movement, line: BankLine) -> None:
        effects = [effect for effect in self._scope.effects.of.get(("bank_line", line.id), ()) if not effect.state]
        self._both.right_count += len(effects)
        if not effects:
            if not self._scope.judged.listed.refused(line.id):
                self._broken(BreakKind.MISSING_RIGHT, due, line.id, f"{due.words} is not in the ledger", line.amount,
                             None, line)  # fmt: skip
            return
        self._both.matched += 1
        first, *further = effects
        for other in further:
            self._broken(BreakKind.DUPLICATE, due, other.entry.id, f"{due.words} is in the ledger again", line.amount,
                         None, line, other)  # fmt: skip
        sums = self._books.sums([first.entry])
        right = due.accounts | self.money.waiting(line)
        found = sum((value for (number, centre), value in sums.items() if number in right and not centre), _ZERO)
        if found != -line.amount.amount:
            labels = ", ".join(self._scope.number_label(number) for number in sorted(due.accounts))
            self._broken(
                BreakKind.AMOUNT, due, f"{line.id}:account", f"{due.words} does not stand on {labels or 'an account'}",
                -line.amount, amount(found, self._currency), line, first,
            )  # fmt: skip
        else:
            self._beside(due, line, first, sums)
        if not self._scope.judged.closings.may_bear(line.date, first.entry.date, first.entry.created_at):
            self._broken(BreakKind.DATE, due, line.id, f"{due.words} is in the ledger on another day", line.date,
                         first.entry.date, line, first)  # fmt: skip

    def _beside(self, due: Movement, line: BankLine, effect: Effect, sums: dict[Place, Decimal]) -> None:
        """Nothing but the bank and the account of the movement is touched, not even from one cost centre to another."""
        banks = {self._scope.number_of(key) or key for key in Statement(self._scope).ledger_accounts}
        for place, value in sums.items():
            if place[0] not in due.accounts | self.money.waiting(line) | banks:
                self._broken(
                    BreakKind.AMOUNT, due, f"{line.id}:{':'.join(place).rstrip(':')}",
                    f"the posting of {due.words} moves {self._books.label(place)} as well", None,
                    amount(value, self._currency), line, effect,
                )  # fmt: skip

    def strangers(self) -> None:
        """Bank lines that are none of payroll's and stand on payroll's accounts all the same."""
        own = self._books.accounts.liabilities | {self._books.policy.clearing, self._books.policy.cheques}
        for effect in self._scope.effects.naming("bank_line"):
            if effect.id in self.money.lines:
                continue
            moved = {number: value for (number, _), value in self._books.sums([effect.entry]).items() if number in own}
            if moved:
                worth = Money(sum(moved.values(), _ZERO), self._currency)
                self._both.right_count += 1
                self._both.broken(
                    BreakKind.MISSING_LEFT, f"{effect.id}:{effect.entry.id}",
                    f"bank line {effect.id} bears no reference of payroll and stands on "
                    + ", ".join(self._scope.number_label(number) for number in moved),
                    right=worth, objects=[self._line(effect.id), entry_object(self._ledger, effect.entry)],
                    at_risk=worth,
                )  # fmt: skip

    def taken_over(self) -> None:
        """On the day of its debit the provider owes the taxes: one entry takes them from the agencies' accounts."""
        for run in self._books.runs:
            effects = self._books.remitted.get(run.id, ())
            line, booked = self.money.line_of_tax(run.id), self._books.booked[run.id]
            self._both.right_count += len(effects)
            if not effects:
                if line is not None and run.id in self._books.posted:
                    self._taken(
                        BreakKind.MISSING_RIGHT, run.id, "", "is not taken from what is owed", line.amount, None
                    )
                continue
            self._both.left_count += 1
            self._both.matched += 1
            for further in effects[1:]:
                self._taken(BreakKind.DUPLICATE, run.id, further.entry.id, "is taken twice", None, None, further)
            entry = effects[0].entry
            should = {(number, ""): value for number, value in booked.taxes.items() if value}
            whole = sum(should.values(), _ZERO)
            should |= {(self._books.policy.clearing, ""): -whole} if whole else {}
            found = self._books.sums([entry])
            for place in dict.fromkeys([*should, *found]):
                due, there = should.get(place, _ZERO), found.get(place, _ZERO)
                if due != there:
                    self._taken(
                        BreakKind.AMOUNT, run.id, ":".join(place).rstrip(":"),
                        f"is taken over with another amount on {self._books.label(place)}",
                        Money(due, self._currency), Money(there, self._currency), effects[0],
                    )  # fmt: skip
            if not self._books.bears_right_day(run.debit_on, entry):
                self._taken(BreakKind.DATE, run.id, "", "is taken over on another day", run.debit_on, entry.date,
                            effects[0])  # fmt: skip
        for id in self._books.remitted.keys() - self._books.booked.keys():
            for effect in self._books.remitted[id]:
                self._taken(BreakKind.MISSING_LEFT, id, effect.entry.id, "is not processed and is taken over", None,
                            None, effect)  # fmt: skip

    def _taken(
        self, kind: BreakKind, run: str, key: str, what: str, left: object, right: object, effect: Effect | None = None
    ) -> None:
        booked = self._books.booked.get(run)
        words = f"the tax of {self._books.words(booked.run)}" if booked is not None else f"payroll {run}"
        risk = sum(booked.taxes.values(), _ZERO) if booked is not None else _ZERO
        if isinstance(left, Money) and isinstance(right, Money):
            risk = right.amount - left.amount
        self._both.broken(
            kind, f"{run}:remittance{key and f':{key}'}", f"{words} {what}",
            left="nothing" if left is None else left, right="nothing" if right is None else right,
            objects=[self._books.object(run), *([entry_object(self._ledger, effect.entry)] if effect else [])],
            at_risk=Money(risk, self._currency), origin=self._books.origin(run),
        )  # fmt: skip

    def _broken(
        self,
        kind: BreakKind,
        due: Movement,
        key: str,
        message: str,
        left: object,
        right: object,
        line: BankLine | None = None,
        effect: Effect | None = None,
    ) -> None:
        worth = due.amount or (due.lines[0].amount if due.lines else None)
        if isinstance(left, Money) and isinstance(right, Money) and left.currency == right.currency:
            worth = right - left
        objects = [due.object, *([self._line(line.id)] if line is not None else [])]
        objects += [entry_object(self._ledger, effect.entry)] if effect is not None else []
        self._both.broken(
            kind, f"{due.key}{key and f':{key}'}", message, left="nothing" if left is None else left,
            right="nothing" if right is None else right, objects=objects, at_risk=worth, origin=due.origin,
        )  # fmt: skip

    def _line(self, id: str) -> str:
        line = self.money.posted.get(id)
        return source_object(
            self._scope.bank.vendor if self._scope.bank else "", "bank_line", id, line.description if line else ""
        )
