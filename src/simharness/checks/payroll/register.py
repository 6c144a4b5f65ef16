"""Sums of a register as a system shows it: whether a cheque adds up, and a year to date from the pay that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from simharness.checks.payroll.cheque import net_of
from simharness.core.money import Money
from simharness.domain.payroll import PayCheque, Payroll


def gross_of(cheque: PayCheque) -> Money:
    """The sum of the earnings shown."""
    earned = (line.amount.amount for line in cheque.components if line.kind == "earning")
    return Money(sum(earned, Decimal(0)), cheque.net.currency)


def net_pay(cheque: PayCheque) -> Money:
    """What the lines of a cheque leave to the employee (V15); a reversal leaves the exact negative."""
    lines = ((line.kind, line.amount.amount, line.cash) for line in cheque.components)
    return Money(net_of(lines), cheque.net.currency)


def standing(payrolls: Iterable[Payroll]) -> Iterator[tuple[Payroll, PayCheque]]:
    """The processed cheques that nobody took back, with their runs; what takes back does not stand either."""
    processed = [run for run in payrolls if run.status == "processed"]
    gone = {cheque.reverses for run in processed for cheque in run.cheques if cheque.reverses}
    for run in processed:
        for cheque in run.cheques:
            if not cheque.reverses and cheque.id not in gone:
                yield run, cheque


def year_to_date(payrolls: Iterable[Payroll], employee: str, tax_year: int) -> dict[tuple[str, str], Decimal]:
    """What an employee's standing cheques of a tax year come to by (kind, code)."""
    sums = years_to_date(payrolls).get((employee, tax_year), {})
    return {key: amount for key, amount in sums.items() if key[0] not in ("gross", "net")}


def years_to_date(payrolls: Iterable[Payroll]) -> dict[tuple[str, int], dict[tuple[str, str], Decimal]]:
    """What the standing cheques come to by employee and tax year, then by (kind, code); gross and net have no code."""
    years: dict[tuple[str, int], dict[tuple[str, str], Decimal]] = {}
    for run, cheque in standing(payrolls):
        sums = years.setdefault((cheque.employee, run.tax_year), {})
        wholes = (("gross", "", cheque.gross), ("net", "", cheque.net))
        for kind, code, amount in (*wholes, *((li.kind, li.code, li.amount) for li in cheque.components)):
            sums[kind, code] = sums.get((kind, code), Decimal(0)) + amount.amount
    return years
