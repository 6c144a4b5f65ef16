"""Whether what is told of a run agrees with itself: totals, taxes, receipt, everybody's pay, and the ledger report.

All of it is compared before anything is posted. What is said of a difference names sums and never a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.payroll import report
from simharness.reference.payroll.report import Row, amount_of, sum_of
from simharness.reference.vendors.http import Json

#: The totals of a payroll that are read.
_TOTALS = (
    "gross_pay", "net_pay", "check_amount", "reimbursements", "company_debit", "net_pay_debit", "tax_debit",
    "reimbursement_debit", "child_support_debit", "employer_taxes", "employee_taxes", "benefits",
    "employee_benefits_deductions", "other_deductions",
)  # fmt: skip
_DEBITS = ("company_debit", "net_pay_debit", "tax_debit", "reimbursement_debit", "child_support_debit")
#: Days of service of one run, and between them and its cheques: more than that is a mistake.
_LONGEST = timedelta(days=366)


class Days(NamedTuple):
    """First and last day of service, the day of the debit and that of the cheques."""

    first: date
    last: date
    debit: date
    cheque: date


Totals = Mapping[str, Decimal]
#: Taxes by name and whether they are the employer's.
Taxes = Mapping[tuple[str, bool], Decimal]


def totals_of(payroll: Json) -> Totals:
    """The totals of a payroll, if they agree with each other."""
    told = payroll.get("totals")
    if not isinstance(told, dict):
        raise Rejected("missing_field", "totals is missing")
    missing = [name for name in _TOTALS if told.get(name) in (None, "")]
    if missing:
        raise Rejected("missing_field", f"totals.{missing[0]} is missing")
    t = {name: amount_of(told[name], f"totals.{name}") for name in _TOTALS}
    taken = t["employee_taxes"] + t["employee_benefits_deductions"] + t["other_deductions"]
    _same("net_pay", t["net_pay"], "gross pay less taxes and deductions", t["gross_pay"] - taken)
    _same("tax_debit", t["tax_debit"], "the taxes of both sides", t["employee_taxes"] + t["employer_taxes"])
    debits = sum((t[name] for name in _DEBITS[1:]), ZERO)
    _same("company_debit", t["company_debit"], "its parts", debits)
    paid = t["net_pay_debit"] + t["reimbursement_debit"] + t["child_support_debit"] + t["check_amount"]
    _same("net_pay and reimbursements", t["net_pay"] + t["reimbursements"], "what is debited and paid by cheque", paid)
    return t


def taxes_of(payroll: Json, totals: Totals) -> Taxes:
    """The taxes of everybody together, if they come to the totals."""
    sums: dict[tuple[str, bool], Decimal] = {}
    for each in payroll.get("company_taxes") or ():
        key = (str(each["name"]).strip(), each["employer"] is True)
        sums[key] = sums.get(key, ZERO) + amount_of(each["amount"], f"the tax {key[0]}")
    for employer, name in ((True, "employer_taxes"), (False, "employee_taxes")):
        found = sum((amount for (_, side), amount in sums.items() if side is employer), ZERO)
        _same(name, totals[name], "the taxes by name", found)
    return sums


def check_receipt(receipt: Json, totals: Totals, taxes: Taxes) -> None:
    """Raise `Rejected` unless the receipt says the same as the payroll."""
    told = receipt.get("totals") or {}
    for name in _DEBITS:
        _same(name, totals[name], "the receipt", amount_of(told.get(name), f"{name} of the receipt"))
    by_name: dict[str, Decimal] = {}
    for (name, _), amount in taxes.items():
        by_name[name] = by_name.get(name, ZERO) + amount
    said = {str(each["name"]).strip(): amount_of(each["amount"], "a tax of the receipt") for each in receipt["taxes"]}
    for name in sorted({*by_name, *said}):
        _same(f"the tax {name}", by_name.get(name, ZERO), "the receipt", said.get(name, ZERO))


def check_people(payroll: Json, totals: Totals) -> None:
    """Raise `Rejected` unless everybody's pay adds up, and all of it together to the totals."""
    sums = dict.fromkeys(("gross_pay", "net_pay", "check_amount"), ZERO)
    wrong = 0
    for each in payroll.get("employee_compensations") or ():
        if each.get("excluded") is True:
            continue
        pay = {name: amount_of(each.get(name), f"{name} of somebody") for name in sums}
        wrong += pay["net_pay"] != pay["gross_pay"] - _taken(each)
        sums["gross_pay"] += pay["gross_pay"]
        sums["net_pay"] += pay["net_pay"]
        sums["check_amount"] += pay["check_amount"] if is_by_cheque(each) else ZERO
    if wrong:
        raise Rejected("does_not_add_up", f"gross pay less what is taken is not net pay, of {wrong} of those paid")
    for name, found in sums.items():
        if found != totals[name]:  # the difference is enough: of a run for one, the sum is that one's pay
            off = found - totals[name]
            raise Rejected("does_not_add_up", f"what everybody is paid together is off by {off} from {name}")


def check_report(found: Sequence[Row], totals: Totals, taxes: Taxes) -> None:
    """Raise `Rejected` unless the ledger report comes to the same as the payroll."""
    owed = totals["benefits"] + totals["employee_benefits_deductions"]
    for told, amount, kinds in (
        ("gross_pay", totals["gross_pay"], tuple(report.EARNINGS)),
        ("employer_taxes", totals["employer_taxes"], (report.EMPLOYER_TAX,)),
        ("benefits", totals["benefits"], (report.CONTRIBUTION,)),
        ("reimbursements", totals["reimbursements"], (report.REIMBURSEMENT,)),
        ("tax_debit", -totals["tax_debit"], (report.DEBIT_TAX,)),
        ("net_pay_debit", -totals["net_pay_debit"] - totals["child_support_debit"], (report.DEBIT_NET,)),
        ("reimbursement_debit", -totals["reimbursement_debit"], (report.DEBIT_REIMBURSEMENT,)),
        ("check_amount", -totals["check_amount"], (report.CHECK_AMOUNT,)),
        ("other_deductions", -totals["other_deductions"], (report.GARNISHMENT_OWED,)),
        ("benefits and deductions", -owed, (report.BENEFIT_OWED,)),
    ):
        _same(told, amount, "the general ledger report", sum_of(found, *kinds))
    by_name: dict[str, Decimal] = {}
    for row in found:
        if row.kind == report.EMPLOYER_TAX:
            name = tax_of(row)
            by_name[name] = by_name.get(name, ZERO) + row.amount
    employers = {name: amount for (name, employer), amount in taxes.items() if employer}
    for name in sorted({*by_name, *employers}):
        told = f"the employer's {name}"
        _same(told, employers.get(name, ZERO), "the general ledger report", by_name.get(name, ZERO))


def days_of(payroll: Json, receipt: Json, *, reversal: bool) -> Days:
    """The days of a run. Raises `Rejected` for days that cannot be."""
    period = payroll.get("pay_period") or {}
    first, last = (_day(period.get(name), f"pay_period.{name}") for name in ("start_date", "end_date"))
    debit, cheque = _day(receipt.get("debit_date"), "debit_date"), _day(payroll.get("check_date"), "check_date")
    if first > last:
        raise Rejected("bad_dates", f"its service begins on {first} and ends on {last}")
    if last - first > _LONGEST or abs(cheque - last) > _LONGEST:
        raise Rejected("bad_dates", f"service from {first} to {last} paid on {cheque} is no pay period")
    if debit > cheque and not reversal:
        raise Rejected("bad_dates", f"it is debited on {debit}, after the cheques of {cheque}")
    return Days(first, last, debit, cheque)


def is_by_cheque(compensation: Json) -> bool:
    """Whether somebody is paid by a cheque."""
    return compensation.get("payment_method") == "Check"


def tax_of(row: Row) -> str:
    """The name of the tax of an employer's row."""
    return row.what.removesuffix(report.TAX_SUFFIX).strip()


def _taken(compensation: Json) -> Decimal:
    """What is taken off somebody's pay."""
    taxes = (each["amount"] for each in compensation.get("taxes") or () if each["employer"] is not True)
    benefits = (each["employee_deduction"] for each in compensation.get("benefits") or ())
    deductions = (each["amount"] for each in compensation.get("deductions") or ())
    return sum((amount_of(each, "what is taken") for each in (*taxes, *benefits, *deductions)), ZERO)


def _day(value: object, what: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Rejected("bad_dates", f"{what} is {value!r}, which is no day") from None


def _same(what: str, said: Decimal, by: str, found: Decimal) -> None:
    if said != found:
        raise Rejected("does_not_add_up", f"{what} is {said}, but by {by} it is {found}")
