"""What payroll costs, from the books, how gross becomes net, from the register, and what happened behind the cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.checks.payroll.posted import PayrollBooks
from simharness.checks.scope import Scope
from simharness.domain.books import Entry
from simharness.domain.payroll import Payroll

if TYPE_CHECKING:
    from simharness.checks.metrics.recompute import Books, Figures, Span

_ZERO = Decimal(0)
_WHOLE = ("", "")
#: Purposes of the accounts on which pay is a cost; reimbursements are no pay.
COSTS = ("wages", "employer_taxes", "employer_benefits")
_STEPS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "earning": ("gross", 1),
        "deduction": ("deductions", -1),
        "garnishment": ("garnishments", -1),
        "employee_tax": ("employee_taxes", -1),
        "reimbursement": ("reimbursements", 1),
    }
)


def payroll_cost(books: Books, span: Span) -> Figures:
    """Σ of the accounts of wages, employer taxes and benefits, debits positive; by cost centre."""
    figures: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    figures[_WHOLE] = _ZERO
    for entry in books.ledger.entries:
        for line in entry.lines if entry.date in span else ():
            if books.role_of(line.account) in COSTS:
                figures[_WHOLE] += line.amount.amount
                figures["cost_centre", line.cost_centre] += line.amount.amount
    return dict(figures)


def gross_to_net(books: Books, span: Span) -> Figures:
    """Net pay of the cheques dated in the period, and the way from gross to it, what is taken off negative."""
    payroll = books.scope.payroll
    figures: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    figures[_WHOLE] = _ZERO
    for run in runs_in_books(payroll) if payroll is not None else ():
        for cheque in run.cheques if run.cheque_on in span else ():
            figures[_WHOLE] += cheque.net.amount
            for line in cheque.components:
                step, sign = _STEPS.get(line.kind, ("", 0))
                if step:
                    figures["step", step] += sign * line.amount.amount
                if not line.cash:
                    figures["step", "non_cash"] -= line.amount.amount
    return dict(figures)


def runs_in_books(payroll: PayrollBooks) -> Iterator[Payroll]:
    """The runs that BI must show: those that the connector does not list as refused."""
    return (run for run in payroll.runs if not payroll.is_refused(run))


def cost_told(scope: Scope) -> Iterator[tuple[Decimal, date, Decimal, date]]:
    """What each run should cost, when, and what its journal posts as cost, when; retro pay apart is taken as posted."""
    payroll = scope.payroll
    if payroll is None or not scope.references.declares("payroll"):
        return
    numbers = {each.number for each in scope.dictionary.accounts if each.role in COSTS}
    for run in runs_in_books(payroll):
        booked = payroll.booked[run.id]
        due = sum((value for (number, _), value in booked.postings.items() if number in numbers), _ZERO)
        posting = payroll.posted.get(run.id)
        if posting is None or not posting.own:
            yield due, booked.dated, _ZERO, booked.dated
            continue
        own = posting.own[0].entry
        due -= _cost(payroll, (effect.entry for effect in posting.retro), numbers)
        in_time = payroll.bears_right_day(booked.dated, own)
        yield due, own.date if in_time else booked.dated, _cost(payroll, [own], numbers), own.date
        for further in posting.own[1:]:
            yield _ZERO, further.entry.date, _cost(payroll, [further.entry], numbers), further.entry.date
    for id in payroll.posted.keys() - payroll.booked.keys():
        for effect in (*payroll.posted[id].own, *payroll.posted[id].retro):
            yield _ZERO, effect.entry.date, _cost(payroll, [effect.entry], numbers), effect.entry.date


def _cost(payroll: PayrollBooks, entries: Iterable[Entry], numbers: set[str]) -> Decimal:
    return sum((value for (number, _), value in payroll.sums(entries).items() if number in numbers), _ZERO)
