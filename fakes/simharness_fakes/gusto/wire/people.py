"""People on the wire: employees with their jobs and pay, addresses, terminations, departments, pay schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.payroll import Department
from simharness_fakes.gusto.state import HomeAddress, Location, Person, derived, version_of
from simharness_fakes.gusto.wire.forms import FREQUENCIES, METHODS, Object, day, dollars
from simharness_fakes.gusto.wire.payrolls import flsa_of
from simharness_fakes.payroll.calendar import PaySchedule, Period
from simharness_fakes.payroll.employees import HOURLY, PayTerm

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

_HALF, _LAST = 15, 31


def employee(fake: Gusto, person: Person, *, all_compensations: bool = False) -> Object:
    """An employee. The number of the social security is never shown, only whether there is one."""
    paid = fake.paid(person.id)
    ended = paid.ended if paid else None
    department = fake.department_of(person)
    return {
        "uuid": person.id,
        "first_name": person.first_name,
        "middle_initial": person.middle_initial or None,
        "last_name": person.last_name,
        "preferred_first_name": person.preferred_first_name or None,
        "email": person.email or None,
        "work_email": None,
        "phone": person.phone or None,
        "company_uuid": fake.state.company.id,
        "manager_uuid": None,
        "version": employee_version(person),
        "department": department.name if department else None,
        "department_uuid": department.id if department else None,
        "terminated": ended is not None and ended < fake.today,
        "two_percent_shareholder": False,
        "onboarded": bool(paid and paid.state),
        "onboarding_status": "onboarding_completed" if paid and paid.state else "admin_onboarding_incomplete",
        "jobs": [job(fake, person, all_compensations=all_compensations)] if person.job and paid else [],
        "eligible_paid_time_off": [],
        "terminations": [termination(fake, person)] if ended else [],
        "garnishments": [],
        "date_of_birth": day(person.date_of_birth),
        "has_ssn": bool(person.ssn),
        "ssn": "",
        "payment_method": METHODS[paid.method] if paid else "Check",
        "current_employment_status": "full_time" if paid else None,
    }


def employee_version(person: Person) -> str:
    """The version of an employee's own attributes; jobs, pay and addresses have their own."""
    return version_of(
        person.id, person.first_name, person.middle_initial, person.last_name, person.preferred_first_name,
        person.email, person.date_of_birth, person.ssn,
    )  # fmt: skip


def job(fake: Gusto, person: Person, *, all_compensations: bool = True) -> Object:
    """A job: there is one for each employee, and it is the primary one."""
    paid = fake.state.office.state.employee(person.id)
    current = paid.term_on(fake.today)
    shown = paid.terms if all_compensations else (current,)
    return {
        "uuid": person.job,
        "version": job_version(fake, person),
        "employee_uuid": person.id,
        "hire_date": day(paid.hired),
        "title": person.title or None,
        "primary": True,
        "rate": dollars(current.rate),
        "payment_unit": _unit(current),
        "current_compensation_uuid": compensation_id(person, current),
        "two_percent_shareholder": False,
        "state_wc_covered": None,
        "state_wc_class_code": None,
        "compensations": [compensation(person, term) for term in shown],
    }


def job_version(fake: Gusto, person: Person) -> str:
    """The version of a job: title and day of hire."""
    return version_of(person.job, person.title, fake.state.office.state.employee(person.id).hired)


def compensation(person: Person, term: PayTerm) -> Object:
    """Terms of pay from a day on."""
    return {
        "uuid": compensation_id(person, term),
        "version": compensation_version(person, term),
        "job_uuid": person.job,
        "employee_uuid": person.id,
        "rate": dollars(term.rate),
        "payment_unit": _unit(term),
        "flsa_status": flsa_of(term.basis),
        "effective_date": day(term.from_day),
        "adjust_for_minimum_wage": False,
        "minimum_wages": [],
    }


def compensation_id(person: Person, term: PayTerm) -> str:
    """The id of terms of pay: those that begin on one day are the same ones."""
    return derived(person.id, "compensation", term.from_day.isoformat())


def compensation_version(person: Person, term: PayTerm) -> str:
    """The version of terms of pay."""
    return version_of(compensation_id(person, term), term.basis, term.rate)


def termination(fake: Gusto, person: Person) -> Object:
    """The end of somebody's employment; it can be taken back until it came."""
    ended = fake.state.office.state.employee(person.id).ended
    return {
        "uuid": derived(person.id, "termination", str(ended)),
        "version": version_of(person.id, "termination", ended, person.run_final),
        "employee_uuid": person.id,
        "active": ended is not None and ended < fake.today,
        "cancelable": ended is not None and ended >= fake.today,
        "effective_date": day(ended),
        "run_termination_payroll": person.run_final,
    }


def rehire(fake: Gusto, person: Person) -> Object:
    """A rehire: from which day on somebody is there again."""
    return {
        "version": version_of(person.id, "rehire", person.rehire),
        "effective_date": day(person.rehire),
        "file_new_hire_report": True,
        "work_location_uuid": person.location or None,
        "employment_status": "full_time",
        "two_percent_shareholder": False,
        "employee_uuid": person.id,
        "active": person.rehire is not None and person.rehire <= fake.today,
    }


def home_address(person: Person, address: HomeAddress, *, active: bool) -> Object:
    """Where somebody lives from a day on."""
    return {
        "uuid": address.id,
        "version": version_of(address),
        "employee_uuid": person.id,
        "effective_date": day(address.effective),
        "active": active,
        "courtesy_withholding": False,
        "street_1": address.home.street_1,
        "street_2": address.home.street_2 or None,
        "city": address.home.city,
        "state": address.home.state,
        "zip": address.home.zip,
        "country": "USA",
    }


def work_address_id(person: Person) -> str:
    """The id of somebody's place of work."""
    return derived(person.id, "work address")


def work_address(person: Person, location: Location) -> Object:
    """Where somebody works."""
    return {
        "uuid": work_address_id(person),
        "version": version_of(person.id, location.id, person.located),
        "employee_uuid": person.id,
        "location_uuid": location.id,
        "effective_date": day(person.located),
        "active": True,
        **_street(location),
    }


def location(fake: Gusto, place: Location) -> Object:
    """A place of the company."""
    first = next(iter(fake.state.locations)).id == place.id
    return {
        "uuid": place.id,
        "version": version_of(place),
        "company_uuid": fake.state.company.id,
        "phone_number": place.phone_number,
        **_street(place),
        "active": True,
        "mailing_address": first,
        "filing_address": first,
    }


def _street(place: Location) -> Object:
    return {
        "street_1": place.street_1,
        "street_2": place.street_2 or None,
        "city": place.city,
        "state": place.state,
        "zip": place.zip,
        "country": "USA",
    }


def department(fake: Gusto, record: Department) -> Object:
    """A department with the people who are in it today. Gusto knows nothing of cost centres."""
    members = [each.id for each in fake.state.people if fake.is_in(each, record.id)]
    return {
        "uuid": record.id,
        "version": department_version(record, members),
        "company_uuid": fake.state.company.id,
        "title": record.name,
        "employees": [{"uuid": each} for each in members],
        "contractors": [],
    }


def department_version(record: Department, members: list[str]) -> str:
    """The version of a department: its title and who is in it."""
    return version_of(record.id, record.name, tuple(members))


def pay_schedule(schedule: PaySchedule) -> Object:
    """A pay schedule."""
    days: tuple[int | None, int | None] = (None, None)
    if schedule.frequency == "semimonthly":
        days = (_HALF, _LAST)
    elif schedule.frequency == "monthly":
        days = (_LAST, None)
    return {
        "uuid": schedule.id,
        "version": version_of(schedule.id, schedule.frequency, schedule.anchor_end, schedule.anchor_pay, schedule.name),
        "frequency": FREQUENCIES[schedule.frequency],
        "anchor_pay_date": day(schedule.anchor_pay),
        "anchor_end_of_pay_period": day(schedule.anchor_end),
        "day_1": days[0],
        "day_2": days[1],
        "name": schedule.name or None,
        "custom_name": schedule.name or FREQUENCIES[schedule.frequency],
        "auto_pilot": False,
        "active": True,
    }


def pay_period(schedule: PaySchedule, period: Period, payroll: Object) -> Object:
    """A pay period and its payroll."""
    return {
        "start_date": day(period.service_from),
        "end_date": day(period.service_to),
        "pay_schedule_uuid": schedule.id,
        "payroll": {
            "payroll_uuid": payroll["uuid"],
            "processed": payroll["processed"],
            "check_date": payroll["check_date"],
            "payroll_deadline": payroll["payroll_deadline"],
            "payroll_type": "regular",
        },
    }


def _unit(term: PayTerm) -> str:
    return "Hour" if term.basis == HOURLY else "Year"
