"""A processed payroll as the provider tells it, read into a run by the mapping; whatever misfits refuses all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from msgspec.structs import replace

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.mapping.payroll import Benefit, PayrollRules
from simharness.reference.payroll import proof, report, run
from simharness.reference.payroll.cheques import PayCheque
from simharness.reference.payroll.proof import Days, Taxes, Totals
from simharness.reference.payroll.report import Row, amount_of
from simharness.reference.payroll.run import Cost, Owed, Run
from simharness.reference.posting.edge import reading
from simharness.reference.vendors.http import Json

#: "Retro pay (2026-01)": an earning, and the month of the service it makes up for.
_OF_MONTH = re.compile(r"^(?P<name>.+?)\s+\((?P<month>\d{4}-(?:0[1-9]|1[0-2]))\)$")
_REVERSAL = "Reversal"
#: So much of an id stands on the bank's statement, and is the number of a pay cheque.
_SHORT = 8
_COSTS = MappingProxyType(
    {
        report.EMPLOYER_TAX: run.EMPLOYER_TAX,
        report.CONTRIBUTION: run.EMPLOYER_BENEFIT,
        report.REIMBURSEMENT: run.REIMBURSEMENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider says of a run before its ledger report is asked for, if all of that agrees."""

    payroll: Json
    receipt: Json
    totals: Totals
    taxes: Taxes
    days: Days

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.payroll["payroll_uuid"])

    @property
    def cheque_on(self) -> date:
        """The day of its cheques."""
        return self.days.cheque

    @property
    def gross(self) -> Decimal:
        """Gross pay, as the totals say it."""
        return self.totals["gross_pay"]


def told(payroll: Json, receipt: Json) -> Told:
    """What is said of a run, compared with itself. Raises `Rejected`."""
    with reading():
        totals = proof.totals_of(payroll)
        taxes = proof.taxes_of(payroll, totals)
        proof.check_receipt(receipt, totals, taxes)
        proof.check_people(payroll, totals)
        days = proof.days_of(payroll, receipt, reversal=_is_reversal(payroll))
        return Told(payroll=payroll, receipt=receipt, totals=totals, taxes=taxes, days=days)


def read(said: Told, ledger_report: Json, rules: PayrollRules) -> Run:
    """The run, by the mapping. Raises `Rejected` for anything that misfits or that the mapping does not know."""
    with reading():
        rows = report.rows(ledger_report)
        proof.check_report(rows, said.totals, said.taxes)
        totals, days = said.totals, said.days
        return Run(
            id=said.id,
            kind=_kind(said.payroll),
            service_from=days.first,
            service_to=days.last,
            debit_on=days.debit,
            cheque_on=days.cheque,
            trace=str(said.receipt.get("debit_reference") or short(said.id)).upper(),
            net_debit=totals["net_pay_debit"] + totals["reimbursement_debit"] + totals["child_support_debit"],
            tax_debit=totals["tax_debit"],
            by_cheque=totals["check_amount"],
            costs=tuple(_summed(_costs(rows, rules))),
            owed=tuple(_owed(rows, said.taxes, rules)),
            calculated=str(said.payroll.get("calculated_at") or ""),
        )


def cheques(said: Told, stubs_of: Callable[[str], Iterable[Json]]) -> list[PayCheque]:
    """The pay cheques of a run; `stubs_of` gives what somebody was paid, which tells the id of each cheque. Those of a
    reversal are taken back: nobody cashes them. Raises `Rejected` for a cheque without an id.
    """
    found = []
    with reading():
        for each in said.payroll.get("employee_compensations") or ():
            if not proof.is_by_cheque(each) or each.get("excluded") is True:
                continue
            net, person = amount_of(each.get("check_amount"), "the amount of a cheque"), str(each["employee_uuid"])
            if net > 0:
                stubs = stubs_of(person)
                mine = next((stub for stub in stubs if stub["payroll_uuid"] == said.id), None)
                if mine is None:
                    raise Rejected("missing_field", "somebody is paid by a cheque that no pay stub tells of")
                found.append(PayCheque(number=short(str(mine["uuid"])), person=person, net=net))
    return found


def short(uuid: str) -> str:
    """The first characters of an id, as a bank's statement shows them."""
    return uuid.replace("-", "")[:_SHORT].upper()


def _is_reversal(payroll: Json) -> bool:
    return payroll.get("off_cycle_reason") == _REVERSAL


def _kind(payroll: Json) -> str:
    if _is_reversal(payroll):
        return run.REVERSAL
    return run.OFF_CYCLE if payroll.get("off_cycle") is True else run.REGULAR


def _costs(rows: Sequence[Row], rules: PayrollRules) -> Iterator[Cost]:
    """What each cost centre bears. Raises `Rejected` for a department that has none, and for a name nobody knows."""
    for row in rows:
        if row.kind not in report.EARNINGS and row.kind not in _COSTS:
            continue
        centre = rules.departments.get(row.department, "")
        if not centre:
            raise Rejected("no_cost_centre", f"the mapping knows no cost centre of the department {row.department!r}")
        if row.kind in report.EARNINGS:
            yield _earning(row, centre, rules)
        elif row.kind == report.EMPLOYER_TAX:
            levy = rules.taxes.get(proof.tax_of(row))
            if levy is None:
                raise Rejected("unknown_tax", f"the mapping does not know the tax {proof.tax_of(row)!r}")
            yield _cost(row, centre, levy.code, levy.account)
        elif row.kind == report.CONTRIBUTION:
            benefit = _benefit(row.what, rules)
            yield _cost(row, centre, benefit.employer_code or benefit.code, benefit.account)
        else:
            yield _cost(row, centre, run.REIMBURSEMENT, rules.reimbursements)


def _earning(row: Row, centre: str, rules: PayrollRules) -> Cost:
    dated = _OF_MONTH.match(row.what)
    name, month = (dated["name"], dated["month"]) if dated else (row.what, "")
    earning = rules.earnings.get(name)
    if earning is None:
        raise Rejected("unknown_earning", f"the mapping does not know the earning {name!r}")
    return Cost(
        kind=run.EARNING,
        code=earning.code,
        cost_centre=centre,
        account=earning.account,
        amount=row.amount,
        month=month,
        cash=earning.cash,
    )


def _cost(row: Row, centre: str, code: str, account: str) -> Cost:
    return Cost(kind=_COSTS[row.kind], code=code, cost_centre=centre, account=account, amount=row.amount)


def _benefit(name: str, rules: PayrollRules) -> Benefit:
    found = rules.benefits.get(name)
    if found is None:
        raise Rejected("unknown_benefit", f"the mapping does not know the benefit {name!r}")
    return found


def _summed(costs: Iterator[Cost]) -> Iterator[Cost]:
    """Several departments may be a cost of one centre."""
    sums: dict[tuple[object, ...], Decimal] = {}
    first: dict[tuple[object, ...], Cost] = {}
    for each in costs:
        key: tuple[object, ...] = (each.kind, each.code, each.cost_centre, each.account, each.month, each.cash)
        first.setdefault(key, each)
        sums[key] = sums.get(key, ZERO) + each.amount
    for key, each in first.items():
        yield replace(each, amount=sums[key])


def _owed(rows: Sequence[Row], taxes: Taxes, rules: PayrollRules) -> Iterator[Owed]:
    """What agencies, plans, insurers and creditors are owed."""
    for (name, employer), amount in taxes.items():
        levy = rules.taxes.get(name)
        if levy is None:
            raise Rejected("unknown_tax", f"the mapping does not know the tax {name!r}")
        yield _to(run.EMPLOYER_TAX if employer else run.EMPLOYEE_TAX, levy.code, levy.payee, amount, rules)
    added: dict[str, Decimal] = {}
    for row in rows:
        if row.kind == report.CONTRIBUTION:
            added[row.what] = added.get(row.what, ZERO) + row.amount
    for row in rows:
        if row.kind == report.BENEFIT_OWED:
            benefit, companys = _benefit(row.what, rules), added.get(row.what, ZERO)
            if companys:
                code = benefit.employer_code or benefit.code
                yield _to(run.EMPLOYER_BENEFIT, code, benefit.payee, companys, rules)
            if row.amount != -companys:
                yield _to(run.DEDUCTION, benefit.code, benefit.payee, -row.amount - companys, rules)
        elif row.kind == report.GARNISHMENT_OWED:
            if rules.garnishments is None:  # its name may be somebody's
                raise Rejected("unknown_deduction", "it takes a garnishment, and the mapping says nothing of any")
            yield _to(run.GARNISHMENT, rules.garnishments.code, rules.garnishments.payee, -row.amount, rules)


def _to(kind: str, code: str, payee: str, amount: Decimal, rules: PayrollRules) -> Owed:
    return Owed(kind=kind, code=code, payee=payee, account=rules.payees[payee].account, amount=amount)
