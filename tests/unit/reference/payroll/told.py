"""One run as the provider tells it, worked by hand.

Ada of Sales gets 3,000.00 by direct deposit: 300.00 + 186.00 + 43.50 of taxes, 180.00 into the 401(k) (the company adds
90.00), net 2,290.50, and 40.00 back. Bob of Delivery gets 2,000.00 and 100.00 for January by cheque: 200.00 + 130.20 +
30.45 of taxes, 50.00 garnished, net 1,689.35. The employer's taxes are 316.20 + 73.95 + 137.70 = 527.85, those of both
sides 890.15 + 527.85 = 1,418.00; the company is debited 2,290.50 + 40.00 + 1,418.00 = 3,748.50.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

from simharness.reference import mapping as package
from simharness.reference.mapping import Mapping, load
from simharness.reference.mapping.payroll import PayrollRules

ID, ADA, BOB = "1a2b3c4d-0000-4000-8000-000000000001", "a" * 8, "b" * 8
CHEQUE = "5a801450-322a-4c94-abc6-03ffe0a1dfad"
PEOPLE = Path(package.__file__).parent.parent / "mappings" / "us-people"

TOTALS = {
    "gross_pay": "5100.00",
    "net_pay": "3979.85",
    "check_amount": "1689.35",
    "reimbursements": "40.00",
    "company_debit": "3748.50",
    "net_pay_debit": "2290.50",
    "tax_debit": "1418.00",
    "reimbursement_debit": "40.00",
    "child_support_debit": "0.00",
    "employer_taxes": "527.85",
    "employee_taxes": "890.15",
    "benefits": "90.00",
    "employee_benefits_deductions": "180.00",
    "other_deductions": "50.00",
}
_TAXES = [
    ("Federal income tax", False, "500.00"),
    ("Social Security", False, "316.20"),
    ("Medicare", False, "73.95"),
    ("Social Security", True, "316.20"),
    ("Medicare", True, "73.95"),
    ("Texas unemployment", True, "137.70"),
]
ROWS = [
    ["RegularWages", "Salary", "Sales", "3000.00", None],
    ["RegularWages", "Salary", "Delivery", "2000.00", None],
    ["AdditionalEarnings", "Retro pay (2026-01)", "Delivery", "100.00", None],
    ["EmployerTax", "Social Security - employer tax", "Sales", "186.00", None],
    ["EmployerTax", "Social Security - employer tax", "Delivery", "130.20", None],
    ["EmployerTax", "Medicare - employer tax", "Sales", "43.50", None],
    ["EmployerTax", "Medicare - employer tax", "Delivery", "30.45", None],
    ["EmployerTax", "Texas unemployment - employer tax", "Sales", "81.00", None],
    ["EmployerTax", "Texas unemployment - employer tax", "Delivery", "56.70", None],
    ["CompanyContribution", "401(k)", "Sales", "90.00", None],
    ["Reimbursement", "Reimbursement", "Sales", "40.00", None],
    ["BenefitLiability", "401(k)", "", None, "270.00"],
    ["GarnishmentLiability", "Order 4711", "", None, "50.00"],
    ["DebitTax", "Debit tax", "", None, "1418.00"],
    ["DebitReimbursement", "Debit reimbursement", "", None, "40.00"],
    ["DebitNetPay", "Debit net pay", "", None, "2290.50"],
    ["CheckAmount", "Check amount", "", None, "1689.35"],
]


@cache
def people() -> Mapping:
    """The mapping us-people."""
    return load(PEOPLE)


def rules(**changes: Any) -> PayrollRules:
    """What us-people's mapping says of payroll, but for the changes."""
    found = people().payroll
    return PayrollRules(**{name: changes.get(name, getattr(found, name)) for name in found.__struct_fields__})


def payroll(**changes: Any) -> dict[str, Any]:
    """The payroll, with other members where `changes` says so."""
    return copy.deepcopy(
        {
            "payroll_uuid": ID,
            "processed": True,
            "external": False,
            "off_cycle": False,
            "off_cycle_reason": None,
            "check_date": "2026-02-13",
            "pay_period": {"start_date": "2026-02-01", "end_date": "2026-02-15"},
            "totals": TOTALS,
            "company_taxes": [{"name": n, "employer": e, "amount": a} for n, e, a in _TAXES],
            "employee_compensations": [
                _paid(ADA, "Direct Deposit", "3000.00", "2290.50", ("300.00", "186.00", "43.50"), benefit="180.00"),
                _paid(BOB, "Check", "2100.00", "1689.35", ("200.00", "130.20", "30.45"), garnished="50.00"),
            ],
            **changes,
        }
    )


def receipt(**changes: Any) -> dict[str, Any]:
    """The receipt of the payroll."""
    debits = ("company_debit", "net_pay_debit", "tax_debit", "reimbursement_debit", "child_support_debit")
    sums = {"Federal income tax": "500.00", "Social Security": "632.40", "Medicare": "147.90"}
    return copy.deepcopy(
        {
            "payroll_uuid": ID,
            "debit_date": "2026-02-11",
            "debit_reference": "1A2B3C4D",
            "totals": {name: TOTALS[name] for name in debits},
            "taxes": [{"name": n, "amount": a} for n, a in {**sums, "Texas unemployment": "137.70"}.items()],
            **changes,
        }
    )


def report(rows: list[list[str | None]] = ROWS, debits: str = "5757.85", credits: str = "5757.85") -> dict[str, Any]:
    """The general ledger report, with the table that names people before the one that counts."""
    return copy.deepcopy(
        {
            "check_date": "2026-02-13",
            "data": [
                {"headers": ["Account Type"], "rows": [["Regular Wages for Ada Lovelace"]], "data_type": "Detailed"},
                {
                    "headers": ["Account Type", "Account Description", "Department", "Debit", "Credit"],
                    "rows": rows,
                    "totals": [None, "Totals", "", debits, credits],
                    "data_type": "Basic",
                },
            ],
        }
    )


def turned() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Payroll, receipt and report of the run that takes this one back: every amount is its negative."""
    back = {name: _negative(amount) for name, amount in TOTALS.items()}
    people = payroll()["employee_compensations"]
    for each in people:
        each |= {name: _negative(each[name]) for name in ("gross_pay", "net_pay", "check_amount")}
        for part, name in (("taxes", "amount"), ("benefits", "employee_deduction"), ("deductions", "amount")):
            for line in each[part]:
                line[name] = _negative(line[name])
    run = payroll(
        totals=back,
        off_cycle=True,
        off_cycle_reason="Reversal",
        company_taxes=[{"name": n, "employer": e, "amount": _negative(a)} for n, e, a in _TAXES],
        employee_compensations=people,
    )
    said = receipt(
        totals={name: back[name] for name in receipt()["totals"]},
        taxes=[{**each, "amount": _negative(each["amount"])} for each in receipt()["taxes"]],
    )
    rows = [[kind, what, by, credit, debit] for kind, what, by, debit, credit in ROWS]
    return run, said, report(rows)


def _negative(amount: str) -> str:
    return f"-{amount}" if amount.strip("0.") else amount


def _paid(
    person: str, method: str, gross: str, net: str, taxes: tuple[str, ...], benefit: str = "", garnished: str = ""
) -> dict[str, Any]:
    names = ("Federal income tax", "Social Security", "Medicare")
    return {
        "employee_uuid": person,
        "excluded": False,
        "payment_method": method,
        "gross_pay": gross,
        "net_pay": net,
        "check_amount": net,
        "taxes": [{"name": n, "employer": False, "amount": a} for n, a in zip(names, taxes, strict=True)],
        "benefits": [{"name": "401(k)", "employee_deduction": benefit}] if benefit else [],
        "deductions": [{"name": "Order 4711", "amount": garnished}] if garnished else [],
    }
