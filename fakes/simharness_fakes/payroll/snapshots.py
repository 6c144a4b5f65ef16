"""The payroll as checks see it: canonical records, no personal data."""

from __future__ import annotations

from datetime import date

from simharness.domain.payroll import PayrollSnapshot
from simharness_fakes.payroll.state import State


def of(state: State, vendor: str, day: date) -> PayrollSnapshot:
    """Everything canonical on a local day; runs that were not processed are among them."""
    return PayrollSnapshot(
        vendor=vendor,
        entity=state.settings.entity,
        currency=state.settings.currency,
        departments=tuple(state.departments),
        employees=tuple(each.canonical(day, state.schedule(each.schedule).frequency) for each in state.employees),
        payrolls=tuple(run.canonical() for run in state.runs),
    )
