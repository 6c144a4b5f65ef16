"""How a company pays its people and where that stands in its books: the people side of a dictionary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.domain.base import Record


class SchedulePolicy(Record, frozen=True, kw_only=True):
    """A pay schedule. `frequency`: weekly, biweekly, semimonthly, monthly; one period ends on `anchor_end`, paid on
    `anchor_pay`.
    """

    name: str
    frequency: str
    anchor_end: date
    anchor_pay: date


class DepartmentCost(Record, frozen=True, kw_only=True):
    """A department of the payroll by name, and the code of the cost centre that bears it ("": nobody said)."""

    department: str
    cost_centre: str = ""


class PayrollAccount(Record, frozen=True, kw_only=True):
    """Where components of a kind go, by account number; `code` and `payee` narrow it, and the narrowest row decides.

    `expense` is debited (earning, employer_tax, employer_benefit, reimbursement), with the cost centre. `liability` is
    credited with what is owed to the payee (deduction, garnishment, employee_tax, employer_tax, employer_benefit).
    """

    kind: str
    code: str = ""
    payee: str = ""
    expense: str = ""
    liability: str = ""


class PayrollPolicy(Record, frozen=True, kw_only=True):
    """How the payroll is furnished and posted.

    `journal_date`: the day of a run's journal, `service_end` or `cheque`. `retro`: whose cost retro pay is, that of the
    `service_period` while it is open, or of the `current_period`; never of a closed one. `accrual`: wages earned at the
    end of a period and run later are accrued as `told`, or `by_runs`: by workdays, at what their period of pay came to,
    or the one before it where it was not run yet. `own_rates`: the employer's state rates by code, in percent.
    `left_out`: taxes that are not withheld although the law asks for them. The provider collects `debit_days` business
    days before the cheque. Accounts by number: `clearing`, that the provider's debits pass; `cheques`, of pay cheques
    that nobody cashed yet; `accrued`, of wages earned and not yet run.
    """

    schedules: tuple[SchedulePolicy, ...]
    departments: tuple[DepartmentCost, ...]
    accounts: tuple[PayrollAccount, ...]
    clearing: str
    cheques: str
    accrued: str = ""
    journal_date: str = "service_end"
    retro: str = "current_period"
    accrual: str = "told"
    debit_days: int = 2
    own_rates: tuple[tuple[str, Decimal], ...] = ()
    left_out: tuple[str, ...] = ()
