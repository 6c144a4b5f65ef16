"""Bank lines that a payroll causes: the provider's two debits a run, pay cheques, and what the company remits itself.

They are told by their words and by the reference behind them. Where the words fit and the figures do not, the line
stays unexplained; nothing that is said of it tells what somebody is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simharness.reference.bank.feed import Line
from simharness.reference.bank.matching import Unmatched
from simharness.reference.errors import NotYet
from simharness.reference.mapping.payroll import PayrollRules
from simharness.reference.payroll.cheques import PayCheques
from simharness.reference.payroll.journal import CHEQUES, CLEARING
from simharness.reference.payroll.works import RUN, is_cancelled, run_of
from simharness.reference.posting.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Told:
    """What a line is: the account it settles by its role, and a label under which there is one such line only."""

    role: str
    label: str = ""


class PeopleLines:
    """Tells the lines of a payroll, by the mapping's words. While `awaits` says that a run is not read yet, a line that
    may be about it waits.
    """

    def __init__(self, tasks: Tasks, cheques: PayCheques, rules: PayrollRules, awaits: Callable[[], bool]) -> None:
        self._tasks, self._cheques, self._words, self._awaits = tasks, cheques, rules.words, awaits
        self._payees: Mapping[str, str] = {
            word.casefold(): payee.account for name, payee in rules.payees.items() for word in (name, *payee.words)
        }
        self._kept = rules.kept

    def told(self, line: Line) -> Told | None:
        """What the line is; None where its words are not those of a payroll. Raises `Unmatched`, `NotYet`."""
        for text in (line.reference, line.name) if self._kept else ():
            if (trace := _behind(text, self._words.net_debit)) is not None:
                return self._debit(line, trace, "net")
            if (trace := _behind(text, self._words.tax_debit)) is not None:
                return self._debit(line, trace, "tax")
            if (number := _behind(text, self._words.pay_cheque)) is not None:
                return self._cheque(line, number)
            if (payee := _behind(text, self._words.remittance)) is not None:
                return self._remittance(payee)
        return None

    def _debit(self, line: Line, trace: str, what: str) -> Told:
        """Of a run that is in quarantine nothing can be compared: it is the provider's line all the same."""
        label = f"gusto:{what}:{trace}"
        self._once(label)
        known = [task for task in self._tasks.found(RUN, trace) if not is_cancelled(self._tasks, task.reference)]
        if not known and self._awaits():
            raise NotYet(f"the payroll of bank line {line.id} is not read yet")
        for task in known:
            run = run_of(task)
            collected = run.net_debit if what == "net" else run.tax_debit
            if line.amount != -collected:
                raise Unmatched(f"payroll {run.id} said {-collected} for it")
        return Told(CLEARING, label)

    def _cheque(self, line: Line, number: str) -> Told:
        label = f"pay_cheque:{number}"
        self._once(label)
        worth = self._cheques.worth(number)
        if worth is None and self._awaits():
            raise NotYet(f"the payroll of bank line {line.id} is not read yet")
        if worth is None:
            raise Unmatched(f"no pay cheque {number!r} is known here")
        if line.amount != -worth:
            raise Unmatched(f"pay cheque {number!r} was written over another amount")
        return Told(CHEQUES, label)

    def _remittance(self, payee: str) -> Told:
        role = self._payees.get(payee.casefold())
        if role is None:
            raise Unmatched(f"it remits to {payee!r}, to whom nobody here owes anything")
        return Told(role)

    def _once(self, label: str) -> None:
        if self._tasks.found("bank_line", label):
            raise Unmatched("such a line is on the statement already")


def _behind(text: str, words: str) -> str | None:
    """What stands behind the words that a text begins with, None where it begins with others."""
    said, wanted = text.split(), words.split()
    if [each.casefold() for each in said[: len(wanted)]] != [each.casefold() for each in wanted]:
        return None
    return " ".join(said[len(wanted) :]) or None
