"""The money that a payroll moves on the bank account: which it is, what it comes to, and which bank line shows it.

A line is told by its reference and never by its amount: the provider's debits bear a reference of the run, a pay cheque
its id, a remittance the payee.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from simharness.checks.oracle.model import Origin
from simharness.checks.payroll.accounts import OWED, TAXES
from simharness.checks.payroll.posted import PayrollBooks
from simharness.core.money import Money
from simharness.domain.bank import BankLine
from simharness.domain.fact import BankLinePosted, BankMoved

if TYPE_CHECKING:
    from simharness.checks.scope import Scope

#: What a story calls money that the company itself pays for its payroll.
REMITTANCE, PAY_CHEQUE = "remittance", "pay_cheque"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that payroll says moves: signed from the company's side, with the account numbers it may stand on.

    `amount` None is whatever the bank shows: how much a payee is sent is the company's to say. `due` is the day on
    which the bank shows it, None where nobody knows before.
    """

    key: str
    words: str
    object: str
    accounts: frozenset[str]
    lines: tuple[BankLine, ...]
    amount: Money | None = None
    due: date | None = None
    origin: Origin | None = None


class PayrollMoney:
    """What of a payroll concerns the bank, in one state of the world."""

    def __init__(self, scope: Scope, books: PayrollBooks) -> None:
        self._scope, self._books = scope, books
        lines = scope.bank.lines if scope.bank is not None else ()
        self.posted = {line.id: line for line in lines if line.status == "posted"}

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """Every movement that has a line, or whose day has come."""
        return (*self._debits(), *self._paid())

    @cached_property
    def lines(self) -> dict[str, Movement]:
        """The movement of each bank line that is payroll's."""
        return {line.id: movement for movement in self.movements for line in movement.lines}

    def line_of_tax(self, run: str) -> BankLine | None:
        """The line by which the provider collected the taxes of a run, or gave them back."""
        found = (each for each in self.movements if each.key == f"{run}:tax")
        return next((line for each in found for line in each.lines), None)

    def waiting(self, line: BankLine) -> frozenset[str]:
        """Where a line may stand beside its movement's accounts: with what is unmatched, if somebody was told of it."""
        told = self._scope.judged.listed.told(line.id)
        return frozenset({self._scope.book.account_with("unmatched")} - {""}) if told else frozenset()

    def _debits(self) -> Iterator[Movement]:
        for run in self._books.runs:
            told = self._books.approvals.get(run.id)
            if told is None:
                continue
            clearing = frozenset({self._books.policy.clearing})
            if self._books.is_refused(run):
                # What is collected for a run that is not in the books may wait where nobody owes it.
                clearing |= {self._scope.book.account_with("unmatched")} - {""}
            for kind, amount in (("net", told.net_debit), ("tax", told.tax_debit)):
                lines = self._named(kind.upper(), told.reference)
                if amount or lines:
                    yield Movement(
                        key=f"{run.id}:{kind}",
                        words=f"the {'net pay' if kind == 'net' else 'tax'} of {self._books.words(run)}",
                        object=self._books.object(run.id),
                        accounts=clearing,
                        lines=lines,
                        amount=-amount,
                        due=told.debit_on,
                        origin=self._books.origin(run.id),
                    )

    def _named(self, *words: str) -> tuple[BankLine, ...]:
        """The posted lines in whose text all words stand."""
        first, *others = (self._by_word.get(word.upper(), {}) for word in words)
        return tuple(line for id, line in first.items() if all(id in other for other in others))

    @cached_property
    def _by_word(self) -> dict[str, dict[str, BankLine]]:
        found: defaultdict[str, dict[str, BankLine]] = defaultdict(dict)
        for line in self.posted.values():
            for word in re.findall(r"\S+", f"{line.description} {line.reference}".upper()):
                found[word][line.id] = line
        return dict(found)

    def _paid(self) -> Iterator[Movement]:
        later = {fact.pending_id: fact.line_id for fact in self._scope.facts if isinstance(fact, BankLinePosted)}
        for fact in self._scope.facts:
            if not isinstance(fact, BankMoved) or fact.purpose not in (REMITTANCE, PAY_CHEQUE):
                continue
            line = self.posted.get(later.get(fact.line_id, "") if fact.pending else fact.line_id)
            if line is None:
                continue
            cheque = self._nets.get(fact.subject)
            is_cheque = fact.purpose == PAY_CHEQUE
            yield Movement(
                key=f"{fact.purpose}:{line.id}",
                words=f"pay cheque {fact.subject}" if is_cheque else f"the remittance to {fact.subject}",
                object=f"{self._books.snapshot.vendor}:{'cheque' if is_cheque else 'payee'}:{fact.subject}",
                accounts=frozenset({self._books.policy.cheques}) if is_cheque else self.owed_to(fact.subject),
                lines=(line,),
                amount=-cheque if is_cheque and cheque is not None else None,
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
            )

    def owed_to(self, payee: str) -> frozenset[str]:
        """The numbers of the accounts on which a payee is owed what the company itself remits."""
        return self._payees.get(payee, frozenset())

    @cached_property
    def _payees(self) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._books.policy.accounts:
            if row.payee and row.liability and row.kind not in TAXES:
                found[row.payee].add(row.liability)
        for run in self._books.runs:
            for cheque in run.cheques:
                for line in cheque.components:
                    if line.kind in OWED - TAXES and line.payee:
                        found[line.payee].add(self._books.accounts.liability(line))
        return {payee: frozenset(numbers) - {""} for payee, numbers in found.items()}

    @cached_property
    def _nets(self) -> dict[str, Money]:
        """The net of each pay cheque by its id."""
        return {cheque.id: cheque.net for run in self._books.runs for cheque in run.cheques if cheque.method == "check"}
