"""Year to date by employee and tax year, and the cheques that stand behind it.

A cheque counts in the year of its cheque date. One that is taken back counts no more, in the year in which it counted:
the sums are then exactly what they were without it. A sum is found under a name such as `wages:us_social_security`,
`taxed:…`, `tax:KIND:…`, `earned:…`, `deducted:…`, `gross`, `net`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.domain.base import Record
from simharness.domain.payroll import PayCheque
from simharness_fakes.payroll.rounding import ZERO

#: What the sum of a creditor is named by, before the creditor's name.
CREDITOR = "creditor:"

Tallies = tuple[tuple[str, Decimal], ...]
_NOTHING: Mapping[str, Decimal] = MappingProxyType({})


class Cheque(Record, frozen=True, kw_only=True):
    """A calculated cheque: the canonical record, what it adds to the year to date, and the days of service whose pay
    it holds (None: only items entered by hand).
    """

    pay: PayCheque
    tallies: Tallies
    days: tuple[date, date] | None = None

    def tally(self, name: str) -> Decimal:
        """What the cheque adds to one sum."""
        return dict(self.tallies).get(name, ZERO)


class Posted(Record, frozen=True, kw_only=True):
    """A cheque that stands, with its run's id, kind, tax year and period of service."""

    run: str
    kind: str
    year: int
    service_from: date
    service_to: date
    cheque: Cheque


class Accumulators:
    """Sums and standing cheques of all employees. What is kept is never changed in place, so a fork shares it."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, int], Mapping[str, Decimal]] = {}
        self._standing: dict[str, tuple[Posted, ...]] = {}
        self._changed: dict[str, int] = {}
        self.changes = 0

    def year(self, employee: str, year: int) -> Mapping[str, Decimal]:
        """An employee's sums of a tax year; a sum of nothing is absent."""
        return self._sums.get((employee, year), _NOTHING)

    def years(self) -> Iterator[tuple[str, int, Mapping[str, Decimal]]]:
        """Every employee and tax year with its sums."""
        for (employee, year), sums in self._sums.items():
            yield employee, year, sums

    def sum(self, employee: str, year: int, name: str) -> Decimal:
        """One sum of an employee's tax year."""
        return self.year(employee, year).get(name, ZERO)

    def creditors(self, employee: str) -> Mapping[str, Decimal]:
        """What each creditor had of an employee in all years, by name."""
        sums: dict[str, Decimal] = {}
        for posted in self.standing(employee):
            for name, amount in posted.cheque.tallies:
                if name.startswith(CREDITOR):
                    creditor = name.removeprefix(CREDITOR)
                    sums[creditor] = sums.get(creditor, ZERO) + amount
        return sums

    def standing(self, employee: str) -> tuple[Posted, ...]:
        """The employee's cheques that were neither reversed nor cancelled, in order of processing."""
        return self._standing.get(employee, ())

    def changed_since(self, employees: Iterable[str], basis: int) -> tuple[str, ...]:
        """Which employees' sums changed after `changes` had been so many."""
        return tuple(each for each in employees if self._changed.get(each, 0) > basis)

    def post(self, posted: Posted) -> None:
        """Count a cheque."""
        employee = posted.cheque.pay.employee
        self._add(employee, posted.year, posted.cheque.tallies, 1)
        self._standing[employee] = (*self.standing(employee), posted)

    def take_back(self, run: str, employee: str) -> Posted | None:
        """Count the cheques of an employee in a run no more, and return the one; None if there is none that stands."""
        found = next((each for each in self.standing(employee) if each.run == run), None)
        if found is not None:
            self._add(employee, found.year, found.cheque.tallies, -1)
            left = tuple(each for each in self.standing(employee) if each is not found)
            if left:
                self._standing[employee] = left
            else:
                del self._standing[employee]
        return found

    def touch(self, employee: str) -> None:
        """Note that what was calculated from an employee's sums before is out of date."""
        self.changes += 1
        self._changed[employee] = self.changes

    def fork(self) -> Accumulators:
        """An independent copy that shares what is never changed."""
        twin = Accumulators()
        twin._sums = dict(self._sums)
        twin._standing = dict(self._standing)
        twin._changed = dict(self._changed)
        twin.changes = self.changes
        return twin

    def _add(self, employee: str, year: int, tallies: Tallies, sign: int) -> None:
        sums = dict(self.year(employee, year))
        for name, amount in tallies:
            sums[name] = sums.get(name, ZERO) + sign * amount
        kept = {name: amount for name, amount in sums.items() if amount}
        if kept:
            self._sums[(employee, year)] = MappingProxyType(kept)
        else:
            self._sums.pop((employee, year), None)
        self.touch(employee)
