"""What authorities print, as data: one YAML file an authority and year, with its source and how sure it is.

A table that is not there is refused by name (`MissingTable`); nothing is carried over from another year.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from importlib import resources

import yaml

from simharness.core.errors import ContentError
from simharness.domain.base import Record, from_builtins
from simharness_fakes.payroll.refusals import MissingTable, UnknownDeduction

#: Rows of a progressive table: (above, tax at that point, percent of what is above), ascending.
Rows = tuple[tuple[Decimal, Decimal, Decimal], ...]


class WithholdingTables(Record, frozen=True, kw_only=True):
    """The percentage method: what is taken off a year's wages when the box of step 2 is not checked, and the annual
    tables by filing status, for either position of the box.
    """

    adjustment: Mapping[str, Decimal]
    standard: Mapping[str, Rows]
    checkbox: Mapping[str, Rows]


class Capped(Record, frozen=True, kw_only=True):
    """A tax of `percent` on a year's wages up to `limit` (None: on all of them)."""

    percent: Decimal
    limit: Decimal | None = None


class Above(Record, frozen=True, kw_only=True):
    """A tax of `percent` on the part of a year's wages above a threshold."""

    percent: Decimal
    threshold: Decimal


class SupplementalRates(Record, frozen=True, kw_only=True):
    """The flat rate of supplemental wages, and the mandatory one on what is above a threshold in the year."""

    flat: Decimal
    mandatory: Decimal
    threshold: Decimal


class GarnishmentLimit(Record, frozen=True, kw_only=True):
    """At most `percent` of disposable pay, and never what is protected a week."""

    percent: Decimal
    protected_weekly: Decimal


class Futa(Record, frozen=True, kw_only=True):
    """Federal unemployment tax; `credit_reduction` are percentage points by state, due at the end of the year."""

    percent: Decimal
    limit: Decimal
    credit_reduction: Mapping[str, Decimal]


class Federal(Record, frozen=True, kw_only=True):
    """What the federal authorities print for a year."""

    authority: str
    year: int
    source: str
    sure: str
    income_tax: WithholdingTables
    social_security: Capped
    medicare: Capped
    additional_medicare: Above
    futa: Futa
    supplemental: SupplementalRates
    garnishment: GarnishmentLimit


class StateTax(Record, frozen=True, kw_only=True):
    """A state's tax on wages up to a limit. `own_rate`: each employer has a rate of its own, `percent` is the usual."""

    code: str
    name: str
    percent: Decimal
    limit: Decimal | None = None
    own_rate: bool = False


class DailyOvertime(Record, frozen=True, kw_only=True):
    """Overtime by the day: time and a half above so many hours, double time above so many more.

    `seventh_day`: the seventh day in a row of a workweek is time and a half from its first hour, double above `over`.
    """

    over: Decimal
    double_over: Decimal
    seventh_day: bool = False


class State(Record, frozen=True, kw_only=True):
    """What a state prints for a year. `income_tax` is None where the state has one and its table is not supplied."""

    authority: str
    year: int
    source: str
    sure: str
    state: str
    agency: str
    has_income_tax: bool
    income_tax: Mapping[str, Rows] | None = None
    employee: tuple[StateTax, ...] = ()
    employer: tuple[StateTax, ...] = ()
    daily_overtime: DailyOvertime | None = None


class Matrix(Record, frozen=True, kw_only=True):
    """Which deduction cuts the wages of which taxes, by their codes."""

    source: str
    sure: str
    cuts: Mapping[str, tuple[str, ...]]

    def is_pretax(self, code: str) -> bool:
        """Whether a deduction cuts any tax; refuses (`UnknownDeduction`) one that is not listed."""
        if code not in self.cuts:
            raise UnknownDeduction(code, tuple(self.cuts))
        return bool(self.cuts[code])


class Tables:
    """The tables of a payroll by authority and year: those that are shipped, and those that were supplied instead.

    `supplied` are texts of YAML files in the shipped form; one for an authority and year that is shipped replaces it.
    Reads each file when it is first asked for.
    """

    def __init__(self, *supplied: str) -> None:
        self._texts = {
            path.name.removesuffix(".yaml"): path.read_text("utf-8")
            for path in resources.files(__package__).joinpath("tables").iterdir()
            if path.name.endswith(".yaml")
        }
        for text in supplied:
            head = yaml.load(text, Loader=yaml.CSafeLoader)
            if not isinstance(head, dict) or "authority" not in head or "year" not in head:
                raise ContentError("a supplied payroll table names no authority and year", mend="see those shipped")
            self._texts[f"{head['authority']}_{head['year']}"] = text
        self._federal: dict[int, Federal] = {}
        self._states: dict[tuple[str, int], State] = {}
        self._matrix: Matrix | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that are there, sorted."""
        return tuple(sorted(self._texts))

    def federal(self, year: int) -> Federal:
        """The federal tables of a year of cheques."""
        if year not in self._federal:
            self._federal[year] = from_builtins(self._read(f"us_federal_{year}"), Federal)
        return self._federal[year]

    def state(self, state: str, year: int) -> State:
        """The tables of a state, by its two letters, of a year of cheques."""
        if (state, year) not in self._states:
            self._states[(state, year)] = from_builtins(self._read(f"us_{state.lower()}_{year}"), State)
        return self._states[(state, year)]

    @property
    def matrix(self) -> Matrix:
        """Which deduction cuts which tax."""
        if self._matrix is None:
            self._matrix = from_builtins(self._read("deductions"), Matrix)
        return self._matrix

    def _read(self, name: str) -> object:
        if name not in self._texts:
            raise MissingTable(name, self.names)
        document: object = yaml.load(self._texts[name], Loader=yaml.CSafeLoader)
        return document


def tax_on(rows: Rows, wages: Decimal) -> Decimal:
    """The tax of a progressive table, not rounded."""
    above, base, percent = next((row for row in reversed(rows) if wages > row[0]), rows[0])
    return base + max(wages - above, Decimal(0)) * percent / 100
