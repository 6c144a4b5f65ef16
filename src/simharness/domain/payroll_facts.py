"""Facts of the people side: who is employed on which terms, what was run, approved and taken back.

`employee` and `payroll` are the story's names, ids the payroll system's. No fact holds what identifies a person.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.fact_base import FactBase
from simharness.domain.payroll import Withholding
from simharness.domain.people import DeductionSpec


class EmployeeHired(FactBase, frozen=True, kw_only=True):
    """Somebody is employed. `basis`: salary (`pay` a year) or hourly (`pay` an hour); `department` is its name.

    `splits` are (cost centre, share); without any all is a cost of the department's cost centre. `state` "" is one that
    nobody has stated.
    """

    employee: str
    employee_id: str
    department: str
    state: str
    hired: date
    basis: str
    pay: Money
    schedule: str = ""
    splits: tuple[tuple[str, Decimal], ...] = ()
    withholding: Withholding = Withholding()
    method: str = "direct_deposit"
    entity: str = ""


class PayChanged(FactBase, frozen=True, kw_only=True):
    """Somebody's pay is another one from a day on, which may be past."""

    employee: str
    employee_id: str
    from_day: date
    basis: str
    pay: Money


class EmployeeTransferred(FactBase, frozen=True, kw_only=True):
    """From a day on somebody works in a department, or for the cost centres stated."""

    employee: str
    employee_id: str
    department: str
    from_day: date
    splits: tuple[tuple[str, Decimal], ...] = ()


class EmploymentEnded(FactBase, frozen=True, kw_only=True):
    """Somebody's last day of employment is known."""

    employee: str
    employee_id: str
    last_day: date


class WithholdingStated(FactBase, frozen=True, kw_only=True):
    """An employee stated anew what income tax is withheld by."""

    employee: str
    employee_id: str
    withholding: Withholding


class DeductionsSet(FactBase, frozen=True, kw_only=True):
    """Everything that is taken from somebody's cheques from now on."""

    employee: str
    employee_id: str
    deductions: tuple[DeductionSpec, ...]


class HoursEntered(FactBase, frozen=True, kw_only=True):
    """Hours that somebody worked, by day; a day that was entered before is replaced."""

    employee: str
    employee_id: str
    hours: tuple[tuple[date, Decimal], ...]


class EarningTypeKept(FactBase, frozen=True, kw_only=True):
    """The company keeps a type of earning of its own, which nobody but payroll knows."""

    code: str
    name: str
    entity: str = ""


class PayrollRun(FactBase, frozen=True, kw_only=True):
    """A run was calculated; nobody approved it yet. `kind`: regular, off_cycle.

    Of an off-cycle run: whom it pays how much under which earning `code`, and how income tax is withheld from it;
    `corrects` are the first and the last day that the amount is for, where it makes up for days that were paid before.
    """

    payroll: str
    payroll_id: str
    kind: str
    service_from: date
    service_to: date
    debit_on: date
    cheque_on: date
    schedule: str = ""
    employee: str = ""
    employee_id: str = ""
    code: str = ""
    amount: Money | None = None
    supplemental: str = ""
    reason: str = ""
    corrects: tuple[date, date] | None = None
    entity: str = ""


class PayrollApproved(FactBase, frozen=True, kw_only=True):
    """A run was approved, so the provider collects its money on `debit_on`: net pay and taxes, a debit each."""

    payroll: str
    payroll_id: str
    by: str
    net_debit: Money
    tax_debit: Money
    debit_on: date
    reference: str


class PayrollCancelled(FactBase, frozen=True, kw_only=True):
    """An approved run was taken back before the provider collected: it is as if nobody had approved it."""

    payroll: str
    payroll_id: str


class PayrollReversed(FactBase, frozen=True, kw_only=True):
    """A processed run was taken back by another run; `employee_ids` () is all of it."""

    payroll: str
    payroll_id: str
    reverses: str
    reason: str
    net_debit: Money
    tax_debit: Money
    debit_on: date
    reference: str
    employee_ids: tuple[str, ...] = ()


PayrollFact = (
    EmployeeHired
    | PayChanged
    | EmployeeTransferred
    | EmploymentEnded
    | WithholdingStated
    | DeductionsSet
    | HoursEntered
    | EarningTypeKept
    | PayrollRun
    | PayrollApproved
    | PayrollCancelled
    | PayrollReversed
)
