"""A month's payroll worked out by hand, as a record that every check of payroll passes.

January 2025 in Texas, both single, box not checked. Ada has 5,000.00 a month and puts 200.00 into a 401(k), to which
the employer adds half: income tax on 4,800.00 is (57,600 − 8,600 − 18,325) × 12 % + 1,192.50 = 4,873.50 a year,
406.13 a month; Social Security 310.00, Medicare 72.50; net 4,011.37 by direct deposit. Bob has 3,000.00, 60 % for
CC-10 and 40 % for CC-30: income tax 190.13, Social Security 186.00, Medicare 43.50; net 2,580.37 by cheque. The
employer adds 6.2 % and 1.45 %, FUTA 0.6 % (30.00 and 18.00) and 2.7 % to Texas (135.00 and 81.00): 547.50 for Ada,
328.50 for Bob, of which 197.10 are CC-10's and 131.40 CC-30's.

The IRS is owed 788.63 + 419.63 + 412.50 + 247.50 = 1,868.26, Texas 216.00, the plan 300.00. The provider collects
4,011.37 and 2,084.26 on 29 January. The plan is paid on 3 February, Bob's cheque is cashed on 4 February.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simharness.domain.bank import BankAccount, BankLine, BankSnapshot
from simharness.domain.books import Account, Entry
from simharness.domain.connector import ReferenceRule
from simharness.domain.dictionary import AccountSpec, Dictionary, Dimension
from simharness.domain.fact import BankMoved
from simharness.domain.payroll import (
    CostSplit,
    Department,
    PayCheque,
    PayComponent,
    Payroll,
    PayrollSnapshot,
    YearToDate,
)
from simharness.domain.payroll_facts import DeductionsSet, EmployeeHired, PayrollApproved, PayrollRun
from simharness.domain.payroll_terms import DepartmentCost, PayrollAccount, PayrollPolicy, SchedulePolicy
from simharness.domain.people import DeductionSpec
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR, dictionary

usd, day, at = b.usd, b.day, b.at

ACCOUNTS = (
    AccountSpec(number="1000", name="Bank", kind="bank", role="bank"),
    AccountSpec(number="2100", name="Payroll clearing", kind="current_liability", role="payroll_clearing"),
    AccountSpec(number="2110", name="Pay cheques outstanding", kind="current_liability", role="pay_cheques"),
    AccountSpec(number="2120", name="Accrued wages", kind="current_liability", role="accrued_wages"),
    AccountSpec(number="2130", name="Due to the IRS", kind="current_liability"),
    AccountSpec(number="2140", name="Due to Texas", kind="current_liability"),
    AccountSpec(number="2160", name="Retirement plan payable", kind="current_liability"),
    AccountSpec(number="2190", name="Other deductions payable", kind="current_liability"),
    AccountSpec(number="2300", name="Unmatched receipts", kind="current_liability", role="unmatched"),
    AccountSpec(number="6000", name="Salaries and wages", kind="expense", role="wages"),
    AccountSpec(number="6010", name="Employer payroll taxes", kind="expense", role="employer_taxes"),
    AccountSpec(number="6020", name="Employee benefits", kind="expense", role="employer_benefits"),
    AccountSpec(number="6030", name="Employee reimbursements", kind="expense", role="reimbursements"),
)
REFERENCES = (
    ReferenceRule(noun="payroll", field="note", pattern=r"^gusto:payroll:(?P<id>[\w-]+)"),
    ReferenceRule(
        noun="payroll_retro", field="note", pattern=r"^gusto:retro:(?P<id>[\w-]+):(?P<state>\d{4}-\d\d)"
    ),
    ReferenceRule(noun="payroll_remittance", field="note", pattern=r"^gusto:remittance:(?P<id>[\w-]+)"),
    ReferenceRule(noun="bank_line", field="note", pattern=r"^plaid:bank_line:(?P<id>\w+)"),
)  # fmt: skip


def policy(**changes: Any) -> PayrollPolicy:
    given: dict[str, Any] = {
        "schedules": (
            SchedulePolicy(
                name="Monthly", frequency="monthly", anchor_end=day("2025-01-31"), anchor_pay=day("2025-01-31")
            ),
        ),
        "departments": (
            DepartmentCost(department="Sales", cost_centre="CC-10"),
            DepartmentCost(department="Delivery", cost_centre="CC-30"),
        ),
        "clearing": "2100",
        "cheques": "2110",
        "accrued": "2120",
        "own_rates": (("us_tx_ui", Decimal("2.7")),),
        "accounts": (
            PayrollAccount(kind="earning", expense="6000"),
            PayrollAccount(kind="employer_tax", payee="IRS", expense="6010", liability="2130"),
            PayrollAccount(kind="employer_tax", payee="Texas", expense="6010", liability="2140"),
            PayrollAccount(kind="employer_benefit", expense="6020", liability="2190"),
            PayrollAccount(kind="employer_benefit", code="employer_401k_match", expense="6020", liability="2160"),
            PayrollAccount(kind="reimbursement", expense="6030"),
            PayrollAccount(kind="employee_tax", payee="IRS", liability="2130"),
            PayrollAccount(kind="deduction", liability="2190"),
            PayrollAccount(kind="deduction", code="retirement_401k", liability="2160"),
        ),
    }
    return PayrollPolicy(**(given | changes))


def books_of(**terms: Any) -> Dictionary:
    """The dictionary; `terms` change how payroll is posted."""
    return b.structs.replace(
        dictionary(cut_over=day("2025-01-01")), accounts=ACCOUNTS, payroll=policy(**terms), revenue_types=(),
        products=(), tax_codes=(), regions=(),
        cost_centres=(Dimension(code="CC-10", name="CC-10"), Dimension(code="CC-30", name="CC-30")),
    )  # fmt: skip


# --- the register -----------------------------------------------------------------------------------------------------


def line(kind: str, code: str, amount: str, payee: str = "", **changes: Any) -> PayComponent:
    return PayComponent(**{"kind": kind, "code": code, "name": code, "amount": usd(amount), "payee": payee} | changes)


def tax(side: str, code: str, amount: str, base: str, payee: str = "IRS") -> PayComponent:
    return line(f"{side}_tax", code, amount, payee, base=usd(base))


PLAN = DeductionSpec(
    code="retirement_401k",
    name="401(k)",
    amount=usd("200.00"),
    payee="Fidelity",
    match_percent=Decimal(50),
    employer_code="employer_401k_match",
)


def ada(**changes: Any) -> PayCheque:
    given: dict[str, Any] = {
        "id": "c1", "employee": "e1", "department": "d1", "gross": usd("5000.00"), "net": usd("4011.37"),
        "splits": (CostSplit(cost_centre="CC-10", share=Decimal(1)),),
        "components": (
            line("earning", "salary", "5000.00"),
            line("deduction", "retirement_401k", "200.00", "Fidelity", name="401(k)", pretax=True),
            tax("employee", "us_federal_income_tax", "406.13", "4800.00"),
            tax("employee", "us_social_security", "310.00", "5000.00"),
            tax("employee", "us_medicare", "72.50", "5000.00"),
            tax("employer", "us_social_security", "310.00", "5000.00"),
            tax("employer", "us_medicare", "72.50", "5000.00"),
            tax("employer", "us_futa", "30.00", "5000.00"),
            tax("employer", "us_tx_ui", "135.00", "5000.00", "Texas"),
            line("employer_benefit", "employer_401k_match", "100.00", "Fidelity", name="401(k)"),
        ),
    }  # fmt: skip
    return PayCheque(**(given | changes))


def bob(**changes: Any) -> PayCheque:
    given: dict[str, Any] = {
        "id": "c2", "employee": "e2", "department": "d1", "gross": usd("3000.00"), "net": usd("2580.37"),
        "method": "check",
        "splits": (
            CostSplit(cost_centre="CC-10", share=Decimal("0.6")), CostSplit(cost_centre="CC-30", share=Decimal("0.4")),
        ),
        "components": (
            line("earning", "salary", "3000.00"),
            tax("employee", "us_federal_income_tax", "190.13", "3000.00"),
            tax("employee", "us_social_security", "186.00", "3000.00"),
            tax("employee", "us_medicare", "43.50", "3000.00"),
            tax("employer", "us_social_security", "186.00", "3000.00"),
            tax("employer", "us_medicare", "43.50", "3000.00"),
            tax("employer", "us_futa", "18.00", "3000.00"),
            tax("employer", "us_tx_ui", "81.00", "3000.00", "Texas"),
        ),
    }  # fmt: skip
    return PayCheque(**(given | changes))


def run(**changes: Any) -> Payroll:
    given: dict[str, Any] = {
        "id": "r1", "kind": "regular", "status": "processed", "service_from": day("2025-01-01"),
        "service_to": day("2025-01-31"), "debit_on": day("2025-01-29"), "cheque_on": day("2025-01-31"),
        "tax_year": 2025, "schedule": "s1", "cheques": (ada(), bob()),
    }  # fmt: skip
    return Payroll(**(given | changes))


def year(cheque: PayCheque, tax_year: int = 2025) -> YearToDate:
    """What an only cheque brings to its year; each code occurs once in a kind."""
    sums = (("gross", "", cheque.gross), ("net", "", cheque.net))
    lines = ((each.kind, each.code, each.amount) for each in cheque.components)
    return YearToDate(employee=cheque.employee, tax_year=tax_year, sums=(*sums, *lines))


def payroll(*runs: Payroll, **changes: Any) -> PayrollSnapshot:
    departments = (
        Department(id="d1", name="Sales", cost_centre="CC-10"),
        Department(id="d2", name="Delivery", cost_centre="CC-30"),
    )
    given: dict[str, Any] = {
        "vendor": "gusto",
        "entity": "main",
        "currency": "USD",
        "departments": departments,
        "payrolls": runs or (run(),),
        "years_to_date": (year(ada()), year(bob())),
    }
    return PayrollSnapshot(**(given | changes))


# --- facts ------------------------------------------------------------------------------------------------------------


def hired(step: int, name: str, employee_id: str, pay: str, **changes: Any) -> EmployeeHired:
    given = b.mark(step, "payroll.employee", "2025-01-02")
    given |= {"employee": name, "employee_id": employee_id, "department": "Sales", "state": "TX"}
    given |= {"hired": day("2024-01-01"), "basis": "salary", "pay": usd(pay), "schedule": "Monthly"}
    return EmployeeHired(**(given | changes))


def calculated(**changes: Any) -> PayrollRun:
    given = b.mark(4, "payroll.payroll_run", "2025-01-27")
    given |= {"payroll": "January", "payroll_id": "r1", "kind": "regular", "schedule": "Monthly"}
    given |= {"service_from": day("2025-01-01"), "service_to": day("2025-01-31")}
    given |= {"debit_on": day("2025-01-29"), "cheque_on": day("2025-01-31")}
    return PayrollRun(**(given | changes))


def approved(**changes: Any) -> PayrollApproved:
    given = b.mark(5, "payroll.payroll_approved", "2025-01-27")
    given |= {"payroll": "January", "payroll_id": "r1", "by": "Erin", "debit_on": day("2025-01-29")}
    given |= {"net_debit": usd("4011.37"), "tax_debit": usd("2084.26"), "reference": "1A2B3C4D"}
    return PayrollApproved(**(given | changes))


def moved(step: int, id: str, amount: str, on: str, purpose: str = "", subject: str = "", **changes: Any) -> BankMoved:
    given = b.mark(step, "payments.bank_line", on)
    given |= {"line_id": id, "amount": usd(amount), "purpose": purpose, "subject": subject}
    return BankMoved(**(given | changes))


def facts() -> tuple[Any, ...]:
    splits = (("CC-10", Decimal("0.6")), ("CC-30", Decimal("0.4")))
    return (
        hired(1, "Ada", "e1", "60000.00"),
        hired(2, "Bob", "e2", "36000.00", splits=splits, method="check"),
        DeductionsSet(**b.mark(3, "payroll.deductions_of", "2025-01-02"), employee="Ada", employee_id="e1",
                      deductions=(PLAN,)),
        calculated(),
        approved(),
        b.rest(6, "2025-01-29"),
        moved(7, "B3", "-300.00", "2025-02-03", "remittance", "Fidelity"),
        moved(8, "B4", "-2580.37", "2025-02-04", "pay_cheque", "c2"),
        moved(9, "B5", "-4011.37", "2025-02-04"),
        b.rest(10, "2025-02-04"),
    )  # fmt: skip


# --- the bank and the books -------------------------------------------------------------------------------------------


def bank_line(id: str, amount: str, on: str, description: str, **changes: Any) -> BankLine:
    given: dict[str, Any] = {"id": id, "account": "acc", "amount": usd(amount), "date": day(on), "status": "posted"}
    return BankLine(**(given | {"description": description} | changes))


def bank_lines() -> tuple[BankLine, ...]:
    return (
        bank_line("B1", "-4011.37", "2025-01-29", "GUSTO NET 1A2B3C4D"),
        bank_line("B2", "-2084.26", "2025-01-29", "GUSTO TAX 1A2B3C4D"),
        bank_line("B3", "-300.00", "2025-02-03", "REMITTANCE FIDELITY"),
        bank_line("B4", "-2580.37", "2025-02-04", "PAY CHEQUE 1001"),
        bank_line("B5", "-4011.37", "2025-02-04", "ACME RENT"),
    )


def bank(*lines: BankLine) -> BankSnapshot:
    account = BankAccount(id="acc", name="Bank", currency="USD")
    return BankSnapshot(vendor="plaid", accounts=(account,), lines=lines or bank_lines())


def cost(account: str, amount: str, centre: str) -> Any:
    return b.posting(account, amount, cost_centre=centre)


def journal(*changed: tuple[int, Any], on: str = "2025-01-31", id: str = "1", **changes: Any) -> Entry:
    """The one journal of the run, with lines replaced by position."""
    lines = [
        cost("a6000", "6800.00", "CC-10"),
        cost("a6000", "1200.00", "CC-30"),
        cost("a6010", "744.60", "CC-10"),
        cost("a6010", "131.40", "CC-30"),
        cost("a6020", "100.00", "CC-10"),
        b.posting("a2130", "-1868.26"),
        b.posting("a2140", "-216.00"),
        b.posting("a2160", "-300.00"),
        b.posting("a2100", "-4011.37"),
        b.posting("a2110", "-2580.37"),
    ]
    for position, other in changed:
        lines[position] = other
    return b.entry("journal", id, on, *lines, **{"note": "gusto:payroll:r1", "created_at": at("2025-01-27"), **changes})


def remittance(**changes: Any) -> Entry:
    lines = (b.posting("a2130", "1868.26"), b.posting("a2140", "216.00"), b.posting("a2100", "-2084.26"))
    return b.entry("journal", "2", "2025-01-29", *lines, **{"note": "gusto:remittance:r1"} | changes)


def paid(id: str, line_id: str, on: str, account: str, amount: str) -> Entry:
    """What a bank line that takes money posts."""
    lines = (b.posting(account, amount), b.posting("a1000", f"-{amount}"))
    return b.entry("journal", id, on, *lines, note=f"plaid:bank_line:{line_id}")


def entries() -> tuple[Entry, ...]:
    return (
        journal(),
        remittance(),
        paid("3", "B1", "2025-01-29", "a2100", "4011.37"),
        paid("4", "B2", "2025-01-29", "a2100", "2084.26"),
        paid("5", "B3", "2025-02-03", "a2160", "300.00"),
        paid("6", "B4", "2025-02-04", "a2110", "2580.37"),
        paid("7", "B5", "2025-02-04", "a2300", "4011.37"),
    )


def replacing(source_id: str, *new: Entry) -> tuple[Entry, ...]:
    """The entries with those of one journal replaced."""
    return tuple(item for old in entries() for item in ((old,) if old.source_id != source_id else new))


def record(
    *,
    books: tuple[Entry, ...] | None = None,
    people: PayrollSnapshot | None = None,
    statement: BankSnapshot | None = None,
    told: tuple[Any, ...] | None = None,
    terms: dict[str, Any] | None = None,
    **changes: Any,
) -> RunRecord:
    """The whole story with any part replaced; `books` are the ledger's entries."""
    happened = told if told is not None else facts()
    posted = books if books is not None else entries()
    ledger = b.ledger(
        accounts=tuple(Account(id=f"a{a.number}", number=a.number, name=a.name, kind=a.kind) for a in ACCOUNTS),
        parties=(), documents=(), payments=(), entries=posted,
    )  # fmt: skip
    world = WorldSnapshot(
        at=max(fact.at for fact in happened),
        ledgers=(ledger,),
        bank=statement or bank(),
        payrolls=(people or payroll(),),
    )
    given: dict[str, Any] = {
        "header": b.header(
            dictionary=books_of(**(terms or {})), today=day("2025-01-02"),
            stack=(("accounting", "quickbooks"), ("banking", "plaid"), ("payroll", "gusto")),
            connector=b.structs.replace(
                CONNECTOR, references=REFERENCES, evidence=("log", "reject", "alert", "dead_letter")
            ),
        ),
        "checkpoints": (Checkpoint(step=max(fact.step for fact in happened), name="connector at rest", world=world),),
        "exchanges": b.exchanges(),
        "evidence": (),
        "bi": (),
        "writes": (),
    }  # fmt: skip
    return RunRecord(facts=happened, **(given | changes))
