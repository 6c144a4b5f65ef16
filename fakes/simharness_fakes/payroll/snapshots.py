"""The payroll as checks see it: canonical records, no personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.payroll import PayrollSnapshot, YearToDate
from simharness_fakes.payroll.state import State

#: What a sum is of, by the beginning of its name; sums of wages are not shown.
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "gross": "gross",
        "net": "net",
        "earned": "earning",
        "deducted": "deduction",
        "garnishment": "garnishment",
        "employee_tax": "employee_tax",
        "employer_tax": "employer_tax",
        "employer_benefit": "employer_benefit",
        "reimbursement": "reimbursement",
    }
)


def of(state: State, vendor: str, day: date) -> PayrollSnapshot:
    """Everything canonical on a local day; runs that were not processed are among them."""
    return PayrollSnapshot(
        vendor=vendor,
        entity=state.settings.entity,
        currency=state.settings.currency,
        departments=tuple(state.departments),
        employees=tuple(each.canonical(day, state.schedule(each.schedule).frequency) for each in state.employees),
        payrolls=tuple(run.canonical() for run in state.runs),
        years_to_date=tuple(
            YearToDate(employee=employee, tax_year=year, sums=_sums(sums, state.settings.currency))
            for employee, year, sums in state.sums.years()
        ),
    )


def _sums(sums: Mapping[str, Decimal], currency: str) -> tuple[tuple[str, str, Money], ...]:
    parts = ((*name.partition(":")[::2], amount) for name, amount in sums.items())
    return tuple((_KINDS[kind], code, Money(amount, currency)) for kind, code, amount in parts if kind in _KINDS)
