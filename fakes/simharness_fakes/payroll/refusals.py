"""Why payroll refuses: one type a cause, for a dialect to map to its own code and words.

Refusal
├── NotFound               no such employee, department, schedule or run        (kind, id)
├── BadValue               a value that the field does not allow                (field, value, why)
├── StaleVersion           the run was changed since it was read                (id, given, current)
├── WrongStatus            the run's life does not allow it                     (id, status, wanted)
├── Outdated               another run was processed since it was calculated    (id, employees)
├── PastDeadline           the provider's debit day is over                     (id, debit_on, today)
├── PeriodTaken            the pay period has a run already                     (schedule, service_from, other)
├── AlreadyReversed        the cheque was taken back before                     (id, employee)
├── WithoutState           an employee whose state nobody said                  (employee)
├── WithoutCostCentre      a department whose cost centre nobody said           (department, employee)
├── UnknownEarning         an earning type that is not kept                     (code, known)
├── UnknownDeduction       a deduction that the matrix does not list            (code, known)
├── MissingTable           a table that is not shipped and was not supplied     (table, known)
├── NetBelowZero           taxes and deductions are more than the pay           (employee, net)
├── DoesNotAddUp           the lines are not gross or net as stated             (employee, what, stated, summed)
└── SplitsDoNotSum         cost centre shares that are not 1 together           (owner, total)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal


class Refusal(Exception):
    """The root: payroll keeps its state exactly as it was. `str()` is a sentence for a person."""


class NotFound(Refusal):
    """The record asked for does not exist."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"there is no {kind} {id!r}")


class BadValue(Refusal):
    """A value that the field does not allow."""

    def __init__(self, field: str, value: object, why: str) -> None:
        self.field, self.value, self.why = field, value, why
        super().__init__(f"{field}={value!s}: {why}")


class StaleVersion(Refusal):
    """The run was changed since whoever changes it now has read it."""

    def __init__(self, id: str, given: str, current: str) -> None:
        self.id, self.given, self.current = id, given, current
        super().__init__(f"payroll {id} is at version {current}, not {given}: read it again")


class WrongStatus(Refusal):
    """What was asked for does not fit where the run is in its life."""

    def __init__(self, id: str, status: str, wanted: str) -> None:
        self.id, self.status, self.wanted = id, status, wanted
        super().__init__(f"payroll {id} is {status}: it must be {wanted}")


class Outdated(Refusal):
    """Another run changed the year to date of some employees since this one was calculated."""

    def __init__(self, id: str, employees: tuple[str, ...]) -> None:
        self.id, self.employees = id, employees
        super().__init__(
            f"payroll {id} was calculated before another run of {', '.join(employees[:3])} was processed: "
            "calculate it again"
        )


class PastDeadline(Refusal):
    """The day on which the provider would have collected the money is over."""

    def __init__(self, id: str, debit_on: date, today: date) -> None:
        self.id, self.debit_on, self.today = id, debit_on, today
        super().__init__(f"payroll {id} had to be there by {debit_on}, today is {today}: move its pay day")


class PeriodTaken(Refusal):
    """A pay period has one regular run."""

    def __init__(self, schedule: str, service_from: date, other: str) -> None:
        self.schedule, self.service_from, self.other = schedule, service_from, other
        super().__init__(f"the period of {schedule} from {service_from} has payroll {other} already")


class AlreadyReversed(Refusal):
    """A cheque is taken back once."""

    def __init__(self, id: str, employee: str) -> None:
        self.id, self.employee = id, employee
        super().__init__(f"the cheque of employee {employee} in payroll {id} was reversed already")


class WithoutState(Refusal):
    """Nobody said in which state the employee works, so no state's taxes can be known."""

    def __init__(self, employee: str) -> None:
        self.employee = employee
        super().__init__(f"employee {employee} has no state of work: say one before the run")


class WithoutCostCentre(Refusal):
    """Nobody said whose cost a department is."""

    def __init__(self, department: str, employee: str) -> None:
        self.department, self.employee = department, employee
        super().__init__(
            f"department {department!r} of employee {employee} has no cost centre"
            if department
            else f"employee {employee} has neither a department nor cost centres"
        )


class UnknownEarning(Refusal):
    """An earning type that the company does not keep."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        self.code, self.known = code, known
        super().__init__(f"there is no earning type {code!r}; there are {', '.join(known)}")


class UnknownDeduction(Refusal):
    """A deduction of which the matrix does not say what taxes it cuts."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        self.code, self.known = code, known
        super().__init__(f"no rule says which taxes the deduction {code!r} cuts; there are {', '.join(known)}")


class MissingTable(Refusal):
    """A table that is not shipped and that nobody supplied; nothing is withheld by a guess."""

    def __init__(self, table: str, known: tuple[str, ...] = ()) -> None:
        self.table, self.known = table, known
        there = f"; there are {', '.join(known)}" if known else ""
        super().__init__(f"the table {table} is not shipped{there}: supply it, or leave its employees out")


class NetBelowZero(Refusal):
    """What must be taken from a cheque is more than what it pays in money."""

    def __init__(self, employee: str, net: Decimal) -> None:
        self.employee, self.net = employee, net
        super().__init__(f"the cheque of employee {employee} would be {net}: less than nothing cannot be paid")


class DoesNotAddUp(Refusal):
    """The lines of a cheque do not sum to what it states."""

    def __init__(self, employee: str, what: str, stated: Decimal, summed: Decimal) -> None:
        self.employee, self.what, self.stated, self.summed = employee, what, stated, summed
        super().__init__(f"the lines of employee {employee}'s cheque sum to {what} {summed}, it states {stated}")


class SplitsDoNotSum(Refusal):
    """Shares of cost centres are 1 together."""

    def __init__(self, owner: str, total: Decimal) -> None:
        self.owner, self.total = owner, total
        super().__init__(f"the cost centre shares of {owner} sum to {total}, not to 1")
