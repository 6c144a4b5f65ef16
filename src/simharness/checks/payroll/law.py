"""The law of a tax year as data: what Congress and the states say, not what a table prints.

Every part names its source and whether it is sure. What is not shipped is refused by name: no year stands in for
another, no filing status for another, no state for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

import msgspec
import yaml

from simharness.core.errors import UsageError


class FilingStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The standard deduction of a year, what of it the wage does not get without the box, and the ends of brackets."""

    deduction: Decimal
    forgone: Decimal
    brackets: tuple[Decimal, ...]


class IncomeTax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The income tax of a year; the last rate has no end."""

    source: str
    sure: bool
    rates: tuple[Decimal, ...]
    statuses: dict[str, FilingStatus]


class Supplemental(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The flat rate of supplemental wages, and that of the part above a sum in the year."""

    source: str
    sure: bool
    flat: Decimal
    mandatory: Decimal
    mandatory_above: Decimal


class GarnishmentCap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of disposable pay that may be taken, and what of a week stays free of it."""

    source: str
    sure: bool
    share: Decimal
    free_a_week: Decimal


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax on the part of the year's wages between two sums. Without `rate` the employer has one of its own."""

    code: str
    side: str
    source: str
    sure: bool
    rate: Decimal | None = None
    above: Decimal = Decimal(0)
    upto: Decimal | None = None

    @property
    def kind(self) -> str:
        """The kind of component that it makes: employee_tax or employer_tax."""
        return f"{self.side}_tax"


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is asked of wages whose cheque is dated in `year`."""

    year: int
    income_tax: IncomeTax
    supplemental: Supplemental
    garnishment: GarnishmentCap
    bands: tuple[Band, ...]
    states: dict[str, tuple[Band, ...]]

    def status(self, name: str) -> FilingStatus:
        """A filing status; raises `UsageError` naming those of the year when it is not among them."""
        if name not in self.income_tax.statuses:
            raise UsageError(
                f"no income tax of {self.year} is shipped for the filing status {name!r}",
                mend=f"the filing statuses of {self.year} are {', '.join(self.income_tax.statuses)}",
            )
        return self.income_tax.statuses[name]

    def bands_in(self, state: str) -> tuple[Band, ...]:
        """The bands of the country and of a state; raises `UsageError` naming the states of the year if it is none."""
        if state not in self.states:
            raise UsageError(
                f"no payroll taxes of {self.year} are shipped for the state {state!r}",
                mend=f"the states of {self.year} are {', '.join(self.states)}",
            )
        return self.bands + self.states[state]


class _Matrix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: str
    sure: bool
    cuts: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Laws:
    """The laws of all years that are shipped, and which deduction keeps wages out of which tax."""

    years: Mapping[int, Law]
    cuts: Mapping[str, frozenset[str]]

    def of(self, year: int) -> Law:
        """The law of a tax year; raises `UsageError` naming the years that are shipped."""
        if year not in self.years:
            raise UsageError(
                f"no payroll taxes are shipped for {year}",
                mend=f"the years with tables are {', '.join(map(str, sorted(self.years)))}",
            )
        return self.years[year]

    def cut_by(self, code: str) -> frozenset[str]:
        """The taxes that a deduction keeps wages out of; raises `UsageError` naming the deductions that are known."""
        if code not in self.cuts:
            raise UsageError(
                f"nobody says which taxes the deduction {code!r} cuts",
                mend=f"the deductions are {', '.join(self.cuts)}",
            )
        return self.cuts[code]


def read_laws() -> Laws:
    """Read what is shipped; read it once and hand it on."""
    folder = files("simharness.checks.payroll") / "law"
    years = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.startswith("us_"):
            law = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), Law)
            years[law.year] = law
    matrix = msgspec.convert(yaml.safe_load((folder / "deductions.yaml").read_text(encoding="utf-8")), _Matrix)
    return Laws(years, {code: frozenset(taxes) for code, taxes in matrix.cuts.items()})
