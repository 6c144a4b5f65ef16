"""One company's payroll: the aggregate a pack holds. Masters and people here, the runs in `life`.

Every write is all or nothing: a `Refusal` leaves everything as it was. Nothing here knows HTTP or a vendor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile
from types import MappingProxyType

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.payroll import Department, PayCheque, PayrollSnapshot, Withholding
from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll import calculating, calendar, deductions, employees, gross_up, life, retro, snapshots
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.calendar import PaySchedule, Period
from simharness_fakes.payroll.earnings import EarningType, PayItem
from simharness_fakes.payroll.employees import Employee, PayTerm, Place
from simharness_fakes.payroll.refusals import BadValue, Refusal
from simharness_fakes.payroll.runs import Run
from simharness_fakes.payroll.state import NewId, Settings, Stamp, State

_DAY_HOURS = Decimal(24)


class Office:
    """A company's payroll in memory. Methods that write return the record as it stands then.

    `new_id` names a record of a kind: employee, department, schedule, payroll, cheque.
    """

    def __init__(self, settings: Settings, tables: Tables, new_id: NewId) -> None:
        self.state = State(settings, tables, new_id)

    def fork(self, new_id: NewId) -> Office:
        """An independent copy that shares the records; `new_id` continues where this one's is."""
        twin = Office.__new__(Office)
        twin.state = self.state.fork(new_id)
        return twin

    def snapshot(self, vendor: str, day: date) -> PayrollSnapshot:
        """The payroll in canonical records on a local day."""
        return snapshots.of(self.state, vendor, day)

    # -- masters --------------------------------------------------------------------------------------------------

    def add_department(self, name: str, cost_centre: str = "") -> Department:
        """Add a department; refuses (`BadValue`) a name that is taken."""
        if self.state.departments.first("name", name):
            raise BadValue("name", name, "another department is called so")
        record = Department(id=self.state.new_id("department"), name=name, cost_centre=cost_centre)
        return self.state.departments.put(record)

    def change_department(self, id: str, *, name: str | None = None, cost_centre: str | None = None) -> Department:
        """Rename a department or say whose cost it is; runs that are processed keep what they were."""
        old = self.state.department(id)
        new = replace(
            old,
            name=old.name if name is None else name,
            cost_centre=old.cost_centre if cost_centre is None else cost_centre,
        )
        return self.state.departments.put(new)

    def add_schedule(self, frequency: str, anchor_end: date, anchor_pay: date, name: str = "") -> PaySchedule:
        """Add a pay schedule; refuses one that cannot be."""
        record = PaySchedule(id="", frequency=frequency, anchor_end=anchor_end, anchor_pay=anchor_pay, name=name)
        calendar.checked(record)
        return self.state.schedules.put(replace(record, id=self.state.new_id("schedule")))

    def add_earning_type(self, kind: EarningType) -> EarningType:
        """Keep one more earning type; refuses (`BadValue`) a code that is taken."""
        if kind.code in self.state.types:
            raise BadValue("code", kind.code, "there is such an earning type already")
        self.state.types[kind.code] = kind
        return kind

    # -- people ---------------------------------------------------------------------------------------------------

    def hire(
        self,
        *,
        department: str,
        state: str,
        hired: date,
        pay: PayTerm,
        schedule: str = "",
        splits: tuple[tuple[str, Decimal], ...] = (),
        withholding: Withholding | None = None,
        deductions: tuple[DeductionSpec, ...] = (),
        method: str = "direct_deposit",
        id: str = "",
    ) -> Employee:
        """Take somebody on. `department` by id or name, "" for none; `state` "" leaves it open, and refuses the runs.

        `id` is what a dialect called the person before there was anything to pay.
        """
        record = Employee(
            id="",
            hired=hired,
            state=state,
            schedule=self.state.schedule(schedule).id,
            terms=(pay,),
            places=(Place(from_day=hired, department=self._department(department), splits=splits),),
            withholding=withholding or Withholding(),
            deductions=self._checked(deductions),
            method=method,
        )
        employees.checked(record)
        return self.state.employees.put(replace(record, id=id or self.state.new_id("employee")))

    def change_pay(self, id: str, term: PayTerm) -> Employee:
        """Change the pay from a day on; what was paid for that day and later is made up for in the next run."""
        changed = self._put(id, terms=employees.with_change(self.state.employee(id).terms, term))
        retro.mark(self.state, id, term.from_day)
        return changed

    def transfer(
        self, id: str, department: str, from_day: date, splits: tuple[tuple[str, Decimal], ...] = ()
    ) -> Employee:
        """Move somebody to a department and its cost centre, or to given cost centres, from a day on."""
        place = Place(from_day=from_day, department=self._department(department), splits=splits)
        return self._put(id, places=employees.with_change(self.state.employee(id).places, place))

    def end_employment(self, id: str, last_day: date | None) -> Employee:
        """Note the last day of employment; None takes it back (a rehire into the same employment)."""
        changed = self._put(id, ended=last_day)
        if last_day is not None:
            retro.mark(self.state, id, last_day)
        return changed

    def set_state(self, id: str, state: str) -> Employee:
        """Say in which state somebody works, by two letters."""
        return self._put(id, state=state)

    def set_hired(self, id: str, hired: date) -> Employee:
        """Correct the first day of employment; days that are paid by it no more, or only now, are made up for."""
        before = self.state.employee(id).hired
        changed = self._put(id, hired=hired)
        retro.mark(self.state, id, min(before, hired))
        return changed

    def set_schedule(self, id: str, schedule: str) -> Employee:
        """Pay by another schedule from the next run on."""
        return self._put(id, schedule=self.state.schedule(schedule).id)

    def set_method(self, id: str, method: str) -> Employee:
        """Pay by direct_deposit or check from now on."""
        return self._put(id, method=method)

    def set_withholding(self, id: str, stated: Withholding) -> Employee:
        """Withhold by another statement from now on."""
        return self._put(id, withholding=stated)

    def set_deductions(self, id: str, specs: Sequence[DeductionSpec]) -> Employee:
        """Replace what is taken from each cheque; refuses what the matrix does not list."""
        return self._put(id, deductions=self._checked(specs))

    def enter_hours(self, id: str, hours: Iterable[tuple[date, Decimal]]) -> Mapping[date, Decimal]:
        """Enter hours worked by day, replacing those of the same day; for days that were paid they are made up for."""
        self.state.employee(id)
        entered = dict(hours)
        for day, count in entered.items():
            if not 0 <= count <= _DAY_HOURS:
                raise BadValue("hours", count, f"{day} has 24 hours")
        sheet = MappingProxyType({**self.state.hours_of(id), **entered})
        self.state.hours[id] = sheet
        if entered:
            retro.mark(self.state, id, min(entered))
        return sheet

    def _department(self, department: str) -> str:
        return self.state.department(department).id if department else ""

    def _put(self, id: str, **changes: object) -> Employee:
        record = replace(self.state.employee(id), **changes)
        return self.state.employees.put(employees.checked(record))

    def _checked(self, specs: Sequence[DeductionSpec]) -> tuple[DeductionSpec, ...]:
        return deductions.checked(specs, self.state.tables.matrix)

    # -- runs -----------------------------------------------------------------------------------------------------

    def draft_regular(
        self, by: Stamp, *, schedule: str = "", cheque_on: date | None = None, id: Callable[[Period], str] | None = None
    ) -> Run:
        """Draft the regular run of a pay day, or of the next period; refuses a day that is no pay day.

        `id`: what a dialect called the run of a period before anybody touched it.
        """
        period: Period | None = None
        if cheque_on is not None:
            period = self.state.schedule(schedule).paid_on(cheque_on)
            if period is None:
                raise BadValue("cheque_on", cheque_on, "no period is paid on it")
        return life.draft_regular(self.state, schedule, period, by, id)

    def pay_day_in(self, schedule: str, month: str) -> date:
        """The pay day of the one period that ends in a month (`2026-01`); refuses a month in which several end."""
        found = self.state.schedule(schedule)
        first = date.fromisoformat(f"{month}-01")
        after = (period for period in found.periods(first) if period.service_to >= first)
        periods = list(takewhile(lambda period: f"{period.service_to:%Y-%m}" == month, after))
        if len(periods) != 1:
            days = ", ".join(str(period.cheque_on) for period in periods)
            raise BadValue("month", month, f"{len(periods)} periods of pay end in it, paid on {days}: say the pay day")
        return periods[0].cheque_on

    def draft_off_cycle(
        self,
        by: Stamp,
        *,
        cheque_on: date,
        employees: tuple[str, ...] = (),
        items: tuple[PayItem, ...] = (),
        reason: str = "bonus",
        service: tuple[date, date] | None = None,
        supplemental: str = "flat",
        with_base: bool = False,
        with_retro: bool | None = None,
        with_deductions: bool = False,
    ) -> Run:
        """Draft a run beside the schedule; see `life.draft_off_cycle`."""
        return life.draft_off_cycle(
            self.state,
            employees,
            items,
            cheque_on,
            by,
            reason=reason,
            service=service,
            supplemental=supplemental,
            with_base=with_base,
            with_retro=with_retro,
            with_deductions=with_deductions,
        )

    def change_run(
        self,
        id: str,
        version: str = "",
        *,
        items: tuple[PayItem, ...] | None = None,
        excluded: tuple[str, ...] | None = None,
        supplemental: str = "",
    ) -> Run:
        """Replace what was entered for a run; a version that is given must be the run's."""
        return life.change(self.state, id, version, items=items, excluded=excluded, supplemental=supplemental)

    def move_pay_day(self, id: str, cheque_on: date, by: Stamp) -> Run:
        """Pay a run on another day, with the debit as many business days before."""
        return life.change(self.state, id, "", cheque_on=cheque_on, today=by.today)

    def calculate(self, id: str, by: Stamp) -> Run:
        """Calculate a run."""
        return life.calculate(self.state, id, by)

    def reopen(self, id: str) -> Run:
        """Take back what was calculated of a run that is not processed."""
        return life.reopen(self.state, id)

    def process(self, id: str, by: Stamp) -> Run:
        """Approve a calculated run; it happens once."""
        return life.process(self.state, id, by)

    def blockers(self, id: str) -> tuple[tuple[str, Refusal], ...]:
        """Each employee whose cheque in a run would be refused, with the reason."""
        return calculating.blockers(self.state, self.state.run(id))

    def gross_up(
        self, employee: str, net: Money, cheque_on: date, *, code: str = "bonus", supplemental: str = "flat"
    ) -> Money:
        """What an off-cycle item must be so that its cheque pays a wanted net; nothing is written."""
        return gross_up.gross_up(self.state, employee, net, cheque_on, code=code, supplemental=supplemental)

    def skip(self, id: str) -> Run:
        """Leave the period of a regular run unpaid."""
        return life.skip(self.state, id)

    def cancel(self, id: str, by: Stamp, *, reopen: bool = False) -> Run:
        """Take a run back before the provider collects."""
        return life.cancel(self.state, id, by, reopen=reopen)

    def reverse(
        self,
        id: str,
        by: Stamp,
        *,
        employees: tuple[str, ...] = (),
        cheque_on: date | None = None,
        reason: str = "",
    ) -> Run:
        """Take processed cheques back by exact negatives."""
        return life.reverse(self.state, id, by, employees=employees, cheque_on=cheque_on, reason=reason)

    def enter_external(
        self, pays: tuple[PayCheque, ...], service: tuple[date, date], cheque_on: date, by: Stamp
    ) -> Run:
        """Enter what another provider paid before, for the year to date."""
        return life.enter_external(self.state, pays, service, cheque_on, by)

    def year_to_date(self, employee: str, year: int) -> Mapping[str, Decimal]:
        """An employee's sums of a tax year by name (see `accumulators`)."""
        return self.state.sums.year(employee, year)
