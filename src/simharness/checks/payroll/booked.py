"""What a run must put into the books: its postings by account and cost centre, made from the register alone.

Expense by cost centre, and against it what agencies, plans, insurers and creditors are owed, what the provider will
collect as net pay, and what was paid by cheque. Earnings that are not in cash are booked by nobody: they come and go in
one and the same cheque.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.payroll.accounts import OWED, TAXES, PayrollAccounts, borne_by
from simharness.checks.payroll.split import COSTS
from simharness.domain.payroll import PayCheque, PayComponent, Payroll
from simharness.domain.payroll_terms import PayrollPolicy

#: An account by number and a cost centre, "" for what is nobody's cost.
Place = tuple[str, str]
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The postings of one run, debit positive, and of what they are made.

    `parts` are the components behind a place by kind and code; `retro` is what of the expense makes up for days of
    earlier months, by the first day of each; `dated` is the day that the policy gives the run.
    """

    run: Payroll
    dated: dt.date
    postings: dict[Place, Decimal]
    parts: dict[Place, dict[str, Decimal]]
    retro: dict[dt.date, dict[Place, Decimal]]
    taxes: dict[str, Decimal]
    net: Decimal
    by_cheque: Decimal

    @property
    def cost(self) -> Decimal:
        """All that is debited."""
        return sum((amount for amount in self.postings.values() if amount > 0), _ZERO)


def processed_runs(payrolls: tuple[Payroll, ...]) -> tuple[Payroll, ...]:
    """The runs that belong into the books: processed, and paid by the company itself."""
    return tuple(run for run in payrolls if run.status == "processed" and run.kind != "external")


def booked(run: Payroll, policy: PayrollPolicy, accounts: PayrollAccounts) -> Booked:
    """The postings of a run; components without an account stand under the number ""."""
    made = _Made(run, policy, accounts)
    for cheque in run.cheques:
        made.take(cheque)
    return Booked(
        run=run,
        dated=made.dated,
        postings={place: amount for place, amount in made.postings.items() if amount},
        parts={place: dict(parts) for place, parts in made.parts.items()},
        retro={
            month: {place: amount for place, amount in sums.items() if amount} for month, sums in made.retro.items()
        },
        taxes=dict(made.taxes),
        net=made.net,
        by_cheque=made.by_cheque,
    )


class _Made:
    """The sums of a run while its cheques are gone through."""

    def __init__(self, run: Payroll, policy: PayrollPolicy, accounts: PayrollAccounts) -> None:
        self.dated = run.service_to if policy.journal_date == "service_end" else run.cheque_on
        self.postings: defaultdict[Place, Decimal] = defaultdict(Decimal)
        self.parts: defaultdict[Place, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.retro: defaultdict[dt.date, defaultdict[Place, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.taxes: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.net = self.by_cheque = _ZERO
        self._accounts = accounts
        self._month = self.dated.replace(day=1)

    def take(self, cheque: PayCheque) -> None:
        """Add a cheque."""
        for line in cheque.components:
            if line.kind == "earning" and not line.cash:
                continue
            if line.kind in COSTS:
                self._cost(cheque, line)
            if line.kind in OWED:
                number = self._accounts.liability(line)
                self._add((number, ""), f"{line.kind} {line.code}", -line.amount.amount)
                if line.kind in TAXES:
                    self.taxes[number] += line.amount.amount
        self._add((self._accounts.net(cheque), ""), f"net pay by {cheque.method}", -cheque.net.amount)
        if cheque.method == "check":
            self.by_cheque += cheque.net.amount
        else:
            self.net += cheque.net.amount

    def _cost(self, cheque: PayCheque, line: PayComponent) -> None:
        number = self._accounts.expense(line)
        for centre, part in borne_by(cheque, line):
            self._add((number, centre), f"{line.kind} {line.code}", part)
            month = (line.service_to or self.dated).replace(day=1)
            if line.code == "retro" and month < self._month:
                self.retro[month][number, centre] += part

    def _add(self, place: Place, part: str, amount: Decimal) -> None:
        self.postings[place] += amount
        self.parts[place][part] += amount
