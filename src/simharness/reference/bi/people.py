"""fct_payroll_component: what the runs in the books come to, in sums; nobody is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.bi.rows import Row
from simharness.reference.payroll.journal import last_day
from simharness.reference.payroll.run import Run

#: What is told apart: kind, code, cost centre, first and last day of service, and whether it is paid in money.
_Key = tuple[str, str, str, date, date, bool]


def components(runs: Iterable[Run]) -> Iterator[Row]:
    """Rows of every run; sums of nothing are left out."""
    for run in runs:
        sums: dict[_Key, Decimal] = {}
        for key, amount in _parts(run):
            sums[key] = sums.get(key, ZERO) + amount
        for (kind, code, centre, first, last, cash), amount in sums.items():
            if amount:
                yield run.id, kind, code, centre, run.cheque_on, first, last, cash, amount


def _parts(run: Run) -> Iterator[tuple[_Key, Decimal]]:
    own = (run.service_from, run.service_to)
    for cost in run.costs:
        # Pay for an earlier month has the days of that month.
        days = own
        if cost.month and cost.month < run.service_to.strftime("%Y-%m"):
            days = (last_day(cost.month).replace(day=1), last_day(cost.month))
        yield (cost.kind, cost.code, cost.cost_centre, *days, cost.cash), cost.amount
    for owed in run.owed:
        # What the employer pays on top is a cost, and counted as that.
        if not owed.is_employers:
            yield (owed.kind, owed.code, "", *own, True), owed.amount
    yield ("net", "direct_deposit", "", *own, True), run.net_debit
    yield ("net", "check", "", *own, True), run.by_cheque
