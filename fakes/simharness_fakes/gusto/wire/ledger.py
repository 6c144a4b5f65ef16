"""The general ledger report of a payroll: debits and credits by kind and name, whole or by department or job.

The table of data type `Basic` has sums. The one of type `Detailed` names people, as Gusto's does: nothing of it belongs
in any books.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.payroll import PayCheque, PayComponent
from simharness_fakes.gusto.wire.forms import Object, day, dollars
from simharness_fakes.gusto.wire.payrolls import earning_name
from simharness_fakes.payroll.runs import REGULAR, REVERSAL, Run
from simharness_fakes.payroll.splits import by_centre

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

ZERO = Decimal(0)
#: The account type of an earning, by the engine's code; any other is an additional earning.
EARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "salary": "RegularWages",
        "hourly": "RegularWages",
        "overtime": "OvertimeWages",
        "double_overtime": "DoubleOvertimeWages",
        "pto": "PaidTimeOff",
        "bonus": "Bonus",
        "commission": "Commission",
    }
)
ADDITIONAL, TAX, BENEFIT, REIMBURSEMENT = "AdditionalEarnings", "EmployerTax", "CompanyContribution", "Reimbursement"
OWED, GARNISHED = "BenefitLiability", "GarnishmentLiability"
NET, BACK, CHECKS, DEBIT_TAX = "DebitNetPay", "DebitReimbursement", "CheckAmount", "DebitTax"
_HEADERS: Mapping[str, str] = {"default": "", "job": "Job", "department": "Department", "integration": "Department"}
#: One line: account type, description, by what it is broken down, and whose it is; with its debit.
Line = tuple[str, str, str, str]


def report(fake: Gusto, run: Run, aggregation: str) -> Object:
    """The report as it lies under the URL that the poll gives."""
    sums: dict[Line, Decimal] = {}
    for cheque in run.cheques:
        for line, amount in _lines(fake, run, cheque.pay, aggregation):
            sums[line] = sums.get(line, ZERO) + amount
    basic: dict[tuple[str, str, str], Decimal] = {}
    detailed: dict[tuple[str, str, str], Decimal] = {}
    for (kind, what, by, whose), amount in sums.items():
        basic[kind, what, by] = basic.get((kind, what, by), ZERO) + amount
        told = f"{what} for {whose}" if whose else what
        detailed[kind, told, ""] = detailed.get((kind, told, ""), ZERO) + amount
    return {
        "company_name": fake.state.company.name,
        "ledger_description": f"Ledger for {_kind(run)} {run.service_from:%b %-d} – {run.service_to:%b %-d}",
        "check_date": day(run.cheque_on),
        "data": [
            _table(basic, _HEADERS[aggregation], "Basic"),
            _table(detailed, "", "Detailed"),
        ],
    }


def _table(sums: Mapping[tuple[str, str, str], Decimal], header: str, data_type: str) -> Object:
    rows = []
    debits = credits = ZERO
    for (kind, what, by), amount in sums.items():
        if not amount:
            continue
        between = [by] if header else []
        debit, credit = (dollars(amount), None) if amount > 0 else (None, dollars(-amount))
        rows.append([kind, what, *between, debit, credit])
        debits, credits = debits + max(amount, ZERO), credits + max(-amount, ZERO)
    return {
        "headers": ["Account Type", "Account Description", *([header] if header else []), "Debit", "Credit"],
        "rows": rows,
        "totals": [None, "Totals", *([""] if header else []), dollars(debits), dollars(credits)],
        "data_type": data_type,
    }


def _lines(fake: Gusto, run: Run, cheque: PayCheque, aggregation: str) -> Iterator[tuple[Line, Decimal]]:
    """Every debit (positive) and credit (negative) of a cheque; together they are nothing."""
    person = fake.state.people.get(cheque.employee)
    whose = f"{person.first_name} {person.last_name}" if person else cheque.employee
    for line in cheque.components:
        amount = line.amount.amount
        if line.kind in _DEBITED and line.cash:
            kind, what = _account(line)
            for by, part in _broken_down(fake, cheque, line, aggregation):
                yield (kind, what, by, whose), part
        if line.kind in ("deduction", "employer_benefit"):
            yield (OWED, line.name, "", ""), -amount
        elif line.kind == "garnishment":
            yield (GARNISHED, line.name, "", ""), -amount
        elif line.kind in ("employee_tax", "employer_tax"):
            yield (DEBIT_TAX, "Debit tax", "", ""), -amount
        elif line.kind == "reimbursement" and cheque.method == "direct_deposit":
            yield (BACK, "Debit reimbursement", "", ""), -amount
    reimbursed = sum((line.amount.amount for line in cheque.components if line.kind == "reimbursement"), ZERO)
    if cheque.method == "direct_deposit":
        yield (NET, "Debit net pay", "", ""), reimbursed - cheque.net.amount
    else:
        yield (CHECKS, "Check amount", "", ""), -cheque.net.amount


_DEBITED = ("earning", "employer_tax", "employer_benefit", "reimbursement")


def _account(line: PayComponent) -> tuple[str, str]:
    if line.kind == "earning":
        return EARNINGS.get(line.code, ADDITIONAL), earning_name(line)
    if line.kind == "employer_tax":
        return TAX, f"{line.name} - employer tax"
    if line.kind == "employer_benefit":
        return BENEFIT, line.name
    return REIMBURSEMENT, line.name


def _broken_down(fake: Gusto, cheque: PayCheque, line: PayComponent, aggregation: str) -> Iterator[tuple[str, Decimal]]:
    """The parts of a component by department or by job. Whoever works for several departments is a cost of each."""
    if aggregation == "default":
        yield "", line.amount.amount
    elif aggregation == "job":
        person = fake.state.people.get(cheque.employee)
        yield (person.title if person else ""), line.amount.amount
    else:
        for centre, part in by_centre(cheque, line):
            yield _department(fake, cheque, centre), part.amount


def _department(fake: Gusto, cheque: PayCheque, centre: str) -> str:
    """The department that bears a cost centre: the cheque's own if it does, else the first that does."""
    departments = fake.state.office.state.departments
    own = departments.get(cheque.department)
    if own is not None and own.cost_centre == centre:
        return own.name
    if not centre:
        return _nobodys_cost(fake, cheque)
    bearing = next((each for each in departments if each.cost_centre == centre), own)
    return bearing.name if bearing is not None else ""


def _nobodys_cost(fake: Gusto, cheque: PayCheque) -> str:
    """The department without a cost centre that somebody was in last; whoever was in none at all has none here."""
    paid = fake.paid(cheque.employee)
    been = [fake.state.office.state.departments.get(each.department) for each in paid.places] if paid else []
    return next((each.name for each in reversed(been) if each is not None and not each.cost_centre), "")


def _kind(run: Run) -> str:
    if run.kind == REGULAR:
        return "Regular Payroll"
    return "Reversal Payroll" if run.kind == REVERSAL else "Off-Cycle Payroll"
