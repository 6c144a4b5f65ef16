"""What one cheque is calculated from: gathered by the office, read by the taxes and by the cheque."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from simharness.domain.base import Record
from simharness.domain.payroll import CostSplit
from simharness_fakes.payroll.accumulators import Posted
from simharness_fakes.payroll.authority import Federal, Matrix, State
from simharness_fakes.payroll.earnings import Earned, PayItem
from simharness_fakes.payroll.employees import Employee
from simharness_fakes.payroll.rounding import ZERO


class Given(Record, frozen=True, kw_only=True):
    """What a cheque is calculated from. `wanted`: how supplemental wages are to be taxed, flat or aggregate.

    `year` is the year to date, `last_year` that of the year before, `garnished` what creditors had in all years.
    """

    id: str
    employee: Employee
    earned: tuple[Earned, ...]
    reimbursements: tuple[PayItem, ...]
    splits: tuple[CostSplit, ...]
    department: str
    periods: int
    wanted: str
    federal: Federal
    state: State
    matrix: Matrix
    rates: Mapping[str, Decimal]
    left_out: Collection[str]
    year: Mapping[str, Decimal]
    last_year: Mapping[str, Decimal]
    garnished: Mapping[str, Decimal]
    standing: tuple[Posted, ...]
    with_deductions: bool
    currency: str
    days: tuple[date, date] | None = None

    def wages_before(self, tax: str) -> Decimal:
        """The year's wages for a tax before this cheque."""
        return self.year.get(f"wages:{tax}", ZERO)

    def taxed_before(self, tax: str) -> Decimal:
        """What of the year's wages a tax took before this cheque."""
        return self.year.get(f"taxed:{tax}", ZERO)
