"""The register of a run: what it costs and whose it is, in lines without any employee.

Every line carries the run's three dates. A component that made up for earlier days says which days those were.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.payroll import PayCheque, Payroll
from simharness_fakes.payroll.rounding import ZERO
from simharness_fakes.payroll.splits import by_centre

#: What the company bears of a run beside gross pay.
_ON_TOP = ("employer_tax", "employer_benefit")


class RegisterLine(Record, frozen=True, kw_only=True):
    """The sum of one kind of component, of one cost centre and department. `kind` as of a component, or net.

    Of `net`, the code is the way of payment: direct_deposit or check.
    """

    kind: str
    code: str
    name: str
    amount: Money
    payee: str
    cash: bool
    cost_centre: str
    department: str
    service_from: date
    service_to: date
    debit_on: date
    cheque_on: date


class Totals(Record, frozen=True, kw_only=True):
    """The sums of a run by kind. Cost = gross + employer taxes + employer benefits."""

    gross: Money
    net: Money
    deductions: Money
    garnishments: Money
    employee_taxes: Money
    employer_taxes: Money
    employer_benefits: Money
    reimbursements: Money
    non_cash: Money
    cost: Money


def lines(payroll: Payroll, *, by_department: bool = False) -> tuple[RegisterLine, ...]:
    """The register by component and cost centre, in order of first appearance; without a department all are one."""
    sums: dict[tuple[object, ...], Decimal] = {}
    shown: dict[tuple[object, ...], RegisterLine] = {}
    for cheque in payroll.cheques:
        for line in _lines_of(payroll, cheque, cheque.department if by_department else ""):
            key = (
                line.kind, line.code, line.name, line.payee, line.cash, line.cost_centre, line.department,
                line.service_from, line.service_to,
            )  # fmt: skip
            shown.setdefault(key, line)
            sums[key] = sums.get(key, ZERO) + line.amount.amount
    return tuple(replace(shown[key], amount=Money(amount, shown[key].amount.currency)) for key, amount in sums.items())


def totals(payroll: Payroll, currency: str) -> Totals:
    """The sums of a run."""
    by_kind: dict[str, Decimal] = {}
    non_cash = ZERO
    for cheque in payroll.cheques:
        for line in cheque.components:
            by_kind[line.kind] = by_kind.get(line.kind, ZERO) + line.amount.amount
            non_cash += ZERO if line.cash else line.amount.amount
    gross = by_kind.get("earning", ZERO)

    def money(amount: Decimal) -> Money:
        return Money.zero(currency) + Money(amount, currency)

    return Totals(
        gross=money(gross),
        net=money(sum((cheque.net.amount for cheque in payroll.cheques), ZERO)),
        deductions=money(by_kind.get("deduction", ZERO)),
        garnishments=money(by_kind.get("garnishment", ZERO)),
        employee_taxes=money(by_kind.get("employee_tax", ZERO)),
        employer_taxes=money(by_kind.get("employer_tax", ZERO)),
        employer_benefits=money(by_kind.get("employer_benefit", ZERO)),
        reimbursements=money(by_kind.get("reimbursement", ZERO)),
        non_cash=money(non_cash),
        cost=money(gross + sum((by_kind.get(kind, ZERO) for kind in _ON_TOP), ZERO)),
    )


def _lines_of(payroll: Payroll, cheque: PayCheque, department: str) -> Iterable[RegisterLine]:
    for component in cheque.components:
        for centre, amount in by_centre(cheque, component):
            yield RegisterLine(
                kind=component.kind,
                code=component.code,
                name=component.name,
                amount=amount,
                payee=component.payee,
                cash=component.cash,
                cost_centre=centre,
                department=department,
                service_from=component.service_from or payroll.service_from,
                service_to=component.service_to or payroll.service_to,
                debit_on=payroll.debit_on,
                cheque_on=payroll.cheque_on,
            )
    yield RegisterLine(
        kind="net",
        code=cheque.method,
        name="Net pay",
        amount=cheque.net,
        payee="",
        cash=True,
        cost_centre="",
        department=department,
        service_from=payroll.service_from,
        service_to=payroll.service_to,
        debit_on=payroll.debit_on,
        cheque_on=payroll.cheque_on,
    )
