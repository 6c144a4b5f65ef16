"""Somebody to pay: short forms for what the tests tell of an employee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.payroll import Cheque, Laws, OffCycle, Pay, Person, Regular, Step, expected_cheques
from simharness.core.money import Money
from simharness.domain.people import DeductionSpec

_OWN: Mapping[str, Decimal] = MappingProxyType({"us_tx_ui": Decimal("2.7") / 100, "us_ca_ui": Decimal("3.4") / 100})


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def person(schedule: str = "monthly", state: str = "TX", hired: dt.date = dt.date(2024, 1, 1)) -> Person:
    return Person(state=state, schedule=schedule, hired=hired, rates=_OWN)


def salary(amount: str, since: dt.date = dt.date(2024, 1, 1)) -> Pay:
    return Pay(from_day=since, basis="salary", rate=Decimal(amount))


def wage(amount: str, since: dt.date = dt.date(2024, 1, 1)) -> Pay:
    return Pay(from_day=since, basis="hourly", rate=Decimal(amount))


def month(number: int, year: int = 2025) -> Regular:
    """The regular run of a calendar month, paid on its last day; its id is the month, as in `2025-03`."""
    last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    return Regular(run=f"{year}-{number:02}", service_from=dt.date(year, number, 1), service_to=last, cheque_on=last)


def beside(run: str, day: dt.date, amount: str, code: str = "bonus", supplemental: str = "flat") -> OffCycle:
    return OffCycle(
        run=run, service_from=day, service_to=day, cheque_on=day, items=((code, Decimal(amount)),),
        supplemental=supplemental,
    )  # fmt: skip


def takes(code: str, amount: str = "", **more: object) -> DeductionSpec:
    return DeductionSpec(code=code, amount=usd(amount) if amount else None, **more)  # type: ignore[arg-type]  # short form of tests


def cheques(laws: Laws, who: Person, *steps: Step) -> dict[str, Cheque]:
    return expected_cheques(laws, who, steps)


def tax(cheque: Cheque, code: str, side: str = "employee") -> Decimal:
    return cheque.total(f"{side}_tax", code)
