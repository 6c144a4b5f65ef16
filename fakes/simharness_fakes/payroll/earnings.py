"""What a period of service earns: salary by its share of the period, hours at their rate, and items entered by hand.

A salary is divided by the pay periods of a year. Where somebody was not there all the time, or the pay changed, the
declared method counts: `workdays` (Mondays to Fridays of the period) or `calendar` (all its days).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness_fakes.payroll import overtime
from simharness_fakes.payroll.authority import DailyOvertime
from simharness_fakes.payroll.calendar import PERIODS, Period, workdays
from simharness_fakes.payroll.employees import HOURLY, SALARY, Employee, Place, parts
from simharness_fakes.payroll.refusals import BadValue, UnknownEarning
from simharness_fakes.payroll.rounding import ZERO, cents

WORKDAYS, CALENDAR = "workdays", "calendar"
REIMBURSEMENT = "reimbursement"
RETRO = "retro"


class EarningType(Record, frozen=True, kw_only=True):
    """A kind of earning. `times`: how often an hour's rate is paid, None where it is not paid by the hour.

    `base`: it is pay for the days of service, so that a change of pay in the past makes it up anew.
    """

    code: str
    name: str
    times: Decimal | None = None
    supplemental: bool = False
    cash: bool = True
    base: bool = False


SHIPPED = (
    EarningType(code=SALARY, name="Salary", base=True),
    EarningType(code=HOURLY, name="Regular hours", times=Decimal(1), base=True),
    EarningType(code="overtime", name="Overtime", times=Decimal("1.5"), base=True),
    EarningType(code="double_overtime", name="Double overtime", times=Decimal(2), base=True),
    EarningType(code="pto", name="Paid time off", times=Decimal(1), base=True),
    EarningType(code="bonus", name="Bonus", supplemental=True),
    EarningType(code="commission", name="Commission", supplemental=True),
    EarningType(code=RETRO, name="Retro pay", supplemental=True),
    EarningType(code="non_cash", name="Non-cash earning", cash=False),
)
#: The shipped earning types by code.
TYPES: Mapping[str, EarningType] = MappingProxyType({each.code: each for each in SHIPPED})


class PayItem(Record, frozen=True, kw_only=True):
    """Something entered for one employee in one run: an `amount`, or `hours` at the employee's rate.

    `code` is an earning type's, or `reimbursement`. Hours of a type replace those of the time sheet in the run.
    """

    employee: str
    code: str
    amount: Money | None = None
    hours: Decimal | None = None
    cost_centre: str = ""
    name: str = ""
    service_from: date | None = None
    service_to: date | None = None


class Earned(Record, frozen=True, kw_only=True):
    """One earning line of a cheque, in cents."""

    kind: EarningType
    amount: Decimal
    hours: Decimal | None = None
    cost_centre: str = ""
    service_from: date | None = None
    service_to: date | None = None


class Stay(Record, frozen=True, kw_only=True):
    """Days in one place, and what they weigh in the cheque (what they earned, not rounded)."""

    place: Place
    first: date
    last: date
    weight: Decimal


class Earnings(Record, frozen=True, kw_only=True):
    """What the days of a period earned, where, and from which day to which."""

    lines: tuple[Earned, ...]
    stays: tuple[Stay, ...]
    first: date
    last: date


class Rules(Record, frozen=True, kw_only=True):
    """What a company declares about pay: how parts of a period count, and on which weekday a workweek begins (0 is
    Monday).
    """

    proration: str = WORKDAYS
    workweek_begins: int = 0


def checked_type(code: str, types: Mapping[str, EarningType]) -> EarningType:
    """The earning type of a code; refuses (`UnknownEarning`) one that is not kept."""
    if code not in types:
        raise UnknownEarning(code, tuple(types))
    return types[code]


def checked_code(code: str, types: Mapping[str, EarningType]) -> str:
    """The code of an item, if it is an earning type's or that of a reimbursement; refuses it otherwise."""
    return code if code == REIMBURSEMENT else checked_type(code, types).code


def of_service(
    employee: Employee,
    days: tuple[date, date],
    period: Period,
    frequency: str,
    hours: Mapping[date, Decimal],
    daily: DailyOvertime | None,
    rules: Rules,
    types: Mapping[str, EarningType],
) -> Earnings | None:
    """What some days of one pay period earned; None where the employee was not there on any of them.

    `days` may be a part of the period: a salary is still divided by the days of all of it.
    """
    within = employee.days(*days)
    if within is None:
        return None
    first, last = within
    count = workdays if rules.proration == WORKDAYS else _days
    # One denominator for all parts, so that the sum is divided once.
    whole = PERIODS[frequency] * count(period.service_from, period.service_to)
    sheet = {each.day: each for each in overtime.worked(hours, first, last, daily, rules.workweek_begins)}
    sums = {SALARY: ZERO, HOURLY: ZERO, "overtime": ZERO, "double_overtime": ZERO}
    times = dict.fromkeys(sums, ZERO)
    stays: list[Stay] = []
    for start, end, place in parts(employee.places, first, last):
        weight = ZERO
        for begin, finish, term in parts(employee.terms, start, end):
            if term.basis == SALARY:
                shares = term.rate.amount * count(begin, finish)
                sums[SALARY] += shares
                weight += shares / whole
                continue
            for day in (each for at, each in sheet.items() if begin <= at <= finish):
                by_code = {HOURLY: day.straight, "overtime": day.half_more, "double_overtime": day.double}
                for code, worked in by_code.items():
                    pay = worked * term.rate.amount * (types[code].times or ZERO)
                    sums[code] += pay
                    times[code] += worked
                    weight += pay
        stays.append(Stay(place=place, first=start, last=end, weight=weight))
    sums[SALARY] /= whole
    lines = tuple(
        Earned(kind=types[code], amount=cents(amount), hours=times[code] or None)
        for code, amount in sums.items()
        if amount
    )
    return Earnings(lines=lines, stays=tuple(stays), first=first, last=last)


def of_items(
    employee: Employee, items: Iterable[PayItem], day: date, types: Mapping[str, EarningType]
) -> tuple[Earned, ...]:
    """The earning lines of what was entered by hand; hours are worth the rate of a day."""
    out: list[Earned] = []
    for item in items:
        if item.code == REIMBURSEMENT:
            continue
        kind = checked_type(item.code, types)
        out.append(
            Earned(
                kind=kind,
                amount=_worth(employee, item, kind, day),
                hours=item.hours,
                cost_centre=item.cost_centre,
                service_from=item.service_from,
                service_to=item.service_to,
            )
        )
    return tuple(out)


def together(served: Earnings | None, entered: tuple[Earned, ...]) -> tuple[Earned, ...]:
    """All lines of a cheque: hours that were entered replace those of the time sheet of the same type."""
    replaced = {line.kind.code for line in entered if line.hours is not None}
    kept = tuple(line for line in (served.lines if served else ()) if line.kind.code not in replaced)
    return kept + entered


def _worth(employee: Employee, item: PayItem, kind: EarningType, day: date) -> Decimal:
    if item.amount is not None:
        if not item.amount.is_exact():
            raise BadValue("amount", item.amount, "an amount is in whole cents")
        return item.amount.amount
    term = employee.term_on(day)
    if item.hours is None or kind.times is None:
        raise BadValue("amount", None, f"{kind.code} needs an amount{' or hours' if kind.times else ''}")
    if term.basis != HOURLY:
        raise BadValue("hours", item.hours, f"employee {employee.id} is not paid by the hour")
    return cents(item.hours * term.rate.amount * kind.times)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
