"""What people have earned by a day of pay that stands in the books later: by workdays, from the register alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.checks.arithmetic.service import workdays
from simharness.checks.payroll.accounts import borne_by
from simharness.checks.payroll.booked import Place
from simharness.checks.payroll.posted import PayrollBooks
from simharness.domain.payroll import Payroll
from simharness.domain.policy import Rounding

#: The first and the last day of a period of pay.
Span = tuple[dt.date, dt.date]

_EARNED = frozenset({"earning", "employer_tax", "employer_benefit"})
_WEEKS = (7, 14)
_ONE = dt.timedelta(days=1)


def earned(books: PayrollBooks, day: dt.date, currency: str, rounding: Rounding) -> dict[Span, dict[Place, Decimal]]:
    """By period of pay, what of it is earned up to a day and dated later: what a run came to, or before it was run what
    the period before it did. Of a period that was taken back nothing is earned.
    """
    spans: defaultdict[Span, list[Payroll]] = defaultdict(list)
    for run in books.runs:
        if run.kind in ("regular", "reversal") and not books.is_refused(run):
            spans[run.service_from, run.service_to].append(run)
    found: dict[Span, dict[Place, Decimal]] = {}
    for (first, last), runs in spans.items():
        whole = workdays(first, last)
        if first <= day and any(books.booked[run.id].dated > day for run in runs):
            found[first, last] = _part(books, runs, workdays(first, min(last, day)), whole)
        days = (last - first).days + 1
        coming = (last + _ONE, last + days * _ONE)
        if days in _WEEKS and coming not in spans and coming[0] <= day < coming[1]:
            found[coming] = _part(books, runs, workdays(coming[0], day), whole)
    unit = minor_unit(currency)
    kept: dict[Span, dict[Place, Decimal]] = {}
    for span, part in found.items():
        cents = {place: rounded(value, unit, rounding) for place, value in part.items()}
        if sum(cents.values()) > 0:
            kept[span] = {place: value for place, value in cents.items() if value}
    return kept


def _part(books: PayrollBooks, runs: list[Payroll], past: int, whole: int) -> dict[Place, Decimal]:
    """What so many of its workdays cost by expense account and cost centre, without pay for earlier days."""
    sums: defaultdict[Place, Decimal] = defaultdict(Decimal)
    for cheque in (cheque for run in runs for cheque in run.cheques):
        for line in cheque.components:
            if line.kind in _EARNED and line.code != "retro" and line.cash:
                for centre, amount in borne_by(cheque, line):
                    sums[books.accounts.expense(line), centre] += amount
    return {place: amount * past / whole for place, amount in sums.items()}
