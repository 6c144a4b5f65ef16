"""The journals of a run, as sides by account and cost centre (pure).

A run is one journal: expenses by cost centre against each agency, plan, insurer and creditor, what the provider will
collect, and pay cheques that nobody cashed yet. Taxes leave with the provider's debit. Pay for days of an earlier
month may have a journal of that month, against wages that were earned and are run later.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.ledger.entries import Side
from simharness.reference.mapping.payroll import CHEQUE, SERVICE, PayrollRules
from simharness.reference.payroll.run import Run

CLEARING, CHEQUES, ACCRUED = "payroll_clearing", "pay_cheques", "accrued_wages"


def day_of(run: Run, rules: PayrollRules) -> date:
    """The day of a run's journal, by the policy."""
    return run.cheque_on if rules.journal_date == CHEQUE else run.service_to


def of_run(run: Run, rules: PayrollRules) -> tuple[Side, ...]:
    """The run's own journal. Raises `Rejected` where it does not balance."""
    own = {month for month, _ in in_their_months(run, rules)}
    sums: dict[tuple[str, str], Decimal] = {}
    for cost in run.costs:
        if cost.cash:
            place = (ACCRUED, "") if cost.month in own else (cost.account, cost.cost_centre)
            sums[place] = sums.get(place, ZERO) + cost.amount
    for owed in run.owed:
        sums[owed.account, ""] = sums.get((owed.account, ""), ZERO) - owed.amount
    for role, amount in ((CLEARING, run.net_debit), (CHEQUES, run.by_cheque)):
        sums[role, ""] = sums.get((role, ""), ZERO) - amount
    return _balanced(sums)


def in_their_months(run: Run, rules: PayrollRules) -> list[tuple[str, tuple[Side, ...]]]:
    """Journals of earlier months for pay that makes up for them, where the policy gives them to the period of service:
    wages by cost centre against accrued wages.
    """
    if rules.retro != SERVICE:
        return []
    found = []
    for month in months(run, rules):
        sums: dict[tuple[str, str], Decimal] = {}
        for cost in run.costs:
            if cost.month == month and cost.cash:
                sums[cost.account, cost.cost_centre] = sums.get((cost.account, cost.cost_centre), ZERO) + cost.amount
                sums[ACCRUED, ""] = sums.get((ACCRUED, ""), ZERO) - cost.amount
        found.append((month, _balanced(sums)))
    return found


def of_remittance(run: Run) -> tuple[Side, ...]:
    """The provider takes over what is owed to agencies. Raises `Rejected` where that is not what it collects."""
    sums: dict[tuple[str, str], Decimal] = {}
    for owed in run.owed:
        if owed.by_provider:
            sums[owed.account, ""] = sums.get((owed.account, ""), ZERO) + owed.amount
    sums[CLEARING, ""] = -run.tax_debit
    return _balanced(sums)


def months(run: Run, rules: PayrollRules) -> list[str]:
    """The earlier months that a run pays for, in order."""
    own = day_of(run, rules).strftime("%Y-%m")
    return sorted({cost.month for cost in run.costs if cost.month and cost.month < own})


def last_day(month: str) -> date:
    """The last day of a month that is written 2026-01."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def words_of(run: Run, rules: PayrollRules) -> str:
    """What a line of the journal says: of which days it is, and for which earlier months."""
    said = f"Payroll {run.service_from} to {run.service_to}, paid {run.cheque_on}"
    retro = months(run, rules)
    return f"{said}; with retro pay of {', '.join(retro)}" if retro else said


def total(sides: Iterable[Side]) -> Decimal:
    """The sum of the debits."""
    return sum((side.amount for side in sides if side.amount > 0), ZERO)


def _balanced(sums: dict[tuple[str, str], Decimal]) -> tuple[Side, ...]:
    """Debits first, then credits, each in order of account and cost centre; what came to nothing is left out."""
    difference = sum(sums.values(), ZERO)
    if difference:
        raise Rejected("does_not_balance", f"its debits and credits differ by {difference}")
    order = sorted(sums.items(), key=lambda each: (each[1] < 0, each[0]))
    return tuple(Side(role=role, cost_centre=centre, amount=amount) for (role, centre), amount in order if amount)
