"""What is taken from a cheque beside taxes, and what the employer adds: plans, insurers, creditors.

Which deduction cuts which tax is the matrix of `authority`. Those that cut a tax are taken as far as the cheque's cash
pay goes, the others as far as what is left after taxes; a year's cap counts what was taken before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness.domain.base import Record
from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll.authority import Matrix
from simharness_fakes.payroll.refusals import BadValue
from simharness_fakes.payroll.rounding import ZERO, cents, percent_of

GARNISHMENT = "garnishment"
#: What the employer pays into the same plan, by the employee's code, where the deduction names no code of its own.
_EMPLOYERS: Mapping[str, str] = MappingProxyType(
    {"retirement_401k": "employer_401k_match", "section_125": "employer_health", "hsa": "employer_hsa"}
)


class Taken(Record, frozen=True, kw_only=True):
    """What one deduction takes from a cheque and what the employer adds, in cents."""

    spec: DeductionSpec
    amount: Decimal
    employer: Decimal = ZERO

    @property
    def employer_code(self) -> str:
        """The component code of what the employer adds."""
        return self.spec.employer_code or _EMPLOYERS.get(self.spec.code, f"employer_{self.spec.code}")


def checked(specs: Sequence[DeductionSpec], matrix: Matrix) -> tuple[DeductionSpec, ...]:
    """The deductions, if they can be: refuses an unknown code, and an amount beside a percentage."""
    for spec in specs:
        if spec.code != GARNISHMENT:
            matrix.is_pretax(spec.code)
        if spec.amount is not None and spec.percent is not None:
            raise BadValue("deduction", spec.code, "it takes an amount or a percentage, not both")
        if (spec.amount and spec.amount.amount < 0) or (spec.percent and spec.percent < 0):
            raise BadValue("deduction", spec.code, "a deduction takes, it does not give")
    return tuple(specs)


def take(
    specs: Sequence[DeductionSpec], gross: Decimal, available: Decimal, year: Mapping[str, Decimal]
) -> tuple[Taken, ...]:
    """What deductions of one kind take, in their order. `gross` is the cash pay that percentages are of."""
    out: list[Taken] = []
    taken_now: dict[str, Decimal] = {}
    for spec in specs:
        wanted = spec.amount.amount if spec.amount else cents(percent_of(gross, spec.percent or ZERO))
        before = year.get(f"deducted:{spec.code}", ZERO) + taken_now.get(spec.code, ZERO)
        cap = spec.annual_cap.amount - before if spec.annual_cap else wanted
        amount = max(min(wanted, cap, available), ZERO)
        available -= amount
        taken_now[spec.code] = taken_now.get(spec.code, ZERO) + amount
        out.append(Taken(spec=spec, amount=amount, employer=_employers(spec, amount, gross)))
    return tuple(out)


def garnish(
    specs: Sequence[DeductionSpec], disposable: Decimal, allowed: Decimal, so_far: Mapping[str, Decimal]
) -> tuple[Taken, ...]:
    """What creditors take in their order, together at most `allowed`; `so_far` is what each had in all years."""
    out: list[Taken] = []
    for spec in specs:
        wanted = spec.amount.amount if spec.amount else allowed
        if spec.percent is not None:
            wanted = cents(percent_of(disposable, spec.percent))
        owed = spec.owed.amount - so_far.get(spec.name or spec.code, ZERO) if spec.owed else wanted
        amount = max(min(wanted, owed, allowed), ZERO)
        allowed -= amount
        out.append(Taken(spec=spec, amount=amount))
    return tuple(out)


def _employers(spec: DeductionSpec, amount: Decimal, gross: Decimal) -> Decimal:
    matched = amount
    if spec.match_to_percent is not None:
        matched = min(matched, percent_of(gross, spec.match_to_percent))
    match = cents(percent_of(matched, spec.match_percent or ZERO))
    return match + (spec.employer_amount.amount if spec.employer_amount else ZERO)
