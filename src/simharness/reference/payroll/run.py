"""A processed run as the books need it: what it costs by cost centre, what is owed to whom, what the provider collects.

Sums only: no employee is in it, so it may be kept, logged and shown.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO

REGULAR, OFF_CYCLE, REVERSAL = "regular", "off_cycle", "reversal"
EARNING, REIMBURSEMENT = "earning", "reimbursement"
EMPLOYER_TAX, EMPLOYER_BENEFIT = "employer_tax", "employer_benefit"
EMPLOYEE_TAX, DEDUCTION, GARNISHMENT = "employee_tax", "deduction", "garnishment"


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one cost centre bears of one kind of component. `account` is a role of the mapping; `month` (2026-01) is
    that of the service where it makes up for earlier days. `cash`: false for what is not paid in money.
    """

    kind: str
    code: str
    cost_centre: str
    account: str
    amount: Decimal
    month: str = ""
    cash: bool = True


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed to one payee for one kind of component. `account` is a role."""

    kind: str
    code: str
    payee: str
    account: str
    amount: Decimal

    @property
    def by_provider(self) -> bool:
        """Whether the provider takes the debt over on the day of its debit: it does so with taxes, nothing else."""
        return self.kind in (EMPLOYEE_TAX, EMPLOYER_TAX)

    @property
    def is_employers(self) -> bool:
        """Whether it is paid on top of gross pay."""
        return self.kind in (EMPLOYER_TAX, EMPLOYER_BENEFIT)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run with its three dates. Amounts of a reversal are negative. `trace` is what the bank shows of it.

    `net_debit` and `tax_debit` are what the provider collects, `by_cheque` is net pay that leaves with its cheques.
    `calculated` is when it was calculated, as the provider says it: a run that was taken back and processed again has
    another one.
    """

    id: str
    kind: str
    service_from: date
    service_to: date
    debit_on: date
    cheque_on: date
    trace: str
    net_debit: Decimal
    tax_debit: Decimal
    by_cheque: Decimal
    costs: tuple[Cost, ...]
    owed: tuple[Owed, ...]
    calculated: str = ""

    @property
    def gross(self) -> Decimal:
        """All earnings, those that are not in cash included."""
        return sum((each.amount for each in self.costs if each.kind == EARNING), ZERO)
