"""A company in Texas that pays monthly, on its own days, for tests of the payroll engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from simharness.core.money import Money
from simharness.domain.payroll import PayCheque, PayComponent, Withholding
from simharness_fakes.payroll.accumulators import Cheque
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.earnings import PayItem
from simharness_fakes.payroll.employees import HOURLY, SALARY, PayTerm
from simharness_fakes.payroll.office import Office
from simharness_fakes.payroll.runs import Run
from simharness_fakes.payroll.state import Settings, Stamp

D = Decimal
#: The last days of periods that were paid on the same day, on which the schedules of the tests stand.
ANCHORS = {
    "weekly": date(2025, 1, 3),
    "biweekly": date(2025, 1, 3),
    "semimonthly": date(2025, 1, 15),
    "monthly": date(2025, 1, 31),
}


def usd(amount: str | int | Decimal) -> Money:
    return Money(Decimal(amount), "USD")


def on(day: date) -> Stamp:
    return Stamp(at=datetime.combine(day, time(12), tzinfo=UTC), today=day, actor="people")


def counter() -> Callable[[str], str]:
    counts: Counter[str] = Counter()

    def new_id(kind: str) -> str:
        counts[kind] += 1
        return f"{kind}-{counts[kind]}"

    return new_id


@dataclass
class Company:
    """An office with one department and one schedule."""

    office: Office
    schedule: str
    department: str
    today: date = date(2025, 1, 1)
    runs: list[str] = field(default_factory=list)

    def hire(
        self, pay: str, *, basis: str = SALARY, hired: date = date(2024, 1, 1), state: str = "TX", **more: Any
    ) -> str:
        term = PayTerm(from_day=hired, basis=basis, rate=usd(pay))
        more.setdefault("department", self.department)
        return self.office.hire(state=state, hired=hired, pay=term, schedule=self.schedule, **more).id

    def hourly(self, rate: str, hours: dict[date, str], **more: Any) -> str:
        employee = self.hire(rate, basis=HOURLY, **more)
        self.office.enter_hours(employee, [(day, D(count)) for day, count in hours.items()])
        return employee

    def calculated(self, cheque_on: date | None = None, items: tuple[PayItem, ...] = ()) -> Run:
        """A regular run that was calculated: of a pay day, or the next one."""
        by = on(self.today)
        run = self.office.draft_regular(by, schedule=self.schedule, cheque_on=cheque_on)
        if items:
            run = self.office.change_run(run.id, items=items)
        return self.office.calculate(run.id, by)

    def regular(self, cheque_on: date | None = None, items: tuple[PayItem, ...] = ()) -> Run:
        """A regular run, paid."""
        return self.office.process(self.calculated(cheque_on, items).id, on(self.today))

    def beside(self, employee: str, amount: str, code: str = "bonus", *, cheque_on: date, **more: Any) -> Run:
        """An off-cycle run of one item, paid."""
        return self.office.process(
            self.beside_calculated(employee, amount, code, cheque_on=cheque_on, **more).id, on(self.today)
        )

    def beside_calculated(
        self, employee: str, amount: str, code: str = "bonus", *, cheque_on: date, **more: Any
    ) -> Run:
        item = PayItem(employee=employee, code=code, amount=usd(amount))
        run = self.office.draft_off_cycle(on(self.today), cheque_on=cheque_on, items=(item,), **more)
        return self.office.calculate(run.id, on(self.today))

    def ytd(self, employee: str, name: str, year: int = 2025) -> Decimal:
        return self.office.year_to_date(employee, year).get(name, D(0))


def company(
    frequency: str = "monthly", *, supplied: tuple[str, ...] = (), cost_centre: str = "CC1", **settings: Any
) -> Company:
    office = Office(Settings(**settings), Tables(*supplied), counter())
    anchor = ANCHORS[frequency]
    schedule = office.add_schedule(frequency, anchor, anchor)
    return Company(office=office, schedule=schedule.id, department=office.add_department("Sales", cost_centre).id)


def only(run: Run) -> Cheque:
    """The one cheque of a run."""
    (cheque,) = run.cheques
    return cheque


def amount(cheque: Cheque | PayCheque, code: str, kind: str = "") -> Decimal:
    """What a cheque says under a code (the employee's side, unless a kind is named); nothing if there is no line."""
    pay = cheque.pay if isinstance(cheque, Cheque) else cheque
    found = [
        line.amount.amount
        for line in pay.components
        if line.code == code and (line.kind == kind if kind else not line.kind.startswith("employer"))
    ]
    return sum(found, D(0))


def tax(cheque: Cheque) -> Decimal:
    """The federal income tax of a cheque."""
    return amount(cheque, "us_federal_income_tax")


def earning(code: str, value: str, **more: Any) -> PayComponent:
    return PayComponent(kind="earning", code=code, name=code, amount=usd(value), **more)


def component(kind: str, code: str, value: str, **more: Any) -> PayComponent:
    return PayComponent(kind=kind, code=code, name=code, amount=usd(value), **more)


JOINT = Withholding(filing_status="joint")
