"""What a client enters for people in a payroll: names of compensations become the engine's items, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.fakekit.bodies import Json
from simharness_fakes.gusto import errors
from simharness_fakes.gusto.wire.forms import METHODS, decimal
from simharness_fakes.gusto.wire.payrolls import HOURLY, PTO, compensation_version
from simharness_fakes.payroll import calculating
from simharness_fakes.payroll.earnings import REIMBURSEMENT, TYPES, EarningType, PayItem
from simharness_fakes.payroll.runs import Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: The engine's code of what is entered in hours, by Gusto's name.
_TIMED: Mapping[str, str] = MappingProxyType(
    {HOURLY[code][0]: code for code in ("hourly", "overtime", "double_overtime")} | {PTO: "pto"}
)
_MOST = Decimal(10) ** 9
_LISTS = ("fixed_compensations", "hourly_compensations", "paid_time_off")


class Entered(Record, frozen=True, kw_only=True):
    """All that is entered for a payroll after an update, and whom the update was about."""

    items: tuple[PayItem, ...]
    excluded: tuple[str, ...]
    people: list[str]


def own_types(fake: Gusto) -> tuple[EarningType, ...]:
    """The earning types that the company keeps beside those that everybody has; deleted ones are left out."""
    types = fake.state.office.state.types
    return tuple(each for code, each in types.items() if code not in TYPES and code not in fake.state.hidden_types)


def entered(fake: Gusto, run: Run, parts: list[dict[str, Json]]) -> Entered:
    """What is entered for a payroll when these parts are; raises the refusal of the first that cannot be."""
    state = fake.state.office.state
    known = {each.id for each in calculating.paid_by(state, run)} | set(run.excluded)
    items = {(item.employee, item.code): item for item in run.items}
    excluded = dict.fromkeys(run.excluded)
    people: list[str] = []
    for position, part in enumerate(parts):
        employee, where = part["employee_uuid"], f"employee_compensations.{position}"
        if employee not in known:
            raise errors.invalid(f"{where}.employee_uuid", "this payroll does not pay anybody with this id")
        if part["version"] != compensation_version(run, employee):
            raise errors.stale("payroll", fake.profile.stale_payroll_status)
        _same_method(fake, employee, part, where)
        people.append(employee)
        if part.get("excluded", employee in excluded):
            excluded[employee] = None
        else:
            excluded.pop(employee, None)
        for name in _LISTS:
            for number, line in enumerate(part.get(name, ())):
                item = _item(fake, employee, line, f"{where}.{name}.{number}", timed=name != "fixed_compensations")
                items.pop((employee, item.code), None)
                if item.amount or item.hours:
                    items[employee, item.code] = item
    return Entered(items=tuple(items.values()), excluded=tuple(excluded), people=people)


def _same_method(fake: Gusto, employee: str, part: dict[str, Json], where: str) -> None:
    own = METHODS[fake.state.office.state.employee(employee).method]
    if part.get("payment_method", own) != own:
        told = "a payment method for one payroll alone is not modelled: change the employee's"
        raise errors.impossible(told, f"{where}.payment_method")


def _item(fake: Gusto, employee: str, line: dict[str, Json], where: str, *, timed: bool) -> PayItem:
    if line.get("job_uuid", "") not in ("", fake.job_of(employee)):
        raise errors.invalid(f"{where}.job_uuid", "the employee has no such job")
    name, field = line["name"], "hours" if timed else "amount"
    value = decimal(line[field])
    if value is None or abs(value) >= _MOST:
        raise errors.invalid(f"{where}.{field}", "is no number, or too large a one")
    code = _TIMED.get(name) if timed else _code(fake, name)
    if code is None:
        raise errors.invalid(f"{where}.name", f"there is no compensation {name!r}")
    if timed:
        return PayItem(employee=employee, code=code, hours=value)
    currency = fake.state.office.state.settings.currency
    if value != value.quantize(Decimal("0.01")):
        raise errors.invalid(f"{where}.amount", "is in whole cents")
    return PayItem(employee=employee, code=code, amount=Money(value, currency))


def _code(fake: Gusto, name: str) -> str | None:
    """The code of an earning that is entered as an amount."""
    if name == "Reimbursement":
        return REIMBURSEMENT
    hidden = fake.state.hidden_types
    kinds = fake.state.office.state.types.items()
    return next((c for c, kind in kinds if kind.name == name and kind.times is None and c not in hidden), None)
