"""Rows of payroll for the harness's own BI: what the runs come to by component and cost centre, no employee in them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from simharness.bi.session import Row
from simharness.domain.payroll import PayCheque, PayComponent, Payroll, PayrollSnapshot

#: What costs the employer is split over cost centres.
_COSTS = frozenset({"earning", "employer_tax", "employer_benefit", "reimbursement"})
_CENT = Decimal("0.01")
#: Shares have been cut: remainders that differ by less were alike.
_FINE = Decimal("1E-9")

_Key = tuple[str, str, str, date, date, bool]


def components(payroll: PayrollSnapshot) -> Iterator[Row]:
    """Every processed run of the company's own by component; sums of nothing are left out."""
    for run in payroll.payrolls:
        if run.status == "processed" and run.kind != "external":
            for (kind, code, centre, first, last, cash), amount in _sums(run).items():
                if amount:
                    yield run.id, kind, code, centre, run.cheque_on, first, last, cash, amount


def _sums(run: Payroll) -> dict[_Key, Decimal]:
    sums: dict[_Key, Decimal] = {}

    def add(key: _Key, amount: Decimal) -> None:
        sums[key] = sums.get(key, Decimal(0)) + amount

    for cheque in run.cheques:
        for line in cheque.components:
            first, last = _service(run, line)
            for centre, part in _parts(cheque, line):
                add((line.kind, line.code, centre, first, last, line.cash), part)
        add(("net", cheque.method, "", run.service_from, run.service_to, True), cheque.net.amount)
    return sums


def _service(run: Payroll, line: PayComponent) -> tuple[date, date]:
    """The days of the run, or the month that retro pay makes up for."""
    last = line.service_to
    if line.code != "retro" or last is None or (last.year, last.month) >= (run.service_to.year, run.service_to.month):
        return run.service_from, run.service_to
    return last.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _parts(cheque: PayCheque, line: PayComponent) -> Sequence[tuple[str, Decimal]]:
    """An amount by cost centre; the cents that are left over go to the largest remainders, ties to the first."""
    if line.kind not in _COSTS:
        return (("", line.amount.amount),)
    if line.cost_centre or not cheque.splits:
        return ((line.cost_centre, line.amount.amount),)
    shares: dict[str, Decimal] = {}
    for split in cheque.splits:
        shares[split.cost_centre] = shares.get(split.cost_centre, Decimal(0)) + split.share
    sign = -1 if line.amount.amount < 0 else 1
    raw = [abs(line.amount.amount) * share for share in shares.values()]
    cut = [part.quantize(_CENT, ROUND_DOWN) for part in raw]
    left = int((abs(line.amount.amount) - sum(cut)) / _CENT)
    lucky = sorted(range(len(raw)), key=lambda place: (cut[place] - raw[place]).quantize(_FINE))[:left]
    return [
        (centre, sign * (part + (_CENT if place in lucky else 0)))
        for place, (centre, part) in enumerate(zip(shares, cut, strict=True))
    ]
