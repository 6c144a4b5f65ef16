"""What a cheque must say: its lines, and what they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING
from simharness.checks.payroll.supplemental import Ordinary

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One component, in USD. Kinds and codes are those of `domain.payroll.PayComponent`; `service` where it has its
    own, `entered` if somebody entered it by hand; `supplemental` wages bear income tax in a way of their own.
    """

    kind: str
    code: str
    amount: Decimal
    name: str = ""
    base: Decimal = ZERO
    hours: Decimal | None = None
    cash: bool = True
    service: tuple[dt.date, dt.date] | None = None
    entered: bool = False
    supplemental: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    """What one run must pay one employee.

    `service` are the days that the run states; `period` is the pay period of the days that it pays, None where it pays
    none, and `days` are these days. `wages` are the wages subject to each tax by code, before any cap. `supplemental`
    are those among the wages subject to income tax that are supplemental, `mandatory` what of them bore the highest
    rate, `ordinary` what bore tax by the tables. `centres` are what each cost centre bears, as weights.
    """

    run: str
    cheque_on: dt.date
    regular: bool
    service: tuple[dt.date, dt.date]
    period: tuple[dt.date, dt.date] | None
    days: frozenset[dt.date]
    lines: tuple[Line, ...]
    wages: Mapping[str, Fraction] = field(default_factory=dict)
    supplemental: Fraction = NOTHING
    mandatory: Fraction = NOTHING
    ordinary: Ordinary = field(default_factory=Ordinary)
    regular_tax: Fraction = NOTHING
    method: str = ""
    centres: tuple[tuple[str, Fraction], ...] = ()

    @property
    def gross(self) -> Decimal:
        """All earnings, those that are not in cash included."""
        return self.total("earning")

    @property
    def net(self) -> Decimal:
        """What the employee gets."""
        return net_of((line.kind, line.amount, line.cash) for line in self.lines)

    def total(self, kind: str, *codes: str) -> Decimal:
        """The sum of a kind of line, of all codes or of these."""
        found = (line.amount for line in self.lines if line.kind == kind and (not codes or line.code in codes))
        return sum(found, ZERO)

    def base(self, kind: str, code: str) -> Decimal:
        """The wages of this cheque that a tax was taken from."""
        return sum((line.base for line in self.lines if (line.kind, line.code) == (kind, code)), ZERO)


def net_of(lines: Iterable[tuple[str, Decimal, bool]]) -> Decimal:
    """Earnings in cash and reimbursements, less deductions, garnishments and the employee's taxes.

    Each line is (kind, amount, in cash); what the employer pays on top is not the employee's.
    """
    signs = {"earning": 1, "reimbursement": 1, "deduction": -1, "garnishment": -1, "employee_tax": -1}
    return sum((signs.get(kind, 0) * amount for kind, amount, cash in lines if cash), ZERO)
