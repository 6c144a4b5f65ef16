"""What a people team does in a payroll, in vendor-neutral words; `acts.Act` is the union that a fake is handed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record, Tagged
from simharness.domain.payroll import Withholding


class HireEmployee(Tagged, frozen=True, kw_only=True):
    """A people team hires somebody. `name` is what the story calls the employee: the system makes up the person.

    Either a `salary` (a year) or an `hourly` wage. `schedule` "" is the company's only one. `splits` are (cost centre,
    share) and sum to 1; without any all is a cost of the department. `method`: direct_deposit, check.
    """

    name: str
    department: str
    state: str
    hired: date
    salary: Money | None = None
    hourly: Money | None = None
    schedule: str = ""
    splits: tuple[tuple[str, Decimal], ...] = ()
    withholding: Withholding | None = None
    method: str = "direct_deposit"
    entity: str = ""


class ChangePay(Tagged, frozen=True, kw_only=True):
    """A people team changes somebody's pay from a day on; what was paid for days that are past is made up for later."""

    employee_id: str
    from_day: date
    salary: Money | None = None
    hourly: Money | None = None


class TransferEmployee(Tagged, frozen=True, kw_only=True):
    """A people team moves somebody to another department, or to other cost centres, from a day on."""

    employee_id: str
    department: str
    from_day: date
    splits: tuple[tuple[str, Decimal], ...] = ()


class EndEmployment(Tagged, frozen=True, kw_only=True):
    """A people team notes somebody's last day of employment."""

    employee_id: str
    last_day: date


class SetWithholding(Tagged, frozen=True, kw_only=True):
    """An employee states anew what income tax is to be withheld by; it holds for the runs calculated from now on."""

    employee_id: str
    withholding: Withholding


class DeductionSpec(Record, frozen=True, kw_only=True):
    """Something taken from each cheque: a fixed `amount` or a `percent` of gross, up to `annual_cap` a year.

    Gross is the pay in cash; the percentage of a garnishment is of disposable pay, what is left after taxes.

    `code` as in `payroll.PayComponent`: retirement_401k, section_125, hsa, post_tax or garnishment. The employer adds
    `match_percent` of what the employee pays, as far as that is at most `match_to_percent` of gross (None: all of it),
    or `employer_amount` each cheque. `owed` is what a garnishment is for in all; one without amount or percentage takes
    as much as the law lets creditors have.
    """

    code: str
    name: str = ""
    amount: Money | None = None
    percent: Decimal | None = None
    annual_cap: Money | None = None
    payee: str = ""
    match_percent: Decimal | None = None
    match_to_percent: Decimal | None = None
    employer_amount: Money | None = None
    employer_code: str = ""
    owed: Money | None = None


class SetDeductions(Tagged, frozen=True, kw_only=True):
    """A people team replaces everything that is taken from somebody's cheques, for the runs calculated from now on."""

    employee_id: str
    deductions: tuple[DeductionSpec, ...]


class EnterHours(Tagged, frozen=True, kw_only=True):
    """Hours that somebody worked, by day; a day that was entered before is replaced."""

    employee_id: str
    hours: tuple[tuple[date, Decimal], ...]


class AddEarningType(Tagged, frozen=True, kw_only=True):
    """A people team keeps one more type of earning, of a code that no other has; it is taxed as a bonus is."""

    code: str
    name: str
    entity: str = ""


class RunPayroll(Tagged, frozen=True, kw_only=True):
    """A people team calculates the regular run of a pay day (None: the next one that was not run).

    `ends_in`: of the one period of pay that ends in a month (`2026-01`), where no pay day is said.
    """

    cheque_on: date | None = None
    ends_in: str = ""
    schedule: str = ""
    entity: str = ""


class OffCyclePayroll(Tagged, frozen=True, kw_only=True):
    """A people team calculates a run beside the schedule for one employee. `code` is the earning's.

    `supplemental`: income tax is withheld flat, or from the aggregate with the last regular wages. `reason`: bonus,
    correction, dismissal, ... `service_from` and `service_to` are the days that a correction is for.
    """

    employee_id: str
    amount: Money
    cheque_on: date
    code: str = "bonus"
    supplemental: str = "flat"
    reason: str = "bonus"
    service_from: date | None = None
    service_to: date | None = None


class ApprovePayroll(Tagged, frozen=True, kw_only=True):
    """A people team approves a calculated run: it is processed, and the provider will collect the money."""

    payroll_id: str


class CancelPayroll(Tagged, frozen=True, kw_only=True):
    """A people team takes an approved run back before the provider collected: nobody was paid. It may be run again."""

    payroll_id: str


class ReversePayroll(Tagged, frozen=True, kw_only=True):
    """A people team takes a processed run back, all of it or the cheques of some employees."""

    payroll_id: str
    employee_ids: tuple[str, ...] = ()
    reason: str = ""
