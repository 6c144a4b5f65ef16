"""Canonical records of a payroll: departments, employees by id only, runs with their cheques line by line.

Nobody's name, number, address, birth date or bank account is here: those stay inside the system that keeps them.
Amounts are positive in the natural direction of their kind (a deduction of 200 says 200); those of a reversal are the
exact negatives of what it reverses.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class Withholding(Record, frozen=True, kw_only=True):
    """What an employee states for federal income tax (Form W-4 from 2020 on); None is nothing stated.

    `filing_status`: single (also married filing separately), joint, head_of_household. `multiple_jobs` is the box of
    step 2, `credits` step 3, `other_income` 4(a) and `deductions` 4(b), all a year; `extra` is 4(c), a pay period.
    """

    filing_status: str = "single"
    multiple_jobs: bool = False
    credits: Money | None = None
    other_income: Money | None = None
    deductions: Money | None = None
    extra: Money | None = None
    exempt: bool = False


class Department(Record, frozen=True, kw_only=True):
    """A department; what is paid in it is a cost of `cost_centre` ("" as long as nobody said which)."""

    id: str
    name: str
    cost_centre: str = ""
    active: bool = True


class Employee(Record, frozen=True, kw_only=True):
    """Somebody who is paid, as of the instant of the snapshot. `ended` is the last day of employment.

    `splits` are (cost centre, share) and sum to 1; without any, all is a cost of the department's cost centre.
    `schedule`: weekly, biweekly, semimonthly, monthly. `basis`: salary (`pay` a year) or hourly (`pay` an hour).
    """

    id: str
    department: str
    state: str
    hired: dt.date
    ended: dt.date | None = None
    active: bool = True
    splits: tuple[tuple[str, Decimal], ...] = ()
    filing_status: str = ""
    withholding: Withholding | None = None
    schedule: str = ""
    basis: str = ""
    pay: Money | None = None


class PayComponent(Record, frozen=True, kw_only=True):
    """One line of a cheque. `kind`: earning, deduction, garnishment, employee_tax, employer_tax, employer_benefit,
    reimbursement.

    `code` as the house says it: salary, hourly, overtime, double_overtime, bonus, commission, retro, pto, non_cash;
    retirement_401k, section_125, hsa, post_tax; garnishment; us_federal_income_tax, us_social_security, us_medicare,
    us_additional_medicare, us_futa, us_tx_ui, us_ca_sdi, us_ca_ui, us_ca_ett; employer_401k_match, employer_health, ...
    `cash`: false for an earning that is not paid in money. `payee` is the agency, plan, insurer or creditor that the
    money is for; taxes are remitted by the provider, all else by the company. `cost_centre` "" follows the cheque's
    splits. `base`: of a tax, the wages of this cheque that it was taken from. `service_from` and `service_to` are days
    of service where they are not the run's (retro pay).
    """

    kind: str
    code: str
    name: str
    amount: Money
    hours: Decimal | None = None
    pretax: bool = False
    cash: bool = True
    payee: str = ""
    cost_centre: str = ""
    base: Money | None = None
    service_from: dt.date | None = None
    service_to: dt.date | None = None


class CostSplit(Record, frozen=True, kw_only=True):
    """A cost centre's share of a cheque. All shares of a cheque sum to 1.

    Where a transfer fell into the period, each part of the period has splits of its own, with its first and last day; a
    part that earned nothing has a share of nothing. A component is split over the cost centres, not over the parts.
    """

    cost_centre: str
    share: Decimal
    service_from: dt.date | None = None
    service_to: dt.date | None = None


class PayCheque(Record, frozen=True, kw_only=True):
    """What one employee gets in one run. `method`: direct_deposit, check.

    `gross` is the sum of all earnings, those that are not in cash included; gross − deductions − garnishments −
    employee taxes − non-cash earnings + reimbursements = `net`. `supplemental`: how income tax was taken from bonus,
    commission and retro pay: flat, aggregate, or "" where there was none. `reverses` is the cheque taken back.
    """

    id: str
    employee: str
    components: tuple[PayComponent, ...]
    gross: Money
    net: Money
    method: str = "direct_deposit"
    splits: tuple[CostSplit, ...] = ()
    department: str = ""
    supplemental: str = ""
    reverses: str = ""


class Payroll(Record, frozen=True, kw_only=True):
    """One run with its three dates: service (expense), debit (cash), cheque (tax liability, caps, year to date).

    `kind`: regular, off_cycle, reversal, and external, which another provider paid: no debit, it only counts for the
    year. `status`: draft, calculated, processed, cancelled. `reverses` is the run taken back; the tax year is then that
    of the run it takes back. `version` is another one after every change.
    """

    id: str
    kind: str
    status: str
    service_from: dt.date
    service_to: dt.date
    debit_on: dt.date
    cheque_on: dt.date
    tax_year: int
    schedule: str = ""
    reason: str = ""
    cheques: tuple[PayCheque, ...] = ()
    reverses: str = ""
    version: str = ""
    created_at: dt.datetime | None = None
    processed_at: dt.datetime | None = None
    created_by: str = ""


class YearToDate(Record, frozen=True, kw_only=True):
    """What the payroll itself counts for an employee and tax year, of the cheques that stand.

    `sums` are (kind, code, amount), kinds and codes as of components; gross and net have no code.
    """

    employee: str
    tax_year: int
    sums: tuple[tuple[str, str, Money], ...] = ()


class PayrollSnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one company's payroll holds, each tuple in order of creation."""

    vendor: str
    entity: str
    currency: str
    departments: tuple[Department, ...] = ()
    employees: tuple[Employee, ...] = ()
    payrolls: tuple[Payroll, ...] = ()
    years_to_date: tuple[YearToDate, ...] = ()
