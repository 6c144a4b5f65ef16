"""Where each component of a cheque belongs in the books: the rows of the dictionary, the narrowest of which decides."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.split import COSTS, by_centre
from simharness.domain.payroll import PayCheque, PayComponent
from simharness.domain.payroll_terms import PayrollAccount, PayrollPolicy

#: What is owed to somebody once a run is processed.
OWED = frozenset({"deduction", "garnishment", "employee_tax", "employer_tax", "employer_benefit"})
#: What the provider takes over from the company on the day on which it collects.
TAXES = frozenset({"employee_tax", "employer_tax"})
#: A share is kept as a decimal that is cut: the fraction that it was has a denominator of days or cents.
_LARGEST = 10**9


class PayrollAccounts:
    """Account numbers by component; "" where no row says one."""

    def __init__(self, policy: PayrollPolicy) -> None:
        self._policy = policy
        self._rows: dict[tuple[str, str, str], PayrollAccount | None] = {}

    def expense(self, line: PayComponent) -> str:
        """What a component is debited to, "" for one that is no cost of its own."""
        row = self._row(line)
        return row.expense if row is not None and line.kind in COSTS else ""

    def liability(self, line: PayComponent) -> str:
        """What a component is credited to, "" for one that nobody is owed."""
        row = self._row(line)
        return row.liability if row is not None and line.kind in OWED else ""

    @property
    def expenses(self) -> frozenset[str]:
        """The numbers of all accounts that bear what people cost."""
        return frozenset(row.expense for row in self._policy.accounts) - {""}

    @property
    def liabilities(self) -> frozenset[str]:
        """The numbers of all accounts of agencies, plans, insurers and creditors."""
        return frozenset(row.liability for row in self._policy.accounts) - {""}

    def net(self, cheque: PayCheque) -> str:
        """What net pay is credited to: what the provider will collect, or cheques that nobody cashed yet."""
        return self._policy.cheques if cheque.method == "check" else self._policy.clearing

    def _row(self, line: PayComponent) -> PayrollAccount | None:
        key = (line.kind, line.code, line.payee)
        if key not in self._rows:
            fit = [
                row
                for row in self._policy.accounts
                if row.kind == line.kind and row.code in ("", line.code) and row.payee in ("", line.payee)
            ]
            self._rows[key] = max(fit, key=lambda row: (bool(row.code), bool(row.payee)), default=None)
        return self._rows[key]


def borne_by(cheque: PayCheque, line: PayComponent) -> tuple[tuple[str, Decimal], ...]:
    """A component by cost centre: its own, or those of the cheque."""
    if line.cost_centre or not cheque.splits:
        return ((line.cost_centre, line.amount.amount),)
    if len(cheque.splits) == 1:
        return ((cheque.splits[0].cost_centre, line.amount.amount),)
    whole: dict[str, Fraction] = {}
    for split in cheque.splits:
        whole[split.cost_centre] = whole.get(split.cost_centre, Fraction(0)) + Fraction(split.share)
    return by_centre(
        line.amount.amount, [(centre, share.limit_denominator(_LARGEST)) for centre, share in whole.items()]
    )
