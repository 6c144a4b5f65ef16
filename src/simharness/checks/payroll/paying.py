"""One cheque: what was earned, what is taken, and what the employer pays on top."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.bands import band_lines
from simharness.checks.payroll.cents import NOTHING, cents, exact
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.deductions import (
    GARNISHMENT,
    deduction_lines,
    garnishment_cap,
    garnishment_lines,
    subject_wages,
)
from simharness.checks.payroll.law import Law, Laws
from simharness.checks.payroll.periods import periods_of, weeks_of
from simharness.checks.payroll.supplemental import (
    Ordinary,
    aggregate_tax,
    flat_tax,
    mandatory_part,
    method_of,
)
from simharness.checks.payroll.terms import OffCycle, Regular, Run, Terms
from simharness.checks.payroll.withholding import withheld
from simharness.domain.people import DeductionSpec

INCOME_TAX = "us_federal_income_tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """What a cheque pays, and what each cost centre bears of it, as weights."""

    lines: tuple[Line, ...]
    centres: tuple[tuple[str, Fraction], ...]
    days: frozenset[dt.date] = frozenset()

    @property
    def gross(self) -> Decimal:
        """All of it, what is not in cash included, reimbursements not."""
        return sum((line.amount for line in self.lines if line.kind == "earning"), Decimal(0))

    @property
    def cash(self) -> Decimal:
        """What of it is paid in money."""
        return sum((line.amount for line in self.lines if line.kind == "earning" and line.cash), Decimal(0))

    @property
    def supplemental(self) -> Decimal:
        """What of it are supplemental wages."""
        return sum((line.amount for line in self.lines if line.supplemental), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeTax:
    """The income tax of a cheque: what bore it, and how."""

    tax: Fraction
    regular_tax: Fraction
    ordinary: Ordinary
    supplemental: Fraction = NOTHING
    mandatory: Fraction = NOTHING
    method: str = ""


def cheque_of(laws: Laws, terms: Terms, run: Run, earnings: Earnings, standing: Sequence[Cheque]) -> Cheque:
    """The cheque of a run, after those that stand."""
    law = laws.of(run.cheque_on.year)
    year = [cheque for cheque in standing if cheque.cheque_on.year == law.year]
    before_tax, garnishing, after_tax = _told_apart(laws, terms.deductions)
    if isinstance(run, OffCycle) and not run.deductions:
        # A plan may be left out of a run; the order of a court may not.
        before_tax, after_tax = [], []
    taken = deduction_lines(before_tax, earnings.cash, earnings.cash, year)
    bands = law.bands_in(terms.person.state)
    wages = {
        code: subject_wages(laws, code, earnings.gross, taken) for code in (INCOME_TAX, *(band.code for band in bands))
    }
    income = _income_tax(law, terms, run, wages[INCOME_TAX], earnings, standing)
    taxes = band_lines(bands, terms.person.rates, wages, year)
    if wages[INCOME_TAX]:
        base = cents(wages[INCOME_TAX])
        taxes = (Line(kind="employee_tax", code=INCOME_TAX, amount=cents(income.tax), base=base), *taxes)
    disposable = earnings.cash - sum((line.amount for line in taxes if line.kind == "employee_tax"), Decimal(0))
    most = garnishment_cap(law.garnishment, exact(disposable), weeks_of(terms.person.schedule))
    # What already went out of the cheque no creditor can have: nobody is paid less than nothing.
    left = disposable - _withheld(taken)
    garnished = garnishment_lines(garnishing, disposable, min(most, max(NOTHING, exact(left))), standing)
    left -= _withheld(garnished)
    after = deduction_lines(after_tax, earnings.cash, left, year)
    return Cheque(
        run=run.run,
        cheque_on=run.cheque_on,
        regular=isinstance(run, Regular),
        service=(run.service_from, run.service_to),
        period=run.period,
        days=earnings.days,
        lines=(*earnings.lines, *taken, *taxes, *garnished, *after),
        wages=wages,
        supplemental=income.supplemental,
        mandatory=income.mandatory,
        ordinary=income.ordinary,
        regular_tax=income.regular_tax,
        method=income.method,
        centres=earnings.centres,
    )


def _withheld(lines: Iterable[Line]) -> Decimal:
    """What lines take from the employee."""
    return sum((line.amount for line in lines if line.kind != "employer_benefit"), Decimal(0))


def _told_apart(
    laws: Laws, specs: Iterable[DeductionSpec]
) -> tuple[list[DeductionSpec], list[DeductionSpec], list[DeductionSpec]]:
    """Deductions that cut a tax, garnishments, and the others: what is taken first, then, and last."""
    garnishing = [spec for spec in specs if spec.code == GARNISHMENT]
    voluntary = [spec for spec in specs if spec.code != GARNISHMENT]
    before = [spec for spec in voluntary if laws.cut_by(spec.code)]
    return before, garnishing, [spec for spec in voluntary if not laws.cut_by(spec.code)]


def _income_tax(
    law: Law, terms: Terms, run: Run, wages: Fraction, earnings: Earnings, standing: Sequence[Cheque]
) -> IncomeTax:
    """Regular wages by the tables; supplemental ones flat or on top of the regular ones of the pay period.

    Deductions come out of the regular wages first. What retro pay takes back lowers what the tables are applied to.
    """
    periods = periods_of(terms.person.schedule)
    extra = min(wages, exact(earnings.supplemental)) if earnings.supplemental > 0 else exact(earnings.supplemental)
    regular = wages - extra
    on_regular = withheld(law, terms.stated, regular, periods) if regular else NOTHING
    if not extra:
        return IncomeTax(
            tax=on_regular, regular_tax=on_regular, ordinary=Ordinary(wages=regular, tax=exact(cents(on_regular)))
        )
    year = [cheque for cheque in standing if cheque.cheque_on.year == law.year]
    earlier = sum((cheque.supplemental for cheque in year), NOTHING)
    high = mandatory_part(law, extra, earlier, sum((cheque.mandatory for cheque in year), NOTHING))
    rest = extra - high
    taxed_before = on_regular > 0 or any(
        c.regular_tax for c in standing if c.cheque_on.year in (law.year, law.year - 1)
    )
    method = method_of(run.supplemental, rest, taxed_before=taxed_before)
    tabled, at_flat = on_regular, exact(law.supplemental.mandatory) * high
    if method == "flat":
        at_flat += flat_tax(law, terms.stated, rest)
    else:
        below = Ordinary() if regular else _last_ordinary(year)
        tabled = aggregate_tax(law, terms.stated, regular + rest, below, periods)
    tax = tabled + at_flat
    ordinary = Ordinary(wages=regular if method == "flat" else regular + rest, tax=exact(cents(tax) - cents(at_flat)))
    return IncomeTax(
        tax=tax, regular_tax=on_regular, ordinary=ordinary, supplemental=extra, mandatory=high, method=method
    )


def _last_ordinary(year: Sequence[Cheque]) -> Ordinary:
    """The wages of the year's last regular cheque and of those after it that were put on top of it, and their tax."""
    wages, tax = NOTHING, NOTHING
    for cheque in year:
        if cheque.regular:
            wages, tax = cheque.ordinary.wages, cheque.ordinary.tax
        elif cheque.method == "aggregate":
            wages, tax = wages + cheque.ordinary.wages, tax + cheque.ordinary.tax
    return Ordinary(wages=wages, tax=tax)
