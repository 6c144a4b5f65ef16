"""One cheque: from what was earned to net, with every tax from the year to date, each component rounded once.

gross − deductions − garnishments − employee taxes − non-cash earnings + reimbursements = net.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.payroll import PayCheque, PayComponent
from simharness_fakes.payroll import deductions, federal, garnishment, supplemental, taxes
from simharness_fakes.payroll.accumulators import CREDITOR, Cheque, Tallies
from simharness_fakes.payroll.authority import Matrix
from simharness_fakes.payroll.basis import Given
from simharness_fakes.payroll.deductions import GARNISHMENT, Taken
from simharness_fakes.payroll.earnings import EarningType, PayItem
from simharness_fakes.payroll.refusals import DoesNotAddUp, NetBelowZero
from simharness_fakes.payroll.rounding import CENT, ZERO, cents
from simharness_fakes.payroll.taxes import Tax

#: The sign of each kind of component in the net; what the employer pays is not in it.
SIGNS: Mapping[str, int] = MappingProxyType(
    {"earning": 1, "deduction": -1, "garnishment": -1, "employee_tax": -1, "reimbursement": 1}
)


def calculate(given: Given) -> Cheque:
    """The cheque. Refuses (`NetBelowZero`) one that would pay less than nothing, and what its parts refuse."""
    cash = _sum(line.amount for line in given.earned if line.kind.cash)
    specs = given.employee.deductions if given.with_deductions else ()
    voluntary = [spec for spec in specs if spec.code != GARNISHMENT]
    pretax = [spec for spec in voluntary if given.matrix.is_pretax(spec.code)]
    posttax = [spec for spec in voluntary if not given.matrix.is_pretax(spec.code)]
    before = deductions.take(pretax, cash, max(cash, ZERO), given.year)
    income, outcome = taxes.income(given, before)
    withheld = [income, *taxes.of_employee(given, before)]
    owed = _sum(tax.amount for tax in withheld)
    left = cash - _sum(each.amount for each in before) - owed
    if left < 0:
        raise NetBelowZero(given.employee.id, left)
    # Creditors come before what the employee chose, and look at pay before what the employee chose.
    creditors = [spec for spec in given.employee.deductions if spec.code == GARNISHMENT]
    limit = garnishment.most(cash - owed, given.periods, given.federal.garnishment)
    seized = deductions.garnish(creditors, cash - owed, min(limit, left), given.garnished)
    after = deductions.take(posttax, cash, left - _sum(each.amount for each in seized), given.year)
    taxed = [*withheld, *taxes.of_employer(given, before)]
    pay = _pay(given, _components(given, taxed, (*before, *after), seized), outcome.method)
    return Cheque(pay=verified(pay), tallies=_tallies(pay, taxed, outcome), days=given.days)


def verified(pay: PayCheque) -> PayCheque:
    """The cheque, if its lines sum to its gross and its net; refuses (`DoesNotAddUp`) otherwise."""
    gross, net = _sums(pay.components)
    for what, stated, summed in (("gross", pay.gross.amount, gross), ("net", pay.net.amount, net)):
        if stated != summed:
            raise DoesNotAddUp(pay.employee, what, stated, summed)
    return pay


def negative(pay: PayCheque, id: str) -> PayCheque:
    """The exact negative of a cheque, as a cheque of its own that takes it back."""
    return PayCheque(
        id=id,
        employee=pay.employee,
        components=tuple(_turned(line) for line in pay.components),
        gross=-pay.gross,
        net=-pay.net,
        method=pay.method,
        splits=pay.splits,
        department=pay.department,
        supplemental=pay.supplemental,
        reverses=pay.id,
    )


def tallies_of(pay: PayCheque, matrix: Matrix, types: Mapping[str, EarningType]) -> Tallies:
    """What a cheque that somebody else calculated adds to the year to date: a tax took its `base`, or all its wages."""
    earned = [line for line in pay.components if line.kind == "earning"]
    gross = _sum(line.amount.amount for line in earned)
    deducted = [line for line in pay.components if line.kind == "deduction"]
    for line in deducted:
        matrix.is_pretax(line.code)
    rows = []
    for line in pay.components:
        if line.kind in (taxes.EMPLOYEE, taxes.EMPLOYER):
            wages = gross - _sum(each.amount.amount for each in deducted if line.code in matrix.cuts[each.code])
            taxed = wages if line.base is None else line.base.amount
            rows.append(
                Tax(
                    kind=line.kind,
                    code=line.code,
                    name=line.name,
                    payee=line.payee,
                    wages=wages,
                    taxed=taxed,
                    amount=line.amount.amount,
                )
            )
    extra = _sum(line.amount.amount for line in earned if types[line.code].supplemental)
    income = _sum(row.amount for row in rows if row.code == federal.CODE)
    outcome = supplemental.Outcome(
        tax=income,
        method=pay.supplemental,
        ordinary=gross - extra,
        supplemental=extra,
        regular_tax=income if gross > extra else ZERO,
    )
    return _tallies(pay, rows, outcome)


def _turned(line: PayComponent) -> PayComponent:
    return PayComponent(
        kind=line.kind,
        code=line.code,
        name=line.name,
        amount=-line.amount,
        hours=None if line.hours is None else -line.hours,
        pretax=line.pretax,
        cash=line.cash,
        payee=line.payee,
        cost_centre=line.cost_centre,
        base=None if line.base is None else -line.base,
        service_from=line.service_from,
        service_to=line.service_to,
    )


def _components(
    given: Given, taxed: Sequence[Tax], taken: Sequence[Taken], seized: Sequence[Taken]
) -> tuple[PayComponent, ...]:
    """All lines of the cheque that are not nothing: earnings, what is taken, taxes, benefits, reimbursements."""
    out = [
        PayComponent(
            kind="earning",
            code=line.kind.code,
            name=line.kind.name,
            amount=_money(given, line.amount),
            hours=line.hours,
            cash=line.kind.cash,
            cost_centre=line.cost_centre,
            service_from=line.service_from,
            service_to=line.service_to,
        )
        for line in given.earned
    ]
    out += [_taken(given, "deduction", each) for each in taken if each.amount]
    out += [_taken(given, "garnishment", each) for each in seized if each.amount]
    out += [
        PayComponent(
            kind=tax.kind,
            code=tax.code,
            name=tax.name,
            amount=_money(given, tax.amount),
            payee=tax.payee,
            base=_money(given, tax.taxed),
        )
        for tax in taxed
        if tax.amount
    ]
    out += [
        PayComponent(
            kind="employer_benefit",
            code=each.employer_code,
            name=each.spec.name or each.employer_code,
            amount=_money(given, each.employer),
            payee=each.spec.payee,
        )
        for each in taken
        if each.employer
    ]
    out += [_reimbursed(item, item.amount) for item in given.reimbursements if item.amount]
    return tuple(out)


def _taken(given: Given, kind: str, each: Taken) -> PayComponent:
    return PayComponent(
        kind=kind,
        code=each.spec.code,
        name=each.spec.name or each.spec.code,
        amount=_money(given, each.amount),
        pretax=kind == "deduction" and given.matrix.is_pretax(each.spec.code),
        payee=each.spec.payee,
    )


def _reimbursed(item: PayItem, amount: Money) -> PayComponent:
    return PayComponent(
        kind="reimbursement",
        code=item.code,
        name=item.name or "Reimbursement",
        amount=amount,
        cost_centre=item.cost_centre,
    )


def _money(given: Given, amount: Decimal) -> Money:
    return Money(amount + CENT * 0, given.currency)


def _pay(given: Given, components: tuple[PayComponent, ...], method: str) -> PayCheque:
    gross, net = _sums(components)
    return PayCheque(
        id=given.id,
        employee=given.employee.id,
        components=components,
        gross=Money(gross, given.currency),
        net=Money(net, given.currency),
        method=given.employee.method,
        splits=given.splits,
        department=given.department,
        supplemental=method,
    )


def _tallies(pay: PayCheque, taxed: Sequence[Tax], outcome: supplemental.Outcome) -> Tallies:
    """What the cheque adds to the year to date."""
    sums: dict[str, Decimal] = {"gross": pay.gross.amount, "net": pay.net.amount}

    def add(name: str, amount: Decimal) -> None:
        sums[name] = sums.get(name, ZERO) + amount

    for tax in taxed:
        # One tax of both sides has the same wages: they count once.
        sums[f"wages:{tax.code}"] = tax.wages
        sums[f"taxed:{tax.code}"] = tax.taxed
    income = ZERO
    for line in pay.components:
        prefix = {"earning": "earned", "deduction": "deducted"}.get(line.kind, f"{line.kind}")
        add(f"{prefix}:{line.code}", line.amount.amount)
        if line.kind == "garnishment":
            add(CREDITOR + line.name, line.amount.amount)
        if line.code == "us_federal_income_tax":
            income = line.amount.amount
    add("supplemental", outcome.supplemental)
    add("mandatory", outcome.mandatory)
    add("ordinary_wages", outcome.ordinary)
    add("ordinary_tax", income - cents(outcome.flat))
    add("regular_tax", outcome.regular_tax)
    return tuple((name, amount) for name, amount in sums.items() if amount)


def _sums(components: Iterable[PayComponent]) -> tuple[Decimal, Decimal]:
    """Gross and net, as the lines say them; a line that is not in cash is in the gross only."""
    gross = net = Decimal("0.00")
    for line in components:
        gross += line.amount.amount if line.kind == "earning" else ZERO
        net += SIGNS.get(line.kind, 0) * line.amount.amount if line.cash else ZERO
    return gross, net


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
