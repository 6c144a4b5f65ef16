"""How a random story goes on where people are paid: employment, raises, runs and what becomes of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from simharness.core.money import Money
from simharness.explore.random import drawing
from simharness.explore.random.machine import Machine
from simharness.stories.vocabulary.payroll import Approve, Cancel, Reverse, RunOffCycle, RunRegular
from simharness.stories.vocabulary.people import ChangeOfPay, Employ

#: Departments whose costs have a centre, and the state whose taxes are shipped in full.
_DEPARTMENTS = ("Sales", "Delivery")
_STATE = "TX"
_SCHEDULE = "Semimonthly"
#: The provider collects two business days before pay day, and takes approvals until the day before that: with a weekend
#: between, somebody who acts so many days ahead is in time.
_AHEAD = timedelta(days=7)
_IN_TIME = timedelta(days=6)
_salaries = st.sampled_from((72_000, 24_000, 60_000, 96_001)) | st.integers(20_000, 240_000)


class PeopleMachine(Machine):
    """Sales and payroll. Each run of payroll is by its name: the pay day, whether it was approved and taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[str] = []
        self.runs: dict[str, date] = {}
        self.approved: list[str] = []
        self.over: list[str] = []
        self.stale: set[str] = set()

    def has_payroll(self) -> bool:
        """Whether the company pays people, and stories may be about that."""
        return self.may("payroll") and self.books.company.pays_people

    def late(self, name: str) -> bool:
        """Whether a run can no longer be approved or cancelled."""
        return self.telling.day > self.runs[name] - _IN_TIME

    def waiting(self) -> list[str]:
        """Runs that were calculated and can still be approved."""
        gone = {*self.approved, *self.over, *self.stale}
        return [name for name in self.runs if name not in gone and not self.late(name)]

    def outdated(self) -> None:
        """What was calculated and not approved no longer fits the year to date: it would have to be calculated anew."""
        self.stale.update(name for name in self.runs if name not in self.approved)

    def collected(self) -> list[str]:
        """Runs whose people were paid and which nobody took back."""
        return [name for name in self.approved if name not in self.over and self.telling.day > self.runs[name]]

    @precondition(lambda self: self.has_payroll() and len(self.people) < 3 and not self.runs)
    @rule(salary=_salaries, cents=st.sampled_from((0, 1, 50, 99)), department=st.sampled_from(_DEPARTMENTS))
    def employs(self, salary: int, cents: int, department: str) -> None:
        """Somebody is employed since the year began."""
        name = ("Ada", "Ben", "Cy")[len(self.people)]
        pay = Money(Decimal(salary) + Decimal(cents) / 100, "USD")
        told = Employ(
            employee=name, department=department, state=_STATE, salary=pay, schedule=_SCHEDULE, hired=date(2026, 1, 1)
        )
        self.when("people.employee", told)
        self.people.append(name)

    @precondition(lambda self: self.has_payroll() and self.people)
    @rule(data=st.data(), salary=_salaries, days=drawing.DAYS, back=st.booleans())
    def changes_pay(self, data: st.DataObject, salary: int, days: int, back: bool) -> None:
        """Somebody is paid another salary from today on, or from the first day of the month."""
        name = data.draw(st.sampled_from(self.people))
        day = self.telling.day + timedelta(days=self.allowed(days))
        told = ChangeOfPay(pay_changed=name, salary=Money(salary, "USD"), from_day=day.replace(day=1) if back else day)
        self.when("people.pay_changed", told, days)

    @precondition(lambda self: self.has_payroll() and self.people)
    @rule(at_once=st.booleans())
    def runs_payroll(self, at_once: bool) -> None:
        """The next run of the schedule is calculated a week before its pay day, and perhaps approved at once."""
        pay_day = self._next_pay_day()
        ahead = max((pay_day - _AHEAD - self.telling.day).days, 0)
        if ahead != self.allowed(ahead):
            return
        name = f"{pay_day:%d %B}" + "".join(" again" for run, day in self.runs.items() if day == pay_day and run)
        told = RunRegular(payroll_run=name, schedule=_SCHEDULE, cheque_on=pay_day)
        self.when("payroll.run", told, ahead)
        self.runs[name] = pay_day
        if at_once and not self.late(name):
            self._approve(name, 0)

    def _next_pay_day(self) -> date:
        """The next of the 15th and the last of a month, a week or more from today, that has no run that counts."""
        taken = {day for name, day in self.runs.items() if name not in self.over}
        day = self.telling.day + _AHEAD
        while _business_day(day) in taken or not (day.day == 15 or (day + timedelta(days=1)).day == 1):
            day += timedelta(days=1)
        return _business_day(day)

    @precondition(lambda self: self.has_payroll() and self.people)
    @rule(data=st.data(), amount=drawing.prices("USD"), supplemental=st.sampled_from(("flat", "aggregate")))
    def pays_beside_the_schedule(self, data: st.DataObject, amount: Money, supplemental: str) -> None:
        """A bonus is paid by a run of its own."""
        name = f"Bonus {len(self.runs) + 1}"
        cheque_on = _business_day(self.telling.day + _AHEAD + timedelta(days=2))
        whole = Money(amount.amount.quantize(Decimal("0.01")) + 100, "USD")
        told = RunOffCycle(
            off_cycle=name, pays=whole, to=data.draw(st.sampled_from(self.people)), cheque_on=cheque_on,
            supplemental=supplemental,
        )  # fmt: skip
        self.when("payroll.off_cycle", told)
        self.runs[name] = cheque_on

    @precondition(lambda self: self.has_payroll() and self.waiting())
    @rule(data=st.data(), days=st.sampled_from((0, 1)))
    def approves(self, data: st.DataObject, days: int) -> None:
        """Somebody approves a run in time."""
        name = data.draw(st.sampled_from(self.waiting()))
        in_time = self.telling.day + timedelta(days=days) <= self.runs[name] - _IN_TIME
        self._approve(name, days if in_time else 0)

    def _approve(self, name: str, days: int) -> None:
        self.when("payroll.approved", Approve(payroll_approved=name), days)
        self.approved.append(name)
        self.outdated()

    def cancellable(self) -> list[str]:
        """Approved runs whose money was not collected yet."""
        return [name for name in self.approved if name not in self.over and not self.late(name)]

    @precondition(lambda self: self.has_payroll() and self.cancellable())
    @rule(data=st.data())
    def cancels(self, data: st.DataObject) -> None:
        """An approved run is taken back before the provider collected."""
        name = data.draw(st.sampled_from(self.cancellable()))
        self.when("payroll.cancelled", Cancel(payroll_cancelled=name))
        self.over.append(name)
        self.outdated()

    @precondition(lambda self: self.has_payroll() and self.collected())
    @rule(data=st.data(), days=drawing.DAYS)
    def reverses(self, data: st.DataObject, days: int) -> None:
        """A processed run is taken back by another."""
        name = data.draw(st.sampled_from(self.collected()))
        told = Reverse(payroll_reversed=name, name=f"{name} reversed", because="paid by mistake")
        self.when("payroll.reversed", told, days)
        self.over.append(name)
        self.outdated()


def _business_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.isoweekday() - 5, 0))
