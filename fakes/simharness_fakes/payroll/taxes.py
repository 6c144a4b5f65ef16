"""Every tax of a cheque: what of its wages each one takes, from the year to date. Each is rounded once, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.payroll import federal, fica, states, supplemental, unemployment
from simharness_fakes.payroll.authority import Capped
from simharness_fakes.payroll.basis import Given
from simharness_fakes.payroll.deductions import Taken
from simharness_fakes.payroll.rounding import ZERO, cents, percent_of

IRS = "IRS"
EMPLOYEE, EMPLOYER = "employee_tax", "employer_tax"


class Tax(Record, frozen=True, kw_only=True):
    """A tax of the cheque: its wages, what of them is taxed, and the amount in cents. `kind` as of a component."""

    kind: str
    code: str
    name: str
    payee: str
    wages: Decimal
    taxed: Decimal
    amount: Decimal


def income(given: Given, before: Sequence[Taken]) -> tuple[Tax, supplemental.Outcome]:
    """Federal income tax, and how it came about; `before` are the deductions that may cut wages."""
    wages = _wages(given, before, federal.CODE)
    extra = sum((line.amount for line in given.earned if line.kind.supplemental), ZERO)
    # Deductions cut regular wages first, and supplemental ones only by what is left of them.
    regular = wages - extra
    if regular < 0 <= extra:
        regular, extra = ZERO, max(wages, ZERO)
    outcome = supplemental.income_tax(
        regular,
        extra,
        wanted=given.wanted,
        periods=given.periods,
        stated=given.employee.withholding,
        earlier=_earlier(given),
        tables=given.federal,
    )
    amount = cents(outcome.tax)
    return _row(EMPLOYEE, (federal.CODE, "Federal income tax", IRS), wages, wages, amount), outcome


def of_employee(given: Given, before: Sequence[Taken]) -> list[Tax]:
    """What is withheld beside federal income tax: social security, Medicare, and what the state takes."""
    state, tables = given.state, given.federal
    taxes = [
        _capped(given, before, EMPLOYEE, (fica.SOCIAL_SECURITY, "Social Security", IRS), tables.social_security),
        _capped(given, before, EMPLOYEE, (fica.MEDICARE, "Medicare", IRS), tables.medicare),
    ]
    named = (fica.ADDITIONAL_MEDICARE, "Additional Medicare", IRS)
    rule = tables.additional_medicare
    wages = _wages(given, before, fica.MEDICARE)
    taxed = fica.above(rule.threshold, wages, given.wages_before(named[0]), given.taxed_before(named[0]))
    taxes.append(_row(EMPLOYEE, named, wages, taxed, cents(percent_of(taxed, rule.percent))))
    if state.has_income_tax:
        code = states.income_tax_code(state)
        wages = _wages(given, before, code)
        amount = cents(states.withheld(wages, given.periods, given.employee.withholding, state, given.left_out))
        taxes.append(_row(EMPLOYEE, (code, f"{state.state} income tax", state.agency), wages, wages, amount))
    for tax in state.employee:
        rate = Capped(percent=tax.percent, limit=tax.limit)
        taxes.append(_capped(given, before, EMPLOYEE, (tax.code, tax.name, state.agency), rate))
    return taxes


def of_employer(given: Given, before: Sequence[Taken]) -> list[Tax]:
    """What the employer pays on top: social security, Medicare, and unemployment to the country and the state."""
    state, tables = given.state, given.federal
    futa = Capped(percent=tables.futa.percent, limit=tables.futa.limit)
    taxes = [
        _capped(given, before, EMPLOYER, (fica.SOCIAL_SECURITY, "Social Security", IRS), tables.social_security),
        _capped(given, before, EMPLOYER, (fica.MEDICARE, "Medicare", IRS), tables.medicare),
        _capped(given, before, EMPLOYER, (unemployment.FUTA, "Federal unemployment", IRS), futa),
    ]
    for tax in state.employer:
        rate = Capped(percent=unemployment.rate(tax, given.rates), limit=tax.limit)
        taxes.append(_capped(given, before, EMPLOYER, (tax.code, tax.name, state.agency), rate))
    return taxes


def _capped(given: Given, before: Sequence[Taken], kind: str, named: tuple[str, str, str], rate: Capped) -> Tax:
    code = named[0]
    wages = _wages(given, before, code)
    taxed = fica.up_to(rate.limit, wages, given.wages_before(code), given.taxed_before(code))
    return _row(kind, named, wages, taxed, cents(percent_of(taxed, rate.percent)))


def _row(kind: str, named: tuple[str, str, str], wages: Decimal, taxed: Decimal, amount: Decimal) -> Tax:
    code, name, payee = named
    return Tax(kind=kind, code=code, name=name, payee=payee, wages=wages, taxed=taxed, amount=amount)


def _wages(given: Given, before: Sequence[Taken], code: str) -> Decimal:
    """The wages of the cheque for a tax: all that was earned less the deductions that cut it."""
    cut = sum((each.amount for each in before if code in given.matrix.cuts[each.spec.code]), ZERO)
    return sum((line.amount for line in given.earned), ZERO) - cut


def _earlier(given: Given) -> supplemental.Earlier:
    """What the year says of supplemental wages: the last regular cheque, and the aggregate ones after it."""
    wages = tax = ZERO
    for posted in reversed(given.standing):
        if posted.year != given.federal.year:
            continue
        regular = posted.kind == "regular"
        if regular or posted.cheque.pay.supplemental == supplemental.AGGREGATE:
            wages += posted.cheque.tally("ordinary_wages")
            tax += posted.cheque.tally("ordinary_tax")
        if regular:
            break
    return supplemental.Earlier(
        wages=wages,
        tax=tax,
        paid=given.year.get("supplemental", ZERO),
        mandatory=given.year.get("mandatory", ZERO),
        withheld=any(year.get("regular_tax", ZERO) > 0 for year in (given.year, given.last_year)),
    )
