"""One run as a record: draft → calculated → processed, or cancelled. `life` is what may happen to it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime

from simharness.core.money import Money
from simharness.domain import payroll
from simharness.domain.base import Record
from simharness_fakes.payroll.accumulators import Cheque
from simharness_fakes.payroll.earnings import PayItem

REGULAR, OFF_CYCLE, REVERSAL, EXTERNAL = "regular", "off_cycle", "reversal", "external"
DRAFT, CALCULATED, PROCESSED, CANCELLED = "draft", "calculated", "processed", "cancelled"


class Run(Record, frozen=True, kw_only=True):
    """A run with what was entered for it and what was calculated. `version` grows with every change.

    `employees`: who is paid by an off-cycle run (a regular one pays its schedule, less `excluded`). `with_base`: it
    pays the days of its service period; `with_retro`: what is due for days that were paid too little; and
    `with_deductions`: what is regularly deducted is. `supplemental` is how bonus, commission and retro pay are taxed.
    `basis` says up to which change of the year to date it was calculated. `skipped`: its period is left unpaid.
    """

    id: str
    kind: str
    status: str
    service_from: date
    service_to: date
    debit_on: date
    cheque_on: date
    tax_year: int
    schedule: str = ""
    reason: str = ""
    items: tuple[PayItem, ...] = ()
    employees: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    with_base: bool = True
    with_retro: bool = True
    with_deductions: bool = True
    supplemental: str = "flat"
    cheques: tuple[Cheque, ...] = ()
    basis: int = 0
    reverses: str = ""
    skipped: bool = False
    version: int = 1
    created_at: datetime | None = None
    calculated_at: datetime | None = None
    processed_at: datetime | None = None
    created_by: str = ""

    def taken_period(self) -> Hashable | None:
        """What only one regular run may hold: schedule and first day of its period; None for other runs."""
        holds = self.kind == REGULAR and (self.status != CANCELLED or self.skipped)
        return (self.schedule, self.service_from) if holds else None

    def cheque_of(self, employee: str) -> Cheque | None:
        """The cheque of an employee, or None."""
        return next((each for each in self.cheques if each.pay.employee == employee), None)

    def net_debit(self, currency: str) -> Money:
        """What the provider collects for net pay: of all that is not paid by cheque."""
        cheques = [each.pay for each in self.cheques if each.pay.method == "direct_deposit"]
        return sum((each.net for each in cheques), Money.zero(currency))

    def tax_debit(self, currency: str) -> Money:
        """What the provider collects for taxes of both sides, which it remits."""
        lines = [line for each in self.cheques for line in each.pay.components]
        taxes = [line.amount for line in lines if line.kind in ("employee_tax", "employer_tax")]
        return sum(taxes, Money.zero(currency))

    def canonical(self) -> payroll.Payroll:
        """The run as checks know it."""
        return payroll.Payroll(
            id=self.id,
            kind=self.kind,
            status=self.status,
            service_from=self.service_from,
            service_to=self.service_to,
            debit_on=self.debit_on,
            cheque_on=self.cheque_on,
            tax_year=self.tax_year,
            schedule=self.schedule,
            reason=self.reason,
            cheques=tuple(each.pay for each in self.cheques),
            reverses=self.reverses,
            version=str(self.version),
            created_at=self.created_at,
            processed_at=self.processed_at,
            created_by=self.created_by,
        )
