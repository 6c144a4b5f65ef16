"""Payroll calculated a second time: from what an employee's terms are to what each cheque must say.

Written from the law and apart from every engine. Its figures come another way where there is one: income tax as the
tax on a year's income by bracket, wage bases as bands of the year's wages, years to date as sums over the cheques that
stand. Whoever compares a register with it compares two calculations.
"""

from simharness.checks.payroll.cheque import Cheque, Line, net_of
from simharness.checks.payroll.history import expected_cheques
from simharness.checks.payroll.law import Law, Laws, read_laws
from simharness.checks.payroll.terms import (
    Deductions,
    Ended,
    HoursWorked,
    OffCycle,
    Pay,
    Person,
    Placed,
    Regular,
    Stated,
    Step,
    TakenBack,
)

__all__ = [
    "Cheque", "Deductions", "Ended", "HoursWorked", "Law", "Laws", "Line", "OffCycle", "Pay", "Person", "Placed",
    "Regular", "Stated", "Step", "TakenBack", "expected_cheques", "net_of", "read_laws",
]  # fmt: skip
